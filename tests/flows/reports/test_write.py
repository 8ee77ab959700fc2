"""The pages as files: whole, from the published file alone, and only what changed."""

import json
import os
import re
import shutil
from html import unescape
from pathlib import Path

import duckdb
import pytest

from connectors.campaign.facts import campaign_facts
from connectors.campaign.folder import read_campaign
from flows.demo.run import SHIPPED
from flows.reports.ask import Asker
from flows.reports.campaign_facts import NoSuchCampaign, file_name, read_facts
from flows.reports.charts import look
from flows.reports.pages.money_figures import money_figures
from flows.reports.pages.overview import story
from flows.reports.write import write_report
from tests.demo_run import Demo
from tests.flows.commands.commands import afterdebate, assert_refused
from tests.flows.reports.homes import HOSTILE, home_of_gaps, hostile_home, published
from tests.flows.small_campaign import write_small_campaign
from tests.warehouse.homes import CAMPAIGN, NOW, land_campaign, land_ticker, steady_totals
from warehouse.landing.files import land
from warehouse.publish.reading import read_published

PAGES = ["index", "donations", "compare", "claims", "coverage", "tables", "methods"]
FRENCH = Path(SHIPPED).parent / "fr-ps-2011"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    land_campaign(tmp_path)
    land_ticker(tmp_path, "first.csv", steady_totals(range(90)))
    return published(tmp_path)


def text_of(folder: Path, page: str) -> str:
    return (folder / "reports" / CAMPAIGN / page).read_text(encoding="utf-8")


def test_every_page_is_written_from_the_published_file_alone(home: Path) -> None:
    for left in ("landing", "warehouse.duckdb"):
        (home / left).rename(home / f"gone-{left}")

    written = write_report(home, CAMPAIGN)

    assert sorted(written.pages) == sorted([*(f"{page}.html" for page in PAGES), "events/debate.html"])
    assert written.index.is_file()


def test_a_second_time_nothing_is_written(home: Path) -> None:
    write_report(home, CAMPAIGN)
    before = {path: path.stat().st_mtime_ns for path in (home / "reports").rglob("*.html")}

    # The overview tells what changed since the page before: nothing, from the second time on.
    assert write_report(home, CAMPAIGN).pages == ["index.html"]
    again = write_report(home, CAMPAIGN)

    assert again.pages == []
    assert again.kept == 8
    assert {path for path, at in before.items() if path.stat().st_mtime_ns != at} == {
        home / "reports" / CAMPAIGN / "index.html"
    }


def test_a_figure_that_did_not_change_is_not_drawn_again(home: Path) -> None:
    write_report(home, CAMPAIGN)
    pictures = home / "reports" / CAMPAIGN / ".pictures"
    before = {path: path.stat().st_mtime_ns for path in pictures.rglob("*.json")}
    with duckdb.connect(home / "published" / "afterdebate.duckdb") as con:
        con.execute("UPDATE facts.events SET audience_millions = 9")

    assert "events/debate.html" in write_report(home, CAMPAIGN).pages
    assert {path: path.stat().st_mtime_ns for path in pictures.rglob("*.json")} == before


def test_another_language_writes_every_page_anew(home: Path) -> None:
    write_report(home, CAMPAIGN)
    written = write_report(home, CAMPAIGN, language="fr")

    assert len(written.pages) == 8
    assert 'lang="fr"' in text_of(home, "index.html")
    assert "Ce qui s’est passé" in text_of(home, "index.html")


def test_the_language_of_the_campaign_holds(tmp_path: Path) -> None:
    land_campaign(tmp_path, language="fr")
    write_report(published(tmp_path), CAMPAIGN)
    assert 'lang="fr"' in text_of(tmp_path, "index.html")


def test_no_page_asks_anything_of_the_network(home: Path) -> None:
    write_report(home, CAMPAIGN)
    for path in (home / "reports").rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|img|link|iframe|source)[^>]*(?:src|href)=\"([^\"]*)\"", page)
        assert loaded
        assert [link for link in loaded if "//" in link] == []


def test_every_link_of_a_page_leads_to_a_file(home: Path) -> None:
    write_report(home, CAMPAIGN)
    for path in (home / "reports").rglob("*.html"):
        links = re.findall(r"<a[^>]* href=\"([^\"#]+)\"", path.read_text(encoding="utf-8"))
        missing = [
            link for link in links if not link.startswith("http") and not (path.parent / unescape(link)).is_file()
        ]
        assert missing == []


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    write_report(hostile_home(tmp_path), CAMPAIGN)
    for path in (tmp_path / "reports").rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "<script>window.hacked" not in page
        assert "49" not in re.findall(r"\]\]&gt; (\S+)", page)
    assert "&lt;script&gt;window.hacked" in text_of(tmp_path, "index.html")
    for path in (tmp_path / "reports").rglob("*.svg"):
        assert "<script" not in path.read_text(encoding="utf-8")


