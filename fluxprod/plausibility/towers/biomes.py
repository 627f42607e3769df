"""IGBP classes of all towers together, against the land cover map."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.core.variables import IGBP
from fluxprod.drivers.tower_records import nearest_cells
from fluxprod.plausibility.criterion import Criterion, Finding

FEWEST = 100  # sites; fewer may agree or disagree by chance
PRESENT = 0.05  # [1] least share of the land of a cell that a class covers
RATIO_WARN, RATIO_STOP = 1.4, 1.2  # [1]; see the source of LAND_COVER
ONE_CLASS = 0.6  # [1] share of the sites; 0.19 in the FLUXNET Shuttle catalogue

LAND_COVER = Criterion(
    "towers.land_cover",
    f"classes that cover {PRESENT:.0%} of their cell at least {RATIO_STOP:g} times as often as if "
    "the sites had exchanged them",
    "1.6 to 2.1 times at 773 sites of the FLUXNET Shuttle on the MCD12C1 map, in cells of 0.5 to "
    "4 degrees; 1 if classes are exchanged at random",
    "check the IGBP codes of the site table, and the land cover map",
)
ONE_BIOME = Criterion(
    "towers.one_class",
    f"at most {ONE_CLASS:.0%} of the sites in one IGBP class",
    "19% (GRA) of 773 sites of the FLUXNET Shuttle",
    "check the IGBP codes of the site table",
)


def biome_findings(sites: pd.DataFrame, fraction: xr.DataArray, grid: Grid) -> list[Finding]:
    """Test the classes of all sites together; single sites often stand on rare land cover.

    Parameters
    ----------
    sites : DataFrame
        Columns ``lat`` [degree_north], ``lon`` [degree_east] and ``igbp``, indexed by site.
    fraction : DataArray, dims (cell, pft)
        Share of the land of each cell that each class covers [1].
    grid : Grid
        Grid of the cells.

    Returns
    -------
    list of Finding
        Two findings, or none for fewer than a hundred sites of known classes.
    """
    numbers = {code: number for number, code in IGBP.items()}
    known = sites[sites.igbp.isin(list(numbers))]
    if len(known) < FEWEST:
        return []
    row = nearest_cells(
        fraction.cell.values, grid, known.lat.to_numpy(float), known.lon.to_numpy(float)
    )
    column = pd.Index(fraction.pft.values).get_indexer(known.igbp.map(numbers))
    present = fraction.values[row] >= PRESENT
    found = float(np.take_along_axis(present, column[:, None], axis=1).mean())
    by_chance = float(present[:, column].mean())
    ratio = found / by_chance if by_chance else 0.0
    count = known.igbp.value_counts()
    most = float(count.iloc[0] / len(known))
    mixed = most <= ONE_CLASS  # sites of one class have nothing to exchange
    return [
        LAND_COVER.finding(
            "all sites",
            f"{found:.0%} of {len(known)} sites, and {by_chance:.0%} after an exchange",
            stop=mixed and ratio < RATIO_STOP,
            warn=mixed and ratio < RATIO_WARN,
        ),
        ONE_BIOME.finding(
            "all sites",
            f"{most:.0%} of {len(known)} sites in {count.index[0]}",
            warn=not mixed,
        ),
    ]
