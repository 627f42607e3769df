"""Public benchmarks of NEE at towers: their splits and scores, and EC trained on them."""
