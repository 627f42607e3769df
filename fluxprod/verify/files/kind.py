"""Which entries of a folder may be opened: pipes, sockets and devices can block for ever."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

OBSTACLES = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def obstacle(path: Path) -> str:
    """Why a path must not be opened; empty for files and folders, also through links.

    Parameters
    ----------
    path : Path
        Path that exists.
    """
    try:
        return OBSTACLES.get(stat.S_IFMT(path.stat().st_mode), "")
    except OSError as error:
        return f"one that cannot be used ({error.strerror})"


def obstacles_inside(folder: Path) -> Iterator[str]:
    """Entries of a folder, at any depth, that must not be opened, each with the reason.

    Links to folders count, because what lies behind them is not part of the folder.

    Parameters
    ----------
    folder : Path
        The folder.

    Yields
    ------
    str
    """
    for place, folders, files in os.walk(folder):
        for name in sorted([*folders, *files]):
            path = Path(place, name)
            linked = path.is_symlink() and path.is_dir()
            if why := "a link to a folder" if linked else _obstacle_if_there(path):
                yield f"{path.relative_to(folder).as_posix()} ({why})"


def _obstacle_if_there(path: Path) -> str:
    return obstacle(path) if path.exists() else ""
