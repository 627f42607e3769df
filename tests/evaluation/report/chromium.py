"""Headless Chromium, and a page whose requests and console messages are recorded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

DEMAND = "FLUXPROD_BROWSER"  # "required": a missing browser is a failure, as in .ci/run
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def program(names: tuple[str, ...] = NAMES) -> str:
    """Path of the browser; without one the test is skipped, or fails if a browser is required."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    reason = f"{names[0]} not installed (Debian: apt-get install chromium)"
    if os.environ.get(DEMAND) == "required":
        pytest.fail(f"{reason}, and {DEMAND}=required")
    pytest.skip(reason)


@contextmanager
def started() -> Iterator[Browser]:
    path = program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page, its requests to the network, and its console messages."""

    def __init__(self, browser: Browser, width: int) -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900})
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.set_default_timeout(20_000)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.route(lambda url: not url.startswith(("file:", "data:")), self._refuse)

    def _refuse(self, route) -> None:
        self.asked.append(route.request.url)
        route.abort()

    def open(self, path: Path) -> Page:
        """Open a report and wait until every chart is drawn."""
        self.page.goto(path.as_uri())
        for chart in self.page.locator(".chart").all():
            chart.scroll_into_view_if_needed()
            chart.locator(".plot svg, .plot canvas").first.wait_for()
        return self.page
