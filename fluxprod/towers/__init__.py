"""Daily tower records: screening, folds, and the table of all towers."""
