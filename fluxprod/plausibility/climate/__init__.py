"""Plausibility of the climate: ERA5 against its climatology, the sun and itself."""
