"""Takes the steps that a command asks for, one after the other, and says what they did."""

from datetime import UTC, datetime

import typer

from connectors.campaign.models import Campaign
from flows.collected import Collected
from flows.private_home import keep_private
from flows.screen.collected import print_collected
from flows.screen.console import progress
from flows.settings import Settings
from flows.steps import Step, take_step


def take_steps(campaign: Campaign, settings: Settings, steps: dict[str, Step]) -> dict[str, Collected]:
    """What each step did, by its title."""
    keep_private(settings.home, settings.readers)
    now = datetime.now(UTC)
    collected = {}
    for title, step in steps.items():
        with progress(title) as tell:
            collected[title] = take_step(step, campaign, settings, now, title=title, tell=tell)
    return collected


def finish(collected: dict[str, Collected]) -> None:
    """Say what was done.

    Raises:
        typer.Exit: with code 1, where a source failed.
    """
    print_collected(collected)
    exit_if_failed(collected)


def exit_if_failed(collected: dict[str, Collected]) -> None:
    """Pass where no source failed.

    Raises:
        typer.Exit: with code 1, where one did.
    """
    if any(step.failed for step in collected.values()):
        raise typer.Exit(1)
