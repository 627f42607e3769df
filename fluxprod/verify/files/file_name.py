"""What the name of a product file says about it."""

import re
from typing import NamedTuple

PATTERN = re.compile(
    r"nee_fluxprod-v(?P<version>[^_]+)_(?P<resolution>[0-9]+(\.[0-9]+)?)deg"
    r"(_(?P<content>[a-z-]+))?_(?P<first>[0-9]{4})(-(?P<last>[0-9]{4}))?\.(?P<ending>[a-z]+)"
)


class FileName(NamedTuple):
    """Version, resolution [degree], content ("daily", ...; "" of a store), years and ending."""

    version: str
    resolution: float
    content: str
    years: range
    ending: str


def parsed(name: str) -> FileName | None:
    """Take a file name apart; None if it is no name of a product file.

    >>> parsed("nee_fluxprod-v0.1.0_2deg_daily_2001.nc").content
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
