"""What the stream may cost: each post is paid for before it is read, and a burst ends at what is set apart."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from connectors.x.stream import STREAM
from flows.collected import Collected
from flows.settings import Settings
from flows.state import open_state
from flows.x.purse import SCHEMA, spent_by_month
from flows.x.stream.collect import stream_x_once
from tests.doubles.x_server import FakeX, running
from tests.flows.x.case import DEBATE, EVENTS, NOW, TOKEN, TOML, Waits, campaign_of, rows

_NO_NIGHT = EVENTS.splitlines()[0] + "\n"
A_POST = Decimal("0.005")
UNDER_WAY = 250 * A_POST


@pytest.fixture
def x() -> Iterator[FakeX]:
    with running(FakeX(now=NOW)) as x:
        yield x


def post(number: int) -> dict[str, Any]:
    """A post as large as X sends them: text, metrics, edits."""
    return {
        "id": str(1990000000000000000 + number),
        "text": "Quill " * 46,
        "author_id": "5",
        "created_at": DEBATE.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "edit_history_tweet_ids": [str(1990000000000000000 + number)],
        "note_tweet": {"text": "Quill " * 100},
    }


def follow(x: FakeX, tmp_path: Path, budget: str, *, events: str = _NO_NIGHT) -> Collected:
    """One connection; the time is over when a second is asked for. No night is ahead whose counts need money."""
    settings = Settings(home=tmp_path / "home", x_bearer_token=TOKEN, x_api_url=x.url, author_key="a key")

    def clock() -> datetime:
        return DEBATE + timedelta(hours=9 * (sum(asked.path == STREAM for asked in x.asked) > 1))

    campaign = campaign_of(tmp_path, TOML.replace("5.0", budget), events)
    return stream_x_once(campaign, settings, DEBATE + timedelta(hours=3), clock, pause=Waits())


def ledger(tmp_path: Path) -> Decimal:
    return spent_by_month(open_state(tmp_path / "home", SCHEMA), "race").get("2026-11", Decimal(0))


def test_a_burst_at_once_costs_no_more_than_the_budget(x: FakeX, tmp_path: Path) -> None:
    x.streams.append([*map(post, range(1000)), Event()])
    collected = follow(x, tmp_path, "2.51")
    assert "X /2/tweets/search/stream: closed" in collected.unbought["x-stream"]
    assert len(rows(tmp_path, "posts")) == 252
    assert x.billed <= ledger(tmp_path) == Decimal("2.51")


def test_a_burst_leaves_what_the_counts_of_the_night_cost(x: FakeX, tmp_path: Path) -> None:
    x.streams.append([*map(post, range(1000)), Event()])
    follow(x, tmp_path, "2.51", events=EVENTS)
    # The 240 minutes that are left of the live phase, every five minutes, two queries of half a cent.
    assert ledger(tmp_path) == Decimal("2.51") - 48 * 2 * A_POST


def test_a_burst_that_the_budget_covers_lands_whole_and_costs_what_x_charges(x: FakeX, tmp_path: Path) -> None:
    x.streams.append([post(n) for n in range(1000)])
    follow(x, tmp_path, "20.0")
    assert len(rows(tmp_path, "posts")) == 1000
    assert ledger(tmp_path) == x.billed == 1000 * A_POST


def test_a_stream_that_could_not_be_paid_for_is_not_opened(x: FakeX, tmp_path: Path) -> None:
    collected = follow(x, tmp_path, "1.25")
    assert "could cost $1.255, and $1.25 of the $1.25 for 2026-11 are left" in collected.unbought["x-stream"]
    assert [asked.path for asked in x.asked] == ["/2/tweets/search/stream/rules"] * 2
    assert ledger(tmp_path) == 0


def test_posts_under_way_stay_counted_when_the_budget_closes_the_stream(x: FakeX, tmp_path: Path) -> None:
    x.streams.append([*map(post, range(30)), Event()])
    follow(x, tmp_path, "1.35")
    assert len(rows(tmp_path, "posts")) == 20
    assert ledger(tmp_path) == 20 * A_POST + UNDER_WAY
    assert sum(a["cost_usd"] for a in rows(tmp_path, "fetch_attempts")) == 20 * A_POST
