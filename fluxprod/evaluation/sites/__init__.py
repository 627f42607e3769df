"""Scores of single sites, by scale of time, and their distribution over sites."""
