"""Tables, figures and pages that judge a run."""
