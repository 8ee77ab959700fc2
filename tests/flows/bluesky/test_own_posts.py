"""The candidates' own accounts on Bluesky: by name, page by page, what is gone erased."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.bluesky.collect import collect_bluesky_once
from flows.collected import Collected
from tests.doubles.jetstream_server import FakeJetstream, jetstream
from tests.flows.bluesky.case import NOW, race, settings_of
from tests.flows.x.case import Waits, rows

ADA = {"did": "did:plc:ada", "handle": "ada.example.org"}


@pytest.fixture
def server() -> Iterator[FakeJetstream]:
    with jetstream() as fake:
        yield fake


def item(number: int, text: str, at: datetime, **more: Any) -> dict[str, Any]:
    told = at.isoformat().replace("+00:00", "Z")
    view = {
        "uri": f"at://did:plc:ada/app.bsky.feed.post/{number}",
        "cid": "bafy",
        "author": ADA,
        "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": told},
        "indexedAt": told,
        "likeCount": 3,
        "repostCount": 2,
        "replyCount": 1,
        "quoteCount": 0,
    }
    return {"post": view} | more


def collect(tmp_path: Path, server: FakeJetstream, now: datetime = NOW) -> Collected:
    return collect_bluesky_once(
        race(tmp_path), settings_of(tmp_path, server), now, follows=False, pause=Waits(), force=True
    )


def test_own_posts_come_by_pages_back_to_the_start_of_the_season(tmp_path: Path, server: FakeJetstream) -> None:
    before_the_season = item(0, "long ago", NOW - timedelta(days=30))
    server.feeds["ada.example.org"] = [
        *(item(n, f"post {n}", NOW - timedelta(hours=10 - n)) for n in range(5, 0, -1)),
        before_the_season,
    ]
    server.page = 2
    collected = collect(tmp_path, server)
    assert not collected.failed
    found = rows(tmp_path, "posts")
    assert sorted(row["text"] for row in found) == [f"post {n}" for n in range(1, 6)]
    assert {(row["source_kind"], row["account"], row["like_count"]) for row in found} == {
        ("bluesky_own", "ada.example.org", 3)
    }
    [proof] = [row for row in rows(tmp_path, "fetch_attempts") if row["observed_to_at"]]
    assert (proof["observed_from_at"].isoformat(), proof["observed_to_at"]) == ("2026-11-18T00:00:00+00:00", NOW)


def test_a_repost_is_of_the_account_that_passed_it_on(tmp_path: Path, server: FakeJetstream) -> None:
    passed_on = item(1, "somebody's words", NOW - timedelta(days=400))
    passed_on["post"]["author"] = {"did": "did:plc:other", "handle": "other.example"}
    passed_on["reason"] = {
        "$type": "app.bsky.feed.defs#reasonRepost",
        "by": ADA,
        "indexedAt": "2026-11-20T10:00:00Z",
        "uri": "at://did:plc:ada/app.bsky.feed.repost/9",
    }
    server.feeds["ada.example.org"] = [passed_on]
    collect(tmp_path, server)
    [row] = rows(tmp_path, "posts")
    assert (row["post_type"], row["account"]) == ("repost", "ada.example.org")
    assert row["posted_at"].isoformat() == "2026-11-20T10:00:00+00:00"


def test_an_own_post_that_is_missing_where_it_was_shown_is_erased(tmp_path: Path, server: FakeJetstream) -> None:
    items = [item(n, f"post {n}", NOW - timedelta(hours=10 - n)) for n in range(3, 0, -1)]
    server.feeds["ada.example.org"] = items
    collect(tmp_path, server)
    server.feeds["ada.example.org"] = [items[0], items[2]]
    collect(tmp_path, server, NOW + timedelta(hours=1))
    assert "post 2" not in {row["text"] for row in rows(tmp_path, "posts")}


def test_an_account_that_is_not_known_is_named_and_stops_no_other(tmp_path: Path, server: FakeJetstream) -> None:
    collected = collect(tmp_path, server)
    assert "it answers 400. Mend: the account" in collected.failed["bluesky-own-ada"]


def test_a_limit_of_requests_is_waited_for(tmp_path: Path, server: FakeJetstream) -> None:
    server.feeds["ada.example.org"] = [item(1, "post", NOW - timedelta(hours=1))]
    reset = str(round((NOW + timedelta(seconds=40)).timestamp()))
    server.feed_answers = [(429, {"RateLimit-Reset": reset})]
    waits = Waits()
    collected = collect_bluesky_once(race(tmp_path), settings_of(tmp_path, server), NOW, follows=False, pause=waits)
    assert not collected.failed
    assert len(rows(tmp_path, "posts")) == 1
    assert 30 < waits.seconds[0] <= 40
