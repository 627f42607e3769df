"""Sparse linear models from the NEE of a few cells to the flux of a region."""
