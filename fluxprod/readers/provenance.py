"""The stage provenance's output."""

import json
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.core.provenance import Digest, Provenance


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
