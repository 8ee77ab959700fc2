"""`afterdebate check`: what a faultless campaign folder holds, and what its sources can and cannot answer."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import typer
from rich.table import Table
from rich.text import Text

from connectors.campaign.files import data_files
from connectors.campaign.models import ArchiveConfig, Campaign, DonationConfig, XConfig
from connectors.campaign.notes import campaign_notes
from connectors.campaign.skeleton import left_of_template
from connectors.x.queries import hashtags_not_asked
from flows.faults import UsageFault
from flows.imports.look import FilesSeen, look_at_files
from flows.screen.console import console
from flows.screen.networks import network_answers
from flows.screen.tables import Row, rows_of
from flows.settings import Settings
from warehouse.publish.reading import NothingPublished, PublishedUnreadable, sample_matches
from warehouse.store import StoreBusy

_SHOWN_CHARS = 160
_IF_CONSTANT = (
    '; sampling = "constant" would, where they are a steady part of all: then ratios, flagged constant_sampling'
)
_OF_A_SAMPLE = 'how many there were in the world: sampling = "constant" gives ratios, no excess'

_BY_PRECISION = {
    "instant": "every horizon; gifts, amounts, new donors",
    "minute": "every horizon; gifts, amounts, new donors",
    "hour": "horizons from 180 minutes on, from the floor of the hour",
    "day": "only 4320 minutes: a day is too coarse for hours after a debate",
    "interval": "sums, no single gifts; by the hour or finer every horizon, by the day only 4320 minutes",
}


class SourceAnswer(NamedTuple):
    """What one source of a campaign is good for."""

    source_id: str
    kind: str
    can: str
    cannot: str


def check_campaign(campaign: Campaign, settings: Settings, *, matches: int) -> None:
    """Print what the campaign holds, what each source can and cannot answer, and sampled hits where asked for.

    Raises:
        UsageFault: hits are asked for, and nothing is built or a build is running.
        typer.Exit: with code 1, where a file cannot be read as it is declared.
    """
    cancelled = sum(not event.is_held for event in campaign.events)
    seen = look_at_files(campaign, datetime.now(UTC))
    typer.echo(f"{campaign.folder}: {_verdict(campaign, seen)}")
    typer.echo(
        f"{campaign.title}, {campaign.start} to {campaign.end}, {campaign.timezone}: "
        f"{len(campaign.candidates)} candidates, {len(campaign.events)} events ({cancelled} of them cancelled)"
    )
    for note in campaign_notes(campaign):
        typer.echo(f"note: {note}")
    answers = list(source_answers(campaign, has_token=settings.x_bearer_token is not None))
    if answers:
        console().print(_sources_table(answers))
    for sentence in seen.sentences:
        typer.echo(sentence)
    for sentence in seen.understood:
        typer.echo(sentence)
    if matches:
        console().print(_matches_table(_sampled(campaign, settings, matches)))

    for source_id, reasons in seen.failed.items():
        for reason in reasons.splitlines():
            typer.echo(f"{source_id}: {reason}", err=True)
    if seen.failed:
        raise typer.Exit(1)


def _verdict(campaign: Campaign, seen: FilesSeen) -> str:
    invented = left_of_template(campaign)
    if seen.failed:
        return f"files cannot be read as declared: {', '.join(seen.failed)}"
    if invented:
        return f"not filled in yet: {', '.join(invented)} are the template's. Mend: overwrite them with your own"
    return "no faults"


def source_answers(campaign: Campaign, *, has_token: bool) -> Iterator[SourceAnswer]:
    """What each source can and cannot answer, in the order of the campaign file."""
    for feed in campaign.feeds:
        kind = f"{feed.source_kind}{' (synthetic)' if feed.synthetic else ''}"
        yield SourceAnswer(feed.id, kind, "mentions from the first poll on", "what left the feed before that poll")
    if campaign.x:
        unasked = [tag for one in campaign.candidates for tag in hashtags_not_asked(one)]
        yield _x_answer(campaign.x, unasked, has_token=has_token)
    for network in network_answers(campaign):
        yield SourceAnswer(network.source_id, network.source_kind, network.can, network.cannot)
    for archive in campaign.archives:
        yield _archive_answer(archive)
    for series in campaign.donations:
        yield _money_answer(campaign, series)
    for signups in campaign.signups:
        files = data_files(campaign.folder, signups.path)
        cannot = [] if files else [f"anything yet: no file matches {signups.path}"]
        if signups.covers_from is None:
            cannot.append("what an event changed, for nobody says what span the files cover: covers_from, covers_to")
        kind = f"signups{' (synthetic)' if signups.synthetic else ''}"
        yield SourceAnswer(signups.id, kind, "who came to sign up for what, after events too", "; ".join(cannot))
    for polls in campaign.polls:
        can = "support before and after an event, and whether it follows the buzz"
        yield SourceAnswer(
            polls.id,
            "polls",
            can,
            "polls that are not in the files; what a debate did by itself where another event is near",
        )


def _x_answer(x: XConfig, unasked: Sequence[str], *, has_token: bool) -> SourceAnswer:
    token = "token present" if has_token else "AFTERDEBATE_X_BEARER_TOKEN is not set"
    cannot = [] if x.posts_per_event else ["who wrote and what: counts only"]
    if x.sampling:
        cannot.insert(0, _OF_A_SAMPLE)
    elif x.coverage == "unknown":
        cannot.insert(0, f"how complete the counts are, so no effect of an event (insufficient_coverage){_IF_CONSTANT}")
    if unasked:
        cannot.append(
            f"posts that name somebody by a hashtag alone ({', '.join(unasked)}), which texts of posts count: the two "
            f'series differ by them. An alias "{unasked[0]}" asks for it, from then on'
        )
    can = f"posts per {x.granularity}, past ones too ({token})"
    return SourceAnswer("x-counts", "x_counts", can, "; ".join(cannot))


def _archive_answer(archive: ArchiveConfig) -> SourceAnswer:
    can, cannot = "mentions and authors in the files, and what an event changed", "posts that nobody kept"
    if archive.sampling:
        can, cannot = f"{can}: ratios", f"{cannot}; {_OF_A_SAMPLE}"
    elif archive.covers_from is None:
        can = "mentions and authors in the files"
        cannot += (
            "; what an event changed (insufficient_coverage), for nobody says what span the files cover. "
            f"covers_from and covers_to would change that where they hold every post{_IF_CONSTANT}"
        )
    return SourceAnswer(archive.id, archive.source_kind, can, cannot)


def _money_answer(campaign: Campaign, series: DonationConfig) -> SourceAnswer:
    files = data_files(campaign.folder, series.path)
    cannot = [] if files else [f"anything yet: no file matches {series.path}"]
    if series.candidate == "ALL":
        cannot.append("which candidate the money is for")
    if series.covers_from is None and series.format not in ("cumulative", "totals"):
        cannot.append(
            "whether days without gifts were observed (covers_from, covers_to are not declared), so no effect "
            "(insufficient_coverage)"
        )
    return SourceAnswer(
        series.id, f"donations ({series.precision})", _BY_PRECISION[series.precision], "; ".join(cannot)
    )


def _sources_table(answers: Iterable[SourceAnswer]) -> Table:
    table = Table(title="Sources", title_justify="left", show_edge=False)
    for name in ("source", "kind", "can answer", "cannot answer"):
        table.add_column(name, overflow="fold")
    for answer in answers:
        table.add_row(*answer)
    return table


def _sampled(campaign: Campaign, settings: Settings, most: int) -> list[Row]:
    try:
        return rows_of(sample_matches(settings.home, campaign.id, most=most))
    except PublishedUnreadable as error:
        raise UsageFault(str(error)) from error
    except NothingPublished as error:
        raise UsageFault(f"{error}. Mend: `afterdebate run {campaign.id}` first, or name another --home") from error
    except StoreBusy as error:
        raise UsageFault(str(error)) from error


def _matches_table(rows: Iterable[Row]) -> Table:
    table = Table("candidate", "alias", title="Matches, sampled", title_justify="left", show_edge=False)
    table.add_column("hits", justify="right")
    table.add_column("when (UTC)", no_wrap=True)
    table.add_column("source", overflow="fold")
    table.add_column("text", overflow="fold")
    last = None
    for row in rows:
        named = (row["candidate_id"], row["phrase"], str(row["hits"]))
        cells = named if named != last else ("", "", "")
        source = f"{row['source_id']} (synthetic)" if row["is_synthetic"] else row["source_id"]
        table.add_row(*cells, f"{row['mentioned_at']:%Y-%m-%d %H:%M}", source, Text(_begin(row["text"])))
        last = named
    return table


def _begin(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}..."
