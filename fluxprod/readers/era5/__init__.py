"""ERA5 reanalysis."""
