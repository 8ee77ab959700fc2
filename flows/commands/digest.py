"""What `digest` does: the overview's sentences on the screen and, where asked for, to every channel."""

from datetime import UTC, datetime
from pathlib import Path

import typer

from flows.alerts.morning import mornings_digest
from flows.alerts.send import channels_of, send_to_all
from flows.commands.report import published_id
from flows.faults import UsageFault
from flows.inputs import settings_for
from flows.reports.campaign_facts import NoSuchCampaign
from flows.reports.tongue import LANGUAGES
from warehouse.publish.reading import NothingPublished


def run_digest(name: str, home: Path | None, language: str | None, *, is_sent: bool) -> None:
    """Say what is known, and send it where that is asked for.

    Raises:
        UsageFault: nothing of the campaign is published, there is no such language, or no channel is named.
        typer.Exit: with code 1, where a channel did not take it.
    """
    settings = settings_for(home)
    if language is not None and language not in LANGUAGES:
        raise UsageFault(f"{language}: no such language. Mend: one of {', '.join(LANGUAGES)}")
    channels = channels_of(settings.alerts)
    if is_sent and not channels:
        raise UsageFault("nobody to send it to. Mend: set AFTERDEBATE_ALERTS; see docs/watching.md")
    try:
        subject, text = mornings_digest(settings, published_id(settings.home, name), language, datetime.now(UTC))
    except (NothingPublished, NoSuchCampaign) as error:
        raise UsageFault(f"{error}. Mend: `afterdebate run {name}` first, or name another --home") from error
    typer.echo(f"{subject}\n\n{text}")
    faults = send_to_all(channels, subject, text) if is_sent else []
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(1)
