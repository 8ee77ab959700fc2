"""`afterdebate demo`: the shipped campaign through every step, offline, with an injected clock."""

import shutil
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import typer
from pydantic import SecretStr
from rich.console import Console
from rich.progress import track

import flows
from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from flows.build import build_warehouse_once
from flows.collected import Collected
from flows.demo.replay import Replay, serve_replay
from flows.demo.screen import demo_screen
from flows.demo.tables import print_demo_tables
from flows.faults import UsageFault
from flows.feeds.collect import collect_feeds_once
from flows.feeds.parse import ParseWorkers
from flows.imports.files import import_files_once
from flows.networks.spans import season
from flows.private_home import keep_private
from flows.reports.write import write_report
from flows.screen.built import print_built
from flows.screen.collected import print_collected
from flows.screen.console import progress
from flows.settings import Settings
from flows.steps import land_facts
from flows.x.collect import collect_x_once

CAMPAIGNS = Path(flows.__file__).resolve().parent.parent / "campaigns"
SHIPPED = CAMPAIGNS / "us-2020-general"

_MARK = ".afterdebate-demo"  # only a home that carries it is emptied
_POLLS_EVERY = timedelta(hours=6)
_AFTER_SEASON = timedelta(days=2)  # when counts and files are asked for


def run_demo(home: Path, *, name: str = SHIPPED.name, has_tables: bool = False) -> None:
    """Empty the demo's home, collect, import, build, publish and write the pages; then say on one screen what came.

    `name`: a shipped campaign. `has_tables`: print the long tables before it.

    Raises:
        UsageFault: the home holds something that is no demo of ours, or the shipped campaign is not there.
        typer.Exit: with code 1, where a source failed.
    """
    campaign = read_campaign(_shipped(name))
    empty_demo_home(home)
    collected = collect_demo(campaign, home)
    with progress("build") as tell:
        built = build_warehouse_once(home, after_season(campaign), tell=tell)
    with progress("pages") as tell:
        written = write_report(home, campaign.id, tell=tell)
    if has_tables:
        print_collected(collected)
        print_built(built)
        print_demo_tables(home, campaign.timezone)
    else:
        for line in demo_screen(home, campaign.id, collected, built):
            typer.echo(line)
        typer.echo("Open the pages, or see the tables with `afterdebate demo --tables`:")
    typer.echo(str(written.index))
    if any(step.failed for step in collected.values()):
        raise typer.Exit(1)
    typer.echo(str(built.published))


def _shipped(name: str) -> Path:
    if not CAMPAIGNS.is_dir():
        raise UsageFault(f"{CAMPAIGNS}: the shipped campaigns are not there. Mend: run the demo from a checkout")
    there = sorted(path.parent.name for path in CAMPAIGNS.glob("*/campaign.toml"))
    if name not in there:
        raise UsageFault(f"no shipped campaign {name!r}. Mend: one of {', '.join(there)}")
    return CAMPAIGNS / name


def empty_demo_home(home: Path) -> None:
    """Make `home` an empty demo home.

    Raises:
        UsageFault: it is neither empty nor a demo home of ours; nothing was touched.
    """
    if home.exists():
        if not home.is_dir() or (any(home.iterdir()) and not (home / _MARK).is_file()):
            raise UsageFault(f"{home}: is not a demo's home, and is left alone. Mend: name another with --home")
        shutil.rmtree(home)
    keep_private(home)
    (home / _MARK).touch()


def collect_demo(campaign: Campaign, home: Path) -> dict[str, Collected]:
    """What each step landed: the feeds from poll to poll through the season, then counts and files."""
    end_at = after_season(campaign)
    with serve_replay(campaign, end_at) as replay:
        settings = demo_settings(home, replay)
        collected = {"facts": land_facts(campaign, settings, season(campaign).from_at)}
        if campaign.feeds:
            collected["feeds (synthetic)"] = _poll_through_the_season(campaign, settings, replay)
        replay.now = end_at
        if campaign.x:
            with progress("X counts") as tell:
                counts = collect_x_once(campaign, settings, end_at, full_archive=True, tell=tell)
            collected["X counts (replayed)"] = counts
        with progress("files") as tell:
            collected["files"] = import_files_once(campaign, settings, end_at, tell=tell)
    return collected


def demo_settings(home: Path, replay: Replay) -> Settings:
    """Settings that lead nowhere but to the replay, whatever the environment says."""
    return Settings(
        home=home,
        contact="demo@example.org",
        host_gap_s=0,
        allow_private_hosts=True,
        x_bearer_token=SecretStr("demo-token-for-the-loopback-replay"),
        x_api_url=replay.url,
        x_full_archive=True,
        donor_key=SecretStr("demo-key"),
        author_key=SecretStr("demo-key"),
    )


def after_season(campaign: Campaign) -> datetime:
    """The injected clock's last instant: the season and its last horizons are past."""
    return season(campaign).to_at + _AFTER_SEASON


def _poll_through_the_season(campaign: Campaign, settings: Settings, replay: Replay) -> Collected:
    summed = Collected()
    whole = season(campaign)
    polls = [
        whole.from_at + number * _POLLS_EVERY for number in range((whole.to_at - whole.from_at) // _POLLS_EVERY + 1)
    ]
    screen = Console(stderr=True)
    with ParseWorkers(1) as parsers:
        for now in track(polls, f"feeds: {len(polls)} polls ...", console=screen, transient=screen.is_terminal):
            replay.now = now
            poll = partial(collect_feeds_once, force=True, connect_to=replay.connect_to, parsers=parsers)
            summed.add(poll(campaign, settings, now))
    # One note a poll says nothing that the numbers do not.
    summed.notes.clear()
    return summed
