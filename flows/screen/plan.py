"""`afterdebate plan`: what would be collected, when, and at what price, before any call."""

from datetime import UTC, datetime

import typer
from rich.table import Table

from connectors.campaign.models import Campaign
from flows.screen.console import console
from flows.screen.x_money import say_cap, say_prices
from flows.settings import Settings
from flows.x.plan import PlanRow, most_usd, plan_x
from flows.x.price_list import prices_for

_HOW = "[[feeds]], [x], [[archives]] or [[donations]] in campaign.toml; see docs/campaigns.md"


def plan_campaign(campaign: Campaign, settings: Settings) -> None:
    """Print the plan from this instant to the end of the season."""
    if not (campaign.feeds or campaign.x or campaign.archives or campaign.donations):
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
    archives = [(archive.id, archive.path) for archive in campaign.archives]
    for source_id, pattern in [*archives, *((series.id, series.path) for series in campaign.donations)]:
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


def _cells(row: PlanRow) -> list[str]:
    numbers = (row.requests, row.most_posts, row.most_usd)
    return [row.source_id, row.what, row.when, *("" if n is None else str(n) for n in numbers), row.note]
