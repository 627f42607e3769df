"""SHA-256 of raw files: recorded, compared and remembered."""
