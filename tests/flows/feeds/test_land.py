"""When polls land: in batches, and soon."""

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import SourceUnavailable
from flows.feeds import hosts
from flows.feeds import state as feed_state
from flows.feeds.land import PollLander
from flows.feeds.polled import DueFeed, Polled
from flows.feeds.turns import HostTurns
from flows.people.entry_authors import Signer
from flows.state import open_state
from tests.flows.feeds.loopback import Reply, item, rss, served
from tests.flows.feeds.polling import NOON, campaign_of, collect, no_sleep


@pytest.fixture
def lander(tmp_path: Path) -> Iterator[PollLander]:
    with closing(open_state(tmp_path / "home", feed_state.SCHEMA + hosts.SCHEMA)) as state:
        turns = HostTurns(lambda _host: None, gap_s=0, instant=lambda: NOON, sleep=no_sleep)
        yield PollLander(tmp_path / "home", state, turns, Signer(str.upper))


def polled(folder: Path, number: int, *, after_s: float) -> Polled:
    feed = campaign_of(folder, f"https://blog{number}.example/feed").feeds[0]
    return Polled(
        due=DueFeed(feed=feed, timezone="UTC", due_at=NOON, known=None, validators={}),
        at=NOON + timedelta(seconds=after_s),
        answer=None,
        failure=SourceUnavailable("nobody answers"),
        parsed=None,
        is_unchanged=False,
        fresh_s=None,
        retry_after_s=None,
        host=f"blog{number}.example",
        host_waits_until=None,
    )


def test_what_a_slow_collector_brought_lands_long_before_it_ends(tmp_path: Path, lander: PollLander) -> None:
    assert [lander.add(polled(tmp_path, n, after_s=5 * n)) for n in range(5)] == [False, False, False, True, False]
    assert lander.collected.landed["fetch_attempts"] == 4


def test_what_was_polled_lands_before_a_slow_host_has_answered(tmp_path: Path) -> None:
    seen_before = list[bool]()

    def slowly(_asked: Mapping[str, str]) -> Reply:
        entries = tmp_path / "home" / "landing" / "entries"
        ends_at = time.monotonic() + 20
        while not list(entries.glob("[!.]*.parquet")) and time.monotonic() < ends_at:
            time.sleep(0.05)
        seen_before.append(bool(list(entries.glob("[!.]*.parquet"))))
        return Reply(500)

    with served() as quick, served() as slow:
        quick.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 08:00:00 GMT")))
        slow.replies["/feed"] = slowly
        collect(tmp_path, NOON, quick.url("/feed"), slow.url("/feed"))

    assert seen_before == [True]
