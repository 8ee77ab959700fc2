"""X through tweepy: what it counts and what it finds, one page at a time. tweepy stops at this door."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import tweepy

from connectors.errors import SourceUnreadable

Granularity = Literal["minute", "hour", "day"]
MINUTES: Mapping[Granularity, int] = {"minute": 1, "hour": 60, "day": 1440}
_PERSONAL = re.compile(r"\[[^\]]*\]|@\w+|\d{5,}")  # X quotes values in brackets; ids and handles stand elsewhere too
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How many posts X counted from `start_at` up to, not including, `end_at`."""

    start_at: datetime
    end_at: datetime
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPage:
    """One page of counts: what could be read, and what was set aside with the reason."""

    buckets: list[Bucket]
    set_aside: list[str]
    next_token: str | None
    is_answer: bool = True  # False: X sent errors only, which prove nothing


def count_page(
    client: tweepy.Client,
    query: str,
    *,
    start_at: datetime,
    end_at: datetime,
    granularity: Granularity,
    is_full_archive: bool,
    next_token: str | None,
) -> CountPage:
    """One page of counts of the posts that match `query`, in X's order; the first where `next_token` is None.

    Raises:
        SourceUnavailable: rate limit, no answer, or X answers 5xx.
        SourceRefused: the token may not count, or the question is refused.
        SourceUnreadable: the answer holds neither counts nor a reason.
        BudgetExhausted: the budget does not cover the request, or X says that credits are used up.
    """
    endpoint = "/2/tweets/counts/all" if is_full_archive else "/2/tweets/counts/recent"
    if next_token is None or is_full_archive:
        count = client.get_all_tweets_count if is_full_archive else client.get_recent_tweets_count
        further = {"next_token": next_token} if next_token else {}
        return parse_counts(
            count(query, start_time=start_at, end_time=end_at, granularity=granularity, **further), endpoint
        )
    # tweepy's method for recent counts warns of a next_token, which the API's own description lists.
    times = {"start_time": start_at.strftime(_TIME), "end_time": end_at.strftime(_TIME)}
    params = {**times, "query": query, "granularity": granularity, "next_token": next_token}
    return parse_counts(client.request("GET", endpoint, params=params).json(), endpoint)


def parse_counts(answer: Mapping[str, Any], endpoint: str) -> CountPage:
    """Read one answer, in either spelling (`tweet_count`, `post_count`); touches neither network nor clock.

    Raises:
        SourceUnreadable: there is neither data nor an error that says why.
    """
    data, meta = answer.get("data"), read_meta(answer)
    set_aside = [words_of_error(error) for error in as_list(answer.get("errors"))]
    if data is None and not set_aside and "meta" not in answer:
        raise SourceUnreadable(f"X {endpoint}: an answer without data, meta or errors")
    buckets = []
    for row in as_list(data):
        try:
            buckets.append(_read_bucket(row))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            set_aside.append(f"bucket not understood ({error!r}): {str(row)[:200]}")
    token = meta.get("next_token")
    return CountPage(
        buckets=buckets,
        set_aside=set_aside,
        next_token=token if isinstance(token, str) and token else None,
        is_answer=data is not None or "meta" in answer,
    )


def sum_buckets(parts: Sequence[tuple[int, Iterable[Bucket]]]) -> list[Bucket]:
    """The signed sum of several queries' counts, bucket by bucket; a bucket that one of them lacks is not there."""
    counted = [
        (sign, {(bucket.start_at, bucket.end_at): bucket.posts for bucket in buckets}) for sign, buckets in parts
    ]
    shared = set.intersection(*(set(posts) for _, posts in counted))
    return [
        Bucket(start_at=at[0], end_at=at[1], posts=max(0, sum(sign * posts[at] for sign, posts in counted)))
        for at in sorted(shared)
    ]


def whole_buckets(buckets: Iterable[Bucket], minutes: int, now: datetime) -> tuple[list[Bucket], int]:
    """The buckets of full length that have ended, and how many others there were."""
    buckets = list(buckets)
    length = timedelta(minutes=minutes)
    whole = [bucket for bucket in buckets if bucket.end_at <= now and bucket.end_at - bucket.start_at == length]
    return whole, len(buckets) - len(whole)


def _read_bucket(row: Mapping[str, Any]) -> Bucket:
    posts = row["post_count"] if "post_count" in row else row["tweet_count"]
    start_at, end_at = read_instant(row["start"]), read_instant(row["end"])
    if isinstance(posts, bool) or int(posts) != float(posts) or int(posts) < 0:
        raise ValueError(f"count {posts!r}")
    if end_at <= start_at:
        raise ValueError("ends before it starts")
    return Bucket(start_at=start_at, end_at=end_at, posts=int(posts))


def read_instant(text: str) -> datetime:
    """The UTC instant of an ISO 8601 time; without an offset it is UTC, as the API promises."""
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def as_list(value: object) -> list[Any]:
    """The value where it is a list, else the value as the only item; nothing for None."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def read_meta(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer's meta object; empty where there is none."""
    meta = answer.get("meta")
    return meta if isinstance(meta, dict) else {}


def words_of_error(error: object) -> str:
    """An item of `errors` beside the data, in words, without whom or which post it is about: nobody erases errors."""
    told = error.get("detail") or error.get("message") or error.get("title") if isinstance(error, dict) else None
    return f"partial error: {_PERSONAL.sub('[...]', str(told or error))[:300]}"
