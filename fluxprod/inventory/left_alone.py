"""Reasons why a run leaves files alone, although they lie in a folder of raw files."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from fluxprod.inventory.files_read import PATTERNS
from fluxprod.inventory.record import RawRecord

# time steps in the names of FLUXNET tables (fluxnet.org/data/fluxnet2015-dataset)
TIME_STEPS = {"HH": "half-hourly", "HR": "hourly", "WW": "weekly", "MM": "monthly", "YY": "yearly"}
NETWORK_TABLE = re.compile(r"^[A-Z0-9]+_[A-Z]{2}-[A-Za-z0-9]{3}_.*(?i:\.csv(\.gz)?)$")
TIME_STEP = re.compile(r"_(?P<step>HH|HR|WW|MM|YY)_(\d{4}-\d{4}|L2)")
UNREAD = "nothing that is read"


def reason_of_table(name: str) -> str:
    """Say why a table of FLUXNET or ICOS that is not daily is not read; empty for other names."""
    if not NETWORK_TABLE.match(name):
        return ""
    if match := TIME_STEP.search(name):
        return f"{TIME_STEPS[match['step']]} values, of which the daily ones (DD) are read"
    return "additional values of a tower, which are not read"


def reason_to_leave(record: RawRecord, folders: Iterable[str]) -> str:
    """Say why a run opens no file of this name in this folder.

    Parameters
    ----------
    record : RawRecord
        Record of a file that is not among those that a run reads.
    folders : iterable of str
        Folders of raw files.
    """
    folder, *within = PurePosixPath(record.path).parts
    if folder not in folders or not within:
        return f"outside the folders of raw files, which are {', '.join(folders)}"
    if record.kind in folders and record.kind != folder:
        return f"a file of {record.kind}, which is not looked for in {folder}"
    if folder in PATTERNS and record.kind == folder:
        if len(within) > 1:
            return f"in a subfolder, where files of {folder} are not looked for"
        if folder != "fluxcom":
            return f"a file of {folder} without its name, {' or '.join(PATTERNS[folder])}"
    return "not needed, because a run reads other files in its place"
