"""What `collect`, `import`, `build` and `run` do: the plain steps, one after the other, and what they say.

What only one of them needs is imported inside it: an import and a build begin without feeds, X and statistics.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import typer

from connectors.campaign.models import Campaign
from flows.alerts.once import alert_once
from flows.build import build_as_of_once, build_warehouse_once
from flows.collected import Collected, Tell
from flows.faults import UsageFault
from flows.inputs import campaign_named, instant_named, refuse_empty, settings_for
from flows.private_home import keep_private
from flows.screen.built import print_built
from flows.screen.collected import print_collected
from flows.screen.console import progress
from flows.settings import Settings
from flows.steps import Step, take_step
from warehouse.build.as_of import hash_of_tables
from warehouse.store import StoreBusy
from warehouse.tables.checks import ChecksFailed


def run_collect_feeds(name: str, home: Path | None, *, force: bool) -> None:
    """Land the campaign's facts and poll its feeds."""
    from flows.feeds.collect import collect_feeds_once

    _finish(_take_steps(campaign_named(name), settings_for(home), {"feeds": partial(collect_feeds_once, force=force)}))


def run_collect_x(name: str, home: Path | None, *, force: bool) -> None:
    """Land the campaign's facts and ask X.

    Raises:
        UsageFault: there is no token, or the campaign asks nothing of X.
    """
    from flows.x.collect import collect_x_once

    campaign, settings = campaign_named(name), settings_for(home)
    if campaign.x is None:
        raise UsageFault(f"{campaign.folder / 'campaign.toml'}: nothing is asked of X. Mend: add an [x] table")
    if settings.x_bearer_token is None:
        raise UsageFault(f"{name}: no X token. Mend: set AFTERDEBATE_X_BEARER_TOKEN in the environment or in .env")
    _finish(_take_steps(campaign, settings, {"x": partial(collect_x_once, force=force)}))


def run_collect_stream(name: str, home: Path | None, *, minutes: int) -> None:
    """Land the campaign's facts and follow X's filtered stream.

    Raises:
        UsageFault: the campaign does not ask for a stream.
    """
    from flows.x.stream.collect import stream_x_once

    campaign, settings = campaign_named(name), settings_for(home)
    if campaign.x is None or not campaign.x.stream:
        raise UsageFault(f"{campaign.folder / 'campaign.toml'}: no stream is wanted. Mend: stream = true under [x]")

    def follow(campaign: Campaign, settings: Settings, now: datetime, *, tell: Tell) -> Collected:
        until_at = now + timedelta(minutes=minutes)
        return stream_x_once(campaign, settings, until_at, lambda: datetime.now(UTC), tell=tell)

    _finish(_take_steps(campaign, settings, {"stream": follow}))


def run_import(name: str, home: Path | None, paths: Sequence[Path]) -> None:
    """Land the campaign's facts and import files.

    Raises:
        UsageFault: a path names nothing.
    """
    from flows.imports.files import import_files_once

    campaign, settings = campaign_named(name), settings_for(home)
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageFault("\n".join(f"{path}: no such file. Mend: correct the path" for path in missing))
    _finish(_take_steps(campaign, settings, {"imports": partial(import_files_once, paths=paths)}))


def run_withdraw(name: str, home: Path | None, path: Path, *, also_given: Sequence[Path]) -> None:
    """Take an imported file back.

    Raises:
        UsageFault: no such file was imported, or files to import are named as well.
    """
    from flows.imports.donations import withdraw_file

    if also_given:
        raise UsageFault("--withdraw takes one file back and imports none. Mend: give only --withdraw FILE")
    campaign, settings = campaign_named(name), settings_for(home)
    refuse_empty(settings.home)
    keep_private(settings.home, settings.readers)
    withdrawn = withdraw_file(campaign, settings, datetime.now(UTC), path)
    if withdrawn.failed:
        raise UsageFault("\n".join(withdrawn.failed.values()))
    withdrawn.notes.append("The published tables count it until the next build: `afterdebate build`, or the next run")
    _finish({"withdrawn": withdrawn})


def run_build(home: Path | None) -> None:
    """Load, build, check and publish.

    Raises:
        UsageFault: nothing has landed in this home.
    """
    settings = settings_for(home)
    refuse_empty(settings.home)
    keep_private(settings.home, settings.readers)
    _build(settings)


