"""Ground: opening SQLite, and texts as bytes. Knows nothing of what is kept, or for how long."""
