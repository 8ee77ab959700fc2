"""What `report` does, and how `run`, `demo` and the deployed build write the pages of what they built."""

from pathlib import Path

import typer

from connectors.campaign.folder import find_campaign, read_campaign
from flows.faults import UsageFault
from flows.inputs import CAMPAIGNS, settings_for
from flows.reports.campaign_facts import NoSuchCampaign
from flows.reports.tongue import LANGUAGES
from flows.reports.write import Written, published_ids, write_report, write_reports
from flows.screen.console import progress
from warehouse.publish.reading import NothingPublished


def run_report(name: str, home: Path | None, language: str | None) -> None:
    """Write the pages and say where they begin.

    Raises:
        UsageFault: nothing of the campaign is published in this home, or there is no such language.
    """
    if language is not None and language not in LANGUAGES:
        raise UsageFault(f"{language}: no such language. Mend: one of {', '.join(LANGUAGES)}")
    data = settings_for(home).home
    try:
        with progress("pages") as tell:
            written = write_report(data, published_id(data, name), language=language, tell=tell)
    except NothingPublished as error:
        raise UsageFault(
            f"{data}: nothing is published here yet. "
            "Mend: `afterdebate run CAMPAIGN` first, or name another home with --home"
        ) from error
    except NoSuchCampaign as error:
        raise UsageFault(
            f"{data}: the campaign {error} is not published here. "
            f"Mend: one of {', '.join(published_ids(data)) or 'none'}, or `afterdebate run {name}` first"
        ) from error
    print_written(written)
    typer.echo(str(written.index))


def write_pages(home: Path) -> None:
    """Write the pages of every published campaign, and say where each begins."""
    with progress("pages") as tell:
        written = write_reports(home, tell=tell)
    for one in written:
        print_written(one)
        typer.echo(str(one.index))


def print_written(written: Written) -> None:
    """Say how many pages were written."""
    typer.echo(f"Pages: {len(written.pages)} written, {written.kept} as they were")


def published_id(home: Path, name: str) -> str:
    """The id of what was published; a folder may bear another name than its campaign."""
    if name in published_ids(home):
        return name
    return read_campaign(find_campaign(name, CAMPAIGNS)).id
