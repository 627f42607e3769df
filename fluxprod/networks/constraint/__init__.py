"""What the regions and inversions contribute to the loss, Eqs. 5 to 8."""
