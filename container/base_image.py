"""The base image of the Dockerfile."""

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
    """Name of the base of the Dockerfile or, if no registry provides it, of one made from packages.

    The image is removed at the end unless it existed before.
    """
    name = re.search(r"^ARG BASE_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[1]
    if docker("image", "inspect", name, ok=False).status == 0:
        yield name
        return
    if docker("pull", "--quiet", name, ok=False, timeout=PULL).status:
        name = image_from_packages(docker, folder)
    try:
        yield name
    finally:
        docker("image", "rm", name, ok=False)


def image_from_packages(docker: Docker, folder: Path) -> str:
    """Make an image from the packages of Debian and return its name."""
    files = folder / "base.tar"
    words = ["mmdebstrap", "--quiet", "--variant=minbase", SUITE, files]
    subprocess.run(words, check=True, timeout=SOME_MINUTES)
    docker("import", files, MADE)
    files.unlink()
    return MADE
