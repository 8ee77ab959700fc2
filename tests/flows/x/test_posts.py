"""A sample of posts around an event and the candidates' own accounts, through the real tweepy on loopback."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.state import open_state
from flows.x.purse import SCHEMA, spent_by_month
from tests.doubles.x_server import Answer, FakeX, instant, invalid, problem, running
from tests.flows.x.case import DEBATE, EVENTS, NOW, TOML, Waits, collect, rows

SAMPLED = TOML + "posts_per_event = 400\n"
TOKENS = ("next_token", "pagination_token")
OWN = TOML.replace('aliases = ["Quill"]', 'aliases = ["Quill"]\naccounts = { x = ["AdaQuill"] }')


def post(number: int, text: str, posted_at: datetime, author_id: str = "5", **more: Any) -> dict[str, Any]:
    stamp = posted_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {"id": str(number), "text": text, "author_id": author_id, "created_at": stamp, **more}


@pytest.fixture
def x() -> Iterator[FakeX]:
    # One post every ten seconds from the debate's start for two hours, and one a day by the candidate herself.
    posts = [post(1000 + n, f"Quill {n}", DEBATE + timedelta(seconds=10 * n)) for n in range(720)]
    posts += [post(n, f"My day {n}", instant(f"2026-11-{n}T12:00:00Z"), author_id="77") for n in range(15, 27)]
    with running(FakeX(now=NOW, posts=posts, users={"adaquill": "77"})) as x:
        yield x


def searches(x: FakeX) -> list[dict[str, str]]:
    return [asked.params for asked in x.asked if "/search/" in asked.path]


def timelines(x: FakeX) -> list[dict[str, str]]:
    return [asked.params for asked in x.asked if asked.path.startswith("/2/users/77")]


def test_a_sample_is_bounded_and_spread_over_the_event(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED)
    posts = rows(tmp_path, "posts")
    # 400 posts, two candidates, 20 slices: 10 each; the server holds posts in 4 half hours of one candidate.
    by_slice = [sum(at <= p["posted_at"] < at + timedelta(minutes=30) for p in posts) for at in half_hours()]
    assert (len(posts), by_slice) == (40, [10, 10, 10, 10])
    assert {(p["source_key"], p["source_kind"]) for p in posts} == {("race/x-posts-ada", "x_posts")}


def half_hours() -> list[datetime]:
    return [DEBATE + timedelta(minutes=30 * n) for n in range(4)]


def test_a_slice_is_taken_once(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED)
    asked = len(searches(x))
    collect(x, tmp_path, NOW + timedelta(hours=2), toml=SAMPLED, force=True)
    assert (asked, len(searches(x))) == (40, 40)


def test_no_author_is_kept_but_by_a_keyed_hash(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED)
    [key] = {p["author_key"] for p in rows(tmp_path, "posts")}
    assert len(key) == 32
    assert {p["account"] for p in rows(tmp_path, "posts")} == {None}
    assert all("expansions" not in params for params in searches(x))


def test_a_slice_that_was_cut_short_proves_nothing(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED)
    attempts = [a for a in rows(tmp_path, "fetch_attempts") if a["source_key"] == "race/x-posts-ada"]
    cut = [a for a in attempts if a["unknown_from_at"] is not None]
    assert [a["unknown_from_at"] for a in cut] == half_hours()
    assert all(a["observed_from_at"] == a["observed_to_at"] for a in cut)
    assert {a["outcome"] for a in attempts if a not in cut} == {"empty"}


def test_a_page_with_a_post_that_is_not_understood_proves_nothing(x: FakeX, tmp_path: Path) -> None:
    page = {"data": [{"text": "no id"}], "meta": {"result_count": 1}}
    x.interrupted = lambda asked: Answer(page) if "/search/" in asked.path or "/users/77" in asked.path else None
    collect(x, tmp_path, NOW + timedelta(hours=1), toml=OWN + "posts_per_event = 400\n")
    read = [a for a in rows(tmp_path, "fetch_attempts") if "x-counts" not in a["source_key"] and a["observed_to_at"]]
    assert {a["source_key"] for a in read} == {"race/x-posts-ada", "race/x-posts-bob", "race/x-own-ada"}
    assert all(a["unknown_from_at"] < a["observed_from_at"] == a["observed_to_at"] for a in read)


def test_a_search_that_answers_errors_only_proves_nothing_and_is_asked_again(x: FakeX, tmp_path: Path) -> None:
    x.interrupted = lambda asked: Answer({"errors": [{"detail": "late"}]}) if "/search/" in asked.path else None
    collected = collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED)
    assert collected.failed["x-posts-ada"] == "X search: errors and no data (partial error: late)"
    assert not any(
        a["observed_from_at"] < a["observed_to_at"]
        for a in rows(tmp_path, "fetch_attempts")
        if "x-posts" in a["source_key"] and a["observed_to_at"]
    )
    x.interrupted = None
    collect(x, tmp_path, NOW + timedelta(hours=2), toml=SAMPLED)
    assert len(rows(tmp_path, "posts")) == 40


def test_a_page_that_leads_back_to_itself_is_asked_for_once(x: FakeX, tmp_path: Path) -> None:
    again = {"data": [post(500, "My day", DEBATE, author_id="77")], "meta": {"newest_id": "500", "next_token": "a"}}
    x.interrupted = lambda asked: Answer(again) if "/users/77" in asked.path or "/search/" in asked.path else None
    collected = collect(x, tmp_path, NOW + timedelta(hours=1), toml=OWN + "posts_per_event = 12000\n")
    assert (len(timelines(x)), len(searches(x))) == (2, 4)  # of two candidates each
    assert "the same next_token again" in collected.failed["x-own-ada"]
    x.interrupted = None
    collect(x, tmp_path, NOW + timedelta(days=1), toml=OWN)
    assert "pagination_token" not in timelines(x)[2]
    assert {"18", "19", "20"} < {p["post_id"] for p in rows(tmp_path, "posts")}


def test_the_full_archive_is_searched_once_a_second(x: FakeX, tmp_path: Path) -> None:
    waits = Waits()
    collect(x, tmp_path, datetime(2027, 2, 1, tzinfo=UTC), toml=SAMPLED, full_archive=True, pause=waits)
    assert {asked.path for asked in x.asked if "/search/" in asked.path} == {"/2/tweets/search/all"}
    assert waits.seconds == [1.0] * len(searches(x))


def test_a_sample_goes_on_where_it_was_interrupted(x: FakeX, tmp_path: Path) -> None:
    toml = TOML + "posts_per_event = 12000\n"  # 40 slices of 150 posts: 90 posts in a quarter hour fit one page
    x.posts = [post(1000 + n, f"Quill {n}", DEBATE + timedelta(seconds=n)) for n in range(900)]
    interrupt_after(x, 6)
    collect(x, tmp_path, NOW + timedelta(hours=1), toml=toml)
    landed = len(rows(tmp_path, "posts"))
    x.interrupted = None
    collect(x, tmp_path, NOW + timedelta(hours=2), toml=toml)
    posts = [p["post_id"] for p in rows(tmp_path, "posts")]
    assert landed == 100
    assert (len(posts), len(set(posts))) == (150, 150)


def interrupt_after(x: FakeX, searches_answered: int) -> None:
    x.interrupted = lambda asked: (
        problem(403, "client-forbidden", "enough")
        if "/search/" in asked.path and len(searches(x)) > searches_answered - 1
        else None
    )


def test_nothing_is_asked_for_a_rally(x: FakeX, tmp_path: Path) -> None:
    rally = EVENTS.replace("debate-1,debate", "evening,rally")
    collected = collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED, events=rally)
    assert searches(x) == []
    assert collected.notes[-1] == "evening: no posts asked, X's terms forbid monitoring rallies"


def test_the_api_may_speak_the_new_dialect(x: FakeX, tmp_path: Path) -> None:
    x.fields_word = "post"
    collected = collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED)
    assert (len(rows(tmp_path, "posts")), collected.failed) == (40, {})
    assert sum("tweet.fields" in params for params in searches(x)) == 1


def test_an_api_that_knows_only_the_fields_of_its_description_is_asked_for_those(x: FakeX, tmp_path: Path) -> None:
    x.fields_word, x.has_only_listed_fields = "post", True
    collected = collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED)
    assert (len(rows(tmp_path, "posts")), collected.failed) == (40, {})
    assert searches(x)[-1]["post.fields"] == "created_at,note_post,public_metrics"


def test_our_ledger_says_what_the_server_charged(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, NOW + timedelta(hours=1), toml=OWN + "posts_per_event = 400\n")
    ledger = spent_by_month(open_state(tmp_path / "home", SCHEMA), "race")
    landed = sum(a["cost_usd"] for a in rows(tmp_path, "fetch_attempts"))
    assert ledger == {"2026-11": x.billed} == {"2026-11": landed}


def test_the_budget_is_never_passed_and_what_was_not_bought_is_said(x: FakeX, tmp_path: Path) -> None:
    collected = collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED.replace("5.0", "0.14"))
    assert x.billed <= Decimal("0.14")
    assert collected.failed == {}
    assert "budget exhausted" in collected.unbought["x-posts-ada"]
    assert "budget_exhausted" in {a["outcome"] for a in rows(tmp_path, "fetch_attempts")}


def test_own_posts_are_read_from_the_campaigns_start(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, toml=OWN)
    posts = rows(tmp_path, "posts")
    assert [(p["post_id"], p["account"], p["source_kind"]) for p in posts] == [
        ("20", "adaquill", "x_own"),
        ("19", "adaquill", "x_own"),
        ("18", "adaquill", "x_own"),
    ]


def test_own_posts_are_read_on_from_the_newest_known(x: FakeX, tmp_path: Path) -> None:
    collect(x, tmp_path, toml=OWN)
    collect(x, tmp_path, NOW + timedelta(days=2), toml=OWN)
    assert timelines(x)[1]["since_id"] == "20"
    assert "start_time" not in timelines(x)[1]
    assert [p["post_id"] for p in rows(tmp_path, "posts")] == ["20", "19", "18", "22", "21"]


def test_a_walk_that_was_cut_goes_on_at_its_page_and_loses_nothing(x: FakeX, tmp_path: Path) -> None:
    x.posts = [post(100 + n, "My day", DEBATE + timedelta(minutes=n), author_id="77") for n in range(120)]
    x.interrupted = lambda asked: Answer({}, 404) if "pagination_token" in asked.params else None
    collect(x, tmp_path, toml=OWN)
    x.interrupted = None
    x.posts.append(post(500, "Later", NOW + timedelta(hours=1), author_id="77"))
    collect(x, tmp_path, NOW + timedelta(days=1), toml=OWN)
    collect(x, tmp_path, NOW + timedelta(days=2), toml=OWN)
    assert {int(p["post_id"]) for p in rows(tmp_path, "posts")} == {*range(100, 220), 500}


def test_a_page_that_x_does_not_know_any_more_keeps_nothing_away(x: FakeX, tmp_path: Path) -> None:
    toml = OWN + "posts_per_event = 12000\n"
    x.posts = [post(100 + n, "My day", DEBATE + timedelta(seconds=n), author_id="77") for n in range(120)]
    x.posts += [post(1000 + n, "Quill", DEBATE + timedelta(seconds=n)) for n in range(120)]
    x.interrupted = lambda asked: next(
        (invalid(name, asked.params[name], "is unknown") for name in TOKENS if name in asked.params),
        None,
    )
    refused = collect(x, tmp_path, NOW + timedelta(hours=1), toml=toml).failed
    assert sorted(refused) == ["x-own-ada", "x-posts-ada"]
    collect(x, tmp_path, NOW + timedelta(hours=2), toml=toml, force=True)
    x.interrupted = None
    assert collect(x, tmp_path, NOW + timedelta(hours=3), toml=toml, force=True).failed == {}
    # The sample's bound of 150 counts what was bought twice: its oldest 20 are not reached.
    assert {int(p["post_id"]) for p in rows(tmp_path, "posts")} == {*range(100, 220), *range(1020, 1120)}


def test_an_account_x_does_not_know_is_named(x: FakeX, tmp_path: Path) -> None:
    x.users = {}
    assert "none of the accounts of ada is known" in collect(x, tmp_path, toml=OWN).failed["x-own-ada"]


def test_an_edited_post_is_a_version_of_the_first(x: FakeX, tmp_path: Path) -> None:
    x.posts = [post(21, "Better", DEBATE, author_id="77", edit_history_tweet_ids=["20", "21"])]
    collect(x, tmp_path, toml=OWN)
    assert [(p["post_id"], p["edit_of"]) for p in rows(tmp_path, "posts")] == [("21", "20")]


def test_a_refused_search_leaves_the_counts_alone(x: FakeX, tmp_path: Path) -> None:
    x.interrupted = lambda asked: problem(403, "client-forbidden", "no") if "/search/" in asked.path else None
    collected = collect(x, tmp_path, NOW + timedelta(hours=1), toml=OWN + "posts_per_event = 400\n")
    assert sorted(collected.failed) == ["x-posts-ada", "x-posts-bob"]
    assert len(searches(x)) == 1
    assert {a["source_key"] for a in rows(tmp_path, "fetch_attempts") if a["outcome"] == "ok"} == {
        "race/x-counts-ada",
        "race/x-counts-bob",
        "race/x-own-ada",
    }


def test_an_answer_in_latin_1_keeps_its_names(x: FakeX, tmp_path: Path) -> None:
    page = {"data": [post(21, "Chuy Garc\u00eda", DEBATE), post(22, "lost \x9d", DEBATE)], "meta": {"result_count": 2}}
    body = json.dumps(page, ensure_ascii=False).encode("latin-1")
    x.interrupted = lambda asked: Answer(body) if "/search/" in asked.path else None
    collected = collect(x, tmp_path, NOW + timedelta(hours=1), toml=SAMPLED)
    assert {p["text"] for p in rows(tmp_path, "posts")} == {"Chuy Garc\u00eda", "lost \x9d"}
    assert collected.garbled["x-posts-ada"] > 0