def run_build_as_of(home: Path | None, instant: str, into: Path) -> None:
    """Publish what the tables would have said at an instant, and say by which hash they are known.

    Raises:
        UsageFault: the instant cannot be read or is still to come, nothing had landed by then, or the folder is in use.
        typer.Exit: with code 1, where something is being erased, a check failed or a landed file cannot be read.
    """
    settings = settings_for(home)
    refuse_empty(settings.home)
    as_of = instant_named(instant)
    try:
        with progress("build") as tell:
            built = build_as_of_once(settings.home, as_of, into, now=datetime.now(UTC), tell=tell)
    except (StoreBusy, ChecksFailed) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    print_built(built)
    typer.echo(f"As of {as_of:%Y-%m-%d %H:%M:%S} UTC: run {built.run_id} in {built.published}")
    typer.echo(f"SHA-256 of the tables: {hash_of_tables(into)}")
    if built.unreadable:
        raise typer.Exit(1)


def run_all(name: str, home: Path | None, *, force: bool) -> None:
    """Every step once; a source that fails does not stop the others, nor the build."""
    from flows.bluesky.collect import collect_bluesky_once
    from flows.commands.report import write_pages
    from flows.feeds.collect import collect_feeds_once
    from flows.imports.files import import_files_once
    from flows.mastodon.collect import collect_mastodon_once
    from flows.x.collect import collect_x_once

    campaign, settings = campaign_named(name), settings_for(home)
    steps: dict[str, Step] = {"feeds": partial(collect_feeds_once, force=force)}
    if settings.x_bearer_token is not None:
        steps["x"] = partial(collect_x_once, force=force)
    if campaign.bluesky is not None:
        steps["bluesky"] = partial(collect_bluesky_once, force=force)
    if campaign.mastodon is not None:
        steps["mastodon"] = partial(collect_mastodon_once, force=force)
    steps["imports"] = import_files_once
    collected = _take_steps(campaign, settings, steps)
    if campaign.x is not None and settings.x_bearer_token is None:
        collected["x"] = Collected(notes=["X was not asked. Mend: set AFTERDEBATE_X_BEARER_TOKEN, or put it into .env"])
    print_collected(collected)
    _build(settings)
    write_pages(settings.home)
    _exit_if_failed(collected)


def run_watching(name: str, home: Path | None) -> None:
    """Every step when it is due, until Ctrl-C.

    Raises:
        CampaignFault: the folder has faults at the beginning; later the last good state of it holds.
    """
    from flows.commands.watch import watch

    campaign, settings = campaign_named(name), settings_for(home)
    keep_private(settings.home, settings.readers)
    if campaign.x is not None and settings.x_bearer_token is None:
        typer.echo("X is not asked. Mend: set AFTERDEBATE_X_BEARER_TOKEN, or put it into .env")
    watch(name, settings)


def take_and_finish(campaign: Campaign, settings: Settings, steps: dict[str, Step]) -> None:
    """Take steps of a campaign, and say what they did; exit with code 1 where a source failed."""
    _finish(_take_steps(campaign, settings, steps))


def _take_steps(campaign: Campaign, settings: Settings, steps: dict[str, Step]) -> dict[str, Collected]:
    """What each step did, by its title."""
    keep_private(settings.home, settings.readers)
    now = datetime.now(UTC)
    collected = {}
    for title, step in steps.items():
        with progress(title) as tell:
            collected[title] = take_step(step, campaign, settings, now, title=title, tell=tell)
            alert_once(settings, datetime.now(UTC), tell=tell)
    return collected


def _build(settings: Settings) -> None:
    """Build, and say what was done.

    Raises:
        typer.Exit: with code 1, where another build is running, a check failed or a landed file cannot be read.
    """
    try:
        with progress("build") as tell:
            try:
                built = build_warehouse_once(settings.home, datetime.now(UTC), tell=tell)
            finally:
                alert_once(settings, datetime.now(UTC), tell=tell)
    except (StoreBusy, ChecksFailed) as error:
        # What landed stays landed, and what was published stays: the next build goes on from there.
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    print_built(built)
    if built.unreadable:
        raise typer.Exit(1)


def _finish(collected: dict[str, Collected]) -> None:
    """Say what was done; exit with code 1 where a source failed."""
    print_collected(collected)
    _exit_if_failed(collected)


def _exit_if_failed(collected: dict[str, Collected]) -> None:
    if any(step.failed for step in collected.values()):
        raise typer.Exit(1)
