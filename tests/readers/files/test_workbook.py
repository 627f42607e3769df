"""Malicious workbooks are refused before they fill the memory."""

import io
import re
import zipfile
import zlib
from pathlib import Path

import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.budget import read_budget
from fluxprod.readers.files.workbook import checked_workbook
from fluxprod.synthetic.native.budget import COLUMNS, write_gcb_workbook

LABEL = Path("book.xlsx")
# expands to a billion words
ENTITIES = '<!ENTITY e0 "lol">' + "".join(
    f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)
)


def rewritten(content: bytes, part: str, change) -> bytes:
    """The workbook with one of its parts replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data.decode()).encode() if name == part else data)
    return target.getvalue()


def with_entities(text: str) -> str:
    """The text with entities, and a billion words as its first value."""
    first, rest = re.split("(?<=<[vt]>)", text, maxsplit=1)
    return f"<!DOCTYPE x [{ENTITIES}]>{first[first.find('?>') + 1 :].lstrip('>')}&e9;{rest}"


@pytest.fixture
def budget(tmp_path) -> Path:
    path = tmp_path / "Global_Carbon_Budget_2022v1.0.xlsx"
    years = pd.Index([2001, 2002], name="year")
    write_gcb_workbook(path, pd.DataFrame(1.0, index=years, columns=[*COLUMNS]))
    return path


def parts(content: bytes, ending: str) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return [name for name in book.namelist() if name.endswith(ending)]


def test_entities_of_the_budget_are_not_expanded(budget):
    content = budget.read_bytes()
    for part in parts(content, "sheet1.xml") + parts(content, "sharedStrings.xml"):
        budget.write_bytes(rewritten(content, part, with_entities))
        with pytest.raises(DataError, match="expected an xlsx workbook"):
            read_budget(budget)


def test_excessive_expansion_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", bytes(300 << 20))
    with pytest.raises(DataError, match="found 0.293 GiB when unpacked, .* expected at most 1 GiB"):
        checked_workbook(LABEL, content.getvalue())


def test_understated_sizes_are_detected():
    """One part unpacks to a hundred times its stated size."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", bytes(100_000))
    lying = content.getvalue().replace(
        (100_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    )
    with pytest.raises(zipfile.BadZipFile, match="Bad CRC"):
        checked_workbook(LABEL, lying)
    crc = (zlib.crc32(bytes(n)).to_bytes(4, "little") for n in (100_000, 1000))
    book = checked_workbook(LABEL, lying.replace(*crc))
    with zipfile.ZipFile(book) as read:
        assert read.read("[Content_Types].xml") == bytes(1000)


def test_readers_refuse_it(budget, monkeypatch):
    monkeypatch.setattr("fluxprod.readers.files.workbook.MAX_EXPANDED", 1000)
    with pytest.raises(DataError, match="when unpacked"):
        read_budget(budget)


def test_a_link_in_a_workbook_is_refused():
    content, link = io.BytesIO(), zipfile.ZipInfo("xl/workbook.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(content, "w") as book:
        book.writestr(link, "/etc/passwd")
    with pytest.raises(DataError, match="found a link"):
        checked_workbook(LABEL, content.getvalue())
