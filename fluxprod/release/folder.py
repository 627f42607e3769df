"""The folder that is published: hard links to the product files, and their description."""

import os
import shutil
from pathlib import Path

from fluxprod.core.atomic_output import atomic_output
from fluxprod.core.constants import CITATION_FILE, MANIFEST_FILE, PROVENANCE_FILE
from fluxprod.core.errors import DataError
from fluxprod.release.crate import Release, write_metadata


def release_folder(
    product: Path, out: Path, release: Release, citation: Path, provenance: Path
) -> Path:
    """Assemble ``out/fluxprod-v<version>``, replacing an earlier one.

    Parameters
    ----------
    product : Path
        Folder of the product.
    out : Path
        Folder that will contain the release.
    release : Release
        Description of the release.
    citation, provenance : Path
        Files that are copied into the release.

    Returns
    -------
    Path
        The folder of the release.

    Raises
    ------
    DataError
        If a file that the manifest lists is absent.
    """
    target = out / f"fluxprod-v{release.citation.version}"
    with atomic_output(target) as folder:
        folder.mkdir()
        for name in (MANIFEST_FILE, *release.manifest.files):
            if not (product / name).exists():
                expected = f"a file that {MANIFEST_FILE} lists"
                raise DataError(product / name, "file", "no such file", expected)
            _link(product / name, folder / name)
        # copies, because people edit these files
        shutil.copyfile(citation, folder / CITATION_FILE)
        shutil.copyfile(provenance, folder / PROVENANCE_FILE)
        write_metadata(folder, release)
    return target


def _link(source: Path, target: Path) -> None:
    """Link a file or all files of a folder; copy them where hard links are not possible."""
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link_file)
    else:
        _link_file(source, target)


def _link_file(source: Path | str, target: Path | str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or a file system without links
        shutil.copyfile(source, target)
