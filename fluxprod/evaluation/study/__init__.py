"""Tables and pages of the experiments."""
