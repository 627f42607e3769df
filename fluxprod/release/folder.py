"""The folder that is published: product files by hard links, and their description."""

import os
import shutil
from pathlib import Path

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.errors import DataError
from fluxprod.release.crate import CITED, MADE_OF, Release, write_metadata
from fluxprod.verify.files.manifest import MANIFEST


def release_folder(
    product: Path, out: Path, release: Release, citation: Path, provenance: Path
) -> Path:
    """Assemble ``out/fluxprod-v<version>`` anew.

    Parameters
    ----------
    product : Path
        Folder of the product.
    out : Path
    release : Release
    citation, provenance : Path
        Files that are put beside the product.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    DataError
        If a file of the manifest is absent.
    """
    target = out / f"fluxprod-v{release.citation.version}"
    with atomic_output(target) as folder:
        folder.mkdir()
        for name in (MANIFEST, *release.manifest.files):
            if not (product / name).exists():
                raise DataError(product / name, "file", "nothing", f"what {MANIFEST} lists")
            _link(product / name, folder / name)
        # no links: people edit these
        shutil.copyfile(citation, folder / CITED)
        shutil.copyfile(provenance, folder / MADE_OF)
        write_metadata(folder, release)
    return target


def _link(source: Path, target: Path) -> None:
    """Put a file or a folder at a second place: by hard links where the disk has them."""
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link_file)
    else:
        _link_file(source, target)


def _link_file(source: Path | str, target: Path | str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)
