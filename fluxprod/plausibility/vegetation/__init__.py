"""Plausibility of the vegetation: MODIS against land cover, climate and itself."""
