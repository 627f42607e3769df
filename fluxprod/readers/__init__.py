"""From the files of a provider to xarray datasets in our names and units."""
