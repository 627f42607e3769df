"""Land cells of the target grid, and the regions as unions of countries."""
