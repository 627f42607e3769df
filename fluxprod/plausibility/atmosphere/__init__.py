"""Inversions, fires, rivers and FLUXCOM, as regional totals."""
