"""`afterdebate status`: each source's health, the last build, what waits, and whether all of it is well.

Reads the collectors' state and the published file, never the writer's: it answers also while a build runs.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from statistics import median

import typer
from rich.table import Table
from rich.text import Text

from flows.builds_noted import Lag
from flows.faults import UsageFault
from flows.feeds.hosts import etiquette_of_hosts
from flows.health.as_json import as_json
from flows.health.judge import OF_ANOTHER_VERSION, Level, level_of, reasons
from flows.health.read import GOOD, Health, SourceNow, read_health
from flows.inputs import settings_for
from flows.screen.console import console
from flows.screen.x_money import post_price, x_money_lines
from flows.settings import Settings
from flows.state import set_aside_unreadable
from flows.x.usage import tell_usage

_HOURS_FROM_S, _MINUTES_FROM_S = 7200, 120
_CLEAR = "\x1b[2J\x1b[H"


def health_of(home: Path, now: datetime) -> Health:
    """How the home is doing.

    Raises:
        UsageFault: there is no such home.
    """
    if not home.is_dir():
        raise UsageFault(f"{home}: no such home. Mend: `afterdebate run CAMPAIGN` first, or name another with --home")
    set_aside_unreadable(home)
    return read_health(home, now)


def show_status(home: Path, *, is_json: bool = False) -> Level:
    """Print how the home is doing, and return how bad that is.

    Raises:
        UsageFault: there is no such home.
    """
    health = health_of(home, datetime.now(UTC))
    if is_json:
        typer.echo(json.dumps(as_json(health)))
    else:
        _print(health, settings_for(home))
    return level_of(reasons(health))


def watch_status(home: Path, *, is_json: bool, pause: Callable[[], None], is_terminal: bool) -> None:
    """Print it again and again, until `pause` is interrupted by Ctrl-C.

    Raises:
        UsageFault: there is no such home.
    """
    try:
        while True:
            if is_terminal and not is_json:
                typer.echo(_CLEAR, nl=False)
            show_status(home, is_json=is_json)
            pause()
    except KeyboardInterrupt:
        return


def _print(health: Health, settings: Settings) -> None:
    if health.unreadable:
        typer.echo(health.unreadable)
    console(is_wide=True).print(status_table(health.sources))
    for source in health.sources:
        if source.set_aside_mostly:
            typer.echo(f"{source.source_id}: {source.set_aside} set aside, most of them so: {source.set_aside_mostly}")
    for spent in health.spent:
        budget = "" if spent.budget_usd is None else f" of {spent.budget_usd:.2f}"
        typer.echo(f"Spent on X for {spent.campaign_id} in {spent.month}: {spent.spent_usd:.2f}{budget} USD")
    for usage in health.usage:
        typer.echo(tell_usage(usage, post_price(settings)))
    for line in x_money_lines(settings):
        typer.echo(line)
    run = health.run
    unbuilt = OF_ANOTHER_VERSION if health.is_of_another_version else "No build yet"
    typer.echo(f"Last build: {run.built_at:%Y-%m-%d %H:%M} UTC, {run.run_id}" if run else unbuilt)
    if health.build and health.build.is_running:
        typer.echo(f"A build runs since {health.build.began_at:%H:%M:%S} UTC")
    for line in told_of_lag(health.lags):
        typer.echo(line)
    for trouble in health.troubles:
        typer.echo(f"{trouble.subject}, since {trouble.since:%Y-%m-%d %H:%M} UTC: {trouble.reason}")
    for index in health.pages:
        typer.echo(f"Pages: {index}")
    waiting = f"Waiting for the next build: {health.waiting} landed files, the oldest for {_lasted(health.lag_s)}"
    typer.echo(waiting if health.waiting else "Nothing waits for a build")
    typer.echo(_next_told(health))
    typer.echo(_up_told(health))
    found = reasons(health)
    so_far = ", as far as the last build tells" if health.run and health.waiting else ""
    typer.echo(f"All in all: {level_of(found).name.lower()}{so_far}")
    for reason in found:
        typer.echo(f"  {reason.level.name.lower()}: {reason.what}")


def _lasted(seconds: float) -> str:
    units = ((_HOURS_FROM_S, 3600, "h"), (_MINUTES_FROM_S, 60, "min"), (0, 1, "s"))
    return next(f"{seconds / size:.0f} {unit}" for least, size, unit in units if seconds >= least)


def _next_told(health: Health) -> str:
    if health.next_due_at is None:
        return "No feed is due"
    late_s = (health.now - health.next_due_at).total_seconds()
    return f"Next feed due: {health.next_due_at:%Y-%m-%d %H:%M} UTC" + (
        f", {_lasted(late_s)} ago" if late_s > 0 else ""
    )


def _up_told(health: Health) -> str:
    if health.up is None:
        return "`afterdebate up` does not serve this home now"
    up = health.up
    return f"`afterdebate up` serves this home since {up.since:%Y-%m-%d %H:%M} UTC, process {up.pid}, port {up.port}"


def told_of_lag(lags: list[Lag]) -> Iterator[str]:
    """How long what landed in the last day took until it was published, and where the time went."""
    if not lags:
        return
    landed = sorted(lag.landed_s for lag in lags)
    yield (
        f"From landed to published: {median(landed):.1f} s at the median, {_p95(landed):.1f} s for 95 of 100 "
        f"({len(lags)} builds of the last 24 hours; of that the build {median(lag.build_s for lag in lags):.1f} s)"
    )
    phases = sorted({phase for lag in lags for phase in lag.seconds})
    longest = sorted(((median(lag.seconds.get(phase, 0.0) for lag in lags), phase) for phase in phases), reverse=True)
    yield "Where a build takes longest: " + ", ".join(f"{phase} {seconds:.1f} s" for seconds, phase in longest[:3])


def _p95(ordered: list[float]) -> float:
    return ordered[-(-95 * len(ordered) // 100) - 1]


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


def status_table(sources: list[SourceNow]) -> Table:
    """One line for each source."""
    table = Table(title="Sources", title_justify="left", show_edge=False)
    table.add_column("source", overflow="fold")
    for name in ("last asked", "next due"):
        table.add_column(name, no_wrap=True)
    table.add_column("h unseen\n/unknown", justify="right")
    table.add_column("set aside", justify="right")
    table.add_column("trouble", overflow="fold")
    for campaign_id, rows in groupby(sources, key=lambda source: source.campaign_id):
        if campaign_id is not None:
            table.add_section()
            table.add_row(Text(f"campaign {campaign_id}", style="bold"))
        for source in rows:
            table.add_row(*_line(source))
    return table


def _line(source: SourceNow) -> tuple[str, ...]:
    is_marked = source.is_synthetic and "synthetic" not in source.source_id
    is_built = source.campaign_id is not None
    mark = " (synthetic)" if is_marked else "" if is_built else " (not in the last build)"
    return (
        f"{source.source_id}{mark}",
        _told(source.last_asked_at),
        _told(source.next_due_at),
        f"{source.hours_unseen} / {source.hours_unknown}" if is_built else "",
        str(source.set_aside) if is_built else "",
        _trouble(source),
    )


def _trouble(source: SourceNow) -> str:
    if source.is_retired:
        return "retired: gone (410)"
    if source.outcome in GOOD:
        # Of feeds: silent, a gap, a feed without entries.
        return (source.reason or "") if source.next_due_at else ""
    last_well = f", last well {_told(source.last_well_at) or 'never'}" if source.campaign_id else ""
    return f"{source.outcome} x {source.failures}{last_well}: {source.reason or '?'}"


def _told(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
