"""Towers of the FLUXNET and La Thuile folders: which files, where, of what biome."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import xarray as xr

from fluxprod.errors import DataError
from fluxprod.readers.archive import members
from fluxprod.readers.bif import read_site_metadata
from fluxprod.readers.fluxnet import FILE_NAME as FLUXNET_NAME
from fluxprod.readers.fluxnet import read_fluxnet_daily
from fluxprod.readers.lathuile import FILE_NAME as LATHUILE_NAME
from fluxprod.readers.lathuile import read_lathuile_daily, read_lathuile_metadata

# most trusted first; BIFVARINFO describes columns, not sites
METADATA_NAMES = (
    re.compile(r".*BIF(?!VARINFO).*\.(csv(\.gz)?|xlsx)$"),
    re.compile(r".*shuttle_snapshot.*\.csv(\.gz)?$"),
)
LATHUILE_METADATA = "Site_metadata.csv"


def read_towers(
    fluxnet: Path, lathuile: Path
) -> Iterator[tuple[str, xr.Dataset, dict[str, object]]]:
    """Read all towers, one after the other.

    A site of both collections is read from FLUXNET, which is processed later and better.

    Parameters
    ----------
    fluxnet : Path
        Folder of daily tables and at least one BIF or Shuttle snapshot.
    lathuile : Path
        Folder of yearly tables and ``Site_metadata.csv``; may be empty or absent.

    Yields
    ------
    site : str
    record : Dataset, dims (time)
        As ``read_fluxnet_daily`` gives.
    facts : dict
        ``lat`` [degree_north], ``lon`` [degree_east], ``igbp``, ``source``.

    Raises
    ------
    DataError
        If a site has no position or biome, or a record is faulty.
    """
    tables, years = find_tower_files(fluxnet), find_tower_files(lathuile)
    known = fluxnet_sites(fluxnet) if tables else pd.DataFrame()
    for site, paths in tables.items():
        facts = facts_of(fluxnet, known, site)
        yield site, read_fluxnet_daily(paths[0]), {**facts, "source": "fluxnet"}
    older = [site for site in years if site not in tables]
    known = read_lathuile_metadata(lathuile / LATHUILE_METADATA) if older else pd.DataFrame()
    for site in older:
        facts = facts_of(lathuile / LATHUILE_METADATA, known, site)
        yield site, read_lathuile_daily(lathuile, site), {**facts, "source": "lathuile"}


def fluxnet_sites(folder: Path) -> pd.DataFrame:
    """Sites of all site tables of a folder: columns site, lat, lon, igbp; BIF before Shuttle.

    Raises
    ------
    DataError
        If there is no site table.
    """
    there = list(tables_in(folder))
    paths = [path for name in METADATA_NAMES for path in there if name.match(path.name)]
    if not paths:
        raise DataError(folder, "site table", "none", "a BIF or a snapshot of the Shuttle")
    known = pd.concat([read_site_metadata(path) for path in paths], ignore_index=True)
    return known.drop_duplicates("site", ignore_index=True)


def facts_of(path: Path, known: pd.DataFrame, site: str) -> dict[str, object]:
    """Position and biome of a site.

    Raises
    ------
    DataError
        If one of them is not known.
    """
    rows = known[known["site"] == site]
    action = "complete the site table or remove the site's files"
    if rows.empty:
        raise DataError(path, site, "not in the site table", "its position and biome", action)
    facts = {name: rows.iloc[0][name] for name in ("lat", "lon", "igbp")}
    missing = [name for name, value in facts.items() if value == "" or pd.isna(value)]
    if missing:
        raise DataError(path, site, f"no {', '.join(missing)}", "position and biome", action)
    return facts


def find_tower_files(folder: Path) -> dict[str, list[Path]]:
    """Files of every site in a folder: one FLUXNET table, or the years of La Thuile.

    Returns
    -------
    dict of str to list of Path
        Sorted by site and name.

    Raises
    ------
    DataError
        If a site has several FLUXNET tables, a La Thuile year twice, or both kinds.
    """
    found: dict[str, dict[str, Path]] = {}
    for path in tables_in(folder):
        key = site_and_part(path.name)
        if key is None:
            continue
        site, part = key
        parts = found.setdefault(site, {})
        if parts and (part in parts or "whole" in {part, *parts}):
            first = next(iter(parts.values()))
            both = f"{first.relative_to(folder)} and {path.relative_to(folder)}"
            raise DataError(folder, site, both, "one file", "remove one of them")
        parts[part] = path
    return {site: list(parts.values()) for site, parts in sorted(found.items())}


def tables_in(folder: Path) -> Iterator[Path]:
    """All files of a folder, and of the archives in it, as ``ARCHIVE.zip/MEMBER``; sorted.

    Raises
    ------
    DataError
        If an archive is broken or lies about itself.
    """
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() == ".zip" and path.is_file():
            yield from (path / name for name in sorted(member.name for member in members(path)))
        elif path.is_file():
            yield path


def site_and_part(name: str) -> tuple[str, str] | None:
    """Site and what of it a file holds, ``whole`` or a year; None if the file is no tower's."""
    if match := FLUXNET_NAME.match(name):
        return match["site"], "whole"
    if match := LATHUILE_NAME.match(name):
        return match["site"], match["year"]
    return None
