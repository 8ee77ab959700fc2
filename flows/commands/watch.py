"""`afterdebate run --watch`: every step when it is due, and a build as soon as something landed; without a server."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import typer

from connectors.campaign.models import Campaign
from connectors.errors import CampaignFault
from flows.bluesky.collect import collect_bluesky_once
from flows.build import build_what_waits
from flows.builds_noted import lags_since, landing_stamp
from flows.collected import Collected, say_nothing
from flows.commands.report import write_pages
from flows.deployed.last_good_campaign import campaign_or_last_good
from flows.feeds.collect import collect_feeds_once
from flows.feeds.due import next_feed_due
from flows.imports.files import import_files_once
from flows.mastodon.collect import collect_mastodon_once
from flows.settings import Settings
from flows.steps import Step, take_step
from flows.x.collect import collect_x_once
from warehouse.store import StoreBusy
from warehouse.tables.checks import ChecksFailed

_LOOKS_EVERY_S = 0.25
_LOOKS_ANYWAY_S = 60.0  # what failed, or gave way to another program, is due again without a landing
_FILES_EVERY = timedelta(seconds=5)
_X_EVERY = timedelta(minutes=1)
_NETWORKS_EVERY = timedelta(minutes=1)  # the stream of Bluesky is heard from where it was left
_SETTLE_S = 2.0  # a file that changed since may still be written
_QUIET_S = 15.0  # without a landing, before pages are written
_PAGES_EVERY_S = 300.0  # while something lands all the time
_ENDS_WITHIN_S = 10.0


@dataclass(frozen=True, kw_only=True)
class _Round:
    """One kind of source: its step, and when it is worth taking again."""

    title: str
    step: Step
    next_at: Callable[[Campaign, datetime], datetime | None]  # after a step at that instant


def watch(name: str, settings: Settings) -> None:
    """Take each step when it is due and build what landed, until Ctrl-C; what fails is said and asked again.

    Each kind of source has a thread of its own, so that a host that takes its time keeps nobody else waiting.
    """
    stops = threading.Event()
    rounds = [
        _Round(title="feeds", step=collect_feeds_once, next_at=partial(_feeds_next, settings.home)),
        _Round(
            title="imports",
            step=partial(import_files_once, settle_s=_SETTLE_S),
            next_at=lambda _campaign, now: now + _FILES_EVERY,
        ),
    ]
    if settings.x_bearer_token is not None:
        step = partial(collect_x_once, rests=True)
        rounds.append(_Round(title="x", step=step, next_at=lambda _campaign, now: now + _X_EVERY))
    campaign, _fault = campaign_or_last_good(name, settings.home, datetime.now(UTC), say_nothing)
    networks = (
        ("bluesky", campaign.bluesky, collect_bluesky_once),
        ("mastodon", campaign.mastodon, collect_mastodon_once),
    )
    rounds += [
        _Round(title=title, step=step, next_at=lambda _campaign, now: now + _NETWORKS_EVERY)
        for title, wanted, step in networks
        if wanted is not None
    ]
    threads = [threading.Thread(target=_go_round, args=(one, name, settings, stops), daemon=True) for one in rounds]
    for thread in threads:
        thread.start()
    _say(f"watching {name}: {', '.join(one.title for one in rounds)}. Ctrl-C ends it")
    try:
        _build_what_lands(settings.home, stops)
    except KeyboardInterrupt:
        stops.set()
        ends_at = time.monotonic() + _ENDS_WITHIN_S
        for thread in threads:
            thread.join(max(0.0, ends_at - time.monotonic()))
        _say("ended; what landed has landed")


def _go_round(one: _Round, name: str, settings: Settings, stops: threading.Event) -> None:
    next_at = datetime.now(UTC)
    while not stops.wait(max(_LOOKS_EVERY_S, min(60.0, (next_at - datetime.now(UTC)).total_seconds()))):
        now = datetime.now(UTC)
        try:
            campaign, _fault = campaign_or_last_good(name, settings.home, now, say_nothing)
        except CampaignFault as fault:
            _say(f"{one.title}: {fault}")
            next_at = now + _X_EVERY
            continue
        # Asked anew at each look: `events.csv` may say something else by now.
        due_at = one.next_at(campaign, now) if one.title == "feeds" else next_at
        if due_at is None or due_at > now:
            next_at = min(due_at or now + _X_EVERY, now + _X_EVERY)
            continue
        _tell(one.title, take_step(one.step, campaign, settings, now, title=one.title, tell=say_nothing))
        next_at = one.next_at(campaign, datetime.now(UTC)) or now + _X_EVERY


def _feeds_next(home: Path, campaign: Campaign, now: datetime) -> datetime | None:
    return next_feed_due(campaign, home, now)


def _build_what_lands(home: Path, stops: threading.Event) -> None:
    # The first look builds what an earlier run left.
    stamp: object = None
    built_at = pages_at = looked_at = time.monotonic()
    has_unwritten = False
    while not stops.wait(_LOOKS_EVERY_S):
        seen = landing_stamp(home)
        if seen != stamp:
            stamp = seen
            has_unwritten = _has_built(home) or has_unwritten
            built_at = looked_at = time.monotonic()
        elif time.monotonic() - looked_at > _LOOKS_ANYWAY_S:
            has_unwritten = _has_built(home) or has_unwritten
            looked_at = time.monotonic()
        # Pages take as long as a build: what lands meanwhile would wait for them.
        is_quiet = time.monotonic() - built_at > _QUIET_S
        if has_unwritten and (is_quiet or time.monotonic() - pages_at > _PAGES_EVERY_S):
            write_pages(home)
            pages_at, has_unwritten = time.monotonic(), False


def _has_built(home: Path) -> bool:
    began = datetime.now(UTC)
    try:
        built = build_what_waits(home, partial(datetime.now, UTC))
    except (StoreBusy, ChecksFailed) as error:
        _say(f"build: {error}")
        return False
    if built is None or built.run_id is None:
        return False
    lags = lags_since(home, began)
    after = f", {lags[-1].landed_s:.1f} s after it landed" if lags else ""
    _say(f"published {len(built.tables_published)} tables{after} ({built.rows_loaded} rows loaded)")
    return True


def _tell(title: str, collected: Collected) -> None:
    landed = {table: rows for table, rows in collected.landed.items() if table not in ("fetch_attempts", "feed_states")}
    if landed:
        _say(f"{title}: {', '.join(f'{rows} {table}' for table, rows in sorted(landed.items()))}")
    for source_id, reason in {**collected.unbought, **collected.failed}.items():
        _say(f"{title}: {source_id}: {reason}")


def _say(text: str) -> None:
    typer.echo(f"{datetime.now(UTC):%H:%M:%S} {text}")
