from html.parser import HTMLParser

import pytest

from fluxprod.evaluation.tables.paper_form import paper_form, printed
from tests.evaluation.conftest import Evaluated
from tests.evaluation.tables.test_score_columns import MODELS, PAPER, table3


class Cells(HTMLParser):
    """Texts of table cells, headings, caption and style sheet of a page, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {"td": [], "th": [], "style": [], "caption": []}
        self.tag = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tag = tag

    def handle_endtag(self, tag):
        self.tag = ""

    def handle_data(self, data):
        if self.tag in self.texts:
            self.texts[self.tag].append(data)


def test_decimals_are_the_papers():
    text = printed(PAPER)
    assert text.loc["GLOBAL"].tolist() == [
        "0.280",
        "0.054",
        "0.080",
        "0.7502",
        "16.8872",
        "17.3236",
    ]
    assert text.loc["KAJ"].tolist() == ["0.185", "−0.173", "0.216", "0.0147", "0.0798", "0.0147"]


def test_a_missing_number_is_a_dash():
    table = table3(["USA", float("nan"), 0.5, 0.25, float("nan"), 0.5, 0.25])
    assert printed(table).loc["USA"].tolist() == ["–", "0.500", "0.250", "–", "0.5000", "0.2500"]


@pytest.mark.parametrize("name", ["table2", "table3", "table2_truth", "table3_truth"])
def test_the_page_prints_the_table_that_is_kept_as_csv(evaluated: Evaluated, name):
    path = evaluated.folder / "tables" / f"{name}.html"
    cells = Cells(path.read_text(encoding="utf-8")).texts
    table = evaluated.tables[name]
    numbers = [float(text.replace("−", "-")) for text in cells["td"]]
    expected = table.set_index("region").to_numpy().ravel()
    assert numbers == pytest.approx(expected, abs=5.01e-4)
    assert [text for text in cells["th"] if text in set(table.region)] == table.region.tolist()
    assert "".join(cells["style"]).count("_row0_col") >= (table.shape[1] - 1) // len(MODELS) // 2


def test_caption_and_headings(evaluated: Evaluated):
    cells = Cells(paper_form("t", PAPER, ("Annual NEE", "As in the paper."))).texts
    bold = "Bold: the best model of a row and score, as printed."
    assert cells["caption"] == [f"Annual NEE. As in the paper. {bold}"]
    heads = [text for text in cells["th"] if text.strip()]
    assert heads[:8] == ["Pearson's R – annual", "RMSE – annual [PgC/yr]", *MODELS, *MODELS]
