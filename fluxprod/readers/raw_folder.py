"""Every file of a folder of raw files."""

from pathlib import Path

from fluxprod.errors import DataError


def raw_files(folder: Path) -> list[Path]:
    """All files under a folder, or the file itself, sorted; hidden ones are left out.

    Raises
    ------
    DataError
        If there is nothing of that name.
    """
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise DataError(folder, "folder", "nothing", "a folder or file of raw data")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
