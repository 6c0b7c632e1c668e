"""Verbs that change state, one noun a file: load, ask the rule, write and record, in one transaction."""
