"""MODIS satellite products."""
