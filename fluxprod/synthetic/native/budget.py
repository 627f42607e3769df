"""Workbook of the Global Carbon Budget 2022, with the sheets of the global balance."""

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import openpyxl.xml.functions
import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import DCTERMS_NS, DCTERMS_PREFIX

from fluxprod.core.atomic_output import atomic_output

COLUMNS = {
    "fossil": "fossil emissions excluding carbonation",
    "land_use": "land-use change emissions",
    "growth": "atmospheric growth",
    "ocean_sink": "ocean sink",
    "land_sink": "land sink",
    "cement": "cement carbonation sink",
    "imbalance": "budget imbalance",
}
# Title of each sheet, and the row of its header counted from 1.
BALANCES = {"Global Carbon Budget": ("Global Carbon Budget", 21)}
BALANCES["Historical Budget"] = ("Historical CO2 budget", 16)
TERRESTRIAL = (
    "Terrestrial CO2 sink (positive values represent a flux from the atmosphere to the land)"
)
TERRESTRIAL_HEADER = 24
UNIT_NOTE = "All values in billion tonnes of carbon per year (GtC/yr), for the globe."
DECIMALS = 6
STAMP = "2022-11-11T00:00:00Z"  # release of the workbook, instead of the current time
DATES = re.compile(rb"(<dcterms:(?:created|modified) [^>]*>)[^<]*")
ZIP_DATE = (2022, 11, 11, 0, 0, 0)


def write_gcb_workbook(path: Path, table: pd.DataFrame) -> None:
    """Write ``Global_Carbon_Budget_2022v1.0.xlsx``.

    Parameters
    ----------
    path : Path
        File to write; the same table always gives the same bytes.
    table : DataFrame, index year
        Columns fossil, land_use, growth, ocean_sink, land_sink, cement and imbalance; sinks are
        positive into ocean and land [PgC yr-1].
    """
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Summary"
    book["Summary"]["B2"] = "Global Carbon Budget 2022"
    for name, (title, row) in BALANCES.items():
        _fill(book.create_sheet(name), title, row, table.rename(columns=COLUMNS))
    sink = table[["land_sink"]].set_axis(["GCB"], axis=1)
    _fill(book.create_sheet("Terrestrial Sink"), TERRESTRIAL, TERRESTRIAL_HEADER, sink)
    content = io.BytesIO()
    # another library in this process may have registered a different prefix for Dublin Core
    openpyxl.xml.functions.register_namespace(DCTERMS_PREFIX, DCTERMS_NS)  # type: ignore[attr-defined]
    book.save(content)
    with atomic_output(path) as temporary:
        _write_without_clock(content, temporary)


def _fill(sheet: Worksheet, title: str, header: int, table: pd.DataFrame) -> None:
    """Write the title at the top, and the table with its header in the given row."""
    sheet["B1"], sheet["B2"] = title, UNIT_NOTE
    sheet.cell(header - 1, 1, "GtC/yr")
    for column, name in enumerate(["Year", *table.columns], start=1):
        sheet.cell(header, column, name)
    for row, record in enumerate(table.itertuples(), start=header + 1):
        sheet.cell(row, 1, int(record[0]))
        for column, value in enumerate(record[1:], start=2):
            if pd.notna(value):
                sheet.cell(row, column, round(float(value), DECIMALS))


def _write_without_clock(content: io.BytesIO, path: Path) -> None:
    """Copy the archive with fixed dates, as openpyxl stamps the time on entries and properties."""
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(DATES, rb"\g<1>" + STAMP.encode(), data)
            target.writestr(zipfile.ZipInfo(name, ZIP_DATE), data, zipfile.ZIP_DEFLATED)
