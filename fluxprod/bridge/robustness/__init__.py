"""The bridge repeated over random candidates."""
