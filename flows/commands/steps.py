"""What `collect` and `run` do: the plain steps, one after the other, and what they say."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from connectors.campaign.models import Campaign
from flows.collected import Collected, Tell
from flows.commands.build_home import build_home
from flows.commands.taken_steps import exit_if_failed, finish, take_steps
from flows.faults import UsageFault
from flows.feeds.collect import collect_feeds_once
from flows.imports.files import import_files_once
from flows.inputs import campaign_named, settings_for
from flows.screen.collected import print_collected
from flows.settings import Settings
from flows.steps import Step
from flows.x.collect import collect_x_once
from flows.x.follow import stream_x_once


def run_collect_feeds(name: str, home: Path | None, *, force: bool) -> None:
    """Land the campaign's facts and poll its feeds."""
    finish(take_steps(campaign_named(name), settings_for(home), {"feeds": partial(collect_feeds_once, force=force)}))


def run_collect_x(name: str, home: Path | None, *, force: bool) -> None:
    """Land the campaign's facts and ask X.

    Raises:
        UsageFault: there is no token, or the campaign asks nothing of X.
    """
    campaign, settings = campaign_named(name), settings_for(home)
    if campaign.x is None:
        raise UsageFault(f"{campaign.folder / 'campaign.toml'}: nothing is asked of X. Mend: add an [x] table")
    if settings.x_bearer_token is None:
        raise UsageFault(f"{name}: no X token. Mend: set AFTERDEBATE_X_BEARER_TOKEN in the environment or in .env")
    finish(take_steps(campaign, settings, {"x": partial(collect_x_once, force=force)}))


def run_collect_stream(name: str, home: Path | None, *, minutes: int) -> None:
    """Land the campaign's facts and follow X's filtered stream.

    Raises:
        UsageFault: the campaign does not ask for a stream.
    """
    campaign, settings = campaign_named(name), settings_for(home)
    if campaign.x is None or not campaign.x.stream:
        raise UsageFault(f"{campaign.folder / 'campaign.toml'}: no stream is wanted. Mend: stream = true under [x]")

    def follow(campaign: Campaign, settings: Settings, now: datetime, *, tell: Tell) -> Collected:
        until_at = now + timedelta(minutes=minutes)
        return stream_x_once(campaign, settings, until_at, lambda: datetime.now(UTC), tell=tell)

    finish(take_steps(campaign, settings, {"stream": follow}))


def run_all(name: str, home: Path | None, *, force: bool) -> None:
    """Every step once; a source that fails does not stop the others, nor the build."""
    campaign, settings = campaign_named(name), settings_for(home)
    steps: dict[str, Step] = {"feeds": partial(collect_feeds_once, force=force)}
    if settings.x_bearer_token is not None:
        steps["x"] = partial(collect_x_once, force=force)
    steps["imports"] = import_files_once
    collected = take_steps(campaign, settings, steps)
    if campaign.x is not None and settings.x_bearer_token is None:
        collected["x"] = Collected(notes=["X was not asked. Mend: set AFTERDEBATE_X_BEARER_TOKEN, or put it into .env"])
    print_collected(collected)
    build_home(settings.home)
    exit_if_failed(collected)
