"""A clock that was ahead and was set back: nothing waits for a time that it made up."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flows.feeds.loopback import Reply, Site, item, rss, served
from tests.flows.feeds.polling import HOUR, NOON, attempts, collect, landed, state_of

DAY = 24 * HOUR
FEED = rss(item(1, "Wed, 01 Jul 2026 08:00:00 GMT"))


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.mark.parametrize("is_state_lost", [False, True])
@pytest.mark.parametrize("reply", [Reply(body=FEED), Reply(404)])
def test_a_feed_polled_in_a_time_to_come_is_due_at_once(
    tmp_path: Path, site: Site, reply: Reply, is_state_lost: bool
) -> None:
    site.replies["/feed"] = reply
    for now in (NOON, NOON + 30 * DAY):
        collect(tmp_path, now, site.url("/feed"))
    if is_state_lost:
        for file in (tmp_path / "home").glob("state.sqlite*"):
            file.unlink()
    told: list[str] = []
    collect(tmp_path, NOON + 2 * HOUR, site.url("/feed"), tell=told.append)
    assert len(site.seen) == 3
    assert "a clock was ahead" in told[0]
    assert NOON + 2 * HOUR < state_of(tmp_path, site.url("/feed")).next_poll_at < NOON + 28 * HOUR
    collect(tmp_path, NOON + 2.1 * HOUR, site.url("/feed"))
    assert len(site.seen) == 3


def test_nothing_is_proved_by_a_time_that_did_not_come(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=FEED, headers={"ETag": '"1"'})
    for now in (NOON, NOON + 30 * DAY):
        collect(tmp_path, now, site.url("/feed"))
    late = item(2, "Wed, 01 Jul 2026 13:00:00 GMT")
    site.replies["/feed"] = Reply(body=rss(late, item(1, "Wed, 01 Jul 2026 08:00:00 GMT")))
    collect(tmp_path, NOON + 2 * HOUR, site.url("/feed"))
    [entry] = [row for row in landed(tmp_path, "entries") if row["title"] == "Post 2"]
    [last] = [row for row in attempts(tmp_path) if row["attempted_at"] == NOON + 2 * HOUR]
    assert entry["time_quality"] == "exact"
    assert last["observed_from_at"] == last["observed_to_at"] == NOON + 2 * HOUR


def test_a_host_that_asked_for_peace_has_as_much_of_it_from_then_on(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(429, headers={"Retry-After": "7200"})
    collect(tmp_path, NOON + 30 * DAY, site.url("/feed"))
    for hours, requests in ((0, 1), (1, 1), (2.5, 2)):
        collect(tmp_path, NOON + hours * HOUR, site.url("/feed"), force=True)
        assert len(site.seen) == requests


def test_a_clock_set_back_by_seconds_changes_nothing(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=FEED)
    collect(tmp_path, NOON, site.url("/feed"))
    collect(tmp_path, NOON - timedelta(seconds=20), site.url("/feed"))
    assert len(site.seen) == 1
