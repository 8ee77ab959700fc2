"""The pages in a real browser: drawn, silent on the network, for keyboard, phone, dark, print and screen reader.

They need a Chromium on the machine (`apt-get install chromium`, or its path in AFTERDEBATE_TEST_CHROMIUM) and skip
without one.
"""

import math
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from flows.reports.ask import Asker
from flows.reports.campaign_facts import read_facts
from flows.reports.check_claim import check_figure, read_figure
from flows.reports.claim_words import answers_in_words
from flows.reports.tongue import LANGUAGES
from flows.reports.write import write_report
from tests.demo_run import Demo
from tests.flows.reports.homes import home_of_gaps, hostile_home
from tests.warehouse.homes import CAMPAIGN
from warehouse.publish.reading import read_published

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
    assert len(pages_of(folder)) == 13
    for path in pages_of(folder):
        seen = opened(browser, path)
        assert seen.complaints == [], path.name
        assert [url for url in seen.requests if not url.startswith((folder.as_uri(), "data:"))] == []
        seen.page.close()


def test_every_chart_is_drawn(browser: Browser, folder: Path) -> None:
    for path in pages_of(folder):
        seen = opened(browser, path)
        if path.name == "compare.html":
            seen.page.wait_for_selector("[data-drawn]", timeout=60_000)
        marks = seen.page.eval_on_selector_all(
            ".chart:not(.narrow) svg",
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
    names = ("index.html", "events/debate-2020-10-07.html", "compare.html", "coverage.html", "claims.html")
    paths = [folder / name for name in names]
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
    assert {"A skip", "SUMMARY ", "BUTTON ", "DIV scroll effects"} <= reached
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


def compared(seen: Opened) -> str:
    seen.page.wait_for_selector("#compare-chart [data-drawn]", timeout=60_000)
    asked = seen.page.evaluate("location.hash.slice(1)")
    seen.page.wait_for_selector(f'#compare-chart [data-drawn="{asked}"]', timeout=60_000)
    return seen.page.inner_text("#compared")


def test_two_effects_are_compared_from_disk_and_by_keyboard(browser: Browser, folder: Path) -> None:
    seen = opened(browser, folder / "compare.html")
    assert "3 hours\t2.0 (1.1 to 3.6)\t3.3 (1.9 to 5.6)\t0.62" in compared(seen)
    event = seen.page.locator("[data-side=B] select[name=event]")
    event.focus()
    seen.page.keyboard.press("ArrowDown")
    assert event.input_value() == "debate-2020-10-07"
    assert "B: 7 Oct Vice-presidential debate, everyone, actblue-ticker" in compared(seen)
    words = seen.page.get_attribute("#compare-chart .chart", "aria-label") or ""
    assert words.startswith("3 hours: A 2.0 (1.1 to 3.6), B 3.0 (1.7 to 5.2), A over B 0.67")
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith((folder.as_uri(), "data:", "blob:"))] == []
    seen.page.close()


def test_the_ratio_of_two_ratios_has_the_interval_that_its_source_gives(browser: Browser, folder: Path) -> None:
    seen = opened(browser, folder / "compare.html")
    compared(seen)
    a, b = {"rr": 3.0, "low": 2.0, "high": 5.0}, {"rr": 1.5, "low": 1.0, "high": 2.0}
    over = seen.page.evaluate("([a, b]) => window.afterdebate.over(a, b)", [a, b])
    assert over["rr"] == pytest.approx(2.0)
    assert over["low"] == pytest.approx(2 * math.exp(-math.hypot(math.log(3 / 2), math.log(2 / 1.5))))
    assert over["high"] == pytest.approx(2 * math.exp(math.hypot(math.log(5 / 3), math.log(1.5))))
    seen.page.close()


