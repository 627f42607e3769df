"""Networks whose regularisation is chosen on inner folds."""
