"""The one file that a folder of raw files has to hold."""

from pathlib import Path

from fluxprod.core.errors import DataError


def only_file(path: Path, pattern: str, what: str) -> Path:
    """Give the one file of a folder that a pattern matches; a file stands for itself.

    Parameters
    ----------
    path : Path
        Folder or file.
    pattern : str
        Of the provider's file names.
    what : str
        What the file is, in words.

    Raises
    ------
    DataError
        If there is none or more than one.
    """
    if path.is_file():
        return path
    found = sorted(path.glob(pattern)) if path.is_dir() else []
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or "no such file"
        raise DataError(path, what, names, f"one file {pattern}")
    return found[0]
