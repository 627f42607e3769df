"""Workbooks (xlsx), checked against expansion attacks before openpyxl reads them.

A workbook is a zip archive of XML files, and both layers can be crafted to expand without limit.
The archive is checked here; openpyxl parses the XML with defusedxml, which refuses entities, if
that is installed, and fluxprod requires it.
"""

import io
from pathlib import Path

from fluxprod.readers.files.archive import repacked

MAX_EXPANDED = 2**30  # byte; the carbon budget's workbook of 2023 unpacks to 1.5 MB


def checked_workbook(label: Path, content: bytes) -> io.BytesIO:
    """Return a workbook that is safe to unpack.

    Parameters
    ----------
    label : Path
        File name for error messages.
    content : bytes
        The workbook as read from disk.

    Returns
    -------
    BytesIO
        The workbook, repacked.

    Raises
    ------
    DataError
        If the archive cannot be trusted (see `archive.members`) or expands to more than
        ``MAX_EXPANDED``.
    zipfile.BadZipFile
        If the content is not a zip archive or is corrupt.
    """
    return repacked(label, content, MAX_EXPANDED)
