"""Maps of the 18 regions, and countries to build them from."""
