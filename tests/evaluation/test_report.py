from base64 import b64decode
from html.parser import HTMLParser

import pytest

from fluxprod.evaluation.report_table import cell, number_text


class Parsed(HTMLParser):
    """Attributes of all elements, headings and table cells of a page."""

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
        attrs[name] for _, attrs in parsed.elements for name in ("src", "href") if name in attrs
    ]
    assert addresses
    assert all(address.startswith(("data:", "#")) for address in addresses)
    assert "url(" not in page
    assert "@import" not in page


def test_figures_are_whole_pngs_with_a_text(parsed, evaluated):
    images = parsed.of("img")
    assert len(images) == len(list((evaluated.folder / "figures").glob("*.png"))) == 16
    for image in images:
        content = b64decode(image["src"].removeprefix("data:image/png;base64,"))
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        assert len(image["alt"]) > 20


def test_links_lead_somewhere(parsed):
    ids = {attrs["id"] for _, attrs in parsed.elements if "id" in attrs}
    links = {attrs["href"][1:] for attrs in parsed.of("a")}
    assert links <= ids
    assert len(links) == len(parsed.of("table"))


def test_the_answer_comes_first_and_warnings_are_said(page, evaluated):
    sink = evaluated.metrics["sink"]["ec_atm"]
    answer = page.index(f"−{abs(sink):.2f}")
    assert answer < page.index("warning: shift test") < page.index("<img")
    assert "warning: post-hoc" in page
    assert "warning: closure" not in page
    assert "Synthetic Earth." in page
    assert "removes 90% of the bias" in page


def test_text_is_escaped(page):
    assert "<title>A run &amp; its &lt;report&gt;</title>" in page


def test_numbers_as_people_write_them():
    assert number_text(-1.5) == "−1.500"
    assert number_text(-0.0001) == "0.000"
    assert number_text(float("nan")) == "–"
    assert cell(7).text == "7"
    assert cell("BRA").number is None
    assert cell(float("nan")).number is None
