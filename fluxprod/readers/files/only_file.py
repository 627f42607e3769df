"""Finding the single raw file that a folder is expected to contain."""

from pathlib import Path

from fluxprod.core.errors import DataError
from fluxprod.readers.files.folder import matching


def only_file(path: Path, pattern: str, what: str) -> Path:
    """Find the one file in a folder that matches a pattern.

    Parameters
    ----------
    path : Path
        Folder, or the file itself, which is returned as it is.
    pattern : str
        Glob pattern of the provider's file names; upper and lower case are the same.
    what : str
        Description of the file for the error message.

    Returns
    -------
    Path
        The matching file.

    Raises
    ------
    DataError
        If no file or more than one matches.
    """
    if path.is_file():
        return path
    found = matching(path, pattern)
    if len(found) != 1:
        names = ", ".join(file.name for file in found) or "no such file"
        raise DataError(path, what, names, f"one file {pattern}")
    return found[0]
