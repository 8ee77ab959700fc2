"""Mastodon: own accounts by name, hashtags of the roster on named servers, a post seen on two counted once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.campaign.models import Campaign
from flows.build import build_warehouse_once
from flows.collected import Collected
from flows.mastodon.collect import collect_mastodon_once
from flows.settings import Settings
from flows.steps import land_facts
from tests.doubles.home_search import where_found
from tests.doubles.mastodon_server import FakeMastodon, mastodon, status
from tests.flows.x.case import Waits, campaign_of, rows

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOML = """
id = "race"
title = "A race"
timezone = "UTC"
currency = "USD"
start = 2026-11-18
end = 2026-11-30
[[candidates]]
id = "ada"
name = "Ada Quill"
aliases = ["Ada Quill"]
accounts = {{ mastodon = ["ada@127.0.0.1:{own}"] }}
[mastodon]
servers = ["http://127.0.0.1:{own}", "http://127.0.0.1:{other}"]
"""


@pytest.fixture
def own() -> Iterator[FakeMastodon]:
    with mastodon() as server:
        server.accounts["ada"] = "77"
        yield server


@pytest.fixture
def other() -> Iterator[FakeMastodon]:
    with mastodon() as server:
        yield server


def race(tmp_path: Path, own: FakeMastodon, other: FakeMastodon) -> Campaign:
    toml = TOML.format(own=own.port, other=other.port)
    return campaign_of(tmp_path, toml, "event_id,event_kind,title,starts_at\n")


def collect(
    tmp_path: Path, own: FakeMastodon, other: FakeMastodon, now: datetime = NOW, waits: Waits | None = None
) -> Collected:
    settings = Settings(home=tmp_path / "home", author_key="a key", allow_private_hosts=True)
    campaign = race(tmp_path, own, other)
    land_facts(campaign, settings, now)
    return collect_mastodon_once(campaign, settings, now, pause=waits or Waits())


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def test_a_post_that_two_servers_have_is_counted_once(tmp_path: Path, own: FakeMastodon, other: FakeMastodon) -> None:
    tagged = '<a href="https://x/tags/AdaQuill" class="mention hashtag">#<span>AdaQuill</span></a> &amp; the rest'
    own.tags["adaquill"] = [status(5, tagged, hours_ago(2))]
    # The other server gives it an id of its own, and the same address.
    other.tags["adaquill"] = [status(5, tagged, hours_ago(2)) | {"id": "999"}]
    collected = collect(tmp_path, own, other)
    assert not collected.failed
    assert [row["text"] for row in rows(tmp_path, "posts")] == ["#AdaQuill & the rest"] * 2
    build_warehouse_once(tmp_path / "home", NOW)
    with duckdb.connect(tmp_path / "home" / "published" / "afterdebate.duckdb", read_only=True) as con:
        [found] = con.execute(
            "SELECT source_kind, mentions, coverage FROM metrics.buzz_by_interval WHERE interval_minutes = 60"
            " AND interval_start_at = TIMESTAMPTZ '2026-11-20 10:00:00+00' AND source_kind = 'mastodon'"
        ).fetchall()
    assert found == ("mastodon", 1, 1.0)
    assert where_found(tmp_path / "home", "home.example") == []


def test_own_statuses_come_by_name_and_by_pages(tmp_path: Path, own: FakeMastodon, other: FakeMastodon) -> None:
    own.own["77"] = [status(n, f"post {n}", hours_ago(45 - n * 0.5), by="ada") for n in range(85, 0, -1)]
    own.own["77"][3] |= {"in_reply_to_id": "1"}
    own.own["77"][4] |= {"reblog": status(1, "another's words", hours_ago(300))}
    assert not collect(tmp_path, own, other).failed
    found = [row for row in rows(tmp_path, "posts") if row["source_kind"] == "mastodon_own"]
    assert len(found) == 85
    assert {row["account"] for row in found} == {f"ada@127.0.0.1:{own.port}"}
    assert {row["post_type"] for row in found} == {"original", "reply", "repost"}
    pages = [path for path in own.asked if "/accounts/77/" in path]
    assert pages == [
        "/api/v1/accounts/77/statuses?limit=40",
        "/api/v1/accounts/77/statuses?limit=40&max_id=46",
        "/api/v1/accounts/77/statuses?limit=40&max_id=6",
        "/api/v1/accounts/77/statuses?limit=40&max_id=1",
    ]


def test_what_is_new_is_read_and_what_was_edited_or_deleted_is_seen(
    tmp_path: Path, own: FakeMastodon, other: FakeMastodon
) -> None:
    own.own["77"] = [status(n, f"post {n}", hours_ago(10 - n), by="ada") for n in (3, 2, 1)]
    collect(tmp_path, own, other)
    edited = status(3, "post 3, mended", hours_ago(7), by="ada") | {"edited_at": "2026-11-20T12:30:00Z"}
    own.own["77"] = [status(4, "post 4", NOW, by="ada"), edited, own.own["77"][2]]
    collect(tmp_path, own, other, NOW + timedelta(hours=1))
    texts = {row["text"] for row in rows(tmp_path, "posts")}
    assert {"post 4", "post 3, mended", "post 1"} <= texts
    assert "post 2" not in texts


def test_a_rate_limit_is_waited_for_as_its_header_says(tmp_path: Path, own: FakeMastodon, other: FakeMastodon) -> None:
    reset = (NOW + timedelta(seconds=90)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    own.answers = [(429, {"X-RateLimit-Reset": reset, "X-RateLimit-Remaining": "0"})]
    waits = Waits()
    assert not collect(tmp_path, own, other, waits=waits).failed
    assert 60 < waits.seconds[0] <= 90


def test_a_server_that_shows_nothing_to_strangers_stops_no_other(
    tmp_path: Path, own: FakeMastodon, other: FakeMastodon
) -> None:
    own.answers = [(401, {}), (401, {})]
    other.tags["adaquill"] = [status(5, "Ada Quill", hours_ago(2))]
    collected = collect(tmp_path, own, other)
    assert "not public there" in collected.failed[f"mastodon-tags-127.0.0.1-{own.port}"]
    assert [row["text"] for row in rows(tmp_path, "posts")] == ["Ada Quill"]


def test_an_answer_that_is_no_list_and_a_status_without_words_are_said(
    tmp_path: Path, own: FakeMastodon, other: FakeMastodon
) -> None:
    broken = {key: value for key, value in status(6, "x", hours_ago(1)).items() if key != "content"}
    own.tags["adaquill"] = [broken, status(5, "Ada Quill", hours_ago(2))]
    collected = collect(tmp_path, own, other)
    assert sum(collected.set_aside.values()) == 1
    assert [row["text"] for row in rows(tmp_path, "posts")] == ["Ada Quill"]
