import math
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.budget import read_budget, read_land_sink_uncertainty
from fluxprod.synthetic.native.budget import COLUMNS, write_gcb_workbook

SHEET = "Global Carbon Budget"
CASES = Path(__file__).parents[1] / "cases"


def test_real_workbook_gives_the_means_of_its_paper(realdata):
    # Friedlingstein et al. 2023 (doi:10.5194/essd-15-5301-2023), Table 6, 2013 to 2022, GtC yr-1.
    paper = {"land_use": 1.3, "growth": 5.2, "ocean_sink": 2.8, "land_sink": 3.3, "imbalance": -0.4}
    budget = read_budget(realdata / "budgets")
    decade = budget.loc[2013:2022].mean()
    assert decade[list(paper)].round(1).to_dict() == pytest.approx(paper)
    assert (decade.fossil - decade.cement).round(1) == 9.6
    assert decade.nee == -decade.land_sink


def test_real_workbook_against_plain_openpyxl(realdata):
    """Cell by cell: columns B to H below the cell that says Year."""
    path = realdata / "budgets" / "Global_Carbon_Budget_2023v1.0.xlsx"
    sheet = openpyxl.load_workbook(path, data_only=True)[SHEET]
    first = next(row for row in range(1, 60) if sheet.cell(row, 1).value == "Year") + 1
    budget = read_budget(path)
    for row in range(first, first + len(budget)):
        cells = [sheet.cell(row, column).value for column in range(1, 9)]
        assert budget.loc[cells[0], list(COLUMNS)].tolist() == cells[1:]


def test_real_workbook_against_pandas(realdata):
    path = next((realdata / "budgets").glob("*2023*.xlsx"))
    budget = read_budget(path)
    plain = pd.read_excel(path, sheet_name=SHEET, skiprows=21, usecols="A:H", index_col="Year")
    assert budget.index.tolist() == list(range(1959, 2023)) == plain.index.tolist()
    pd.testing.assert_frame_equal(
        budget.drop(columns="nee"), plain.set_axis(list(COLUMNS), axis=1), check_names=False
    )


def test_real_workbook_states_the_uncertainty_of_its_land_sink(realdata):
    # its note: "The land sink (uncertainty of ±0.5 GtC/yr on average) was estimated ..."
    assert read_land_sink_uncertainty(realdata / "budgets") == 0.5


# looked up in each sheet: years, then fossil emissions, ocean sink and land sink of the last one
REAL = {
    "2017v1.3": ((1959, 2016), [9.875160413143622, 2.6102584642499997, 2.7270003894635346]),
    "2019v1.0": ((1959, 2018), [9.981646894153481, 2.6282498443698254, 3.4688283630895373]),
    "2020v1.0": ((1959, 2019), [9.945622215923681, 2.6259905646281965, 3.1367427728823536]),
    "2022v1.0": ((1959, 2021), [10.1320552271389, 2.87951153206182, 3.45034685641168]),
    "2023v1.0": ((1959, 2022), [10.1391333876525, 2.77969405750212, 3.78012555424795]),
    "2024_v1.0": ((1959, 2023), [10.3142927704762, 2.88072069300471, 2.30204238209957]),
}


@pytest.mark.parametrize("edition", REAL)
def test_real_editions(realdata, edition):
    """All are in GtC/yr, and their columns balance as the notes of the sheet say."""
    (path,) = realdata.glob(f"budgets*/Global_Carbon_Budget_{edition}.xlsx")
    (first, last), expected = REAL[edition]
    budget = read_budget(path)
    assert budget.index.tolist() == list(range(first, last + 1))
    assert budget.loc[last, ["fossil", "ocean_sink", "land_sink"]].tolist() == expected
    sinks = budget.growth + budget.ocean_sink + budget.land_sink + budget.get("cement", 0.0)
    balance = budget.fossil + budget.land_use - sinks
    np.testing.assert_allclose(budget.imbalance, balance, atol=1e-9)


def test_years_in_column_b_beside_a_counter():
    budget = read_budget(CASES / "gcb_2019_index_column")
    assert budget.index.tolist() == [2017, 2018]
    assert budget.loc[2018, ["fossil", "land_sink", "nee", "imbalance"]].tolist() == [
        10,
        3.5,
        -3.5,
        0.4,
    ]
    assert "cement" not in budget


@pytest.mark.parametrize(
    ("cell", "value", "found"),
    [("F4", "#N/A", "row 4, land sink: found '#N/A', expected a number in GtC/yr"),
     ("C5", "3,1", "row 5, land-use change emissions: found '3,1'")],
)  # fmt: skip
def test_a_cell_that_is_not_a_number(tmp_path, cell, value, found):
    path = workbook(tmp_path)
    book = openpyxl.load_workbook(path)
    book[SHEET][cell] = value
    book.save(path)
    with pytest.raises(DataError, match=found):
        read_budget(path)


