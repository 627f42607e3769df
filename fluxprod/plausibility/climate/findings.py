"""All tests of the climate."""

import xarray as xr

from fluxprod.plausibility.cell_map import CellMap
from fluxprod.plausibility.climate.copies import copy_findings
from fluxprod.plausibility.climate.precipitation import precipitation_findings
from fluxprod.plausibility.climate.radiation import radiation_findings
from fluxprod.plausibility.climate.survey import survey_climate
from fluxprod.plausibility.climate.temperature import temperature_findings
from fluxprod.plausibility.criterion import Finding


def climate_findings(
    climate: xr.Dataset, geography: xr.Dataset, reference: xr.Dataset
) -> list[Finding]:
    """Test air temperature, radiation and precipitation of the land cells.

    Parameters
    ----------
    climate : Dataset, dims (cell, time)
        ``TA`` [degC], ``SW_IN`` [W m-2] and ``P`` [mm d-1] of whole years; may be opened lazily.
    geography : Dataset
        Output of the stage geography, with the same cells.
    reference : Dataset, dims (month, lat, lon)
        Climatology of ``TA`` [degC] and ``P`` [mm d-1] of the globe.

    Returns
    -------
    list of Finding
        Findings of all tests.
    """
    cells = CellMap.of(geography)
    survey = survey_climate(climate, cells.lat)
    return [
        *temperature_findings(survey, cells, reference.TA),
        *radiation_findings(survey, cells),
        *precipitation_findings(survey, cells, reference.P),
        *copy_findings(survey),
    ]
