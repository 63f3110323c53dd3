"""A headless Chromium in which tests open pages: the system's own, driven through its DevTools protocol by Playwright."""

from __future__ import annotations

import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


@cache
def chromium():
    """The program; None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


MISSING = (
    "Chromium is not installed (Debian: apt-get install chromium)"
    if chromium() is None
    else "playwright and axe-playwright-python are not installed"
    if find_spec("playwright") is None or find_spec("axe_playwright_python") is None
    else ""
)
needs_chromium = pytest.mark.skipif(bool(MISSING), reason=MISSING or "there is one")


class Browser:
    """The browser of a module of tests; use as a context."""

    def __enter__(self):
        from playwright.sync_api import sync_playwright

        self._driver = sync_playwright().start()
        self._browser = self._driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        return self

    def __exit__(self, *_):
        self._browser.close()
        self._driver.stop()

    def open(self, path, width=1280, theme="light", height=900):
        """Open a file and wait until its script has done everything; errors of the page and what it asked for are kept."""
        page = self._browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme).new_page()
        page.set_default_timeout(300_000)  # a busy machine fails nothing
        page.wrong, page.asked = [], []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda said: page.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(Path(path).as_uri())
        page.wait_for_selector("html[data-ready]", state="attached")
        return page


def cells(page, table):
    """The text of every cell of the body of a table, row by row."""
    return page.evaluate(
        "name => [...document.getElementById(name).tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent))",
        table,
    )


def type_into(page, name, text):
    """Type into a field, as a reader does."""
    page.fill(f"#{name}", "")
    page.fill(f"#{name}", text)
