"""Neural networks: the only home of torch."""
