"""Our ledger beside X's own count of the posts that were read: the larger one counts against the budget."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from connectors.errors import SourceError
from connectors.fence import fenced
from connectors.x.prices import shipped_prices
from connectors.x.usage import posts_used
from flows.x.run import XRun

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


def reconcile_usage(run: XRun) -> None:
    """Ask X what it counted this month, keep it, and take what it counted beyond our ledger off what is left.

    Others may use the same project, and we cannot tell their posts from ours: so what we cannot account for is taken
    as spent by the campaign that asks. Where X does not say, nothing changes and nothing fails.
    """
    if run.stop is not None or not run.is_patient or not run.client.session.requests_sent:
        return
    try:
        with fenced("X's own count", run.tell):
            used = posts_used(run.client, run.now.astimezone(UTC).day)
    except SourceError as error:
        run.tell(f"X's own count of what was read was not had: {error}")
        return
    month = f"{run.now.astimezone(UTC):%Y-%m}"
    days = [posts for day, posts in used.items() if f"{day:%Y-%m}" == month]
    if not days:
        return
    theirs, ours = sum(days), int(run.purse.spent_on_posts_usd() / run.prices.post_read)
    run.purse.count_unaccounted(max(0, theirs - ours) * run.prices.post_read)
    run.state.execute("INSERT OR REPLACE INTO x_usage VALUES (?, ?, ?, ?)", (month, run.now.isoformat(), theirs, ours))


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
