"""The programming interface, one noun a file."""
