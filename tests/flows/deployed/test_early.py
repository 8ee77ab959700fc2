"""What the worker of `up` starts before the next minute: a file that settled, a feed that is due while it is live."""

import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.deployed.early import SETTLE_S, EarlyRuns
from flows.feeds.state import SCHEMA, begin, restate
from flows.state import open_state
from tests.flows.small_campaign import write_small_campaign

START = datetime(2022, 4, 20, 19, tzinfo=UTC)  # of a debate of an hour
LIVE, CALM = START + timedelta(minutes=10), START - timedelta(days=9)
URL = "https://blog.example.org/feed"
FEEDS, IMPORTS = "collect-feeds/small", "import-donations/small"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_small_campaign(tmp_path)
    toml = folder / "campaign.toml"
    toml.write_text(f'{toml.read_text()}\n[[feeds]]\nid = "own-blog"\nurl = "{URL}"\nsource_kind = "blog"\n')
    (folder / "events.csv").write_text(
        "event_id,event_kind,title,starts_at,ends_at\nd,debate,D,2022-04-20T19:00:00Z,2022-04-20T20:00:00Z\n"
    )
    return folder


def poll(home: Path, at: datetime) -> None:
    """Note that every feed was polled at this instant, and may be asked again each minute."""
    with closing(open_state(home, SCHEMA)) as state:
        polled = replace(begin(URL, at), outcome="ok", etag='"1"', next_poll_at=at + timedelta(hours=1))
        restate(state, [polled])


def wanted(early: EarlyRuns, folder: Path, now: datetime, *at_work: str) -> list[str]:
    return list(early.wanted([str(folder)], at_work, now))


def test_a_file_is_taken_once_it_settled_and_only_once(folder: Path, tmp_path: Path) -> None:
    poll(tmp_path, CALM)
    early = EarlyRuns(tmp_path)
    assert wanted(early, folder, CALM) == [IMPORTS]  # what dropped before anybody looked
    assert wanted(early, folder, CALM) == []

    dropped = CALM + timedelta(seconds=1)
    os.utime(folder / "totals.csv", (dropped.timestamp(), dropped.timestamp()))

    assert wanted(early, folder, dropped + timedelta(seconds=SETTLE_S - 1)) == []
    assert wanted(early, folder, dropped + timedelta(seconds=SETTLE_S)) == [IMPORTS]
    assert wanted(early, folder, dropped + timedelta(minutes=1)) == []


def test_a_file_that_changed_while_an_import_was_at_work_is_taken_after_it(folder: Path, tmp_path: Path) -> None:
    poll(tmp_path, CALM)
    early = EarlyRuns(tmp_path)

    assert wanted(early, folder, CALM, IMPORTS) == []
    assert wanted(early, folder, CALM) == [IMPORTS]


def test_a_feed_of_a_live_event_is_polled_the_moment_it_is_due(folder: Path, tmp_path: Path) -> None:
    poll(tmp_path, LIVE)
    early = EarlyRuns(tmp_path)
    wanted(early, folder, LIVE)
    due = LIVE + timedelta(seconds=50)

    assert wanted(early, folder, due - timedelta(seconds=1)) == []
    assert wanted(early, folder, due) == [FEEDS]
    # It is at work, or is about to: no second one is asked for at once.
    assert wanted(early, folder, due + timedelta(seconds=1)) == []
    assert wanted(early, folder, due + timedelta(seconds=2), FEEDS) == []
    poll(tmp_path, due)
    assert wanted(early, folder, due + timedelta(seconds=20)) == []
    assert wanted(early, folder, due + timedelta(seconds=50)) == [FEEDS]


def test_far_from_events_the_minute_of_the_schedule_is_enough(folder: Path, tmp_path: Path) -> None:
    poll(tmp_path, CALM - timedelta(days=1))
    early = EarlyRuns(tmp_path)
    wanted(early, folder, CALM)

    assert wanted(early, folder, CALM + timedelta(seconds=30)) == []


def test_a_debate_that_is_moved_to_now_counts_at_the_next_look(folder: Path, tmp_path: Path) -> None:
    poll(tmp_path, LIVE)
    early = EarlyRuns(tmp_path)
    wanted(early, folder, LIVE)
    later = LIVE + timedelta(days=2)
    poll(tmp_path, later - timedelta(minutes=1))
    assert wanted(early, folder, later) == []

    events = folder / "events.csv"
    events.write_text(events.read_text().replace("2022-04-20", "2022-04-22"))
    os.utime(events, (later.timestamp(), later.timestamp()))

    assert wanted(early, folder, later) == [FEEDS]


def test_while_an_edit_is_faulty_the_campaign_before_it_counts(folder: Path, tmp_path: Path) -> None:
    poll(tmp_path, LIVE)
    early = EarlyRuns(tmp_path)
    wanted(early, folder, LIVE)

    (folder / "events.csv").write_text("event_id,event_kind,title,starts_at\na,debate,A,2022-13-01T20:00\n")

    assert wanted(early, folder, LIVE + timedelta(seconds=51)) == [FEEDS]
