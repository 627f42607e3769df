"""Names, checksums, manifest and CF compliance of product files."""
