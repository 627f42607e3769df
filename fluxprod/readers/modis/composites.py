"""MODIS composites in a folder: the product used for each quantity, and the files of each step.

Each quantity is read from the first of its products for which the folder has files of the years:

======================= =========================================================================
NDVI, EVI               MOD13C1 (16 days); else MOD13C2 (months); else an area of MOD13Q1, MOD13A1
                        or MOD13A2 from AppEEARS
LST_DAY, LST_NIGHT      MOD11C2 (8 days); else daily MOD11C1, averaged over the steps of MOD11C2,
                        which is made from it; else an area of MOD11A2 from AppEEARS
NDWI, BAND4             MCD43C4 (daily; each file covers 16 days and is dated by the ninth): the
                        first file of each step of 8 days, because the files in between cover
                        mostly the same days; else an area of MCD43A4 from AppEEARS
FPAR                    MCD15A2H (8 days) or, before its start on 2002-07-04, MOD15A2H, on a global
                        grid or in sinusoidal tiles; else an area of either from AppEEARS
======================= =========================================================================

fAPAR and LST share one time axis of 8-day steps that start again each year. A step without a file
is kept as missing if a known outage explains it; any other missing step stops the run.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from fluxprod.core.errors import DataError
from fluxprod.readers.files.folder import raw_files
from fluxprod.readers.modis import appeears
from fluxprod.readers.modis.steps import CompositeStep, Outage, date_list, in_outage, steps_of
from fluxprod.readers.modis.tiles import check_same_tiles, tile_of

FILE_NAME = re.compile(r"^(?P<product>[A-Z0-9]+)\.A(?P<date>\d{7})\..*(?i:hdf|tif)$")
QUANTITIES = {
    "MOD13C1": ("NDVI", "EVI"),
    "MOD11C2": ("LST_DAY", "LST_NIGHT"),
    "MCD43C4": ("NDWI", "BAND4"),
    "MCD15A2H": ("FPAR",),
}


class ModisProduct(NamedTuple):
    """Steps and files of a product.

    Parameters
    ----------
    names : tuple of str
        Names of the product in file names; later names are used where the first has no file.
    length : int or str
        Length of its steps [d], or ``month``.
    files : str
        ``one`` file per step, dated by its first day; ``first``, the first file in each step; or
        ``all``, one file for each day of the step.
    area : bool
        Whether the files are areas extracted by AppEEARS.
    """

    names: tuple[str, ...]
    length: int | str
    files: str = "one"
    area: bool = False


PRODUCTS = {
    "MOD13C1": (
        ModisProduct(("MOD13C1",), 16),
        ModisProduct(("MOD13C2",), "month"),
        ModisProduct(("MOD13Q1", "MOD13A1", "MOD13A2"), 16, area=True),
    ),
    "MOD11C2": (
        ModisProduct(("MOD11C2",), 8),
        ModisProduct(("MOD11C1",), 8, "all"),
        ModisProduct(("MOD11A2",), 8, area=True),
    ),
    "MCD43C4": (
        ModisProduct(("MCD43C4",), 8, "first"),
        ModisProduct(("MCD43A4",), 8, "first", area=True),
    ),
    "MCD15A2H": (
        ModisProduct(("MCD15A2H", "MOD15A2H"), 8),
        ModisProduct(("MCD15A2H", "MOD15A2H"), 8, area=True),
    ),
}


class Source(NamedTuple):
    """The composite of one date: a file, or a position ``step`` on the time axis of a file."""

    date: pd.Timestamp
    product: str
    path: Path
    step: int | None = None


class Composite(NamedTuple):
    """The middle of a time step and its files: none, one, or one per tile or per day."""

    time: pd.Timestamp
    sources: tuple[Source, ...]


def find_composites(
    folder: Path,
    key: str,
    years: Iterable[int],
    outages: Sequence[Outage] = (),
    *,
    files: Sequence[Path] | None = None,
) -> list[Composite]:
    """Find the composites of a product, in order of time.

    Parameters
    ----------
    folder : Path
        Folder, searched with its subfolders.
    key : str
        A key of ``PRODUCTS``; ``QUANTITIES`` lists what it contains.
    years : iterable of int
        Consecutive years.
    outages : sequence of (Timestamp, Timestamp)
        First and last days of periods without data; steps that overlap with one may be empty.
    files : sequence of Path, optional
        All files in the folder, as `raw_files` lists them, for callers that have listed them.

    Returns
    -------
    list of Composite
        Those of steps in an outage may have no sources.

    Raises
    ------
    DataError
        If there is no file of any product, a date occurs twice or is not the start of a step,
        files of a step are missing without an outage, or a composite lacks tiles that others have.
    """
    years = sorted(years)
    files = raw_files(folder) if files is None else files
    for product in PRODUCTS[key]:
        sources = [s for s in _sources(files, product) if s.date.year in years]
        if sources:
            return _composites(folder, product, sources, years, outages)
    names = ", ".join("/".join(product.names) for product in PRODUCTS[key])
    raise DataError(folder, key, "no file", f"one of {names} in {years[0]} to {years[-1]}")


def lost_composites(composites: Iterable[Composite]) -> list[pd.Timestamp]:
    """Middles of the steps without a file."""
    return [composite.time for composite in composites if not composite.sources]


def _file_date(path: Path, names: Iterable[str]) -> pd.Timestamp | None:
    """Date in a file name, or None if the file is of none of the products."""
    match = FILE_NAME.match(path.name)
    if match is None or match["product"] not in names:
        return None
    try:
        return _date(match["date"])
    except ValueError as error:
        raise DataError(
            path, "name", match["date"], "a year and its day of year, AYYYYDDD"
        ) from error


@cache
def _date(text: str) -> pd.Timestamp:
    """Parse YYYYDDD, which hundreds of tiles of a composite have in common."""
    date: pd.Timestamp = pd.to_datetime(text, format="%Y%j")
    return date


def _sources(files: Sequence[Path], product: ModisProduct) -> list[Source]:
    if product.area:
        return _sources_of_areas(files, product.names)
    return [
        Source(date, path.name.split(".")[0], path)
        for path in files
        if path.suffix.lower() == ".hdf" and (date := _file_date(path, product.names)) is not None
    ]


def _sources_of_areas(files: Sequence[Path], names: tuple[str, ...]) -> list[Source]:
    return [
        Source(date, name, path, step)
        for path in files
        if (name := appeears.product_of(path)) in names
        for step, date in enumerate(appeears.read_dates(path))
    ]


def _composites(
    folder: Path,
    product: ModisProduct,
    sources: list[Source],
    years: list[int],
    outages: Sequence[Outage],
) -> list[Composite]:
    steps = steps_of(years, product.length)
    chosen = _in_steps(folder, product, sources, steps)
    _check_missing(folder, product, chosen, steps, outages)
    if product.files == "first":
        return [Composite(found[0].date, tuple(found)) for found in chosen if found]
    check_same_tiles(
        folder,
        {
            step.first: {tile_of(source.path) for source in found}
            for step, found in zip(steps, chosen)
            if found and not in_outage(step.first, step.last, outages)
        },
    )
    return [Composite(step.middle, tuple(found)) for step, found in zip(steps, chosen)]


def _in_steps(
    folder: Path, product: ModisProduct, sources: list[Source], steps: list[CompositeStep]
) -> list[list[Source]]:
    """Sources of each step; of each date, only those with the first available product name."""
    by_date: dict[pd.Timestamp, list[Source]] = {}
    for source in sources:
        by_date.setdefault(source.date, []).append(source)
    for date, found in by_date.items():
        best = min(product.names.index(source.product) for source in found)
        by_date[date] = [s for s in found if s.product == product.names[best]]
        tiles = [tile_of(source.path) for source in by_date[date]]
        if len(set(tiles)) < len(tiles):
            raise DataError(
                folder, found[0].product, f"{date:%Y%j} more than once", "each date once"
            )
    dates = sorted(by_date)
    if product.files == "one":
        off = sorted(set(dates) - {step.first for step in steps})
        if off:
            expected = f"first days of its steps: {steps[0].first:%Y%j}, {steps[1].first:%Y%j} ..."
            raise DataError(folder, "/".join(product.names), f"dates {date_list(off)}", expected)
    chosen = []
    for step in steps:
        inside = [date for date in dates if step.first <= date <= step.last]
        inside = inside[:1] if product.files == "first" else inside
        chosen.append([source for date in inside for source in by_date[date]])
    return chosen


def _check_missing(
    folder: Path,
    product: ModisProduct,
    chosen: list[list[Source]],
    steps: list[CompositeStep],
    outages: Sequence[Outage],
) -> None:
    """Raise a DataError that names the missing files, except those explained by an outage."""
    missing = []
    for k, (step, found) in enumerate(zip(steps, chosen)):
        if product.files == "all":
            have = {source.date for source in found}
            days = pd.date_range(step.first, step.last)
            missing += [d for d in days if d not in have and not in_outage(d, d, outages)]
        elif not found and not in_outage(step.first, step.last, outages):
            # the window of 16 days also covers a single empty step of 8 days
            alone = product.files == "first" and 0 < k and chosen[k - 1]
            if not alone and not (product.files == "first" and k == 0 and chosen[1]):
                missing.append(step.first)
    if missing:
        every = "day" if product.files == "all" else steps[0].label
        raise DataError(
            folder,
            "/".join(product.names),
            f"no file for {date_list(missing)}",
            f"a file every {every} from {steps[0].first:%F} to {steps[-1].last:%F}",
            "get the files, or name the outage in vegetation.known_gaps",
        )
