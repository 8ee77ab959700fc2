"""`afterdebate check`: what a faultless campaign folder holds, and what its sources can and cannot answer."""

from collections.abc import Iterator
from typing import NamedTuple

import typer
from rich.table import Table

from connectors.campaign import Campaign, DonationConfig, XConfig, campaign_notes, data_files
from flows.screen import console
from flows.settings import Settings

_BY_PRECISION = {
    "instant": "every horizon; gifts, amounts, new donors",
    "minute": "every horizon; gifts, amounts, new donors",
    "hour": "horizons from 180 minutes on, from the floor of the hour",
    "day": "only 4320 minutes: a day is too coarse for hours after a debate",
    "interval": "amounts per span, no single gifts: no means, no donors",
}


class SourceAnswer(NamedTuple):
    """What one source of a campaign is good for."""

    source_id: str
    kind: str
    can: str
    cannot: str


def check_campaign(campaign: Campaign, settings: Settings) -> None:
    """Print what the campaign holds, then what each source can and cannot answer."""
    cancelled = sum(not event.is_held for event in campaign.events)
    typer.echo(f"{campaign.folder}: no faults")
    typer.echo(
        f"{campaign.title}, {campaign.start} to {campaign.end}, {campaign.timezone}: "
        f"{len(campaign.candidates)} candidates, {len(campaign.events)} events ({cancelled} of them cancelled)"
    )
    table = Table(
        "source", "kind", "can answer", "cannot answer", title="Sources", title_justify="left", show_edge=False
    )
    for answer in source_answers(campaign, has_token=settings.x_bearer_token is not None):
        table.add_row(*answer)
    console().print(table)
    for note in campaign_notes(campaign):
        typer.echo(f"note: {note}")


def source_answers(campaign: Campaign, *, has_token: bool) -> Iterator[SourceAnswer]:
    """What each source can and cannot answer, in the order of the campaign file."""
    for feed in campaign.feeds:
        kind = f"{feed.source_kind}{' (synthetic)' if feed.synthetic else ''}"
        yield SourceAnswer(feed.id, kind, "mentions from the first poll on", "what left the feed before that poll")
    if campaign.x:
        yield _x_answer(campaign.x, has_token=has_token)
    for archive in campaign.archives:
        yield SourceAnswer(archive.id, "x_archive", "mentions and authors in the files", "posts that nobody kept")
    for series in campaign.donations:
        yield _money_answer(campaign, series)


def _x_answer(x: XConfig, *, has_token: bool) -> SourceAnswer:
    token = "token present" if has_token else "AFTERDEBATE_X_BEARER_TOKEN is not set"
    unknown = "how complete the counts are; " if x.coverage == "unknown" else ""
    texts = "" if x.posts_per_event else "who wrote and what: counts only"
    return SourceAnswer("x-counts", "x_counts", f"posts per {x.granularity}, past ones too ({token})", unknown + texts)


def _money_answer(campaign: Campaign, series: DonationConfig) -> SourceAnswer:
    files = data_files(campaign.folder, series.path)
    cannot = [] if files else [f"anything yet: no file matches {series.path}"]
    if series.candidate == "ALL":
        cannot.append("which candidate the money is for")
    if series.covers_from is None and series.format not in ("cumulative", "totals"):
        cannot.append("whether days without gifts were observed (covers_from, covers_to are not declared)")
    return SourceAnswer(
        series.id, f"donations ({series.precision})", _BY_PRECISION[series.precision], "; ".join(cannot)
    )
