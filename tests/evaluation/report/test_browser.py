"""The report in headless Chromium: screen, telephone, keyboard, paper and screen reader."""

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.evaluation.report.chromium import DEMAND, Watched, program, started

PHONE, DESK = 375, 1280  # px
FIRST = "[aria-labelledby=table2] table"
SHOWN = f"{FIRST} tbody td:first-child"


@pytest.fixture(scope="module")
def browser():
    with started() as browser:
        yield browser


@pytest.fixture(scope="module", params=[PHONE, DESK])
def watched(request, browser, page, evaluated):
    """The report of the fake run at one width."""
    watched = Watched(browser, request.param)
    watched.open(evaluated.folder / "report.html")
    yield watched
    watched.page.close()


@pytest.fixture
def opened(browser, page, evaluated):
    """The report of the fake run, afresh."""
    watched = Watched(browser, DESK)
    yield watched.open(evaluated.folder / "report.html")
    watched.page.close()


def numbers(texts: list[str]) -> list[float]:
    return [float(text.replace("\N{MINUS SIGN}", "-")) for text in texts]


def shown(page, column: int) -> dict[str, float]:
    """Values of a column of Table 2 by region, in the order in which they stand."""
    cells = page.locator(f"{FIRST} tbody td:nth-child({column})").all_inner_texts()
    return dict(zip(page.locator(SHOWN).all_inner_texts(), numbers(cells)))


def assert_sorted(page, table: pd.DataFrame, column: int, *, up: bool) -> None:
    found = shown(page, column)
    assert list(found.values()) == sorted(found.values(), reverse=not up)
    expected = table.set_index("region").iloc[:, column - 2].to_dict()
    assert found == pytest.approx(expected, abs=5.1e-4)


def test_the_network_and_the_console_are_quiet(watched):
    assert watched.asked == []
    assert watched.said == []


def test_a_page_that_is_not_quiet_is_caught(browser):
    watched = Watched(browser, DESK)
    loud = (
        '<img src="http://example.org/a.png"><script>console.warn("so"); throw Error("no")</script>'
    )
    watched.page.set_content(loud)
    assert watched.asked == ["http://example.org/a.png"]
    assert {"so", "no"} <= set(watched.said)
    watched.page.close()


def test_every_image_is_decoded(watched, evaluated):
    widths = watched.page.eval_on_selector_all("img", "all => all.map(one => one.naturalWidth)")
    assert len(widths) == len(list((evaluated.folder / "figures").glob("*.png")))
    assert min(widths) > 300


def test_nothing_scrolls_sideways(watched):
    page = watched.page
    room = "[document.scrollingElement.scrollWidth, window.innerWidth]"
    wide, window = page.evaluate(room)
    assert wide <= window
    page.locator(".enlarge").first.click()
    image = page.locator(".image.full")
    assert image.evaluate(
        "one => one.firstElementChild.width == one.firstElementChild.naturalWidth"
    )
    wide, window = page.evaluate(room)
    assert wide <= window
    page.locator(".enlarge").first.click()
    assert image.count() == 0


def test_axe_finds_nothing_serious(watched):
    watched.page.evaluate(
        "document.querySelectorAll('details').forEach(one => { one.open = true })"
    )
    found = Axe().run(watched.page).response["violations"]
    grave = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in grave] == []


def test_axe_would_find_it(browser):
    watched = Watched(browser, DESK)
    watched.page.set_content(
        "<html lang=en><title>a</title><main><h1>a</h1><img src='data:,'></main>"
    )
    assert "image-alt" in {rule["id"] for rule in Axe().run(watched.page).response["violations"]}
    watched.page.close()


def test_a_table_sorts_by_click(opened, evaluated):
    table = evaluated.tables["table2"]
    assert opened.locator(SHOWN).all_inner_texts() == table.region.tolist()
    button = opened.locator(f"{FIRST} th button").nth(5)
    for up, order in ((True, "ascending"), (False, "descending")):
        button.click()
        assert_sorted(opened, table, 6, up=up)
        assert button.locator("..").get_attribute("aria-sort") == order
    assert opened.locator(f"{FIRST} th[aria-sort]").count() == 1


def test_the_keyboard_alone_does(opened, evaluated):
    """Skip to the results, move on to the heading of a table, sort, and choose a region."""
    keyboard, focused = opened.keyboard, "document.activeElement"
    keyboard.press("Tab")
    assert opened.evaluate(f"{focused}.textContent") == "Skip to the results"
    keyboard.press("Enter")
    for _ in range(60):
        keyboard.press("Tab")
        if opened.evaluate(f"{focused}.matches('{FIRST} th:nth-child(4) button')"):
            break
    keyboard.press("Enter")
    assert_sorted(opened, evaluated.tables["table2"], 4, up=True)
    assert opened.evaluate(f"getComputedStyle({focused}).outlineWidth") == "3px"
    for _ in range(60):
        keyboard.press("Tab")
        if opened.evaluate(f"{focused}.matches('[data-parameter=region]')"):
            break
    keyboard.type("Braz")
    values = opened.locator("#annual-series .values td")
    opened.wait_for_function("document.querySelector('#annual-series select').value == '\"BRA\"'")
    annual = evaluated.tables["regional_annual"]
    first = annual[annual.region == "BRA"].iloc[0]
    assert numbers([values.nth(0).text_content(), values.nth(1).text_content()]) == [
        first.year, first.truth
    ]  # fmt: skip


def test_months_of_the_chosen_years_are_shown(opened):
    chart = opened.locator("#monthly-series")
    chart.locator("[data-parameter=first]").select_option("2002")
    chart.locator("[data-parameter=last]").select_option("2002")
    months = chart.locator(".values tbody td:first-child")
    expect = [f"2002-{month:02d}" for month in range(1, 13)]
    assert [months.nth(number).text_content() for number in range(months.count())] == expect


def test_hovering_tells_all_values_of_a_year(opened, evaluated):
    plot = opened.locator("#annual-series .plot svg")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    for step in range(4):  # a tooltip follows a moving pointer
        opened.mouse.move(box["x"] + box["width"] / 2 + 5 * step, box["y"] + box["height"] / 2)
    text = opened.locator("#vg-tooltip-element.visible").inner_text()
    annual = evaluated.tables["regional_annual"]
    row = annual[(annual.region == "GLOBAL") & (annual.year == 2002)].iloc[0]
    said = dict(line.split("\t\n") for line in text.split("\n\n"))
    assert numbers([said["year"], said["truth"], said["EC-ATM ±"]]) == pytest.approx(
        [2002, row.truth, row["EC-ATM_spread"]], abs=5.1e-4
    )


def test_paper_has_all_of_it(opened):
    assert opened.pdf(format="A4").startswith(b"%PDF")
    assert opened.locator("details.block:not([open])").count() == 0
    opened.emulate_media(media="print")
    assert not opened.locator("nav").is_visible()
    assert (
        opened.locator(".scroll").first.evaluate("one => getComputedStyle(one).maxHeight") == "none"
    )
    opened.emulate_media(media="screen")


def test_an_absent_browser_skips_unless_it_is_demanded(monkeypatch):
    monkeypatch.delenv(DEMAND, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-browser not installed"):
        program(("no-such-browser",))
    monkeypatch.setenv(DEMAND, "required")
    with pytest.raises(pytest.fail.Exception, match="FLUXPROD_BROWSER=required"):
        program(("no-such-browser",))
