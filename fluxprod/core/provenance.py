"""What the product was made from: parameters, raw files and code, by SHA-256."""

from typing import Any, NamedTuple


class Digest(NamedTuple):
    """SHA-256 over lines ``<sha256>  <path>`` of some files, and how many they are."""

    sha256: str
    files: int


class Provenance(NamedTuple):
    """What provenance.json holds.

    Parameters
    ----------
    world : str
        "synthetic" or "observed".
    params : dict
        Blocks of params.yaml by name.
    raw : dict of Digest
        Raw files by source.
    code : Digest
    """

    world: str
    params: dict[str, dict[str, Any]]
    raw: dict[str, Digest]
    code: Digest
