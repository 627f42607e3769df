"""All tests of the record of one tower."""

import xarray as xr

from fluxprod.plausibility.criterion import Finding
from fluxprod.plausibility.towers.fluxes import flux_findings
from fluxprod.plausibility.towers.radiation import radiation_findings
from fluxprod.plausibility.towers.series import series_findings
from fluxprod.plausibility.towers.weather import weather_findings


def record_findings(
    site: str, record: xr.Dataset, lat: float, weather: xr.Dataset
) -> list[Finding]:
    """Test the weather, the radiation and the fluxes of one tower.

    Parameters
    ----------
    site : str
        Site identifier.
    record : Dataset, dims (time)
        Daily record as from the readers of towers, in its whole length.
    lat : float
        Latitude in the site table [degree_north].
    weather : Dataset, dims (time)
        ``TA`` [degC], ``SW_IN`` [W m-2], ``P`` [mm d-1] and, if there is a dewpoint, ``VPD`` [hPa]
        of the nearest land cell.

    Returns
    -------
    list of Finding
        A finding for each test for which there are enough days.
    """
    return [
        *radiation_findings(site, record, lat),
        *weather_findings(site, record, weather),
        *flux_findings(site, record),
        *series_findings(site, record),
    ]
