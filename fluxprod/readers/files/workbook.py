"""Workbooks (xlsx): archives of XML, both of which can be made to expand without end.

openpyxl takes XML through defusedxml, which refuses entities, where that is installed, as here.
"""

import io
from pathlib import Path

from fluxprod.readers.files.archive import repacked

MAX_EXPANDED = 2**30  # byte; the carbon budget's workbook of 2023 unpacks to 1.5 MB


def checked_workbook(label: Path, content: bytes) -> io.BytesIO:
    """Give a workbook to read, which does not expand to too much.

    Parameters
    ----------
    label : Path
        What errors name.
    content : bytes

    Raises
    ------
    DataError
        If it is not to be trusted.
    zipfile.BadZipFile
        If it is no archive, or a broken one.
    """
    return repacked(label, content, MAX_EXPANDED)
