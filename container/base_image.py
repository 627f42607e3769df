"""The image that the Dockerfile begins with."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from container.engine import RUN, SOME_MINUTES, Docker

ROOT = Path(__file__).parent.parent
PULL = 300.0  # s
SUITE = "bookworm"
MADE = f"localhost/debian:{SUITE}-slim-{RUN}"


@contextmanager
def base_image(docker: Docker, folder: Path) -> Iterator[str]:
    """Name of the Dockerfile's own base, or of one of Debian's packages if no registry has it.

    It is removed at the end unless it was there before.
    """
    name = re.search(r"^ARG BASE_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[1]
    if docker("image", "inspect", name, ok=False).status == 0:
        yield name
        return
    if docker("pull", "--quiet", name, ok=False, timeout=PULL).status:
        name = of_packages(docker, folder)
    try:
        yield name
    finally:
        docker("image", "rm", name, ok=False)


def of_packages(docker: Docker, folder: Path) -> str:
    """Name of an image of Debian's packages."""
    files = folder / "base.tar"
    words = ["mmdebstrap", "--quiet", "--variant=minbase", SUITE, files]
    subprocess.run(words, check=True, timeout=SOME_MINUTES)
    docker("import", files, MADE)
    files.unlink()
    return MADE
