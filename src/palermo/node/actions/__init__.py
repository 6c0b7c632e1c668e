"""Verbs that change state, one noun a file: each loads, asks the rule, writes and records, in one transaction."""
