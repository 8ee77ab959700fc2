"""Feeds are polled from real servers on loopback, landed, and only then noted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.flows.loopback import Reply, Site, item, rss, served
from tests.flows.polling import HOUR, NOON, attempts, collect, landed


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def test_a_first_poll_lands_its_entries_and_knows_nothing_of_the_time_before(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 08:00:00 +0200")))
    collect(tmp_path, NOON, site.url("/feed"))
    [entry] = landed(tmp_path, "entries")
    [attempt] = attempts(tmp_path)
    assert (entry["title"], entry["published_at"]) == ("Post 1", datetime(2026, 7, 1, 6, tzinfo=UTC))
    assert attempt["outcome"] == "ok"
    assert attempt["unknown_from_at"] == datetime(2026, 7, 1, 6, tzinfo=UTC)
    assert attempt["observed_from_at"] == attempt["observed_to_at"] == NOON


def test_a_second_poll_sends_the_validators_back_as_they_came(tmp_path: Path, site: Site) -> None:
    validators = {"ETag": 'W/"odd one"', "Last-Modified": "yesterday, about noon"}
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 08:00:00 +0200")), headers=validators)
    collect(tmp_path, NOON, site.url("/feed"))
    site.replies["/feed"] = Reply(304)
    collect(tmp_path, NOON + 2 * HOUR, site.url("/feed"))
    second = site.seen[1][1]
    assert (second["If-None-Match"], second["If-Modified-Since"]) == ('W/"odd one"', "yesterday, about noon")
    assert attempts(tmp_path)[1]["outcome"] == "not_modified"
    assert attempts(tmp_path)[1]["observed_from_at"] == NOON
    assert len(landed(tmp_path, "entries")) == 1


def test_a_window_that_moved_on_leaves_a_gap_up_to_its_oldest_entry(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    collect(tmp_path, NOON, site.url("/feed"))
    late = [item(8, "Wed, 01 Jul 2026 15:00:00 GMT"), item(9, "Wed, 01 Jul 2026 17:00:00 GMT")]
    site.replies["/feed"] = Reply(body=rss(*late))
    collect(tmp_path, NOON + 6 * HOUR, site.url("/feed"), force=True)
    attempt = attempts(tmp_path)[1]
    assert (attempt["observed_from_at"], attempt["observed_to_at"]) == (NOON + 3 * HOUR, NOON + 6 * HOUR)
    assert "gap" in attempt["reason"]


def test_one_broken_feed_does_not_stop_the_others(tmp_path: Path, site: Site) -> None:
    site.replies["/login"] = Reply(body=b"<html><body>Sign in</body></html>")
    site.replies["/good"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    collected = collect(tmp_path, NOON, site.url("/login"), site.url("/missing"), site.url("/good"))
    assert set(collected.failed) == {"feed-0", "feed-1"}
    assert collected.landed["entries"] == 1
    [reject] = landed(tmp_path, "rejects")
    assert "a web page" in reject["reason"]


def test_a_feed_that_is_not_due_is_left_alone(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    collect(tmp_path, NOON, site.url("/feed"))
    collect(tmp_path, NOON + timedelta(minutes=5), site.url("/feed"))
    assert len(site.seen) == 1


def test_loopback_is_refused_unless_allowed(tmp_path: Path, site: Site) -> None:
    collected = collect(tmp_path, NOON, site.url("/feed"), allow_private_hosts=False)
    assert "not a public address" in collected.failed["feed-0"]
    assert site.seen == []


def test_a_replay_answers_for_a_name_of_its_own(tmp_path: Path, site: Site) -> None:
    site.replies["/feed"] = Reply(body=rss(item(1, "Wed, 01 Jul 2026 11:00:00 GMT")))
    collect(
        tmp_path,
        NOON,
        "http://blog.example/feed",
        allow_private_hosts=False,
        connect_to={"blog.example": ("127.0.0.1", site.port)},
    )
    assert site.seen[0][1]["Host"] == "blog.example"
    assert len(landed(tmp_path, "entries")) == 1
