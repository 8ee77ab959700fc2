"""Everything that `status`, alerts and monitors know of a home at one moment, from its state and what is published.

The writer's file is never opened: the answer comes also while a build runs.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from connectors.campaign.facts import campaign_from_json
from connectors.campaign.models import Campaign
from connectors.records import FeedState
from flows.builds_noted import Lag, NotedBuild, lags_since, last_build_noted
from flows.only_one import holder_of, up_lock
from flows.state import read_state
from flows.troubles import Trouble, troubles_known
from flows.x.purse import month_of, spent_by_month
from flows.x.usage import Usage, known_usage
from warehouse.landing.files import landed_files, read_landed
from warehouse.landing.unreadable import LandedUnreadable
from warehouse.publish.publishing import published_file
from warehouse.publish.reading import (
    Answer,
    BadQuery,
    NothingPublished,
    PublishedUnreadable,
    query_published,
    query_report,
)

GOOD = ("ok", "not_modified", "empty", None)
# By what the file says of itself, not by the latest time: a clock may have been set back.
_LAST_RUN = "SELECT r.run_id, r.built_at FROM metrics.runs AS r INNER JOIN facts.publication USING (run_id)"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNow:
    """One source: what its collector remembers, where that is fresher than what is published."""

    campaign_id: str | None  # None: the collector knows it, the last build does not
    source_id: str
    is_synthetic: bool = False
    last_asked_at: datetime | None = None
    next_due_at: datetime | None = None  # of feeds only
    last_well_at: datetime | None = None
    outcome: str | None = None
    failures: int = 0  # in a row
    reason: str | None = None
    is_silent: bool = False  # it answers, and gives nothing, for far longer than its habit
    is_retired: bool = False
    hours_unseen: int = 0
    hours_unknown: int = 0
    set_aside: int = 0
    set_aside_mostly: str | None = None

    @property
    def is_set_aside_whole(self) -> bool:
        """Did its last file bring rows, and not one that could be read?"""
        return self.outcome == "empty" and self.set_aside > 0 and self.next_due_at is None

    @property
    def is_failing(self) -> bool:
        """Did its last attempt fail?"""
        return self.outcome not in GOOD and not self.is_retired


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one campaign spent on X in one month of UTC."""

    campaign_id: str
    month: str
    spent_usd: Decimal
    budget_usd: Decimal | None  # of this month; None of an earlier one, or where the campaign asks nothing of X now


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The build whose tables are published."""

    run_id: str
    built_at: datetime
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Up:
    """The `afterdebate up` that serves this home."""

    pid: int
    since: datetime
    port: int | None  # where the pages of Prefect are


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A home at one moment."""

    now: datetime
    sources: list[SourceNow] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    run: LastRun | None = None
    build: NotedBuild | None = None
    waiting: int = 0  # landed files that no build has published
    oldest_waiting_at: datetime | None = None
    unreadable: str | None = None  # why what is published cannot be read
    is_of_another_version: bool = False  # what is published has no such tables; the next build makes them
    troubles: list[Trouble] = field(default_factory=list)
    up: Up | None = None
    lags: list[Lag] = field(default_factory=list)  # of the builds of the last day
    campaigns: list[Campaign] = field(default_factory=list)  # each as it landed last
    pages: list[Path] = field(default_factory=list)

    @property
    def next_due_at(self) -> datetime | None:
        """When the next feed is due."""
        return min((s.next_due_at for s in self.sources if s.next_due_at and not s.is_retired), default=None)

    @property
    def lag_s(self) -> float:
        """Seconds that the oldest landed file has waited for a build; 0 where none waits."""
        return max(0.0, (self.now - self.oldest_waiting_at).total_seconds()) if self.oldest_waiting_at else 0.0


def read_health(home: Path, now: datetime) -> Health:
    """How the home is doing."""
    published = _published(home)
    campaigns = campaigns_landed(home)
    waiting = _waiting_since(home)
    return Health(
        now=now,
        sources=_sources(published.rows, feeds_remembered(home)),
        spent=_spent_on_x(home, campaigns, now),
        usage=_usage_on_x(home),
        run=published.run,
        build=last_build_noted(home),
        waiting=len(waiting),
        oldest_waiting_at=min(waiting, default=None),
        unreadable=published.unreadable,
        is_of_another_version=published.is_of_another_version,
        troubles=troubles_known(home),
        up=_up(home),
        lags=lags_since(home, now - timedelta(days=1)),
        campaigns=campaigns,
        pages=sorted((home / "reports").glob("*/index.html")),
    )


