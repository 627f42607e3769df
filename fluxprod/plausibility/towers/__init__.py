"""Plausibility of towers: positions, weather, radiation and fluxes of every site."""
