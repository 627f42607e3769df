"""Tables and scores of a run."""
