"""Collects feeds: asks what is due, parses what came, lands it, and only then notes it."""

import asyncio
import gc
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from connectors.campaign.models import Campaign
from connectors.web.addresses import ConnectTo
from connectors.web.get import Limits, open_session
from flows.clock import RunClock
from flows.collected import Collected, Tell, say_nothing
from flows.feeds import hosts
from flows.feeds import state as feed_state
from flows.feeds.kept_aside import keep_aside
from flows.feeds.land import PollLander
from flows.feeds.parse import ParseWorkers
from flows.feeds.poll import Poller, poll_all
from flows.feeds.polled import DueFeed
from flows.feeds.set_back import set_back
from flows.feeds.turns import HostTurns, Sleep
from flows.only_one import only_one
from flows.people.entry_authors import Signer, signer_for
from flows.phases import phase, watched
from flows.settings import Settings
from flows.state import open_state
from flows.user_agent import user_agent

_LIMITS = Limits()


def collect_feeds_once(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    *,
    force: bool = False,
    tell: Tell = say_nothing,
    connect_to: ConnectTo | None = None,
    sleep: Sleep = asyncio.sleep,
    parsers: ParseWorkers | None = None,
    clock: RunClock | None = None,
) -> Collected:
    """Poll every feed that is due, land what came, and say what did not.

    A feed that fails does not stop the others. `force` polls feeds that are not due; a host that asked to be left
    alone still is. `connect_to` maps host names to the address and port of a replay; `parsers` may be shared by
    several calls, which spares their start; `clock` is the time of the run, which begins at `now`.
    """
    with ExitStack() as held:
        # No host is ever asked by two at once.
        held.enter_context(only_one(settings.home, "feeds", waits=True))
        state = held.enter_context(closing(open_state(settings.home, feed_state.SCHEMA + hosts.SCHEMA)))
        state.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes comes back from the landing zone
        workers = parsers or held.enter_context(ParseWorkers(settings.parse_workers, full_text=settings.full_text))
        feed_state.catch_up(state, settings.home)
        if ahead := set_back(state, now):
            tell(f"a clock was ahead when {ahead} feeds were polled last: they are due at once")
        due = _due_feeds(campaign, state, now, force=force)
        tell(f"{len(due)} of {len(campaign.feeds)} feeds are due")
        # What is here to stay need not be looked through again and again for garbage: a sixth of a run's work.
        gc.freeze()
        held.callback(gc.unfreeze)
        signer = signer_for(campaign, settings, tell)
        run = _Run(
            settings=settings, state=state, workers=workers, signer=signer, clock=clock or RunClock(now=now), tell=tell
        )
        return asyncio.run(_poll_and_land(due, run, connect_to, sleep))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    settings: Settings
    state: sqlite3.Connection
    workers: ParseWorkers
    signer: Signer
    clock: RunClock
    tell: Tell


def _due_feeds(campaign: Campaign, state: sqlite3.Connection, now: datetime, *, force: bool) -> list[DueFeed]:
    """The feeds to poll, in an order of its own for each run, so that no host always comes first."""
    at_rest = feed_state.feeds_at_rest(state, now, phase(now, watched(campaign.events)), force=force)
    due = []
    for feed in {feed.url: feed for feed in campaign.feeds if feed.url not in at_rest}.values():
        known = feed_state.known_feed(state, feed.url)
        zone = feed.timezone or campaign.timezone
        validators = feed_state.validators_of(state, known) if known else {}
        due_at = min(known.next_poll_at, now) if known else now
        due.append(DueFeed(feed=feed, timezone=zone, due_at=due_at, known=known, validators=validators))
    return sorted(due, key=lambda one: sha256(f"{one.feed.url} {now.isoformat()}".encode()).digest())


async def _poll_and_land(due: Sequence[DueFeed], run: _Run, connect_to: ConnectTo | None, sleep: Sleep) -> Collected:
    settings = run.settings
    turns = HostTurns(
        partial(hosts.known_host, run.state),
        gap_s=settings.host_gap_s,
        instant=run.clock.instant,
        sleep=sleep,
    )
    lander = PollLander(settings.home, run.state, turns, run.signer, run.tell)
    async with open_session(
        user_agent=user_agent(settings.contact),
        limits=_LIMITS,
        allow_private=settings.allow_private_hosts,
        connect_to=connect_to,
    ) as session:
        poller = Poller(
            session=session,
            turns=turns,
            parse=run.workers.parse,
            limits=_LIMITS,
            allow_private=settings.allow_private_hosts,
            clock=run.clock,
            note_host=lambda host: hosts.remember_hosts(run.state, [host]),
            set_aside=partial(keep_aside, settings.home),
            tell=run.tell,
        )
        async for polled in poll_all(due, poller.poll):
            if lander.land_what_waits() if polled is None else lander.add(polled):
                run.tell(f"{lander.collected.landed['fetch_attempts']} of {len(due)} feeds polled")
    lander.land()
    return lander.collected
