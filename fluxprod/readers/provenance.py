"""What the product was made from: world, parameters, raw files, code."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from fluxprod.errors import DataError


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


def read_provenance(path: Path) -> Provenance:
    """Read what the stage provenance wrote.

    Raises
    ------
    DataError
        If the file is absent or something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        raw = {source: Digest(**digest) for source, digest in content["raw"].items()}
        code = Digest(**content["code"])
        return Provenance(str(content["world"]), dict(content["params"]), raw, code)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        advice = "run dvc repro provenance"
        raise DataError(path, "file", error, "the stage provenance's output", advice) from error