def test_an_event_whose_id_is_no_file_name_has_a_page_of_its_own() -> None:
    names = {file_name(text) for text in ("a/b", "a-b", "../../x", HOSTILE, "", "é")}
    assert len(names) == 6
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,80}", name) and not name.startswith(".") for name in names)


def test_a_campaign_of_nothing_but_gaps_says_so_and_draws_no_zero(tmp_path: Path) -> None:
    write_report(home_of_gaps(tmp_path), CAMPAIGN)
    event = text_of(tmp_path, "events/debate.html")
    assert "Cannot tell" in event
    assert 'fill="#c9cacb"' in event
    money = (tmp_path / "reports" / CAMPAIGN / "data" / "debate-money-by-hour-ticker-ALL.svg").read_text()
    assert "url(#hatched)" in money
    drawn = json.loads(re.search(r"show\(\"[^\"]+\",(.*)\);", next(
        (tmp_path / "reports" / CAMPAIGN / "data").glob("debate-mentions-by-hour-*.js")).read_text()
    ).group(1))  # type: ignore[union-attr]  # fmt: skip
    assert [row for rows in drawn["datasets"].values() for row in rows if row.get("observed") is not None] == []


def test_a_campaign_without_any_source_says_what_it_needs(tmp_path: Path) -> None:
    campaign = read_campaign(FRENCH)
    land(tmp_path, campaign_facts(campaign, NOW))
    write_report(published(tmp_path), campaign.id)
    page = (tmp_path / "reports" / campaign.id / "index.html").read_text(encoding="utf-8")
    assert "Premier débat à six" in page
    assert "aucune source de cette campagne n’a encore rien dit" in page
    assert "Ce qui s’est passé" not in page
    assert "<svg" not in page.partition("<main")[2]


def test_a_share_of_a_window_that_the_data_do_not_reach_the_end_of_has_no_interval(tmp_path: Path) -> None:
    campaign = write_small_campaign(tmp_path)
    with (campaign / "campaign.toml").open("a") as file:
        file.write('\n[[archives]]\nid = "old-posts"\npath = "posts.jsonl"\nformat = "x-v2"\n')
    minutes = [f"2022-04-01T{hour}:{minute:02}:00Z" for hour in (18, 19, 20) for minute in range(0, 60, 2)]
    posts = (
        {"id": f"{number}", "author_id": "1", "created_at": at, "text": "Jeanne Dupont"}
        for number, at in enumerate(minutes)
    )
    (campaign / "posts.jsonl").write_text("".join(f"{json.dumps(post)}\n" for post in posts))
    os.utime(campaign / "posts.jsonl", (0, 0))

    assert afterdebate("run", campaign, "--home", tmp_path / "home").exit_code == 0

    [page] = (tmp_path / "home" / "reports" / "small" / "events").glob("*debate*.html")
    assert "100%, with no interval" in page.read_text(encoding="utf-8")


def test_a_campaign_that_is_not_published_is_named(home: Path) -> None:
    with pytest.raises(NoSuchCampaign):
        write_report(home, "another")


def test_report_says_where_the_pages_begin(home: Path) -> None:
    result = afterdebate("report", CAMPAIGN, "--home", home)
    assert result.exit_code == 0, result.output
    assert Path(result.stdout.splitlines()[-1]) == home / "reports" / CAMPAIGN / "index.html"


