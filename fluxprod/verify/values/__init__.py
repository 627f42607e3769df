"""Values, coordinates and totals of product files."""
