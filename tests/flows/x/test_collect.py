"""Counting on X, through the real tweepy against a server on loopback."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.settings import Settings
from flows.x.collect import collect_x_once
from tests.doubles.x_server import Answer, FakeX, invalid, problem, rate_limited, running
from tests.flows.x.case import DEBATE, EVENTS, NOW, TOML, Waits, campaign_of, collect, rows


@pytest.fixture
def x() -> Iterator[FakeX]:
    posted_at = {
        "Quill": [DEBATE + timedelta(seconds=s) for s in (1, 59, 60, 7200)],
        "Stone": [DEBATE + timedelta(minutes=3)],
    }
    with running(FakeX(now=NOW, posted_at=posted_at)) as x:
        yield x


def test_minutes_are_counted_for_each_candidate(x: FakeX, tmp_path: Path) -> None:
    collected = collect(x, tmp_path)
    counted = {
        (row["candidate_id"], row["interval_start_at"]): row["posts"]
        for row in rows(tmp_path, "post_counts")
        if row["posts"]
    }
    assert counted == {
        ("ada", DEBATE): 2,
        ("ada", DEBATE + timedelta(minutes=1)): 1,
        ("ada", DEBATE + timedelta(hours=2)): 1,
        ("bob", DEBATE + timedelta(minutes=3)): 1,
    }
    assert collected.failed == {}
    assert {asked.authorization for asked in x.asked} == {"Bearer secret-token"}


def test_a_silent_minute_is_a_count_of_zero(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path)
    assert sum(row["posts"] == 0 for row in rows(tmp_path, "post_counts")) > 5000


def test_what_was_counted_is_proved_up_to_the_last_whole_minute(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, NOW + timedelta(seconds=50))
    attempt = rows(tmp_path, "fetch_attempts")[0]
    assert (attempt["observed_from_at"], attempt["observed_to_at"]) == (datetime(2026, 11, 18, tzinfo=UTC), NOW)


@pytest.mark.parametrize("spelling", ["tweet_count", "post_count"])
def test_both_spellings_are_read(x: FakeX, tmp_path: Path, spelling: str) -> None:
    x.spelling = spelling
    collect(x, tmp_path)
    assert sum(row["posts"] for row in rows(tmp_path, "post_counts")) == 5


def test_the_next_run_asks_for_what_is_new_and_the_last_minutes_again(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path)
    collect(x, tmp_path, NOW + timedelta(days=1))
    assert x.asked[2].params["start_time"] == "2026-11-21T00:44:00Z"  # 15 minutes before what was counted


def test_a_missed_night_is_recovered_seven_days_back(x: FakeX, tmp_path: Path) -> None:
    collected = collect(x, tmp_path, datetime(2026, 11, 26, 12, tzinfo=UTC))
    assert x.asked[0].params["start_time"] == "2026-11-19T12:02:00Z"
    assert "2026-11-18 00:00 to 2026-11-19 12:02 UTC is older than the 7 days" in collected.notes[0]


def test_a_past_season_is_counted_from_the_full_archive_page_by_page(x: FakeX, tmp_path: Path) -> None:
    x.buckets_a_page = 10_000
    collect(x, tmp_path, datetime(2027, 2, 1, tzinfo=UTC), full_archive=True)
    assert [asked.path for asked in x.asked] == ["/2/tweets/counts/all"] * 4
    assert sum(row["posts"] for row in rows(tmp_path, "post_counts")) == 5
    assert len(rows(tmp_path, "post_counts")) == 2 * 13 * 1440


def test_a_past_season_without_the_full_archive_is_not_asked(x: FakeX, tmp_path: Path) -> None:
    collected = collect(x, tmp_path, datetime(2027, 2, 1, tzinfo=UTC))
    assert x.asked == []
    assert "AFTERDEBATE_X_FULL_ARCHIVE" in collected.notes[0]


def test_recent_counts_in_pages_are_followed(x: FakeX, tmp_path: Path) -> None:
    x.buckets_a_page = 3000
    collect(x, tmp_path)
    assert len(x.asked) == 4
    assert sum(row["posts"] for row in rows(tmp_path, "post_counts")) == 5


def test_a_bucket_that_did_not_come_is_not_observed(x: FakeX, tmp_path: Path) -> None:
    x.holds_from, x.holds_to = DEBATE, DEBATE + timedelta(hours=3)
    collect(x, tmp_path)
    spans = [(row["observed_from_at"], row["observed_to_at"]) for row in rows(tmp_path, "fetch_attempts")]
    assert spans == [(DEBATE, DEBATE + timedelta(hours=3))] * 2


def test_a_source_nobody_vouches_for_is_glimpsed_not_observed(x: FakeX, tmp_path: Path) -> None:
    x.holds_from, x.holds_to = DEBATE, DEBATE + timedelta(hours=3)
    collect(x, tmp_path, toml=TOML + 'coverage = "unknown"\n')
    attempt = rows(tmp_path, "fetch_attempts")[0]
    assert attempt["unknown_from_at"] == DEBATE
    assert attempt["observed_from_at"] == attempt["observed_to_at"] == DEBATE + timedelta(hours=3)


def test_nothing_is_asked_twice_on_a_quiet_day(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, NOW + timedelta(days=3))
    collected = collect(x, tmp_path, NOW + timedelta(days=3, hours=23))
    assert len(x.asked) == 2
    assert collected.notes == ["x-counts-ada: not due", "x-counts-bob: not due"]


def test_force_asks_though_nothing_is_due(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, NOW + timedelta(days=3))
    collect(x, tmp_path, NOW + timedelta(days=3, hours=1), force=True)
    assert len(x.asked) == 4


def test_in_the_day_after_a_debate_counts_are_due_hourly(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, DEBATE + timedelta(hours=1))
    collect(x, tmp_path, DEBATE + timedelta(hours=2))
    assert len(x.asked) == 4


def test_a_rate_limit_is_waited_for_until_its_reset(x: FakeX, tmp_path: Path) -> None:
    waits = Waits()
    x.faults.append(rate_limited(NOW + timedelta(seconds=90)))
    collected = collect(x, tmp_path, pause=waits)
    assert (waits.seconds, collected.failed) == ([91.0], {})


def test_a_rate_limit_beyond_patience_is_left_to_the_next_run(x: FakeX, tmp_path: Path) -> None:
    x.faults.append(rate_limited(NOW + timedelta(hours=3)))
    collected = collect(x, tmp_path)
    assert list(collected.failed) == ["x-counts-ada"]
    assert rows(tmp_path, "fetch_attempts")[0]["outcome"] == "unavailable"
    assert {row["candidate_id"] for row in rows(tmp_path, "post_counts")} == {"bob"}


def test_a_server_error_is_asked_again_after_a_short_while(x: FakeX, tmp_path: Path) -> None:
    waits = Waits()
    x.faults += [Answer(b"<html>busy</html>", 503), Answer({}, 500)]
    assert collect(x, tmp_path, pause=waits).failed == {}
    assert waits.seconds == [1.0, 4.0]


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_stop_everything_and_are_named(x: FakeX, tmp_path: Path, status: int) -> None:
    x.faults.append(problem(status, "client-forbidden", "not enrolled"))
    collected = collect(x, tmp_path)
    assert len(x.asked) == 1
    assert list(collected.failed) == ["x-counts-ada", "x-counts-bob"]
    assert "AFTERDEBATE_X_BEARER_TOKEN" in collected.failed["x-counts-bob"]
    assert "/2/tweets/counts/recent" in collected.failed["x-counts-bob"]


@pytest.mark.parametrize(
    "fault", [problem(429, "usage-capped", "monthly cap"), Answer({"title": "CreditsDepleted"}, 402)]
)
def test_spent_credits_end_the_run_without_failing_it(x: FakeX, tmp_path: Path, fault: Answer) -> None:
    waits = Waits()
    x.faults.append(fault)
    collected = collect(x, tmp_path, pause=waits)
    assert (collected.failed, waits.seconds, len(x.asked)) == ({}, [], 1)
    assert list(collected.unbought) == ["x-counts-ada", "x-counts-bob"]
    assert [row["outcome"] for row in rows(tmp_path, "fetch_attempts")] == ["budget_exhausted"] * 2


def test_a_refused_question_does_not_stop_the_other_candidates(x: FakeX, tmp_path: Path) -> None:
    x.faults.append(invalid("query", "Quill", "is no good"))
    collected = collect(x, tmp_path)
    assert "`query`" in collected.failed["x-counts-ada"]
    assert {row["candidate_id"] for row in rows(tmp_path, "post_counts")} == {"bob"}


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"data": [', b"[1]", b"7", b"\xff\xfe", b"[" * 100_000, b"{}"])
def test_a_body_that_is_no_answer_is_unreadable(x: FakeX, tmp_path: Path, body: bytes) -> None:
    x.faults.append(Answer(body))
    collected = collect(x, tmp_path)
    assert list(collected.failed) == ["x-counts-ada"]
    assert [row["outcome"] for row in rows(tmp_path, "fetch_attempts")] == ["unreadable", "ok"]


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.sampled_from(["2026-11-20T01:00:00Z"])
NAMES = st.sampled_from(
    ["data", "meta", "errors", "start", "end", "tweet_count", "next_token", "title", "status", "type"]
)
BODIES = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner), max_leaves=9)


@given(st.binary(max_size=40) | BODIES.map(lambda body: json.dumps(body).encode()), st.sampled_from([200, 400, 403]))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_stops_the_other_candidates(x: FakeX, body: bytes, status: int) -> None:
    x.faults.clear()
    x.faults.append(Answer(body, status=status))
    with TemporaryDirectory() as folder:
        collected = collect(x, Path(folder))
        is_about_all = "x-counts-bob" in collected.failed or "x-counts-bob" in collected.unbought
        assert is_about_all or "bob" in {row["candidate_id"] for row in rows(Path(folder), "post_counts")}
    assert not any("Mend: report it" in reason for reason in collected.failed.values()), collected.failed


def test_errors_beside_the_data_are_kept_and_counted(x: FakeX, tmp_path: Path) -> None:
    bucket = {"start": "2026-11-20T01:00:00.000Z", "end": "2026-11-20T01:01:00.000Z", "tweet_count": 7}
    x.faults.append(Answer({"data": [bucket, {"start": "soon"}], "errors": [{"detail": "one shard is late"}]}))
    collected = collect(x, tmp_path)
    assert collected.set_aside["x-counts-ada"] == 2
    assert rows(tmp_path, "rejects")[0]["reason"] == "partial error: one shard is late"
    assert [row["posts"] for row in rows(tmp_path, "post_counts") if row["candidate_id"] == "ada"] == [7]


def test_errors_without_data_prove_nothing_and_are_asked_again(x: FakeX, tmp_path: Path) -> None:
    x.faults.append(Answer({"errors": [{"detail": "nobody is at home"}]}))
    collected = collect(x, tmp_path)
    assert collected.failed == {"x-counts-ada": "X counts: errors and no data (partial error: nobody is at home)"}
    assert collected.set_aside["x-counts-ada"] == 1
    collect(x, tmp_path, NOW + timedelta(hours=1))
    assert {row["candidate_id"] for row in rows(tmp_path, "post_counts") if row["posts"]} == {"ada", "bob"}


def test_a_hole_in_the_answer_is_asked_for_again_while_x_reaches_it(x: FakeX, tmp_path: Path) -> None:
    x.holds_from, x.holds_to = datetime(2026, 11, 18, tzinfo=UTC), DEBATE
    collect(x, tmp_path)
    x.holds_to = None
    collect(x, tmp_path, NOW + timedelta(hours=1))
    assert sum(row["posts"] for row in rows(tmp_path, "post_counts")) == 5
    assert x.asked[2].params["start_time"] == "2026-11-20T00:45:00Z"  # 15 minutes before the hole


def test_after_one_source_waited_in_vain_the_others_are_asked_once(x: FakeX, tmp_path: Path) -> None:
    waits = Waits()
    x.interrupted = lambda _: problem(429, "rate-limit-exceeded", "slow down")
    collected = collect(x, tmp_path, pause=waits)
    assert (waits.seconds, len(x.asked)) == ([60.0, 60.0], 4)
    assert list(collected.failed) == ["x-counts-ada", "x-counts-bob"]


def test_a_rally_makes_counts_no_more_frequent(x: FakeX, tmp_path: Path) -> None:
    rally = EVENTS.replace("debate-1,debate", "evening,rally")
    collect(x, tmp_path, DEBATE + timedelta(hours=1), events=rally)
    collect(x, tmp_path, DEBATE + timedelta(hours=2), events=rally)
    assert len(x.asked) == 2


def test_the_same_page_for_ever_is_noticed(x: FakeX, tmp_path: Path) -> None:
    page = {"data": [], "meta": {"next_token": "again"}}
    x.faults += [Answer(page), Answer(page)]
    assert "next_token" in collect(x, tmp_path).failed["x-counts-ada"]


def test_without_a_token_nothing_is_asked_and_the_mend_is_said(x: FakeX, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", x_bearer_token=None, x_api_url=x.url)
    collected = collect_x_once(campaign_of(tmp_path), settings, NOW)
    assert x.asked == []
    assert "AFTERDEBATE_X_BEARER_TOKEN is not set" in collected.failed["x-counts-ada"]


@pytest.mark.parametrize("token", ["Bearer abc123456789", "abc123\n456789", "“abc123456789”"])
def test_what_cannot_be_a_token_is_not_sent_and_not_quoted(x: FakeX, tmp_path: Path, token: str) -> None:
    settings = Settings(home=tmp_path / "home", x_bearer_token=token, x_api_url=x.url)
    failed = collect_x_once(campaign_of(tmp_path), settings, NOW).failed["x-counts-ada"]
    assert x.asked == []
    assert "AFTERDEBATE_X_BEARER_TOKEN holds blanks" in failed
    assert "abc123" not in failed


def test_hours_are_counted_where_the_campaign_says_so(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, toml=TOML + 'granularity = "hour"\n')
    first = next(row for row in rows(tmp_path, "post_counts") if row["posts"])
    assert (first["interval_start_at"], first["interval_minutes"], first["posts"]) == (DEBATE, 60, 3)


def test_the_budget_is_a_hard_stop_before_the_request(x: FakeX, tmp_path: Path) -> None:
    collected = collect(x, tmp_path, toml=TOML.replace("5.0", "0.007"))
    assert len(x.asked) == 1
    assert collected.failed == {}
    assert "$0.002 of the $0.007 for 2026-11 are left" in collected.unbought["x-counts-bob"]
    assert [row["cost_usd"] for row in rows(tmp_path, "fetch_attempts")] == [Decimal("0.005"), 0]


def test_spending_is_remembered_when_the_state_is_lost(x: FakeX, tmp_path: Path) -> None:
    toml = TOML.replace("5.0", "0.012")
    collect(x, tmp_path, toml=toml)
    for file in (tmp_path / "home").glob("state.sqlite*"):
        file.unlink()
    assert list(collect(x, tmp_path, toml=toml).unbought) == ["x-counts-ada", "x-counts-bob"]
