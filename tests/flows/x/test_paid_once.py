"""Nothing is paid for twice on X: what came is kept, whatever fails after it, and goes on there in the next run."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.x.queries import candidate_queries
from flows.collected import Collected
from flows.settings import Settings
from flows.state import open_state
from flows.x.collect import collect_x_once
from flows.x.purse import SCHEMA, spent_by_month
from tests.doubles.x_server import Answer, Asked, FakeX, invalid, problem, running
from tests.flows.x.case import DEBATE, EVENTS, NOW, TOKEN, TOML, Waits, campaign_of, collect, rows

SEASON_LATER = datetime(2027, 2, 1, tzinfo=UTC)
CENT, HALF_A_CENT = Decimal("0.010"), Decimal("0.005")
ALIASES = [f"Quill {letter}{other}enberger" for letter in "abcdef" for other in "aeiou"]
MANY = TOML.replace('aliases = ["Quill"]', f"aliases = {ALIASES}".replace("'", '"'))


@pytest.fixture
def x() -> Iterator[FakeX]:
    posted_at = {
        "Quill": [DEBATE + timedelta(seconds=s) for s in (1, 59, 60, 7200)],
        "Stone": [DEBATE + timedelta(minutes=3)],
    }
    with running(FakeX(now=NOW, posted_at=posted_at)) as x:
        yield x


def ledger(tmp_path: Path) -> Decimal:
    return sum(spent_by_month(open_state(tmp_path / "home", SCHEMA), "race").values(), Decimal(0))


def told_by_attempts(tmp_path: Path) -> Decimal:
    return sum((a["cost_usd"] for a in rows(tmp_path, "fetch_attempts")), Decimal(0))


def posts_counted(tmp_path: Path, candidate_id: str) -> int:
    return sum(row["posts"] for row in rows(tmp_path, "post_counts") if row["candidate_id"] == candidate_id)


def fails_beyond_the_first_page(asked: Asked) -> Answer | None:
    return Answer({}, 500) if "next_token" in asked.params else None


def test_a_page_that_fails_does_not_buy_the_pages_before_it_again(x: FakeX, tmp_path: Path) -> None:
    x.buckets_a_page, x.interrupted = 10_000, fails_beyond_the_first_page
    failed = collect(x, tmp_path, SEASON_LATER, full_archive=True).failed
    x.interrupted = None
    assert collect(x, tmp_path, SEASON_LATER + timedelta(hours=1), full_archive=True).failed == {}
    assert list(failed) == ["x-counts-ada", "x-counts-bob"]
    assert x.billed == ledger(tmp_path) == told_by_attempts(tmp_path) == 4 * CENT
    assert (posts_counted(tmp_path, "ada"), posts_counted(tmp_path, "bob")) == (4, 1)
    assert len(rows(tmp_path, "post_counts")) == 2 * 13 * 1440


@pytest.mark.parametrize("body", [b"<html>We are back soon", b"[]", {"errors": [{"title": "Over capacity"}]}])
def test_a_page_that_comes_broken_does_not_buy_the_pages_before_it_again(x: FakeX, tmp_path: Path, body: Any) -> None:
    x.buckets_a_page = 10_000
    x.interrupted = lambda asked: Answer(body) if "next_token" in asked.params else None
    failed = collect(x, tmp_path, SEASON_LATER, full_archive=True).failed
    x.interrupted, before = None, len(x.asked)
    assert collect(x, tmp_path, SEASON_LATER + timedelta(hours=1), full_archive=True).failed == {}
    assert list(failed) == ["x-counts-ada", "x-counts-bob"]
    assert ["next_token" in asked.params for asked in x.asked[before:]] == [True, True]
    assert (posts_counted(tmp_path, "ada"), posts_counted(tmp_path, "bob")) == (4, 1)


def test_a_page_that_stays_broken_for_a_day_begins_the_query_anew(x: FakeX, tmp_path: Path) -> None:
    x.buckets_a_page = 10_000
    x.interrupted = lambda asked: Answer(b"<html>") if "next_token" in asked.params else None
    for hours in (0, 1, 25):
        assert collect(x, tmp_path, SEASON_LATER + timedelta(hours=hours), full_archive=True).failed
    x.interrupted = None
    assert collect(x, tmp_path, SEASON_LATER + timedelta(hours=26), full_archive=True).failed == {}
    assert (posts_counted(tmp_path, "ada"), posts_counted(tmp_path, "bob")) == (4, 1)


def test_recent_counts_go_on_at_their_page_and_then_ask_for_what_came_since(x: FakeX, tmp_path: Path) -> None:
    x.buckets_a_page, x.interrupted = 3000, fails_beyond_the_first_page
    collect(x, tmp_path)
    x.interrupted = None
    collect(x, tmp_path, NOW + timedelta(hours=2))
    assert x.billed == ledger(tmp_path) == 6 * HALF_A_CENT  # two pages, and what came since, of each candidate
    assert posts_counted(tmp_path, "ada") == 4
    last = max(row["interval_start_at"] for row in rows(tmp_path, "post_counts"))
    assert last == NOW + timedelta(hours=2) - timedelta(minutes=2)


def test_a_query_that_fails_does_not_throw_away_what_the_others_answered(x: FakeX, tmp_path: Path) -> None:
    signed = candidate_queries(campaign_of(tmp_path, MANY).candidates[0])
    assert [query.sign for query in signed] == [1, 1, 1, -1, -1, -1]
    queries = [query.text for query in signed]
    x.posted_at = dict(zip(queries, [[DEBATE] * posts for posts in (10, 20, 30, 1, 2, 3)], strict=True))
    x.interrupted = lambda asked: problem(404, "not-found", "no") if asked.params["query"] == queries[1] else None
    collected = collect(x, tmp_path, toml=MANY)
    assert list(collected.failed) == ["x-counts-ada"]
    assert posts_counted(tmp_path, "ada") == 0
    x.interrupted = None
    assert collect(x, tmp_path, NOW + timedelta(minutes=5), toml=MANY).failed == {}
    asked = [one.params["query"] for one in x.asked]
    assert asked == [*queries, "Stone", queries[1]]
    assert posts_counted(tmp_path, "ada") == 10 + 20 + 30 - 1 - 2 - 3
    assert x.billed == ledger(tmp_path) == told_by_attempts(tmp_path) == (len(queries) + 1) * HALF_A_CENT


def test_spent_money_in_the_middle_of_many_queries_keeps_what_was_bought(x: FakeX, tmp_path: Path) -> None:
    poor = MANY.replace("5.0", "0.011")
    assert "budget exhausted" in collect(x, tmp_path, toml=poor).unbought["x-counts-ada"]
    collect(x, tmp_path, NOW + timedelta(minutes=5), toml=MANY)
    asked = [one.params["query"] for one in x.asked]
    assert len(asked) == len(set(asked))
    assert x.billed == ledger(tmp_path)


def test_a_page_that_x_does_not_know_any_more_begins_the_query_anew(x: FakeX, tmp_path: Path) -> None:
    x.buckets_a_page = 3000
    x.interrupted = lambda asked: (
        invalid("next_token", asked.params["next_token"], "is unknown") if "next_token" in asked.params else None
    )
    collect(x, tmp_path)
    x.interrupted = None
    assert collect(x, tmp_path, NOW + timedelta(minutes=5)).failed == {}
    assert posts_counted(tmp_path, "bob") == 2  # the minute of the first page is told twice; the last holds


def test_a_count_that_x_reaches_no_more_does_not_keep_the_rest_away(x: FakeX, tmp_path: Path) -> None:
    x.buckets_a_page, x.interrupted = 3000, fails_beyond_the_first_page
    collect(x, tmp_path)
    x.interrupted, before = None, len(x.asked)
    assert collect(x, tmp_path, NOW + timedelta(days=8)).failed == {}
    first = x.asked[before].params
    assert (first["start_time"], "next_token" in first) == ("2026-11-22T01:02:00Z", False)


@pytest.mark.parametrize("tells_date", [True, False])
def test_a_clock_ahead_of_xs_asks_a_minute_less(x: FakeX, tmp_path: Path, tells_date: bool) -> None:
    x.tells_date = tells_date
    collected = collect_at(x, tmp_path, NOW, x_clock=NOW - timedelta(seconds=60))
    assert collected.failed == {}
    assert [asked.params["end_time"][11:16] for asked in x.asked] == ["00:59", "00:58", "00:58"]
    assert ledger(tmp_path) == x.billed


def test_a_clock_behind_xs_does_not_ask_for_what_x_reaches_no_more(x: FakeX, tmp_path: Path) -> None:
    late = datetime(2026, 11, 27, tzinfo=UTC)
    assert collect_at(x, tmp_path, late, x_clock=late + timedelta(minutes=10)).failed == {}
    assert [asked.params["start_time"][8:16] for asked in x.asked] == ["20T00:02", "20T00:12", "20T00:12"]


def test_a_slice_that_is_not_over_by_xs_clock_waits_for_the_next_run(x: FakeX, tmp_path: Path) -> None:
    toml = TOML + "posts_per_event = 400\n"
    slice_end = DEBATE - timedelta(minutes=30)
    collect(x, tmp_path, slice_end + timedelta(seconds=40), toml=toml)
    searched = collect_at(x, tmp_path, slice_end + timedelta(seconds=45), x_clock=slice_end, toml=toml)
    assert searched.failed == {}


def collect_at(x: FakeX, tmp_path: Path, now: datetime, *, x_clock: datetime, toml: str = TOML) -> Collected:
    settings = Settings(home=tmp_path / "home", x_bearer_token=TOKEN, x_api_url=x.url, author_key="a key")
    x.now = x_clock
    return collect_x_once(campaign_of(tmp_path, toml, EVENTS), settings, now, pause=Waits())


def timeline(number: int) -> list[dict[str, Any]]:
    """So many posts of one account, a minute apart, the last an hour before now."""
    first = NOW - timedelta(hours=1, minutes=number)
    return [
        {
            "id": str(5000 + n),
            "text": "My day",
            "author_id": "77",
            "created_at": f"{first + timedelta(minutes=n):%Y-%m-%dT%H:%M:%S}.000Z",
        }
        for n in range(number)
    ]


def test_a_timeline_is_not_asked_beyond_the_posts_that_x_keeps(x: FakeX, tmp_path: Path) -> None:
    toml = TOML.replace('aliases = ["Quill"]', 'aliases = ["Quill"]\naccounts = { x = ["AdaQuill"] }').replace(
        "5.0", "40.0"
    )
    x.users, x.posts = {"adaquill": "77"}, timeline(3500)
    collected = collect(x, tmp_path, toml=toml)
    pages = [asked for asked in x.asked if asked.path == "/2/users/77/tweets"]
    landed = rows(tmp_path, "posts")
    assert (len(pages), len(landed)) == (32, 3200)
    oldest = min(row["posted_at"] for row in landed)
    assert any(f"before {oldest:%Y-%m-%d %H:%M} UTC cannot be had" in note for note in collected.notes)
    [proved] = [
        a for a in rows(tmp_path, "fetch_attempts") if "x-own" in a["source_key"] and a["unknown_from_at"] is None
    ]
    assert (proved["observed_from_at"], proved["observed_to_at"]) == (oldest, NOW)
    collect(x, tmp_path, NOW + timedelta(days=1), toml=toml)
    assert x.asked[-1].params["since_id"] == "8499"
    assert ledger(tmp_path) == x.billed
