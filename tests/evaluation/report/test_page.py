import shutil
from base64 import b64decode
from html.parser import HTMLParser

import pytest
from markupsafe import escape

from fluxprod.evaluation.report_table import cell, number_text
from tests.evaluation.conftest import render
from tests.fake_run import PROVENANCE


class Parsed(HTMLParser):
    """Tags and attributes of all elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def parsed(page) -> Parsed:
    return Parsed(page)


def test_nothing_is_fetched(page, parsed):
    addresses = [
        attrs[name]
        for tag, attrs in parsed.elements
        for name in ("src", "href", "srcset", "data", "action", "poster")
        if name in attrs and tag != "a"  # links are followed only on a click
    ]
    assert addresses
    assert all(address.startswith("data:") for address in addresses)
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_figures_are_complete_pngs_with_alternative_text(parsed, evaluated):
    images = parsed.of("img")
    assert len(images) == len(list((evaluated.folder / "figures").glob("*.png"))) == 18
    for image in images:
        content = b64decode(image["src"].removeprefix("data:image/png;base64,"))
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert len(image["alt"]) > 20


def test_links_lead_somewhere(parsed, evaluated):
    ids = [attrs["id"] for _, attrs in parsed.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = {attrs["href"] for attrs in parsed.of("a")}
    inside = {link[1:] for link in links if link.startswith("#")}
    assert inside <= set(ids)
    assert {"answer", "checks", "table2", "table3", "figure-annual", "provenance"} <= inside
    files = [link for link in links if not link.startswith("#")]
    assert len(files) > 10
    assert all((evaluated.folder / name).is_file() for name in files)


def test_two_renderings_are_one(page, evaluated, tmp_path):
    assert render(evaluated, tmp_path / "again.html", evaluated.folder / "tables") == page


def test_provenance_is_in_the_page(page):
    for source, digest in PROVENANCE["raw"].items():
        assert f"<td>{source}, raw files</td><td>{digest['files']}</td>" in page
        assert digest["sha256"] in page
    assert PROVENANCE["code"]["sha256"] in page
    assert "<summary>train</summary>" in page
    assert "<dt>seed</dt><dd>7</dd>" in " ".join(page.split()).replace("> ", ">").replace(" <", "<")


@pytest.mark.parametrize("name", ["closure", "members", "shift test", "post-hoc"])
def test_a_failed_check_is_a_warning_above_all_figures(evaluated, tmp_path, name):
    """The failed check and what it means come before those that passed."""
    shutil.copytree(evaluated.folder / "tables", tmp_path / "tables")
    checks = evaluated.tables["checks"].assign(passed=lambda table: table.check != name)
    checks.to_csv(tmp_path / "tables" / "checks.csv", index=False)
    text = render(evaluated, tmp_path / "report.html", tmp_path / "tables")
    assert text.count("⚠ warning:") == 1
    meaning = checks.set_index("check").meaning[name]
    warning, first_passed = text.index(f"warning: {name}"), text.index("\N{CHECK MARK}")
    assert warning < text.index(escape(meaning)) < first_passed < text.index("<img")


def test_the_answer_comes_first_and_warnings_follow(page, evaluated):
    sink = evaluated.metrics["sink"]["ec_atm"]
    answer = page.index(f"−{abs(sink):.2f}")
    assert answer < page.index("warning: shift test") < page.index("<img")
    assert "warning: post-hoc" in page
    assert "warning: closure" not in page
    assert "Synthetic Earth." in page
    assert "removes 90% of the bias" in page


def test_findings_about_the_inputs_are_counted_and_listed(page):
    assert "in 2 tests; stops that were accepted: 1, warnings: 1." in page
    assert '<a href="#plausibility">' in page
    assert "<td>4.5 mm d-1</td>" in page


def test_text_is_escaped(page):
    assert "<title>A run &amp; its &lt;report&gt;</title>" in page


def test_format_of_numbers():
    assert number_text(-1.5) == "−1.500"
    assert number_text(-0.0001) == "0.000"
    assert number_text(float("nan")) == "–"
    assert cell(7).text == "7"
    assert cell("BRA").number is None
    assert cell(float("nan")).number is None


def test_the_years_are_those_of_the_run(page):
    assert "Mean over 2001 to 2003;" in " ".join(page.split())


def test_the_answer_states_how_far_its_spread_can_be_trusted(page, evaluated):
    rows = evaluated.tables["coverage"].set_index(["source", "region"])
    share = rows.raw_68["EC-ATM", "GLOBAL"]
    words = " ".join(page.split())
    assert (
        "The true annual NEE lies within one standard deviation of EC-ATM in "
        f"{share:.0%} of the years" in words
    )
