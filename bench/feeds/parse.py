"""Entries landed per second and core from real feed documents, against feedparser with its defaults.

    AFTERDEBATE_BENCH_DATA=/path/to/data python -m bench.feeds.parse

Ours is the whole way from bytes to landed Parquet and noted state: worker processes, dates, keys, clean text.
"""

import asyncio
import io
import os
import resource
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import feedparser
from rich.console import Console
from rich.table import Table

from connectors.campaign.models import FeedConfig
from connectors.errors import SourceUnreadable
from connectors.web.get import Answer
from flows.feeds import hosts
from flows.feeds import state as feed_state
from flows.feeds.land import PollLander
from flows.feeds.parse import ParseWorkers
from flows.feeds.polled import DueFeed, Polled
from flows.feeds.turns import HostTurns
from flows.people.entry_authors import Signer
from flows.people.keys import author_hash
from flows.state import open_state

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ROUNDS = 6  # of the documents for us, for a worker's start must not count; the peer reads them once


def documents(data: Path) -> list[bytes]:
    """The real documents of the archive."""
    with tarfile.open(data / "feeds" / "real_blog_feeds.tar.xz") as archive:
        members = [archive.extractfile(member) for member in archive.getmembers() if member.isfile()]
        found = [member.read() for member in members if member is not None]
    return [document for document in found if document.lstrip()[:1] == b"<"]


def cpu_s() -> float:
    """Processor seconds of this process and of its children that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def parse_with_defaults(found: list[bytes]) -> int:
    """Entries that feedparser reads with its defaults."""
    return sum(len(feedparser.parse(io.BytesIO(document)).entries) for document in found)


def land_all(found: list[bytes], workers: int) -> int:
    """Entries landed by our own way."""
    return asyncio.run(_land_all(found, workers))


async def _land_all(found: list[bytes], workers: int) -> int:
    async def sleep(_seconds: float) -> None:
        """Nobody waits here."""

    with tempfile.TemporaryDirectory() as folder, ParseWorkers(workers) as parsers:
        state = open_state(Path(folder), feed_state.SCHEMA + hosts.SCHEMA)
        turns = HostTurns(lambda _host: None, gap_s=0, instant=lambda: NOW, sleep=sleep)
        lander = PollLander(Path(folder), state, turns, Signer(author_hash(b"bench")))

        async def one(number: int, document: bytes) -> Polled:
            url = f"https://blog{number}.example/feed"
            feed = FeedConfig.model_validate({"url": url})
            due = DueFeed(feed=feed, timezone="UTC", due_at=NOW, known=None, validators={})
            answer = Answer(
                url=url,
                status=200,
                headers={},
                document=io.BytesIO(document),
                sha256=sha256(document).hexdigest(),
                size=len(document),
                is_moved_for_good=False,
                is_conditional=False,
                requests=1,
            )
            parsed, failure = None, None
            try:
                parsed = await parsers.parse(answer, url, NOW, "UTC")
            except SourceUnreadable as error:
                failure = error
            return Polled(
                due=due,
                at=NOW,
                answer=answer,
                failure=failure,
                parsed=parsed,
                is_unchanged=False,
                fresh_s=None,
                retry_after_s=None,
                host=f"blog{number}.example",
                host_waits_until=None,
            )

        for polled in asyncio.as_completed([one(number, document) for number, document in enumerate(found)]):
            lander.add(await polled)
        lander.land()
        return lander.collected.landed["entries"]


def measured(work: Callable[[], int], *, cores: int) -> tuple[int, float, float]:
    """Entries, wall seconds and processor seconds on so many cores."""
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(everywhere)[:cores])
    try:
        began, used = time.perf_counter(), cpu_s()
        entries = work()
        return entries, time.perf_counter() - began, cpu_s() - used
    finally:
        os.sched_setaffinity(0, everywhere)


def main() -> None:
    """Print the table, or say that there is nothing to read."""
    data = os.environ.get("AFTERDEBATE_BENCH_DATA")
    if not data:
        sys.exit("bench.feeds.parse: skipped, AFTERDEBATE_BENCH_DATA names no folder with data")
    once = documents(Path(data))
    found = once * ROUNDS
    table = Table("way", "entries", "wall s", "CPU s", "entries / CPU s", "ratio", title=f"{len(once)} documents")
    peer_entries, peer_wall, peer_cpu = measured(lambda: parse_with_defaults(once), cores=1)
    peer = peer_entries / peer_cpu
    table.add_row("feedparser, defaults", *_cells(peer_entries, peer_wall, peer_cpu), "1.0")
    one = measured(lambda: land_all(found, 1), cores=1)
    table.add_row("landed, one core", *_cells(*one), f"{one[0] / one[2] / peer:.2f} (limit 2)")
    two = measured(lambda: land_all(found, 2), cores=2)
    speedup = one[1] / two[1]
    table.add_row("landed, two cores", *_cells(*two), f"{speedup:.2f} x one core (limit 1.6)")
    Console().print(table)


def _cells(entries: int, wall_s: float, cpu: float) -> tuple[str, ...]:
    return f"{entries:,}", f"{wall_s:.1f}", f"{cpu:.1f}", f"{entries / cpu:,.0f}"


if __name__ == "__main__":
    main()
