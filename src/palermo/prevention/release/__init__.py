"""Safe release: rows and counts that anybody may read, from records that nobody may."""
