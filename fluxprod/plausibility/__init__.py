"""Plausibility of the inputs: sources held against one another and against what is known."""
