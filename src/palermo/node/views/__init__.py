"""Pages, one pillar or noun a file; a view makes one call."""
