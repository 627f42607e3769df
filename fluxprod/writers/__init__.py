"""From datasets and tables to files that are either complete or absent."""
