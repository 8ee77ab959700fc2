"""A home of the version that kept silence and refusals in the words of `reason` opens and knows what it knew."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from connectors.records import FeedState
from flows.feeds.state import SCHEMA, catch_up, known_feed
from flows.health.read import feeds_remembered
from flows.state import open_state
from tests.flows.feeds.loopback import Reply, Site, served
from tests.flows.feeds.polling import HOUR, NOON, attempts, collect, landed, state_of

DAY = 24 * HOUR
NEW = ("is_silent", "document_fault", "refusal")
# As the version before made it.
EARLIER = """
CREATE TABLE polled_feeds (feed_url, polled_at, outcome, reason, asked_url, answered_url, etag, last_modified,
    document_sha256, document_outcome, period_s, next_poll_at, interval_s, failures, is_gone, is_retired, host,
    host_waits_until, shown_ids, newest_at, habit_s, observed_at, proved, PRIMARY KEY (feed_url));
"""
SIGN_IN = b"<html>Sign in</html>"


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def made_earlier(home: Path) -> None:
    """The state and the landed rows of a home, in the shape of the version before."""
    kept = [field.name for field in fields(FeedState) if field.name not in NEW]
    with closing(sqlite3.connect(home / "state.sqlite", isolation_level=None)) as state:
        rows = state.execute(f"SELECT {', '.join(kept)} FROM polled_feeds").fetchall()
        state.execute("DROP TABLE polled_feeds")
        state.executescript(EARLIER)
        state.executemany(f"INSERT INTO polled_feeds VALUES ({', '.join('?' * len(kept))})", rows)
    for file in (home / "landing" / "feed_states").glob("*.parquet"):
        pq.write_table(pq.ParquetFile(file).read(kept), file)


def fields_of(feed: FeedState) -> dict[str, object]:
    return {name: getattr(feed, name) for name in NEW}


def a_silent_page(tmp_path: Path, site: Site) -> str:
    site.replies["/feed"] = Reply(body=SIGN_IN, headers={"ETag": '"1"'})
    for days in (0, 2):
        collect(tmp_path, NOON + days * DAY, site.url("/feed"))
    return site.url("/feed")


def a_refusal(tmp_path: Path, site: Site) -> str:
    site.replies["/feed"] = Reply(429, headers={"Retry-After": str(10 * 24 * 3600)})
    for days in (0, 2):
        collect(tmp_path, NOON + days * DAY, site.url("/feed"), force=True)
    return site.url("/feed")


@pytest.mark.parametrize("happened", [a_silent_page, a_refusal])
def test_a_state_of_the_version_before_is_opened_with_all_that_its_words_said(
    tmp_path: Path, site: Site, happened: Callable[[Path, Site], str]
) -> None:
    url = happened(tmp_path, site)
    home, now = tmp_path / "home", fields_of(state_of(tmp_path, site.url("/feed")))
    assert any(now.values())
    made_earlier(home)
    assert fields_of(feeds_remembered(home)[url]) == now  # read before any collector has written
    assert fields_of(state_of(tmp_path, url)) == now

    (home / "state.sqlite").unlink()
    with closing(open_state(home, SCHEMA)) as state:
        catch_up(state, home)
        feed = known_feed(state, url)
    assert feed is not None
    assert fields_of(feed) == now


def test_a_feed_goes_on_where_the_version_before_left_it(tmp_path: Path, site: Site) -> None:
    url = a_silent_page(tmp_path, site)
    before = attempts(tmp_path)[-1]["reason"]
    made_earlier(tmp_path / "home")
    site.replies["/feed"] = Reply(304, headers={"ETag": '"1"'})
    collect(tmp_path, NOON + 9 * DAY, url)
    assert attempts(tmp_path)[-1]["reason"] == before
    assert state_of(tmp_path, url).is_silent
    assert sorted(row.get("is_silent") is None for row in landed(tmp_path, "feed_states")) == [False, True, True]
