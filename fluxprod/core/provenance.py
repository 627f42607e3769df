"""What the product was made from: the parameters and the SHA-256 of raw files and code."""

from typing import Any, NamedTuple


class Digest(NamedTuple):
    """SHA-256 of the lines ``<sha256>  <path>`` of a set of files, and the number of files."""

    sha256: str
    files: int


class Provenance(NamedTuple):
    """Content of provenance.json.

    Parameters
    ----------
    world : str
        "synthetic" or "observed".
    params : dict
        Blocks of params.yaml by name.
    raw : dict of Digest
        Raw files by source.
    code : Digest
        Source files of the package.
    """

    world: str
    params: dict[str, dict[str, Any]]
    raw: dict[str, Digest]
    code: Digest
