"""What every other room stands on: grid, regions, time axis, units, variables, errors."""
