"""`afterdebate plan`: what would be collected, when, at what price, and what could be seen in it, before any call."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.table import Table

from connectors.campaign.models import Campaign
from flows.collected import say_nothing
from flows.effects_csv.export import export_inputs
from flows.effects_csv.power import power, power_lines
from flows.faults import UsageFault
from flows.screen.console import console
from flows.screen.networks import network_answers
from flows.screen.x_money import say_cap, say_prices
from flows.settings import Settings
from flows.x.plan import PlanRow, most_usd, plan_x
from flows.x.price_list import prices_for
from warehouse.effects.estimate.power import least_ratio_at_best
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR, Spec, spec_with
from warehouse.series.inputs import read_inputs
from warehouse.store import StoreBusy

_COUNTS_A_DAY = (5, 17, 50, 200, 1000)
_HOW = (
    "[[feeds]], [x], [bluesky], [mastodon], [[archives]], [[donations]], [[signups]] or [[polls]] in campaign.toml; "
    "see docs/campaigns.md"
)


def plan_campaign(campaign: Campaign, settings: Settings) -> None:
    """Print the plan from this instant to the end of the season."""
    is_on_networks = campaign.x or campaign.bluesky or campaign.mastodon
    if not (campaign.feeds or is_on_networks or campaign.archives or campaign.series or campaign.polls):
        typer.echo(f"Plan of {campaign.title}: no source is declared, so nothing would be collected. Add one: {_HOW}")
        return
    rows = plan_x(campaign, datetime.now(UTC), is_full_archive=settings.x_full_archive, prices=prices_for(settings))
    table = Table(title=f"Plan of {campaign.title}", title_justify="left", show_edge=False)
    for name in ("source", "what", "when"):
        table.add_column(name, overflow="fold")
    for name in ("requests", "posts at most", "USD at most"):
        table.add_column(name, justify="right")
    table.add_column("note", overflow="fold")
    for feed in campaign.feeds:
        table.add_row(feed.id, f"feed ({feed.source_kind})", "when due: as often as it changes", "", "", "0", "")
    for row in rows:
        table.add_row(*_cells(row))
    for source in network_answers(campaign):
        table.add_row(source.source_id, source.can, source.when, "", "", "0", f"not: {source.cannot}")
    archives = [(archive.id, archive.path) for archive in campaign.archives]
    series = [(one.id, one.path) for one in (*campaign.series, *campaign.polls)]
    for source_id, pattern in [*archives, *series]:
        table.add_row(source_id, f"files {pattern}", "when one drops", "0", "", "0", "")
    console().print(table)
    if campaign.x is not None:
        guessed = ", if the accounts post as often as guessed" if any(row.is_guess for row in rows) else ""
        typer.echo(
            f"X costs at most {most_usd(rows):.2f} USD in all{guessed}; "
            f"the budget of {campaign.x.budget_usd:.2f} USD a calendar month (UTC) is a hard stop"
        )
        typer.echo(say_prices(settings, datetime.now(UTC)))
        typer.echo(say_cap(settings, datetime.now(UTC)))
    for line in visible(campaign, settings.home):
        typer.echo(line)


def visible(campaign: Campaign, home: Path) -> Iterator[str]:
    """How small an effect could be seen: by the series that are built, else by counting alone."""
    spec = spec_with(dict(campaign.spec))
    try:
        inputs = read_inputs(home, campaign.id)
    except StoreBusy as error:
        raise UsageFault(str(error)) from error
    if inputs is None or not inputs.cases:
        yield from _at_best(spec)
        return
    with tempfile.TemporaryDirectory() as folder:
        series, events = export_inputs(inputs, Path(folder))
        yield "What could be seen in what is collected so far, by windows in which nothing happened:"
        found = power(series, events, spec, say_nothing)
    seen = [one for one in found if one.least_ratio is not None]
    yield from power_lines(seen, spec)
    if len(seen) < len(found):
        yield f"{len(found) - len(seen)} more windows can tell nothing: too little was counted in their series so far"


def _at_best(spec: Spec) -> Iterator[str]:
    """What counting alone hides, of a source that counts so many a day, spread evenly."""
    yield (
        "What could be seen, at best (counting alone; once something is built, this plan says it of your own series): "
        f"an effect under so many times the usual would be missed more than {1 - spec.power:.0%} of the time"
    )
    for a_day in _COUNTS_A_DAY:
        words = [
            f"{least_ratio_at_best(a_day * horizon / MINUTES_A_DAY, spec):.2g} in {horizon // MINUTES_AN_HOUR} h"
            for horizon in spec.horizons
        ]
        yield f"  with {a_day} a day: {', '.join(words)}"


def _cells(row: PlanRow) -> list[str]:
    numbers = (row.requests, row.most_posts, row.most_usd)
    return [row.source_id, row.what, row.when, *("" if n is None else str(n) for n in numbers), row.note]
