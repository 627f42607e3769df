"""Training steps, validation and checkpoints of the ensemble."""
