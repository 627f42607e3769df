"""The image that the Dockerfile begins with."""

import re
import subprocess
from pathlib import Path

from container.engine import SOME_MINUTES, Docker

ROOT = Path(__file__).parent.parent
PULL = 300.0  # s
SUITE = "bookworm"
MADE = f"localhost/debian:{SUITE}-slim"


def base_image(docker: Docker, folder: Path) -> str:
    """Name of the Dockerfile's own base, or of one of Debian's packages if no registry has it."""
    name = re.search(r"^ARG BASE_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[1]
    for words in (("image", "inspect", name), ("pull", "--quiet", name)):
        if docker(*words, ok=False, timeout=PULL).status == 0:
            return name
    files = folder / "base.tar"
    words = ["mmdebstrap", "--quiet", "--variant=minbase", SUITE, files]
    subprocess.run(words, check=True, timeout=SOME_MINUTES)
    docker("import", files, MADE)
    files.unlink()
    return MADE
