"""Figures of a run, each drawn from the table next to it."""
