"""The page of an event while it is on."""

from datetime import timedelta
from pathlib import Path

from flows.reports.write import write_report
from tests.flows.commands.commands import afterdebate
from tests.warehouse.homes import CAMPAIGN, DEBATE_AT, land_campaign, land_ticker, steady_totals
from warehouse.build.run import build


def page_built_at(home: Path, hours: float) -> str:
    now = DEBATE_AT + timedelta(hours=hours)
    land_campaign(home)
    land_ticker(home, "first.csv", steady_totals(range(44)), known_at=DEBATE_AT)
    build(home, now, "test", lambda _text: None)
    write_report(home, CAMPAIGN)
    return (home / "reports" / CAMPAIGN / "events" / "debate.html").read_text(encoding="utf-8")


def test_while_an_event_is_on_its_page_refreshes_itself_and_says_how_old_the_newest_is(tmp_path: Path) -> None:
    page = page_built_at(tmp_path, 1)
    assert '<meta http-equiv="refresh" content="60">' in page
    assert "ticker 60 minutes before" in page


def test_after_it_the_page_stands_still(tmp_path: Path) -> None:
    assert 'http-equiv="refresh"' not in page_built_at(tmp_path, 40)


def test_status_says_where_the_pages_are(tmp_path: Path) -> None:
    page_built_at(tmp_path, 40)
    assert (
        f"Pages: {tmp_path / 'reports' / CAMPAIGN / 'index.html'}" in afterdebate("status", "--home", tmp_path).stdout
    )