def test_report_refuses_what_it_cannot_do(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert_refused(afterdebate("report", CAMPAIGN, "--home", home, "--language", "tlh"), "no such language")
    assert_refused(afterdebate("report", "us-2020-general", "--home", home), "not published here", CAMPAIGN)
    empty = tmp_path_factory.mktemp("empty")
    assert_refused(afterdebate("report", CAMPAIGN, "--home", empty), "nothing is published")


def test_an_event_that_left_the_calendar_has_no_page(home: Path) -> None:
    write_report(home, CAMPAIGN)
    with duckdb.connect(home / "published" / "afterdebate.duckdb") as con:
        con.execute("DELETE FROM facts.events")
    write_report(home, CAMPAIGN)
    assert not (home / "reports" / CAMPAIGN / "events" / "debate.html").exists()


@pytest.mark.parametrize("event_id", ["debate-2020-10-07", "debate-2020-10-22"])
def test_the_expected_curve_of_a_window_adds_up_to_the_number_in_the_table(demo: Demo, event_id: str) -> None:
    with read_published(demo.home) as answer:
        facts = read_facts(Asker(answer, "us-2020-general"), "en")
        hours = facts.ask("event/hours", event_id=event_id, outcome="money").rows
        start_at = next(event["starts_at"] for event in facts.events if event["event_id"] == event_id)
        windows = facts.effects_of(event_id, "money", "amount")
    told = [row for row in windows if row["status"] == "ok"]
    assert len(told) == 3
    for window in told:
        inside = [row for row in hours if start_at <= row["interval_start_at"] < window["window_end_at"]]
        assert sum(row["expected"] for row in inside) == pytest.approx(window["expected"])
        assert float(sum(row["observed"] for row in inside)) == pytest.approx(window["observed"])


def test_the_hours_in_which_an_event_is_awaited_have_an_expected_of_their_own(demo: Demo) -> None:
    with read_published(demo.home) as answer:
        facts = read_facts(Asker(answer, "us-2020-general"), "en")
        hours = facts.ask("event/hours", event_id="debate-2020-10-07", outcome="money").rows
        [window] = [
            row for row in facts.awaited if row["event_id"] == "debate-2020-10-07" and row["outcome"] == "money"
        ]
    inside = [r for r in hours if window["window_start_at"] <= r["interval_start_at"] < window["window_end_at"]]
    assert len(inside) == 6
    assert sum(row["expected"] for row in inside) == pytest.approx(window["expected"])
    assert all(row["expected_low"] < row["expected"] < row["expected_high"] for row in inside)


def test_a_window_that_still_runs_is_marked_in_the_picture_and_in_words(demo: Demo, tmp_path: Path) -> None:
    shutil.copytree(demo.home / "published", tmp_path / "published")
    with duckdb.connect(tmp_path / "published" / "afterdebate.duckdb") as con:
        con.execute(
            "UPDATE metrics.debate_donation_effect SET status = 'so_far', verdict = 'not_enough_data',"
            " window_end_at = window_start_at + INTERVAL 2 HOUR WHERE event_id = 'debate-2020-10-22'"
        )
    with read_published(tmp_path) as answer:
        facts = read_facts(Asker(answer, "us-2020-general"), "en")
        event = next(event for event in facts.events if event["event_id"] == "debate-2020-10-22")
        [figure] = money_figures(facts, event)
        drawn = json.dumps(look.looked(figure.chart, look.WIDE), default=str)
        told = story(facts, event)["money"][0]
    assert "SO FAR" in drawn
    assert told["verdict"] == "so_far"
    assert told["sentence"].startswith("So far, in the 2 hours from 21:00")


def test_every_chart_of_time_has_the_strip_of_who_looked_under_it(demo: Demo) -> None:
    data = demo.home / "reports" / "us-2020-general" / "data"
    names = ("*-by-hour-*.js", "*-by-five-minutes-*.js", "*-extra-money-*.js", "season-by-day.js", "money-by-day.js")
    found = [path for name in names for path in data.glob(name)]
    assert len(found) > 15
    for path in found:
        assert '"state":"' in path.read_text(encoding="utf-8"), path.name


def test_the_sql_that_a_page_shows_gives_the_numbers_beside_it(demo: Demo) -> None:
    page = (demo.home / "reports" / "us-2020-general" / "events" / "debate-2020-10-22.html").read_text(encoding="utf-8")
    asked = [unescape(text) for text in re.findall(r"<details class=\"sql\">.*?<code>(.*?)</code>", page, re.DOTALL)]
    money = next(text for text in asked if "donations_hourly" in text)
    shown = afterdebate("sql", "--home", demo.home, "--format", "csv", money)
    assert shown.exit_code == 0, shown.stderr
    assert "2863218.67" in shown.stdout
    assert (demo.home / "reports" / "us-2020-general" / "data").joinpath(
        "debate-2020-10-22-money-by-hour-actblue-ticker-ALL.csv"
    ).read_text().count("\n") == shown.stdout.count("\n")


def test_pages_of_the_demo_tell_what_nobody_saw(demo: Demo) -> None:
    folder = demo.home / "reports" / "us-2020-general"
    overview = (folder / "index.html").read_text(encoding="utf-8")
    assert "9.7 million dollars more than expected came in" in overview
    assert "X (counts): nobody looked" in overview
    coverage = (folder / "coverage.html").read_text(encoding="utf-8")
    assert "no two readings at most 2 hours apart" in coverage
    assert "the amount is empty" in coverage


def test_a_cancelled_event_at_which_something_is_seen_says_that_something_else_moved_it(demo: Demo) -> None:
    folder = demo.home / "reports" / "us-2020-general"
    moved = "what moved it was not this event"
    assert moved in (folder / "events" / "debate-2020-10-15.html").read_text(encoding="utf-8")
    assert (folder / "index.html").read_text(encoding="utf-8").count(moved) == 1


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("09-29", "money deadline: no number for 72 hours, so no timing"),
        ("10-07", "excess not clear of chance: no timing"),
    ],
)
def test_no_timing_is_told_for_the_reason_that_its_window_has(demo: Demo, day: str, why: str) -> None:
    data = demo.home / "reports" / "us-2020-general" / "data"
    assert why in (data / f"debate-2020-{day}-extra-money-actblue-ticker-ALL.js").read_text(encoding="utf-8")
