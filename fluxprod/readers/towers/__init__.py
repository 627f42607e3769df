"""Eddy-covariance towers: FLUXNET2015, ICOS, ONEFlux and La Thuile."""
