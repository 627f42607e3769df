"""What a run produced, in the form that tables and figures share."""
