"""Web pages and messages of servers that were saved under the name of a data file.

A download that needs a login or has expired often ends with such a text instead of an error.
"""

import codecs
import re
import zlib
from pathlib import Path

from fluxprod.core.errors import DataError

LENGTH = 4096  # byte, in which a text shows what it is
ACTION = "log in and get it again"
BYTE_ORDER_MARKS = {  # the longer one first, as both begin alike
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
A_JSON = "a JSON document"
GZIP = b"\x1f\x8b"
MARKUP = re.compile(r"<[!?a-z]", re.IGNORECASE)
TAGS = "html|head|body|title|script|meta|div|p|h1|a|br|span|center"
HTML = re.compile(rf"<(!doctype\s+html|{TAGS})\b", re.IGNORECASE)
JSON = re.compile(r'\{\s*("|\}|$)|\[\s*[\[{"]')


def web_page_in(start: bytes) -> str:
    """Say what kind of text stands in place of data.

    Parameters
    ----------
    start : bytes
        First bytes of a file, compressed with gzip or not.

    Returns
    -------
    str
        ``a web page (HTML)``, ``an XML document`` or ``a JSON document``; empty for anything else.
    """
    text = _text(start).lstrip()
    if JSON.match(text):
        return A_JSON
    if not MARKUP.match(text):
        return ""
    return "a web page (HTML)" if HTML.search(text) else "an XML document"


def _text(start: bytes) -> str:
    """Decode the first bytes; what is no text becomes characters that fit nothing."""
    if start.startswith(GZIP):
        start = _unpacked(start)
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            return start.removeprefix(mark).decode(encoding, "replace")
    return start.decode("latin-1")


def _unpacked(start: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(start, LENGTH)
    except zlib.error:
        return b""


def web_page_fault(path: Path, expected: str, *, json: bool = False) -> DataError | None:
    """Describe a file that holds a web page or a message in place of data, or return None.

    Parameters
    ----------
    path : Path
        File on disk that a reader could not read.
    expected : str
        What it should be, such as ``an HDF4 file``.
    json : bool
        Whether JSON is what it should be.
    """
    try:
        with path.open("rb") as file:
            found = web_page_in(file.read(LENGTH))
    except OSError:
        return None
    if not found or (json and found == A_JSON):
        return None
    return DataError(path, "file", found, expected, ACTION)
