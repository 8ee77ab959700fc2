"""The filtered stream through the real tweepy: what arrives lands, whatever becomes of the connection."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from flows.collected import Collected, Tell, say_nothing
from flows.settings import Settings
from flows.x.stream.collect import stream_x_once
from tests.doubles.x_server import Answer, FakeX, invalid, problem, running
from tests.flows.x.case import DEBATE, NOW, TOKEN, Waits, campaign_of, rows


def post(number: int) -> dict[str, Any]:
    at = (DEBATE + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {"id": str(1990000000000000000 + number), "text": "Quill", "author_id": "5", "created_at": at}


@pytest.fixture
def x() -> Iterator[FakeX]:
    with running(FakeX(now=NOW)) as x:
        yield x


def clock_until(x: FakeX, connections: int) -> Callable[[], datetime]:
    """A clock that strikes once the server has had so many connections and each line is a second."""
    seconds = count()

    def clock() -> datetime:
        had = sum(asked.path == "/2/tweets/search/stream" for asked in x.asked)
        return DEBATE + timedelta(seconds=next(seconds)) + (timedelta(hours=9) if had >= connections else timedelta(0))

    return clock


def follow(
    x: FakeX, tmp_path: Path, connections: int, waits: Waits, *, tell: Tell = say_nothing, hours: float = 3
) -> Collected:
    settings = Settings(home=tmp_path / "home", x_bearer_token=TOKEN, x_api_url=x.url, author_key="a key")
    until_at, clock = DEBATE + timedelta(hours=hours), clock_until(x, connections)
    return stream_x_once(campaign_of(tmp_path), settings, until_at, clock, pause=waits, tell=tell)


def test_posts_land_across_disconnects_and_the_backoff_is_x_own(x: FakeX, tmp_path: Path) -> None:
    x.streams.extend([[post(1), None, post(2)], [503], [503], [429], [post(3)]])
    waits = Waits()
    collected = follow(x, tmp_path, 5, waits)
    assert sorted(p["post_id"][-1] for p in rows(tmp_path, "posts")) == ["1", "2", "3"]
    assert (waits.seconds, collected.failed) == ([0.0, 5.0, 10.0, 60.0], {})


def test_rules_are_made_once_and_those_of_others_stay(x: FakeX, tmp_path: Path) -> None:
    x.rules = [
        {"id": "70", "value": "cats", "tag": "somebody"},
        {"id": "71", "value": "old", "tag": "afterdebate race a"},
    ]
    x.streams.extend([[], []])
    follow(x, tmp_path, 1, Waits())
    follow(x, tmp_path, 2, Waits())
    assert sorted(rule["value"] for rule in x.rules) == ["Quill", "Stone", "cats"]
    assert sum(asked.body != b"" for asked in x.asked) == 2


def test_a_refused_token_ends_it(x: FakeX, tmp_path: Path) -> None:
    x.streams.append([403])
    waits = Waits()
    refused = follow(x, tmp_path, 9, waits).failed["x-stream"]
    assert "X /2/tweets/search/stream: 403: AFTERDEBATE_X_BEARER_TOKEN may not use this endpoint" in refused
    assert waits.seconds == []


@pytest.mark.parametrize("refusal", [problem(429, "usage-capped", "monthly cap"), Answer(b"<html>", 402)])
def test_spent_credits_end_it_without_failing_it(x: FakeX, tmp_path: Path, refusal: Answer) -> None:
    x.streams.append(refusal)
    collected = follow(x, tmp_path, 9, Waits())
    assert collected.failed == {}
    assert "nothing more may be read" in collected.unbought["x-stream"]


def test_a_stream_that_names_the_fields_otherwise_is_asked_so(x: FakeX, tmp_path: Path) -> None:
    x.streams.extend([invalid("tweet.fields", "note_tweet", "is not one of the parameters"), [post(1)]])
    collected = follow(x, tmp_path, 2, Waits())
    assert (len(rows(tmp_path, "posts")), collected.failed) == (1, {})
    assert "note_post" in x.asked[-1].params["post.fields"]


def test_a_rule_that_x_does_not_take_is_named(x: FakeX, tmp_path: Path) -> None:
    x.no_rules = True
    assert "Invalid Rule" in follow(x, tmp_path, 9, Waits()).failed["x-stream"]


def test_what_the_stream_itself_complains_of_is_kept(x: FakeX, tmp_path: Path) -> None:
    x.streams.append([post(1)])
    x.complaint = {"errors": [{"title": "operational-disconnect", "detail": "shut down"}]}
    follow(x, tmp_path, 1, Waits())
    assert [row["reason"] for row in rows(tmp_path, "rejects")] == ["partial error: shut down"]


def test_what_was_heard_is_observed(x: FakeX, tmp_path: Path) -> None:
    x.streams.append([post(1), None, post(2)])
    follow(x, tmp_path, 1, Waits())
    attempts = [a for a in rows(tmp_path, "fetch_attempts") if a["outcome"] == "ok"]
    assert sum(a["items"] for a in attempts) == 2
    assert all(a["observed_from_at"] <= a["observed_to_at"] for a in attempts)


def test_nothing_that_the_stream_logs_holds_the_token(
    x: FakeX, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    x.streams.extend([[post(1)], [503], problem(401, "unauthorized", f"Bearer {TOKEN} is unknown")])
    assert "[token] is unknown" in follow(x, tmp_path, 9, Waits()).failed["x-stream"]
    assert "Stream disconnected" in caplog.text  # tweepy did log
    assert TOKEN not in caplog.text
    assert {asked.authorization for asked in x.asked} == {f"Bearer {TOKEN}"}


def test_a_stream_that_is_open_elsewhere_is_why_this_one_waits(x: FakeX, tmp_path: Path) -> None:
    taken = problem(429, "streaming-connection", "This stream is currently at the maximum allowed connection limit.")
    x.streams.extend([taken, [post(1)]])
    said: list[str] = []
    follow(x, tmp_path, 2, Waits(), tell=said.append)
    assert "maximum allowed connection limit" in said[0]
    assert "again in 60 s" in said[0]


def test_what_a_stream_waited_for_is_said_when_it_has_ended(x: FakeX, tmp_path: Path) -> None:
    taken = problem(429, "streaming-connection", "This stream is currently at the maximum allowed connection limit.")
    x.streams.extend([taken, [post(1)], [503], taken, [post(2)]])
    waited = [note for note in follow(x, tmp_path, 5, Waits()).notes if "waited" in note]
    assert [note.split(": ")[1] for note in waited] == ["waited 120 s", "waited 5 s"]
    assert "maximum allowed connection limit" in waited[0]


def test_no_wait_is_longer_than_what_is_left_of_the_event(x: FakeX, tmp_path: Path) -> None:
    x.streams.append([429])
    waits = Waits()
    follow(x, tmp_path, 2, waits, hours=30 / 3600)
    [waited, *_] = waits.seconds
    assert 0 < waited < 30


def test_nothing_of_tweepys_own_log_is_printed(x: FakeX, tmp_path: Path) -> None:
    printed: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: printed.append(record.name)  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    x.streams.extend([invalid("tweet.fields", "note_tweet", "is not one of the parameters"), [post(1)], [503]])
    follow(x, tmp_path, 3, Waits())
    logging.getLogger().removeHandler(handler)
    assert [name for name in printed if name.startswith("tweepy")] == []
