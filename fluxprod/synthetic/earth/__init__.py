"""The world itself: land, weather, ecosystems, fires and their true carbon fluxes."""
