"""Files that a run reads, as its readers choose them by their names."""

from collections.abc import Callable, Iterable
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.inventory.needs import RunNeeds
from fluxprod.readers import budget, fluxcom
from fluxprod.readers.era5.source import era5_sources
from fluxprod.readers.files.folder import matching
from fluxprod.readers.inversions import ensemble, gfas, rivers
from fluxprod.readers.modis.composites import QUANTITIES, find_composites
from fluxprod.readers.modis.land_cover import find_land_cover
from fluxprod.readers.regions import countries, mask
from fluxprod.readers.towers.files import tables_in
from fluxprod.readers.towers.sites import find_tower_files, is_site_table

PATTERNS = {  # of files that are looked for in the folder itself
    "inversions": (ensemble.PATTERN,),
    "rivers": (rivers.PATTERN,),
    "gfas": gfas.PATTERNS,
    "fluxcom": ("NEE.RS*.nc",),
    "budget": (budget.PATTERN,),
    "regions": (mask.PATTERN, *countries.PATTERNS),
}


def files_read(key: str, root: Path, needs: RunNeeds) -> set[str] | None:
    """Paths of the files that a run opens for a data set.

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
    set of str or None
        Paths relative to ``root``, of towers including the name within an archive; None if a
        fault keeps the reader from choosing its files.
    """
    folder = root / key
    chosen: dict[str, Callable[[], Iterable[Path]]] = {
        "fluxnet": lambda: _towers(folder),
        "lathuile": lambda: _older_towers(folder, root / "fluxnet"),
        "era5": lambda: [source.path for source in era5_sources(folder)],
        "MCD12C1": lambda: [find_land_cover(root / "modis")],
        "fluxcom": lambda: _fluxcom(folder, needs.years),
        "regions": lambda: _regions(folder),
    }
    try:
        if key in QUANTITIES:
            paths: Iterable[Path] = _composites(root / "modis", key, needs)
        elif key in chosen:
            paths = chosen[key]()
        else:
            paths = matching(folder, *PATTERNS[key])
        return {path.relative_to(root).as_posix() for path in paths}
    except DataError:
        return None


def _towers(folder: Path) -> list[Path]:
    towers = [file.label for files in find_tower_files(folder).values() for file in files]
    return towers + _site_tables(folder)


def _older_towers(folder: Path, fluxnet: Path) -> list[Path]:
    """Towers that FLUXNET does not have."""
    newer = find_tower_files(fluxnet)
    towers = {site: files for site, files in find_tower_files(folder).items() if site not in newer}
    return [file.label for files in towers.values() for file in files] + _site_tables(folder)


def _site_tables(folder: Path) -> list[Path]:
    return [file.label for file in tables_in(folder) if is_site_table(file.label.name)]


def _composites(folder: Path, key: str, needs: RunNeeds) -> list[Path]:
    found = find_composites(folder, key, needs.years, needs.outages)
    return [source.path for composite in found for source in composite.sources]


def _fluxcom(folder: Path, years: range) -> list[Path]:
    """Files of the years; both kinds of them, if there are daily and monthly ones."""
    named = [(path, fluxcom.NAME.fullmatch(path.name)) for path in matching(folder, "*.nc")]
    return [path for path, match in named if match and int(match["year"]) in years]


def _regions(folder: Path) -> list[Path]:
    """The mask or, without one, the countries."""
    return matching(folder, mask.PATTERN) or matching(folder, *countries.PATTERNS)
