"""Our ledger beside X's own count of the posts that were read: the larger one counts against the budget."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from connectors.x.prices import shipped_prices

SCHEMA = """
CREATE TABLE IF NOT EXISTS x_usage (
    month TEXT PRIMARY KEY,          -- in UTC
    asked_at TEXT NOT NULL,
    told_posts INTEGER NOT NULL,     -- of all apps of the project on X
    our_posts INTEGER NOT NULL       -- of all campaigns of this home, at that time
);
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """What X said of a month, and what our ledger said when it did."""

    month: str
    asked_at: datetime
    told_posts: int
    our_posts: int


def known_usage(state: sqlite3.Connection) -> Iterator[Usage]:
    """What X said of each month, where it ever did."""
    for month, asked_at, theirs, ours in state.execute("SELECT * FROM x_usage ORDER BY month"):
        yield Usage(month, datetime.fromisoformat(asked_at), theirs, ours)


def tell_usage(usage: Usage, post_read: Decimal | None = None) -> str:
    """The comparison in words; a post costs `post_read`, else what the shipped list says."""
    more = usage.told_posts - usage.our_posts
    verdict = (
        f"{more} more, counted against the budget as {more * (post_read or shipped_prices().post_read):.2f} USD"
        if more > 0
        else "no more, and the ledger stands"
    )
    return (
        f"X counted {usage.told_posts} posts read in {usage.month} ({usage.asked_at:%Y-%m-%d %H:%M} UTC), "
        f"our ledger {usage.our_posts}: {verdict}"
    )
