"""Regional monthly NEE of each inversion, with fires and rivers removed."""
