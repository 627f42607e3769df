"""What a run needs of each data set, checked by the readers themselves.

Most checks read only names and headers. A check takes a range of years and raises a DataError
unless all of them are present.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.core.time_axis import daily_axis
from fluxprod.inventory.status import Check
from fluxprod.readers import fluxcom
from fluxprod.readers.budget import read_budget
from fluxprod.readers.era5.series import era5_series, optional_era5_series
from fluxprod.readers.files.folder import matching, raw_files
from fluxprod.readers.inversions.ensemble import read_inversions
from fluxprod.readers.inversions.gfas import FIRST_YEAR as FIRST_GFAS_YEAR
from fluxprod.readers.inversions.gfas import check_headers
from fluxprod.readers.inversions.rivers import read_rivers
from fluxprod.readers.modis.composites import QUANTITIES, find_composites
from fluxprod.readers.modis.land_cover import find_land_cover
from fluxprod.readers.modis.steps import Outage
from fluxprod.readers.regions.countries import find_countries, read_countries
from fluxprod.readers.regions.mask import has_region_mask, read_region_mask

ERA5_VARIABLES = ("TA", "SW_IN", "P", "TD")
OPTIONAL = {"TD"}  # a run goes without them, but not with some of their years


@dataclass(frozen=True)
class RunNeeds:
    """Parameters of a run that decide which raw files it needs.

    Parameters
    ----------
    years : range
        Years of the run.
    outages : tuple of (Timestamp, Timestamp)
        First and last day of each period without MODIS data.
    members : tuple of str
        Names of the inversions.
    inversion_variable : str
        Variable that is read from the inversions.
    rivers : bool
        Whether the river flux is read from a file of its own.
    min_sites : int
        Number of towers that the run needs.
    min_days : int
        Number of good days that a tower needs [d].
    min_qc : float
        Share of good half hours that a good day of NEE needs [1].
    """

    years: range
    outages: tuple[Outage, ...]
    members: tuple[str, ...]
    inversion_variable: str
    rivers: bool
    min_sites: int
    min_days: int
    min_qc: float


def checks_by_variable(key: str, root: Path, needs: RunNeeds) -> Mapping[str, Check]:
    """Checks of a data set of the list.

    Parameters
    ----------
    key : str
        Data set.
    root : Path
        Folder of raw files, ``data/raw/<source>``.
    needs : RunNeeds
        What the run needs.

    Returns
    -------
    mapping of str to callable
        Checks by variable; empty for towers, which are counted instead.
    """
    if key in QUANTITIES:
        name, folder = "/".join(QUANTITIES[key]), root / "modis"
        listed = cache(lambda: raw_files(folder))  # once for all years: there may be 226,780 tiles
        return {
            name: lambda years: find_composites(folder, key, years, needs.outages, files=listed())
        }
    made: dict[str, Callable[[], dict[str, Check]]] = {
        "era5": lambda: {name: partial(_era5, root / "era5", name) for name in ERA5_VARIABLES},
        "MCD12C1": lambda: {"land cover": lambda years: find_land_cover(root / "modis")},
        "inversions": lambda: {"flux": partial(_inversions, root / "inversions", needs)},
        "rivers": lambda: {"river_flux": partial(_rivers, root)},
        "gfas": lambda: {"co2fire": partial(_gfas, root / "gfas")},
        "fluxcom": lambda: {"NEE": partial(_fluxcom, root / "fluxcom")},
        "budget": lambda: {"land sink": partial(_budget, root / "budget")},
        "regions": lambda: {"regions": lambda years: _regions(root / "regions")},
    }
    return made[key]() if key in made else {}


def _era5(folder: Path, variable: str, years: range) -> None:
    series = optional_era5_series if variable in OPTIONAL else era5_series
    series(folder, variable, daily_axis(years[0], years[-1]))


def _inversions(folder: Path, needs: RunNeeds, years: range) -> None:
    read_inversions(folder, needs.members, variable=needs.inversion_variable, years=years)


def _rivers(root: Path, years: range) -> None:
    read_rivers(root / "rivers", years, inversions=root / "inversions")


def _gfas(folder: Path, years: range) -> None:
    """Years before the record are filled with its climatology, so they need no file."""
    if len(years) > 1 or years[0] >= FIRST_GFAS_YEAR:
        check_headers(folder, years)


def _fluxcom(folder: Path, years: range) -> None:
    """Require daily files of all years, or monthly ones, and sound headers."""
    found: dict[str, list[int]] = {"daily": [], "monthly": []}
    for path in matching(folder, "*.nc"):
        if match := fluxcom.NAME.fullmatch(path.name):
            found[match["kind"]].append(int(match["year"]))
    for present in found.values():
        if sorted(year for year in present if year in years) == list(years):
            fluxcom.check_headers(folder, years)
            return
    if not any(found.values()):
        fluxcom.refuse_x_base(folder)
    kind = max(found, key=lambda kind: len(found[kind]))
    repeated = sorted({year for year in found[kind] if found[kind].count(year) > 1})
    missing = [year for year in years if year not in found[kind]]
    what = f"several files for {repeated}" if repeated else f"no file for {missing}"
    raise DataError(folder, f"{kind} files", what, f"one per year from {years[0]} to {years[-1]}")


def _budget(folder: Path, years: range) -> None:
    sink = read_budget(folder).nee.reindex(list(years))
    if sink.isna().any():
        missing = list(sink.index[sink.isna()])
        raise DataError(
            folder, "land sink", f"no value for {missing}", f"{years[0]} to {years[-1]}"
        )


def _regions(folder: Path) -> None:
    if has_region_mask(folder):
        read_region_mask(folder)
    elif (path := find_countries(folder)) is not None:
        read_countries(path)
    else:
        raise DataError(folder, "regions", "no file", "a mask (*mask*.nc) or countries")
