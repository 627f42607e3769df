"""Settings of the drivers as in params.yaml, which tests change."""

from fluxprod.drivers.settings import DriverSettings

SETTINGS = DriverSettings(
    msc_first_year=2001,
    msc_last_year=2012,
    awc_upper=20.0,
    awc_lower=100.0,
    theta=0.05,
    alpha=1.2,
    spinup_loops=5,
    evi_radiation="incoming",
    ndvi_radiation="potential",
    anomalies=False,
)
