"""What `collect`, `import`, `build` and `run` do: the plain steps, one after the other, and what they say."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import typer

from connectors.campaign import Campaign
from flows.build_warehouse import build_warehouse_once
from flows.collect_feeds import collect_feeds_once
from flows.collect_x import collect_x_once
from flows.collected import Collected, Tell
from flows.command_inputs import campaign_named, settings_for
from flows.faults import UsageFault
from flows.import_donations import withdraw_file
from flows.import_files import import_files_once
from flows.print_collected import print_built, print_collected
from flows.screen import progress
from flows.settings import Settings
from flows.steps import Step, take_step
from flows.stream_x import stream_x_once
from warehouse.checks import ChecksFailed
from warehouse.store import StoreBusy


def run_collect_feeds(name: str, home: Path | None, *, force: bool) -> None:
    """Land the campaign's facts and poll its feeds."""
    _take(campaign_named(name), settings_for(home), {"feeds": partial(collect_feeds_once, force=force)})


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
    _take(campaign, settings, {"x": partial(collect_x_once, force=force)})


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

    _take(campaign, settings, {"stream": follow})


def run_import(name: str, home: Path | None, paths: Sequence[Path]) -> None:
    """Land the campaign's facts and import files.

    Raises:
        UsageFault: a path names nothing.
    """
    campaign, settings = campaign_named(name), settings_for(home)
    _refuse_missing(paths)
    _take(campaign, settings, {"imports": partial(import_files_once, paths=paths)})


def run_withdraw(name: str, home: Path | None, path: Path, *, also_given: Sequence[Path]) -> None:
    """Take an imported file back.

    Raises:
        UsageFault: no such file was imported, or files to import are named as well.
    """
    if also_given:
        raise UsageFault("--withdraw takes one file back and imports none. Mend: give only --withdraw FILE")
    campaign, settings = campaign_named(name), settings_for(home)
    _refuse_empty(settings.home)
    withdrawn = withdraw_file(campaign, settings, datetime.now(UTC), path)
    if withdrawn.failed:
        raise UsageFault("\n".join(withdrawn.failed.values()))
    _finish({"withdrawn": withdrawn})


def run_build(home: Path | None) -> None:
    """Load, build, check and publish.

    Raises:
        UsageFault: nothing has landed in this home.
    """
    settings = settings_for(home)
    _refuse_empty(settings.home)
    _build(settings.home)


def run_all(name: str, home: Path | None, *, force: bool) -> None:
    """Every step once; a source that fails does not stop the others, nor the build."""
    campaign, settings = campaign_named(name), settings_for(home)
    steps: dict[str, Step] = {"feeds": partial(collect_feeds_once, force=force)}
    if settings.x_bearer_token is not None:
        steps["x"] = partial(collect_x_once, force=force)
    steps["imports"] = import_files_once
    collected = _collect(campaign, settings, steps)
    if campaign.x is not None and settings.x_bearer_token is None:
        collected["x"] = Collected(notes=["X was not asked. Mend: set AFTERDEBATE_X_BEARER_TOKEN, or put it into .env"])
    print_collected(collected)
    _build(settings.home)
    _exit_if_failed(collected)


def _take(campaign: Campaign, settings: Settings, steps: dict[str, Step]) -> None:
    _finish(_collect(campaign, settings, steps))


def _collect(campaign: Campaign, settings: Settings, steps: dict[str, Step]) -> dict[str, Collected]:
    now = datetime.now(UTC)
    collected = {}
    for title, step in steps.items():
        with progress(title) as tell:
            collected[title] = take_step(step, campaign, settings, now, tell)
    return collected


def _build(home: Path) -> None:
    try:
        with progress("build") as tell:
            built = build_warehouse_once(home, datetime.now(UTC), tell=tell)
    except (StoreBusy, ChecksFailed) as error:
        # What landed stays landed, and what was published stays: the next build goes on from there.
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    print_built(built)


def _finish(collected: dict[str, Collected]) -> None:
    print_collected(collected)
    _exit_if_failed(collected)


def _exit_if_failed(collected: dict[str, Collected]) -> None:
    if any(step.failed for step in collected.values()):
        raise typer.Exit(1)


def _refuse_missing(paths: Sequence[Path]) -> None:
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageFault("\n".join(f"{path}: no such file. Mend: correct the path" for path in missing))


def _refuse_empty(home: Path) -> None:
    if not (home / "landing").is_dir():
        raise UsageFault(
            f"{home}: nothing has landed here. Mend: `afterdebate run CAMPAIGN` first, or name another home with --home"
        )
