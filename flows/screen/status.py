"""`afterdebate status`: each source's health, the last build and what waits.

Reads the collectors' state and the published file, never the writer's: it answers also while a build runs.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from connectors.records import FeedState
from flows.faults import UsageFault
from flows.feeds.hosts import etiquette_of_hosts
from flows.feeds.state import known_feeds
from flows.inputs import settings_for
from flows.screen.console import console
from flows.screen.tables import Row, rows_of
from flows.screen.x_money import post_price, x_money_lines
from flows.state import read_state, set_aside_unreadable
from flows.troubles import troubles_known
from flows.x.purse import spent_by_month
from flows.x.usage import Usage, tell_usage, usage_told
from warehouse.landing.files import landed_files
from warehouse.publish.publishing import published_file
from warehouse.publish.reading import (
    BadQuery,
    NothingPublished,
    PublishedUnreadable,
    query_published,
    query_report,
)

# By what the file says of itself, not by the latest time: a clock may have been set back.
_LAST_BUILD = "SELECT r.* FROM metrics.runs AS r INNER JOIN facts.publication USING (run_id)"
_GOOD = ("ok", "not_modified", "empty", None)


def show_status(home: Path) -> None:
    """Print each source's health, the last build and what waits for the next.

    Raises:
        UsageFault: there is no such home.
    """
    if not home.is_dir():
        raise UsageFault(f"{home}: no such home. Mend: `afterdebate run CAMPAIGN` first, or name another with --home")
    set_aside_unreadable(home)
    feeds = feeds_remembered(home)
    unbuilt = ""
    try:
        published = rows_of(query_report(home, "source_status"))
        [build] = rows_of(query_published(home, _LAST_BUILD))
    except (NothingPublished, BadQuery) as nothing:  # or published by another version, until the next build
        published, build, unbuilt = [], None, "No build yet"
        if isinstance(nothing, BadQuery):
            unbuilt = "Published by another version. Mend: `afterdebate build` makes the tables of this one"
        elif isinstance(nothing, PublishedUnreadable):
            typer.echo(str(nothing))
    console(is_wide=True).print(status_table(published, feeds))
    for row in published:
        if row["set_aside_mostly"]:
            typer.echo(f"{row['source_id']}: {row['set_aside']} set aside, most of them so: {row['set_aside_mostly']}")
    for campaign_id, month, spent in spent_on_x(home):
        typer.echo(f"Spent on X for {campaign_id} in {month}: {spent:.2f} USD")
    settings = settings_for(home)
    for usage in usage_on_x(home):
        typer.echo(tell_usage(usage, post_price(settings)))
    for line in x_money_lines(settings):
        typer.echo(line)
    typer.echo(f"Last build: {build['built_at']:%Y-%m-%d %H:%M} UTC, {build['run_id']}" if build else unbuilt)
    for trouble in troubles_known(home):
        typer.echo(f"{trouble.subject}, since {trouble.since:%Y-%m-%d %H:%M} UTC: {trouble.reason}")
    for index in sorted((home / "reports").glob("*/index.html")):
        typer.echo(f"Pages: {index}")
    waiting = files_waiting(home)
    typer.echo(f"Waiting for the next build: {waiting} landed files" if waiting else "Nothing waits for a build")


def show_etiquette(home: Path) -> None:
    """Print how each host was asked; two of the columns must be 0 for every host."""
    table = Table(title="How hosts were asked", title_justify="left", show_edge=False)
    table.add_column("host", no_wrap=True)
    for name in ("requests", "no validator", "validator not sent", "304 share", "least gap s", "Retry-After ignored"):
        table.add_column(name, justify="right")
    for row in etiquette_of_hosts(home):
        share = "" if row.not_modified_share is None else f"{row.not_modified_share:.2f}"
        gap = "" if row.least_gap_s is None else f"{row.least_gap_s:.2f}"
        counts = (row.requests, row.unconditional, row.unconditional_known)
        table.add_row(row.host, *map(str, counts), share, gap, str(row.retry_after_ignored))
    console().print(table)


def spent_on_x(home: Path) -> Iterator[tuple[str, str, Decimal]]:
    """What was spent on X by campaign and month of UTC; nothing where X was never asked."""
    with read_state(home, "x_spend") as state:
        if state is None:
            return
        for (campaign_id,) in state.execute("SELECT DISTINCT campaign_id FROM x_spend ORDER BY 1").fetchall():
            for month, spent in spent_by_month(state, campaign_id).items():
                yield campaign_id, month, spent


def usage_on_x(home: Path) -> list[Usage]:
    """What X itself counted in each month; nothing where it never said."""
    with read_state(home, "x_usage") as state:
        return list(usage_told(state)) if state else []


def status_table(published: list[Row], feeds: dict[str, FeedState]) -> Table:
    """One line for each source: the collector's own memory where it is fresher than what is published."""
    table = Table(title="Sources", title_justify="left", show_edge=False)
    table.add_column("source", overflow="fold")
    for name in ("last asked", "next due"):
        table.add_column(name, no_wrap=True)
    table.add_column("h unseen\n/unknown", justify="right")
    table.add_column("set aside", justify="right")
    table.add_column("trouble", overflow="fold")
    for campaign_id, rows in groupby(published, key=itemgetter("campaign_id")):
        table.add_section()
        table.add_row(Text(f"campaign {campaign_id}", style="bold"))
        for row in rows:
            table.add_row(*_line(row, feeds.get(row["source_key"])))
    for url in sorted(feeds.keys() - {row["source_key"] for row in published}):
        feed = feeds[url]
        table.add_row(
            f"{url} (not in the last build)",
            _told(feed.polled_at),
            _told(feed.next_poll_at),
            "",
            "",
            _feed_trouble(feed),
        )
    return table


def feeds_remembered(home: Path) -> dict[str, FeedState]:
    """What the feed collector remembers, by URL; nothing where it never ran."""
    with read_state(home, "polled_feeds") as state:
        return {feed.feed_url: feed for feed in known_feeds(state)} if state else {}


def files_waiting(home: Path) -> int:
    """How many landed files are younger than the publication."""
    published = published_file(home)
    built_s = published.stat().st_mtime if published.is_file() else 0.0
    return sum(path.stat().st_mtime > built_s for path in landed_files(home))


def _line(row: Row, feed: FeedState | None) -> tuple[str, ...]:
    asked_at = max(filter(None, (row["last_attempt_at"], feed.polled_at if feed else None)), default=None)
    is_marked = row["is_synthetic"] and "synthetic" not in row["source_id"]
    return (
        f"{row['source_id']} (synthetic)" if is_marked else row["source_id"],
        _told(asked_at),
        _told(feed.next_poll_at if feed else None),
        f"{row['hours_unseen']} / {row['hours_unknown']}",
        str(row["set_aside"]),
        _feed_trouble(feed) if feed else _trouble(row),
    )


def _trouble(row: Row) -> str:
    if row["last_outcome"] in _GOOD:
        return ""
    last_seen = _told(row["last_seen_at"]) or "never"
    return f"{row['last_outcome']} x {row['failures_in_a_row']}, last well {last_seen}: {row['last_reason'] or '?'}"


def _feed_trouble(feed: FeedState) -> str:
    if feed.is_retired:
        return "retired: gone (410)"
    if feed.outcome in _GOOD:
        return feed.reason or ""  # silent, a gap, a feed without entries
    return f"{feed.outcome} x {feed.failures}: {feed.reason or '?'}"


def _told(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