def feeds_remembered(home: Path) -> dict[str, FeedState]:
    """What the feed collector remembers, by URL; nothing where it never ran."""
    with read_state(home, "polled_feeds") as state:
        if state is None:
            return {}
        from flows.feeds.state import known_feeds  # noqa: PLC0415 — it loads the parser, and most look at no feed

        return {feed.feed_url: feed for feed in known_feeds(state)}


def campaigns_landed(home: Path) -> list[Campaign]:
    """Each campaign of the home as its folder landed last; none where that cannot be read, which `troubles` tell."""
    try:
        rows = sorted(read_landed(home, "campaigns"), key=lambda row: row["landed_at"])
    except LandedUnreadable:
        return []
    last = {row["campaign_id"]: row.get("settings") for row in rows}
    return [campaign_from_json(settings) for _, settings in sorted(last.items()) if settings]


class _Published(NamedTuple):
    rows: list[Row]
    run: LastRun | None = None
    unreadable: str | None = None
    is_of_another_version: bool = False


def _published(home: Path) -> _Published:
    try:
        rows = _rows(query_report(home, "source_status"))
        runs = _rows(query_published(home, _LAST_RUN))
    except PublishedUnreadable as fault:
        return _Published([], unreadable=str(fault))
    except NothingPublished:
        return _Published([])
    except BadQuery:
        return _Published([], is_of_another_version=True)
    at = datetime.fromtimestamp(published_file(home).stat().st_mtime, UTC)
    return _Published(rows, LastRun(**runs[0], published_at=at) if runs else None)


def _rows(answer: Answer) -> list[Row]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def _sources(published: list[Row], feeds: dict[str, FeedState]) -> list[SourceNow]:
    known = [_source(row, feeds.get(str(row["source_key"]))) for row in published]
    others = sorted(feeds.keys() - {row["source_key"] for row in published})
    return known + [SourceNow(campaign_id=None, source_id=url, **_of_feed(feeds[url])) for url in others]


def _source(row: Row, feed: FeedState | None) -> SourceNow:
    kept = (
        "campaign_id",
        "source_id",
        "is_synthetic",
        "hours_unseen",
        "hours_unknown",
        "set_aside",
        "set_aside_mostly",
    )
    fields: dict[str, Any] = {name: row[name] for name in kept}
    fields |= {"last_asked_at": row["last_attempt_at"], "last_well_at": row["last_seen_at"]}
    fields |= {"outcome": row["last_outcome"], "reason": row["last_reason"], "failures": row["failures_in_a_row"]}
    if feed:
        asked_at = max(filter(None, (row["last_attempt_at"], feed.polled_at)))
        fields |= _of_feed(feed) | {"last_asked_at": asked_at}
    return SourceNow(**fields)


def _of_feed(feed: FeedState) -> dict[str, Any]:
    return {
        "last_asked_at": feed.polled_at,
        "next_due_at": feed.next_poll_at,
        "outcome": feed.outcome,
        "failures": feed.failures,
        "reason": feed.reason,
        "is_silent": bool(feed.is_silent),
        "is_retired": feed.is_retired,
    }


def _spent_on_x(home: Path, campaigns: list[Campaign], now: datetime) -> list[Spent]:
    budgets = {campaign.id: campaign.x.budget_usd for campaign in campaigns if campaign.x}
    with read_state(home, "x_spend") as state:
        if state is None:
            return []
        ids = [name for (name,) in state.execute("SELECT DISTINCT campaign_id FROM x_spend ORDER BY 1").fetchall()]
        return [
            Spent(
                campaign_id=name,
                month=month,
                spent_usd=spent,
                budget_usd=budgets.get(name) if month == month_of(now) else None,
            )
            for name in ids
            for month, spent in spent_by_month(state, name).items()
        ]


def _usage_on_x(home: Path) -> list[Usage]:
    with read_state(home, "x_usage") as state:
        return list(known_usage(state)) if state else []


def _waiting_since(home: Path) -> list[datetime]:
    """When each landed file landed that is younger than the publication."""
    published = published_file(home)
    built_s = published.stat().st_mtime if published.is_file() else 0.0
    landed = (path.stat().st_mtime for path in landed_files(home))
    return [datetime.fromtimestamp(at, UTC) for at in landed if at > built_s]


def _up(home: Path) -> Up | None:
    holder = holder_of(up_lock(home))
    return holder and Up(pid=holder.pid, since=holder.since, port=holder.told.get("port"))
