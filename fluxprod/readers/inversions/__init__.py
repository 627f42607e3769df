"""Atmospheric inversions, and the fires and rivers that are removed from them."""
