"""Checks of a downloaded product."""
