"""Feeds are polled from real servers on loopback, landed, and only then noted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.campaign import Campaign, read_campaign
from connectors.records import FetchAttempt
from flows.collect_feeds import collect_feeds_once
from flows.collected import Collected
from flows.settings import Settings
from tests.flows.loopback import Reply, Site, item, rss, served
from warehouse.landing import read_landed_file

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


async def no_sleep(_seconds: float) -> None:
    """Time that does not pass."""


def campaign_of(folder: Path, *urls: str) -> Campaign:
    feeds = "".join(f'[[feeds]]\nid = "feed-{n}"\nurl = "{url}"\n' for n, url in enumerate(urls))
    head = 'id = "c"\ntitle = "C"\ntimezone = "Europe/Paris"\ncurrency = "EUR"\nstart = 2026-06-01\nend = 2026-08-01\n'
    (folder / "campaign.toml").write_text(head + '[[candidates]]\nid = "a"\nname = "Anne A"\n' + feeds)
    (folder / "events.csv").write_text("event_id,event_kind,title,starts_at\n")
    return read_campaign(folder)


def collect(tmp_path: Path, now: datetime, *urls: str, **more: Any) -> Collected:
    allow = more.pop("allow_private_hosts", True)
    settings = Settings(home=tmp_path / "home", allow_private_hosts=allow, host_gap_s=0, _env_file=None)
    return collect_feeds_once(campaign_of(tmp_path, *urls), settings, now, sleep=no_sleep, **more)


def landed(tmp_path: Path, table: str) -> list[dict[str, Any]]:
    files = (tmp_path / "home" / "landing" / table).glob("*.parquet")
    return [row for file in files for row in read_landed_file(file)]


def attempts(tmp_path: Path) -> list[dict[str, Any]]:
    return sorted(landed(tmp_path, FetchAttempt.TABLE), key=lambda row: row["attempted_at"])


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