def test_numbers_and_years_as_text(tmp_path):
    path = workbook(tmp_path)
    book = openpyxl.load_workbook(path)
    book[SHEET]["A4"], book[SHEET]["F4"] = "2001", " 5.25 "
    book.save(path)
    assert read_budget(path).loc[2001, "land_sink"] == 5.25


def test_uncertainty_of_the_land_sink_is_a_note_that_may_be_absent(tmp_path):
    path = workbook(tmp_path)
    assert math.isnan(read_land_sink_uncertainty(path))
    book = openpyxl.load_workbook(path)
    book[SHEET].append([None, "The ocean sink (uncertainty of ±0.4 GtC/yr on average) is"])
    book[SHEET].append([None, "The land sink (uncertainty of ± 0.9 GtC/yr on average) is"])
    book.save(path)
    assert read_land_sink_uncertainty(tmp_path) == 0.9


def test_round_trip_of_a_written_workbook(tmp_path):
    table = pd.DataFrame({name: [k + 0.5, k - 0.25] for k, name in enumerate(COLUMNS)})
    table.index = pd.Index([2001, 2002], name="year")
    write_gcb_workbook(tmp_path / "Global_Carbon_Budget_2022v1.0.xlsx", table)
    budget = read_budget(tmp_path)
    pd.testing.assert_frame_equal(budget[list(COLUMNS)], table)
    assert budget.nee.tolist() == [-4.5, -3.75]


OLD = ["Year", "fossil fuel and industry", "land-use change emissions", "atmospheric growth"]
OLD += ["ocean sink", "land sink", "budget imbalance"]


