"""Posts: what one v2 post becomes, in either spelling."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceUnreadable
from connectors.records import Post
from connectors.x.posts import Reading, parse_posts, read_post

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
READING = Reading(
    source_key="race/x-posts-ada",
    source_kind="x_posts",
    observed_at=NOON,
    hash_author=lambda author_id: f"hash of {author_id}",
    accounts={"77": "adaquill"},
)
OLD: dict[str, Any] = {
    "id": "1990000000000000001",
    "text": "Quill was right…",
    "author_id": "5",
    "created_at": "2026-11-20T01:00:30.000Z",
    "edit_history_tweet_ids": ["1990000000000000000", "1990000000000000001"],
    "note_tweet": {"text": "Quill was right about everything, at length"},
    "public_metrics": {"retweet_count": 1, "reply_count": 2, "like_count": 3, "quote_count": 4, "impression_count": 5},
    "referenced_tweets": [{"type": "quoted", "id": "1"}],
}
NEW: dict[str, Any] = {
    "id": "1990000000000000001",
    "text": "Quill was right…",
    "author_id": "5",
    "created_at": "2026-11-20T01:00:30.000Z",
    "edit_history_post_ids": ["1990000000000000000", "1990000000000000001"],
    "note_post": {"text": "Quill was right about everything, at length"},
    "public_metrics": {"repost_count": 1, "reply_count": 2, "like_count": 3, "quote_count": 4, "impression_count": 5},
    "referenced_posts": [{"type": "quoted", "id": "1"}],
    "a_field_of_next_year": {"x": [1]},
}


@pytest.mark.parametrize("row", [OLD, NEW])
def test_a_post_reads_the_same_in_either_spelling(row: dict[str, Any]) -> None:
    assert read_post(row, READING) == Post(
        post_id="1990000000000000001",
        source_key="race/x-posts-ada",
        source_kind="x_posts",
        author_key="hash of 5",
        account=None,
        posted_at=datetime(2026, 11, 20, 1, 0, 30, tzinfo=UTC),
        post_type="quote",
        text="Quill was right about everything, at length",
        edit_of="1990000000000000000",
        like_count=3,
        repost_count=1,
        reply_count=2,
        quote_count=4,
        observed_at=NOON,
    )


@pytest.mark.parametrize(
    ("references", "post_type"),
    [
        ([], "original"),
        ([{"type": "retweeted", "id": "1"}], "repost"),
        ([{"type": "replied_to", "id": "1"}], "reply"),
        ([{"type": "quoted", "id": "1"}, {"type": "replied_to", "id": "2"}], "reply"),
        ([{"type": "pinned", "id": "1"}], "original"),
    ],
)
def test_reposts_replies_and_quotes_are_told_apart(references: list[dict[str, str]], post_type: str) -> None:
    assert read_post(OLD | {"referenced_tweets": references}, READING).post_type == post_type


def test_a_declared_account_is_kept_by_name() -> None:
    assert read_post(OLD | {"author_id": "77"}, READING).account == "adaquill"


def test_an_id_tells_the_time_where_the_post_does_not() -> None:
    # The id of a post of which another collection says 2020-10-21 15:58:33.
    post = read_post({"id": "1318944772183281664", "text": "Biden"}, READING)
    assert post.posted_at.replace(microsecond=0) == datetime(2020, 10, 21, 15, 58, 33, tzinfo=UTC)


def test_what_is_no_post_is_set_aside_without_its_text() -> None:
    page = parse_posts({"data": [OLD, {"id": "x7", "text": "a private word"}, 5]}, "/2/tweets/search/recent", READING)
    assert len(page.posts) == 1
    assert page.set_aside == [
        "post not understood: NotAPost; it has id, text",
        "post not understood: TypeError; it has no fields",
    ]
    assert not page.is_read


def test_an_empty_answer_is_unreadable_and_an_empty_page_is_not() -> None:
    assert parse_posts({"meta": {"result_count": 0}}, "/2/tweets/search/recent", READING).posts == []
    with pytest.raises(SourceUnreadable):
        parse_posts({}, "/2/tweets/search/recent", READING)


VALUES: list[Any] = [None, True, -1, 0.5, "", "x", "9" * 40, [], [None], ["x"], [{}], {}, {"text": 5}, {"type": []}]
JUNK = st.sampled_from(VALUES)


@given(st.dictionaries(st.sampled_from(sorted({*OLD, *NEW})), JUNK))
def test_no_row_of_any_shape_stops_a_page(row: dict[str, Any]) -> None:
    page = parse_posts({"data": [row, OLD]}, "/2/tweets/search/recent", READING)
    assert len(page.posts) + len(page.set_aside) == 2


@pytest.mark.parametrize(
    "answer",
    [
        {"data": [{"id": "1990000000000000007", "text": None, "created_at": "a confession"}]},
        {"data": [], "errors": [{"detail": "Could not find user with usernames: [confession]."}]},
        {"data": [], "errors": [{"title": "Not Found", "detail": "No post 1990000000000000007 of @confession"}]},
        {"data": [], "errors": [{"resource_id": "1990000000000000007", "value": "1990000000000000007"}]},
    ],
)
def test_what_is_set_aside_names_nobody_and_quotes_nothing(answer: dict[str, Any]) -> None:
    [reason] = parse_posts(answer, "/2/tweets/search/recent", READING).set_aside
    assert "confession" not in reason
    assert "1990000000000000007" not in reason
