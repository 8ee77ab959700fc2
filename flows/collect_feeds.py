"""Collects feeds: polls what is due, lands what came, and only then notes it."""

import asyncio
import fcntl
import gzip
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from connectors.campaign import Campaign
from connectors.records import Reject
from connectors.web import Answer, Limits, open_session
from connectors.web_addresses import ConnectTo
from flows import feed_state, host_state
from flows.collected import Collected, Tell, say_nothing
from flows.host_turns import HostTurns, Sleep
from flows.parse_documents import parse_here
from flows.poll_feeds import DueFeed, Polled, Poller, poll_all
from flows.run_clock import RunClock
from flows.settings import Settings
from flows.settle_polls import Settled, settle
from flows.state import open_state
from warehouse.landing import Record, land

_BATCH = 200  # polls that land together
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
) -> Collected:
    """Poll every feed that is due, land what came, and say what did not.

    A feed that fails does not stop the others. `force` polls feeds that are not due; a host that asked to be left
    alone still is. `connect_to` maps host names to the address and port of a replay.
    """
    with _one_collector(settings.home):
        state = open_state(settings.home, feed_state.SCHEMA + host_state.SCHEMA)
        try:
            feed_state.catch_up(state, settings.home)
            due = _due_feeds(campaign, state, now, force=force)
            tell(f"{len(due)} of {len(campaign.feeds)} feeds are due")
            return asyncio.run(_collect(due, settings, now, state, tell=tell, connect_to=connect_to, sleep=sleep))
        finally:
            state.close()


def _due_feeds(campaign: Campaign, state: sqlite3.Connection, now: datetime, *, force: bool) -> list[DueFeed]:
    """The feeds to poll, in an order of its own for each run, so that no host always comes first."""
    due = []
    for feed in campaign.feeds:
        known = feed_state.known_feed(state, feed.url)
        due_at = known.next_poll_at if known else now
        if (due_at <= now or force) and not (known and known.is_retired):
            due.append(
                DueFeed(feed=feed, timezone=feed.timezone or campaign.timezone, due_at=min(due_at, now), known=known)
            )
    return sorted(due, key=lambda one: sha256(f"{one.feed.url} {now.isoformat()}".encode()).digest())


async def _collect(
    due: Sequence[DueFeed],
    settings: Settings,
    now: datetime,
    state: sqlite3.Connection,
    *,
    tell: Tell,
    connect_to: ConnectTo | None,
    sleep: Sleep,
) -> Collected:
    clock = RunClock(now=now)
    turns = HostTurns(host_state.known_hosts(state), gap_s=settings.host_gap_s, instant=clock.instant, sleep=sleep)
    collected, batch = Collected(), []
    async with open_session(
        user_agent=user_agent(settings.contact),
        limits=_LIMITS,
        allow_private=settings.allow_private_hosts,
        connect_to=connect_to,
    ) as session:
        poller = Poller(
            session=session,
            turns=turns,
            parse=parse_here,
            limits=_LIMITS,
            allow_private=settings.allow_private_hosts,
            clock=clock,
            note_host=lambda host: host_state.remember_hosts(state, [host]),
            set_aside=lambda answer: _set_aside(settings.home, answer),
        )
        async for polled in poll_all(due, poller.poll):
            batch.append(polled)
            if len(batch) >= _BATCH:
                _land(batch, settings.home, state, turns, collected)
                tell(f"{collected.landed['fetch_attempts']} of {len(due)} feeds polled")
                batch = []
    _land(batch, settings.home, state, turns, collected)
    return collected


def _land(
    batch: Sequence[Polled], home: Path, state: sqlite3.Connection, turns: HostTurns, collected: Collected
) -> None:
    """Land what a batch of polls left behind, then note it: a crash in between costs nothing, `catch_up` reads it."""
    settled = [_settled(polled, state) for polled in batch]
    entries = [entry for one in settled for entry in one.entries]
    rejects = [reject for polled in batch for reject in _rejects(polled)]
    records: list[Record] = [*entries, *rejects, *(one.attempt for one in settled), *(one.feed for one in settled)]
    files = land(home, records)
    feed_state.remember(state, [one.feed for one in settled], entries, files)
    host_state.remember_hosts(state, turns.asked.values())
    collected.files += files
    collected.landed.update(record.TABLE for record in records)
    for polled, one in zip(batch, settled, strict=True):
        _tell_apart(polled, one, collected)


def _settled(polled: Polled, state: sqlite3.Connection) -> Settled:
    entries = polled.parsed.entries if polled.parsed else []
    return settle(polled, feed_state.recognise(state, polled.due.feed.url, entries) if entries else None)


def _rejects(polled: Polled) -> Iterable[Reject]:
    if polled.parsed is not None:
        return polled.parsed.rejects
    if polled.failure is None or polled.answer is None or not polled.is_unreadable:
        return []
    return [
        Reject(
            source_key=polled.due.feed.url,
            what=polled.answer.url,
            line_number=None,
            reason=str(polled.failure),
            seen_at=polled.at,
            file_sha256=polled.answer.sha256,
        )
    ]


def _tell_apart(polled: Polled, one: Settled, collected: Collected) -> None:
    source_id = polled.due.feed.id
    collected.set_aside[source_id] += len(list(_rejects(polled)))
    if polled.failure is not None:
        collected.failed[source_id] = str(polled.failure)
    if one.feed.is_retired:
        collected.failed[source_id] = (
            f"{one.feed.asked_url}: gone (410) twice; it is not polled any more. Mend: remove it"
        )
    if one.attempt.reason and one.attempt.reason.startswith(("silent", "gap")):
        collected.notes.append(f"{source_id}: {one.attempt.reason}")


def user_agent(contact: str | None) -> str:
    """Who asks: product, version, and how to reach the operator."""
    return f"afterdebate/{version('afterdebate')} ({contact or 'no contact given'})"


def _set_aside(home: Path, answer: Answer) -> None:
    """Keep a document that could not be read: the last one of each URL, for a hostile server must not fill the disk."""
    folder = home / "rejects"
    folder.mkdir(parents=True, exist_ok=True)
    answer.document.seek(0)
    name = sha256(answer.url.encode()).hexdigest()[:16]
    (folder / f"feed-{name}.gz").write_bytes(gzip.compress(answer.document.read(), compresslevel=1, mtime=0))


@contextmanager
def _one_collector(home: Path) -> Iterator[None]:
    """Wait for any other feed collector of this home, so that no host is ever asked by two at once."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "feeds.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
