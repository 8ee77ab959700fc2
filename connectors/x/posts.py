"""Posts of X, one page at a time: search and timelines, in the API's old and new spelling."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import tweepy

from connectors.errors import SourceUnreadable
from connectors.records import Post, PostType, SourceKind
from connectors.x.counts import as_list, read_instant, read_meta, words_of_error
from connectors.x.dialect import Dialect
from connectors.x.errors import ParameterRefused
from connectors.x.values import instant_of_id, read_id, read_text

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_TYPES: tuple[tuple[str, PostType], ...] = (
    ("retweeted", "repost"),
    ("reposted", "repost"),
    ("replied_to", "reply"),
    ("quoted", "quote"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Whose posts these are to us: what a parsed post carries beyond its own fields."""

    source_key: str
    source_kind: SourceKind
    observed_at: datetime
    hash_author: Callable[[str], str]
    accounts: Mapping[str, str] = field(default_factory=dict)  # author_id -> handle of a declared public figure
    network: str | None = None  # of an archive of another network than X


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPage:
    """One page of posts, newest first: what could be read, and what was set aside with the reason."""

    posts: list[Post]
    set_aside: list[str]
    newest_id: str | None
    next_token: str | None
    is_answer: bool = True  # False: X sent errors only, which prove nothing
    is_read: bool = True  # False: a post in it was not understood, so that the page proves nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class PostQuestion:
    """One page to ask for."""

    endpoint: str
    max_results: int
    query: str | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    since_id: str | None = None
    next_token: str | None = None

    def params(self) -> dict[str, Any]:
        """The question as the API's parameters, without the fields."""
        is_search = self.query is not None
        found: dict[str, Any] = {
            "query": self.query,
            "start_time": self.start_at and self.start_at.astimezone(UTC).strftime(_TIME),
            "end_time": self.end_at and self.end_at.astimezone(UTC).strftime(_TIME),
            "since_id": self.since_id,
            "max_results": self.max_results,
            "next_token" if is_search else "pagination_token": self.next_token,
        }
        return {name: value for name, value in found.items() if value is not None}


def ask_for_posts(client: tweepy.Client, question: PostQuestion, dialect: Dialect, reading: Reading) -> PostPage:
    """The page that `question` asks for.

    Raises:
        SourceUnavailable: rate limit, no answer, or X answers 5xx.
        SourceRefused: the token may not read, or the question is refused.
        SourceUnreadable: the answer holds neither posts nor a reason.
        BudgetExhausted: the budget does not cover the page, or X says that credits are used up.
    """
    while True:
        try:
            return parse_posts(_send(client, question, dialect), question.endpoint, reading)
        except ParameterRefused as refused:
            if not refused.names(dialect.parameter) or not dialect.turn_to_next():
                raise


def _send(client: tweepy.Client, question: PostQuestion, dialect: Dialect) -> Mapping[str, Any]:
    params, fields = question.params(), dialect.fields
    if dialect.parameter != "tweet.fields":  # the only one that tweepy knows
        answer = client.request("GET", question.endpoint, params=params | {dialect.parameter: ",".join(fields)})
        return dict(answer.json())
    if question.endpoint.startswith("/2/users/"):
        user_id = question.endpoint.split("/")[3]
        return dict(client.get_users_tweets(user_id, tweet_fields=fields, **params))
    search = client.search_all_tweets if question.endpoint.endswith("/all") else client.search_recent_tweets
    return dict(search(tweet_fields=fields, **params))


def parse_posts(answer: Mapping[str, Any], endpoint: str, reading: Reading) -> PostPage:
    """Read one answer; touches neither network nor clock.

    Raises:
        SourceUnreadable: there is neither data, nor meta, nor an error that says why.
    """
    data, meta = answer.get("data"), read_meta(answer)
    set_aside = [words_of_error(error) for error in as_list(answer.get("errors"))]
    if data is None and not set_aside and "meta" not in answer:
        raise SourceUnreadable(f"X {endpoint}: an answer without data, meta or errors")
    posts, rows = [], as_list(data)
    for row in rows:
        try:
            posts.append(read_post(row, reading))
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
            # Neither the row nor the error's own words, which quote it: rejects are not erased with the post.
            has = ", ".join(sorted(row)) if isinstance(row, dict) else "no fields"
            set_aside.append(f"post not understood: {type(error).__name__}; it has {has:.120}")
    newest, token = meta.get("newest_id"), meta.get("next_token")
    return PostPage(
        posts=posts,
        set_aside=set_aside,
        newest_id=str(newest) if newest else None,
        next_token=token if isinstance(token, str) and token else None,
        is_answer=data is not None or "meta" in answer,
        is_read=len(posts) == len(rows),
    )


def read_post(row: Mapping[str, Any], reading: Reading) -> Post:
    """One v2 post, in either spelling.

    Raises:
        KeyError, TypeError, ValueError: it has no id, or a field of another shape.
    """
    post_id = read_id(row["id"])
    author_id = str(row.get("author_id") or "")
    metrics = row.get("public_metrics") or {}
    edits = [str(edit) for edit in row.get("edit_history_post_ids") or row.get("edit_history_tweet_ids") or ()]
    return Post(
        post_id=post_id,
        source_key=reading.source_key,
        source_kind=reading.source_kind,
        author_key=reading.hash_author(author_id) if author_id else "",
        account=reading.accounts.get(author_id),
        posted_at=_posted_at(row.get("created_at"), post_id),
        post_type=_type_of({str(reference["type"]) for reference in references_of(row)}),
        text=read_text(text_of(row)),
        edit_of=edits[0] if edits and edits[0] != post_id else None,
        like_count=_count(metrics.get("like_count")),
        repost_count=_count(metrics.get("repost_count", metrics.get("retweet_count"))),
        reply_count=_count(metrics.get("reply_count")),
        quote_count=_count(metrics.get("quote_count")),
        observed_at=reading.observed_at,
    )


def references_of(row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The posts that one reposts, answers or quotes, as it names them."""
    return row.get("referenced_posts") or row.get("referenced_tweets") or ()


def text_of(row: Mapping[str, Any]) -> object:
    """The whole text; None where there is none."""
    note = row.get("note_post") or row.get("note_tweet") or {}
    return note.get("text") or row.get("text")


def _posted_at(created_at: object, post_id: str) -> datetime:
    try:
        return read_instant(str(created_at))
    except ValueError:
        return instant_of_id(post_id)


def _type_of(references: set[str]) -> PostType:
    return next((post_type for reference, post_type in _TYPES if reference in references), "original")


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None
