"""SQLCipher as the node's database: Django's own SQLite backend over an encrypted file."""
