"""The drivers of Table A2 of Upton et al., for land cells and for towers."""
