"""What the node stores, one noun a file."""
