import openpyxl
import pandas as pd
import pytest

from fluxprod.errors import DataError
from fluxprod.readers.budget import read_budget
from fluxprod.synthetic.native_budget import COLUMNS, write_gcb_workbook

SHEET = "Global Carbon Budget"


def test_real_workbook_gives_the_means_of_its_paper(realdata):
    # Friedlingstein et al. 2023 (doi:10.5194/essd-15-5301-2023), Table 6, 2013 to 2022, GtC yr-1.
    paper = {"land_use": 1.3, "growth": 5.2, "ocean_sink": 2.8, "land_sink": 3.3, "imbalance": -0.4}
    budget = read_budget(realdata / "budgets")
    decade = budget.loc[2013:2022].mean()
    assert decade[list(paper)].round(1).to_dict() == pytest.approx(paper)
    assert (decade.fossil - decade.cement).round(1) == 9.6
    assert decade.nee == -decade.land_sink


def test_real_workbook_against_pandas(realdata):
    path = next((realdata / "budgets").glob("*2023*.xlsx"))
    budget = read_budget(path)
    plain = pd.read_excel(path, sheet_name=SHEET, skiprows=21, usecols="A:H", index_col="Year")
    assert budget.index.tolist() == list(range(1959, 2023)) == plain.index.tolist()
    pd.testing.assert_frame_equal(
        budget.drop(columns="nee"), plain.set_axis(list(COLUMNS), axis=1), check_names=False
    )


def test_round_trip_of_a_written_workbook(tmp_path):
    table = pd.DataFrame({name: [k + 0.5, k - 0.25] for k, name in enumerate(COLUMNS)})
    table.index = pd.Index([2001, 2002], name="year")
    write_gcb_workbook(tmp_path / "Global_Carbon_Budget_2022v1.0.xlsx", table)
    budget = read_budget(tmp_path)
    pd.testing.assert_frame_equal(budget[list(COLUMNS)], table)
    assert budget.nee.tolist() == [-4.5, -3.75]


OLD = ["Year", "fossil fuel and industry", "land-use change emissions", "atmospheric growth"]
OLD += ["ocean sink", "land sink", "budget imbalance"]


def workbook(folder, *, sheet=SHEET, unit="GtC/yr", header=OLD):
    """A workbook as of 2019: no cement column, its header higher up."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    book.active.append([None, f"All values in billion tonnes of carbon per year ({unit})"])
    book.active.append([unit])
    book.active.append(header)
    book.active.append([2001, *range(1, len(header))])
    book.active.append([2002, *[None] * (len(header) - 1)])
    book.active.append([None, "Cite as: a note below the table"])
    path = folder / "Global_Carbon_Budget_2019v1.0.xlsx"
    book.save(path)
    return path


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
