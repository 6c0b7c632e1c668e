"""What was said of the Plan: documents, their passages, and the claims that people confirm of them."""
