"""The parts of a product file's name: version, resolution, content, years and ending."""

import re
from typing import NamedTuple

PATTERN = re.compile(
    r"nee_fluxprod-v(?P<version>[^_]+)_(?P<resolution>[0-9]+(\.[0-9]+)?)deg"
    r"(_(?P<content>[a-z-]+))?_(?P<first>[0-9]{4})(-(?P<last>[0-9]{4}))?\.(?P<ending>[a-z]+)"
)


class FileName(NamedTuple):
    """What the name of a product file states.

    Parameters
    ----------
    version : str
        Version of the product.
    resolution : float
        Cell size [degree].
    content : str
        ``daily``, ``monthly`` ...; empty for the zarr store, which holds all of them.
    years : range
        Years of the file.
    ending : str
        ``nc``, ``csv`` or ``zarr``.
    """

    version: str
    resolution: float
    content: str
    years: range
    ending: str


def parse_file_name(name: str) -> FileName | None:
    """Split the name of a product file into its parts; None for any other name.

    >>> parse_file_name("nee_fluxprod-v0.1.0_2deg_daily_2001.nc").content
    'daily'
    """
    found = PATTERN.fullmatch(name)
    if not found:
        return None
    first, last = int(found["first"]), int(found["last"] or found["first"])
    years, resolution = range(first, last + 1), float(found["resolution"])
    if not years or not resolution:
        return None
    return FileName(found["version"], resolution, found["content"] or "", years, found["ending"])
