"""How many posts X itself says were read: what our own ledger is compared with. It costs nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import tweepy

ENDPOINT = "/2/usage/tweets"
MOST_DAYS = 90


def posts_used(client: tweepy.Client, days: int) -> dict[date, int]:
    """Posts read by day of UTC, in the last so many days, by all apps of the project; empty where X does not say.

    Raises:
        SourceError: as every request to X may.
    """
    params = {"days": min(days, MOST_DAYS), "usage.fields": "daily_project_usage"}
    return read_usage(client.request("GET", ENDPOINT, params=params).json())


def read_usage(answer: dict[str, Any]) -> dict[date, int]:
    """Posts by day, however deep they lie: the prose nests them otherwise than the API's own description."""
    data = answer.get("data")
    used: Counter[date] = Counter()
    for row in _dated(data.get("daily_project_usage") if isinstance(data, dict) else None):
        try:
            used[date.fromisoformat(str(row["date"])[:10])] += int(row["usage"])
        except (TypeError, ValueError):
            continue  # a day that cannot be read is one that X does not say
    return dict(used)


def _dated(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and "date" in value and "usage" in value:
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _dated(part)
