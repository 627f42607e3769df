"""What a run needs of each data set, asked of the readers themselves, mostly by names and headers.

A check takes some years and raises a DataError unless all of them are there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.core.time_axis import daily_axis
from fluxprod.inventory.status import Check
from fluxprod.readers import fluxcom
from fluxprod.readers.budget import read_budget
from fluxprod.readers.era5.series import era5_series
from fluxprod.readers.inversions.ensemble import read_inversions
from fluxprod.readers.inversions.gfas import FIRST_YEAR as FIRST_GFAS_YEAR
from fluxprod.readers.inversions.gfas import check_days
from fluxprod.readers.inversions.rivers import read_rivers
from fluxprod.readers.modis.composites import QUANTITIES, find_composites
from fluxprod.readers.modis.land_cover import find_land_cover
from fluxprod.readers.modis.steps import Outage
from fluxprod.readers.regions.countries import find_countries, read_countries
from fluxprod.readers.regions.mask import has_region_mask, read_region_mask

ERA5_VARIABLES = ("TA", "SW_IN", "P")


@dataclass(frozen=True)
class Wanted:
    """What of the parameters decides which files a run needs.

    Parameters
    ----------
    years : range
    outages : tuple of (Timestamp, Timestamp)
        Days without MODIS.
    members : tuple of str
        Inversions.
    inversion_variable : str
    rivers : bool
        Whether a file of rivers is read.
    min_sites, min_days : int
        Towers that a run needs, and good days that a tower needs [d].
    """

    years: range
    outages: tuple[Outage, ...]
    members: tuple[str, ...]
    inversion_variable: str
    rivers: bool
    min_sites: int
    min_days: int


def checks_of(key: str, root: Path, wanted: Wanted) -> Mapping[str, Check]:
    """Checks of a data set of the list, by variable; none for towers, which are counted."""
    if key in QUANTITIES:
        name = "/".join(QUANTITIES[key])
        return {name: lambda years: find_composites(root / "modis", key, years, wanted.outages)}
    made: dict[str, Callable[[], dict[str, Check]]] = {
        "era5": lambda: {name: partial(_era5, root / "era5", name) for name in ERA5_VARIABLES},
        "MCD12C1": lambda: {"land cover": lambda years: find_land_cover(root / "modis")},
        "inversions": lambda: {"flux": partial(_inversions, root / "inversions", wanted)},
        "rivers": lambda: {"river_flux": partial(read_rivers, root / "rivers")},
        "gfas": lambda: {"co2fire": partial(_gfas, root / "gfas")},
        "fluxcom": lambda: {"NEE": partial(_fluxcom, root / "fluxcom")},
        "budget": lambda: {"land sink": partial(_budget, root / "budget")},
        "regions": lambda: {"regions": lambda years: _regions(root / "regions")},
    }
    return made[key]() if key in made else {}


def _era5(folder: Path, variable: str, years: range) -> None:
    era5_series(folder, variable, daily_axis(years[0], years[-1]))


def _inversions(folder: Path, wanted: Wanted, years: range) -> None:
    variable = wanted.inversion_variable
    read_inversions(folder, wanted.members, variable=variable, years=years)


def _gfas(folder: Path, years: range) -> None:
    """Years before the record begins are made of its climatology."""
    if len(years) > 1 or years[0] >= FIRST_GFAS_YEAR:
        check_days(folder, years)


def _fluxcom(folder: Path, years: range) -> None:
    """Daily files of all years, else monthly ones."""
    found: dict[str, list[int]] = {"daily": [], "monthly": []}
    for path in sorted(folder.glob("*.nc")):
        if match := fluxcom.NAME.fullmatch(path.name):
            found[match["kind"]].append(int(match["year"]))
    for there in found.values():
        if sorted(year for year in there if year in years) == list(years):
            return
    kind = max(found, key=lambda kind: len(found[kind]))
    twice = sorted({year for year in found[kind] if found[kind].count(year) > 1})
    missing = [year for year in years if year not in found[kind]]
    what = f"{twice} twice" if twice else f"{missing} missing"
    raise DataError(folder, f"{kind} files", what, f"one for each of {years[0]} to {years[-1]}")


def _budget(folder: Path, years: range) -> None:
    sink = read_budget(folder).nee.reindex(list(years))
    if sink.isna().any():
        missing = list(sink.index[sink.isna()])
        raise DataError(folder, "land sink", f"none for {missing}", f"{years[0]} to {years[-1]}")


def _regions(folder: Path) -> None:
    if has_region_mask(folder):
        read_region_mask(folder)
    elif (path := find_countries(folder)) is not None:
        read_countries(path)
    else:
        raise DataError(folder, "regions", "neither", "a mask *mask*.nc, or countries")
