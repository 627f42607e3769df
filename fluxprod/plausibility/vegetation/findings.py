"""All tests of the vegetation."""

import xarray as xr

from fluxprod.plausibility.cell_map import CellMap
from fluxprod.plausibility.criterion import Finding
from fluxprod.plausibility.vegetation.copies import repetition_findings
from fluxprod.plausibility.vegetation.levels import level_findings
from fluxprod.plausibility.vegetation.maps import map_findings
from fluxprod.plausibility.vegetation.seasons import season_findings
from fluxprod.plausibility.vegetation.surface import surface_findings
from fluxprod.plausibility.vegetation.survey import survey_vegetation


def vegetation_findings(
    vegetation: xr.Dataset, climate: xr.Dataset, geography: xr.Dataset, reference: xr.Dataset
) -> list[Finding]:
    """Test the seven MODIS quantities of all patches.

    Parameters
    ----------
    vegetation : Dataset, dims (patch, time_<product>)
        The seven quantities, and cell, land cover and share of each patch; may be opened lazily.
    climate : Dataset, dims (cell, time)
        ``TA`` [degC]; may be opened lazily.
    geography : Dataset
        Output of the stage geography, with the same cells.
    reference : Dataset, dims (month, lat, lon)
        Climatology of ``TA`` [degC] of the globe.

    Returns
    -------
    list of Finding
        Findings of all tests.
    """
    cells = CellMap.of(geography)
    survey = survey_vegetation(vegetation, climate, cells)
    air = cells.sample(reference.TA).mean(axis=-1)
    return [
        *level_findings(survey),
        *surface_findings(survey),
        *season_findings(survey),
        *map_findings(survey, vegetation, cells, air, geography.pft_fraction),
        *repetition_findings(survey),
    ]
