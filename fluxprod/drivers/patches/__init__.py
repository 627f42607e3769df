"""Patches, which are the parts of a cell covered by one plant functional type each."""
