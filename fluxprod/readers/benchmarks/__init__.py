"""Public benchmarks of fluxes at towers: their data sets, and the scores that they published."""
