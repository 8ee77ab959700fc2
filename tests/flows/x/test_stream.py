"""When the stream is followed: around a debate, by one process, and never for a rally."""

import fcntl
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.collected import Collected
from flows.networks.spans import Span
from flows.settings import Settings
from flows.x.slices import streamed_spans
from flows.x.stream.collect import stream_event_once
from tests.doubles.x_server import FakeX, running
from tests.flows.x.case import DEBATE, EVENTS, TOKEN, TOML, Waits, campaign_of

STREAMED = TOML + "stream = true\n"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def x() -> Iterator[FakeX]:
    with running(FakeX(now=DEBATE)) as x:
        yield x


def follow(x: FakeX, tmp_path: Path, now: datetime, toml: str = STREAMED, events: str = EVENTS) -> Collected:
    """One connection, after which the event is over."""
    settings = Settings(home=tmp_path / "home", x_bearer_token=TOKEN, x_api_url=x.url, author_key="a key")

    def clock() -> datetime:
        return now + timedelta(hours=9 * any(asked.path == "/2/tweets/search/stream" for asked in x.asked))

    return stream_event_once(campaign_of(tmp_path, toml, events), settings, now, clock=clock, pause=Waits())


@pytest.mark.parametrize("now", [DEBATE - timedelta(hours=1), DEBATE + timedelta(hours=4) - MINUTE])
def test_the_stream_is_followed_around_a_debate(x: FakeX, tmp_path: Path, now: datetime) -> None:
    x.streams.append([])
    assert follow(x, tmp_path, now).failed == {}
    assert [asked.path for asked in x.asked][-1] == "/2/tweets/search/stream"


@pytest.mark.parametrize("now", [DEBATE - timedelta(hours=1) - MINUTE, DEBATE + timedelta(hours=4)])
def test_before_and_after_nothing_is_asked(x: FakeX, tmp_path: Path, now: datetime) -> None:
    assert follow(x, tmp_path, now).notes == ["X stream: no event is on"]
    assert x.asked == []


@pytest.mark.parametrize(
    ("toml", "events"),
    [(STREAMED, EVENTS.replace("1,debate", "1,rally")), (TOML, EVENTS), (STREAMED, EVENTS.replace("T01:00:00Z", ""))],
)
def test_a_rally_a_day_and_a_campaign_without_a_stream_are_not_followed(
    x: FakeX, tmp_path: Path, toml: str, events: str
) -> None:
    follow(x, tmp_path, DEBATE, toml, events)
    assert x.asked == []


def test_a_long_event_is_followed_until_an_hour_after_its_end(tmp_path: Path) -> None:
    events = EVENTS.replace("T01:00:00Z,,", "T01:00:00Z,2026-11-20T06:00:00Z,")
    assert streamed_spans(campaign_of(tmp_path, STREAMED, events)) == [
        Span(from_at=DEBATE - timedelta(hours=1), to_at=DEBATE + timedelta(hours=6))
    ]


def test_a_second_process_leaves_the_stream_to_the_first(x: FakeX, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with (tmp_path / "home" / "x-stream.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another process of this home follows it" in follow(x, tmp_path, DEBATE).notes[0]
    assert x.asked == []
