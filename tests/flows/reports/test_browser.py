"""The pages in a real browser: drawn, silent on the network, for keyboard, phone, dark, print and screen reader.

They need a Chromium on the machine (`apt-get install chromium`, or its path in AFTERDEBATE_TEST_CHROMIUM) and skip
without one.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from flows.reports.write import write_report
from tests.demo_run import Demo
from tests.flows.reports.homes import home_of_gaps, hostile_home
from tests.warehouse.homes import CAMPAIGN

CHROMIUM = os.environ.get("AFTERDEBATE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")

PHONE = {"width": 375, "height": 800}
DESK = {"width": 1100, "height": 800}


class Opened(NamedTuple):
    page: Page
    complaints: list[str]
    requests: list[str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # A container's root may not use the sandbox; the pages are our own.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def folder(demo: Demo) -> Path:
    return demo.home / "reports" / "us-2020-general"


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory, demo: Demo) -> Path:
    home = tmp_path_factory.mktemp("french")
    shutil.copytree(demo.home / "published", home / "published")
    return write_report(home, "us-2020-general", language="fr").index.parent


def opened(browser: Browser, path: Path, **options: Any) -> Opened:
    page = browser.new_page(**{"viewport": DESK} | options)
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    return Opened(page, complaints, requests)


def pages_of(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_every_page_opens_without_a_complaint_and_asks_for_files_of_its_own_alone(
    browser: Browser, folder: Path
) -> None:
    assert len(pages_of(folder)) == 12
    for path in pages_of(folder):
        seen = opened(browser, path)
        assert seen.complaints == [], path.name
        assert [url for url in seen.requests if not url.startswith((folder.as_uri(), "data:"))] == []
        seen.page.close()


def test_every_chart_is_drawn(browser: Browser, folder: Path) -> None:
    for path in pages_of(folder):
        seen = opened(browser, path)
        marks = seen.page.eval_on_selector_all(
            ".chart.wide svg",
            "all => all.map(svg => svg.querySelectorAll('[class*=mark-] path, [class*=mark-] text').length)",
        )
        assert all(count > 5 for count in marks), (path.name, marks)
        if path.parent.name == "events" and path.name.startswith("debate"):
            assert len(marks) >= 6
        seen.page.close()


def test_a_page_says_each_chart_in_words(browser: Browser, folder: Path) -> None:
    seen = opened(browser, folder / "events" / "debate-2020-10-22.html")
    told = seen.page.eval_on_selector_all(".chart.wide", "all => all.map(one => one.getAttribute('aria-label'))")
    money = next(text for text in told if text.startswith("Money an hour"))
    assert "Hours that nobody saw: " in money
    assert "3.5 million dollars more than expected" in money
    seen.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, folder: Path, scheme: str) -> None:
    paths = [folder / name for name in ("index.html", "events/debate-2020-10-07.html", "coverage.html", "claims.html")]
    for path in [*paths, folder / "methods.html", folder / "donations.html"]:
        seen = opened(browser, path, color_scheme=scheme)
        found = Axe().run(seen.page).response["violations"]
        serious = [
            (one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in {"serious", "critical"}
        ]
        assert serious == [], path.name
        seen.page.close()


def test_a_phone_needs_no_scrolling_to_the_side(browser: Browser, folder: Path, french: Path) -> None:
    for path in [*pages_of(folder), *pages_of(french)]:
        seen = opened(browser, path, viewport=PHONE)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path.name
        assert seen.page.locator(".chart.wide:visible").count() == 0
        seen.page.close()


def test_the_keyboard_reaches_links_downloads_and_charts(browser: Browser, folder: Path) -> None:
    seen = opened(browser, folder / "events" / "debate-2020-10-22.html")
    reached = set()
    for _ in range(120):
        seen.page.keyboard.press("Tab")
        reached.add(seen.page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.className"))
        if seen.page.evaluate("document.activeElement === document.body"):
            break
    assert {"A skip", "SUMMARY ", "BUTTON ", "DIV scroll"} <= reached
    seen.page.close()


def test_exploring_a_chart_loads_vega_from_beside_the_page(browser: Browser, folder: Path) -> None:
    seen = opened(browser, folder / "index.html")
    before = len(seen.requests)
    seen.page.locator("[data-explore=effects-on-money]").press("Enter")
    seen.page.wait_for_selector("#effects-on-money .chart.wide[data-explored] svg", timeout=60_000)
    loaded = [url.rpartition("/")[2] for url in seen.requests[before:]]
    assert loaded == ["vega.js", "effects-on-money.js"]
    assert seen.complaints == []
    seen.page.close()


def test_a_page_prints(browser: Browser, folder: Path) -> None:
    seen = opened(browser, folder / "events" / "debate-2020-10-22.html")
    seen.page.emulate_media(media="print")
    assert seen.page.locator("nav:visible").count() == 0
    assert seen.page.locator(".chart:visible").count() >= 6
    assert seen.page.pdf(format="A4").startswith(b"%PDF")
    seen.page.close()


def test_hostile_names_run_nothing_and_break_no_layout(browser: Browser, tmp_path: Path) -> None:
    folder = write_report(hostile_home(tmp_path), CAMPAIGN).index.parent
    for path in pages_of(folder):
        seen = opened(browser, path, viewport=PHONE)
        assert seen.page.evaluate("window.hacked") is None
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path.name
        assert seen.complaints == []
        seen.page.close()


def test_gaps_are_hatched_in_the_browser(browser: Browser, tmp_path: Path) -> None:
    folder = write_report(home_of_gaps(tmp_path), CAMPAIGN).index.parent
    seen = opened(browser, folder / "events" / "debate.html")
    fills = seen.page.eval_on_selector_all("[fill='#c9cacb']", "all => all.map(one => getComputedStyle(one).fill)")
    assert fills
    assert all("#hatched" in fill for fill in fills)
    seen.page.close()
