"""Output of the stage provenance."""

import json
from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.core.intact import without_checksum
from fluxprod.core.provenance import Digest, Provenance

EXPECTED = "the output of the stage provenance"
ADVICE = "run dvc repro provenance"


def read_provenance(path: Path) -> Provenance:
    """Read the output of the stage provenance.

    Raises
    ------
    DataError
        If the file does not exist or has other content.
    """
    try:
        content = without_checksum(json.loads(path.read_text(encoding="utf-8")))
        raw = {source: Digest(**digest) for source, digest in content["raw"].items()}
        code = Digest(**content["code"])
        return Provenance(str(content["world"]), dict(content["params"]), raw, code)
    except FileNotFoundError as error:
        raise DataError(path, "file", "no such file", EXPECTED, ADVICE) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(path, "file", f"other content ({reason})", EXPECTED, ADVICE) from error