def test_a_comparison_can_be_sent_as_a_link_and_saved(browser: Browser, folder: Path) -> None:
    seen = opened(browser, folder / "compare.html")
    compared(seen)
    seen.page.locator("[data-side=A] select[name=series]").select_option("blog/national")
    told, link = compared(seen), seen.page.url
    with seen.page.expect_download() as saved:
        seen.page.locator("[data-save=csv]").press("Enter")
    assert "A over B" in Path(saved.value.path()).read_text(encoding="utf-8")
    with seen.page.expect_download() as saved:
        seen.page.locator("[data-save=xlsx]").press("Enter")
    with ZipFile(saved.value.path()) as book:
        assert book.testzip() is None
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    cells = re.findall(r"<t [^>]*>([^<]*)</t>", sheet)
    assert cells[1:4] == ["A", "B", "A over B (95 %)"]
    assert len(cells) > 5  # the line of names has windows beneath
    seen.page.close()
    again = browser.new_page(viewport=ViewportSize(width=1100, height=800))
    again.goto(link)
    again.wait_for_selector("[data-drawn]", timeout=60_000)
    assert again.inner_text("#compared") == told
    again.close()


def test_a_campaign_whose_pages_are_not_beside_these_is_named(browser: Browser, folder: Path) -> None:
    page = browser.new_page(viewport=ViewportSize(width=1100, height=800))
    page.goto((folder / "compare.html").as_uri())
    page.wait_for_selector("[data-drawn]", timeout=60_000)
    page.evaluate(
        """() => { const select = document.querySelector("[data-side=B] select[name=campaign]");
        window.afterdebate.setup.campaigns.push({ id: "gone", title: "Gone", folder: "gone" });
        select.add(new Option("Gone", "gone")); select.value = "gone";
        select.dispatchEvent(new Event("change", { bubbles: true })); }"""
    )
    page.locator("#compared", has_text="Gone").wait_for()
    assert "afterdebate report" in page.inner_text("#compared")
    page.close()


CLAIMS = [
    (event, amount, hours)
    for event in ("debate-2020-09-29", "debate-2020-10-07", "debate-2020-10-22")
    for amount, hours in (
        ("3.8M", "1"), ("10M", "3"), ("36M", "16"), ("5.3M", "1"), ("42M", "2"), ("250k", "0.5"), ("1,200,000", "24"),
        ("7.1 million", "3"), ("2bn", "72"), ("$6M", "1.5"), ("3,8M", "1"),
        ("14,0 millions de dollars", "3"), ("1.200.000", "0.75"), ("36,5 M$", "16"), ("0.02 Md", "13"),
    )
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_answers_as_the_command_does(
    browser: Browser, demo: Demo, folder: Path, french: Path, language: str
) -> None:
    seen = opened(browser, (french if language == "fr" else folder) / "claims.html")
    seen.page.wait_for_selector("#check[data-ready]")
    with read_published(demo.home) as answer:
        facts = read_facts(Asker(answer, "us-2020-general"), language)
        for event, amount, hours in CLAIMS:
            rows = facts.ask("claim", event_id=event, hours=str(float(hours))).rows
            figure = read_figure(amount)
            told = answers_in_words(facts, figure, float(hours), check_figure(figure, rows))
            words = [event, amount, float(hours)]
            found = seen.page.evaluate("([e, a, h]) => window.afterdebate.check(e, a, h, '', '')", words)
            assert [(one["verdict"], one["who"], one["because"], one["lines"]) for one in found] == [
                (one.verdict, one.who, one.because, list(one.lines)) for one in told
            ], words
    seen.page.close()


def test_a_figure_is_checked_by_keyboard_and_a_printed_one_by_its_button(browser: Browser, folder: Path) -> None:
    seen = opened(browser, folder / "claims.html")
    seen.page.locator("#check [name=amount]").fill("36M")
    seen.page.locator("#check [name=hours]").fill("16")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("#checked .told")
    assert "True. From the start of the event, 36.5 million dollars" in seen.page.inner_text("#checked")
    seen.page.locator("[data-printed]").first.press("Enter")
    seen.page.locator("#checked", has_text="5.3 million").wait_for()
    seen.page.locator("#check [name=amount]").fill("lots")
    seen.page.keyboard.press("Enter")
    seen.page.locator("#checked", has_text="3.8M").wait_for()
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
