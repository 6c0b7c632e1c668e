"""The command line: one module a pillar or noun, one command a verb."""