def workbook(folder, *, sheet=SHEET, unit="GtC/yr", header=OLD, years=(2001, 2002)):
    """A workbook as of 2019: no cement column, its header higher up."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    book.active.append([None, f"All values in billion tonnes of carbon per year ({unit})"])
    book.active.append([unit])
    book.active.append(header)
    for year in years:
        row = range(1, len(header)) if year == 2001 else [None] * (len(header) - 1)
        book.active.append([year, *row])
    book.active.append([None, "Cite as: a note below the table"])
    path = folder / "Global_Carbon_Budget_2019v1.0.xlsx"
    book.save(path)
    return path


EDITIONS = {  # year: row of the header, first column; cement carbonation since 2020
    2019: (19, "fossil fuel and industry", False),
    2020: (20, "fossil emissions excluding carbonation", True),
    2021: (20, "fossil emissions excluding carbonation", True),
    2022: (21, "fossil emissions excluding carbonation", True),
    2023: (22, "fossil emissions excluding carbonation", True),
}


@pytest.mark.parametrize("edition", EDITIONS)
def test_editions(tmp_path, edition):
    header, fossil, cement = EDITIONS[edition]
    names = [fossil, "land-use change emissions", "atmospheric growth", "ocean sink", "land sink"]
    names += ["cement carbonation sink"] * cement + ["budget imbalance"]
    book = openpyxl.Workbook()
    book.active.title = "Summary"
    for title in ("Historical Budget", SHEET, "Terrestrial Sink"):
        sheet = book.create_sheet(title)
        sheet["A1"] = "All values in billion tonnes of carbon per year (GtC/yr)"
        sheet.cell(header - 1, 1, "GtC/yr")
        for column, text in enumerate(["Year", *names], start=1):
            sheet.cell(header, column, text)
        for k in range(1959, edition):
            for column in range(1, len(names) + 2):
                sheet.cell(header + k - 1958, column, k if column == 1 else column + k / 1e4)
        sheet.cell(header - 3, 14, "2001: a note beside the table")
    book.save(tmp_path / f"Global_Carbon_Budget_{edition}v1.0.xlsx")
    budget = read_budget(tmp_path)
    assert budget.index.tolist() == list(range(1959, edition))
    assert budget.loc[2001, ["fossil", "land_use", "land_sink"]].tolist() == [
        2.2001,
        3.2001,
        6.2001,
    ]
    assert budget.loc[2001, "imbalance"] == pytest.approx(7.2001 + cement)
    assert ("cement" in budget) == cement


def test_table_without_years(tmp_path):
    with pytest.raises(DataError, match="found 0 years, expected one row per year"):
        read_budget(workbook(tmp_path, years=()))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_truncated_workbook(tmp_path, share):
    path = workbook(tmp_path)
    path.write_bytes(path.read_bytes()[: round(share * path.stat().st_size)])
    with pytest.raises(DataError, match="expected an xlsx workbook"):
        read_budget(path)


@pytest.mark.parametrize("cut", [b"", b"<worksheet><sheetData><row", b"\x00\xff"])
def test_sheet_that_breaks_off(tmp_path, cut):
    path = workbook(tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, cut if "sheet1" in name else content)
    with pytest.raises(DataError) as caught:
        read_budget(path)
    assert "\n" not in str(caught.value)


def test_header_is_found_where_it_is(tmp_path):
    budget = read_budget(workbook(tmp_path))
    assert budget.index.tolist() == [2001, 2002]
    assert budget.loc[2001, ["fossil", "land_sink", "nee", "imbalance"]].tolist() == [1, 5, -5, 6]
    assert budget.loc[2002].isna().all()
    assert "cement" not in budget


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        ({"sheet": "Summary"}, r"sheet: found \['Summary'\], expected Global Carbon Budget"),
        ({"unit": "GtCO2/yr"}, r"unit of sheet .*found \['GtCO2/yr'\], expected GtC/yr"),
        ({"header": ["Jahr", *OLD[1:]]}, "expected the cell 'Year'"),
        ({"header": OLD[:5]}, r"expected \['land sink', 'budget imbalance'\]"),
    ],
)
def test_spoilt_workbook(tmp_path, spoilt, message):
    with pytest.raises(DataError, match=message):
        read_budget(workbook(tmp_path, **spoilt))


def test_no_workbook(tmp_path):
    path = tmp_path / "budget.xlsx"
    path.write_text("a page that says: log in")
    with pytest.raises(DataError, match="expected an xlsx workbook"):
        read_budget(path)


def sheet_of(path, edit):
    """Change the sheet with the balance; the header is row 3, the years 2001 and 2002 below it."""
    book = openpyxl.load_workbook(path)
    edit(book[SHEET])
    book.save(path)
    return path


def test_column_of_uncertainty_beside_the_land_sink(tmp_path):
    header = [*OLD[:5], "land sink uncertainty", *OLD[5:]]
    budget = read_budget(workbook(tmp_path, header=header))
    assert budget.loc[2001, ["ocean_sink", "land_sink", "imbalance"]].tolist() == [4, 6, 7]


def test_two_columns_of_one_name(tmp_path):
    path = workbook(tmp_path, header=[*OLD, "land sink (residual)"])
    with pytest.raises(
        DataError, match=r"several columns \['land sink', 'land sink \(residual\)'\]"
    ):
        read_budget(path)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"F4": 3500.0}, "land sink: found 3500 in 2001, expected less than 30 GtC/yr; check the"),
        ({"F4": -3.5}, "land sink: found a mean of -3.5 GtC/yr, expected a sink, positive into"),
        ({"E4": -2.5}, "ocean sink: found a mean of -2.5 GtC/yr"),
        ({"A4": 1, "A5": 2}, "row 4, Year: found 1, expected a year from 1700 to 2100"),
        ({"A4": "2001*"}, r"row 4, Year: found '2001\*', expected a year of four digits"),
        (
            {"A4": pd.Timestamp("2001-01-01")},
            "row 4, Year: found '2001-01-01 00:00:00', expected a",
        ),
    ],
)
def test_values_that_are_no_balance(tmp_path, values, message):
    path = sheet_of(
        workbook(tmp_path), lambda sheet: [sheet.__setitem__(*item) for item in values.items()]
    )
    with pytest.raises(DataError, match=message) as caught:
        read_budget(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "row", [["2019 edition, see the paper"], ["2020*", "~9.3", "~1.6", "~5.3"]]
)
def test_a_note_that_begins_with_a_year_is_no_row(tmp_path, row):
    path = sheet_of(workbook(tmp_path), lambda sheet: sheet.append(row))
    assert read_budget(path).index.tolist() == [2001, 2002]


@pytest.mark.parametrize(
    "edit",
    [
        lambda sheet: setattr(sheet, "title", f"{SHEET} "),
        lambda sheet: sheet.__setitem__("A3", "Year: "),
        lambda sheet: sheet.__setitem__("A1", "Year"),
        lambda sheet: sheet.insert_cols(1, 12),  # the table ends in column S
    ],
)
def test_table_of_another_look(tmp_path, edit):
    budget = read_budget(sheet_of(workbook(tmp_path), edit))
    assert budget.index.tolist() == [2001, 2002]
    assert budget.loc[2001, "land_sink"] == 5


def test_empty_workbook(tmp_path):
    path = tmp_path / "Global_Carbon_Budget_2019v1.0.xlsx"
    path.touch()
    with pytest.raises(DataError, match="found an empty file, expected an xlsx workbook; get it"):
        read_budget(path)
