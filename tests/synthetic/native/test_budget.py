import zipfile

import openpyxl
import pandas as pd
from openpyxl.xml.functions import register_namespace

from fluxprod.synthetic.native.budget import COLUMNS, write_gcb_workbook

TABLE = pd.DataFrame({name: [k + 0.123456] for k, name in enumerate(COLUMNS)}, index=[2001])
SHEETS = ("Global Carbon Budget", "Historical Budget", "Terrestrial Sink")


def header(path, sheet):
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = list(book[sheet].iter_rows(max_col=8, values_only=True))
    book.close()
    number = next(k for k, row in enumerate(rows) if row[0] == "Year")
    return number, rows[number]


def test_headers_are_those_of_the_real_workbook(tmp_path, realdata):
    path = tmp_path / "book.xlsx"
    write_gcb_workbook(path, TABLE)
    real = realdata / "budgets" / "Global_Carbon_Budget_2023v1.0.xlsx"
    for sheet in SHEETS[:2]:
        assert header(path, sheet)[1] == header(real, sheet)[1]
    assert header(path, SHEETS[2])[1][:2] == header(real, SHEETS[2])[1][:2]
    # users of the 2022 workbook skip 20 and 15 rows
    assert [header(path, sheet)[0] for sheet in SHEETS[:2]] == [20, 15]


def test_no_clock_in_the_archive(tmp_path):
    path = tmp_path / "book.xlsx"
    write_gcb_workbook(path, TABLE)
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2022, 11, 11, 0, 0, 0)}
        properties = archive.read("docProps/core.xml").decode()
    assert properties.count("2022-11-11T00:00:00Z") == 2
    assert properties.count(":created ") == properties.count(":modified ") == 1


def test_the_same_bytes_whatever_prefix_dublin_core_has(tmp_path):
    """OWSLib registers another prefix on import, and openpyxl uses what is registered."""
    write_gcb_workbook(tmp_path / "before.xlsx", TABLE)
    register_namespace("dct", "http://purl.org/dc/terms/")
    write_gcb_workbook(tmp_path / "after.xlsx", TABLE)
    assert (tmp_path / "after.xlsx").read_bytes() == (tmp_path / "before.xlsx").read_bytes()
    test_no_clock_in_the_archive(tmp_path)


def test_values(tmp_path):
    path = tmp_path / "book.xlsx"
    write_gcb_workbook(path, TABLE)
    sink = pd.read_excel(path, sheet_name="Terrestrial Sink", skiprows=23, index_col="Year")
    assert sink.GCB.to_dict() == {2001: 4.123456}
