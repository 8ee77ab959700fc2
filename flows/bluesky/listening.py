"""One connection to the stream: what it tells is on disk within seconds, and what it proves with it."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.bluesky.jetstream import Connection
from connectors.errors import SourceError
from flows.bluesky.heard import HeardPosts
from flows.bluesky.state import read_heard_to, remember_heard_to
from flows.networks.attempts import PostSource, seen_attempt
from flows.networks.run import NetworkRun
from flows.networks.spans import Span
from flows.phases import phase, watched

TAKE_S, MOST_AT_ONCE = 1.0, 4_000
FLUSH_LIVE_S, FLUSH_CALM_S = 5.0, 30.0  # a file each; what is not on disk yet comes again by the cursor
MOST_KEPT = 5_000  # posts that wait to land
QUIET = timedelta(seconds=3)  # without an event: what was kept for us has been told
CAUGHT_UP = timedelta(seconds=2)
KEPT = timedelta(hours=24)  # servers keep at least so much: the README of Jetstream
ERASE_EVERY_S = 60.0  # an erasure builds anew: what is deleted meanwhile goes with the next one


@dataclass(slots=True)
class Proof:
    """Which span, by the server's clock, is heard whole and has not landed; `cursor_at` must come again first."""

    cursor_at: datetime | None
    opened_at: datetime
    is_event: bool = True  # an event is of the time of the cursor
    from_at: datetime | None = None  # None: nothing is proved yet
    to_at: datetime | None = None
    lost: Span | None = None  # what the server had no more

    def hear(self, at: datetime) -> None:
        """An event of that time came."""
        if self.from_at is None:
            self._begin(at)
        self.to_at = max(self.to_at or at, at)

    def be_quiet(self, now: datetime) -> None:
        """Nothing came for a while, on a connection that lives: nobody posted."""
        if self.from_at is None:
            self._begin(self.opened_at)
        self.to_at = max(self.to_at or now, now)

    def _begin(self, at: datetime) -> None:
        # The last event that we know has come again: there is no gap behind it. Where none ever came, the server's word
        # holds for what it keeps.
        is_near = self.cursor_at is not None and not self.is_event and self.opened_at - self.cursor_at < KEPT
        if self.cursor_at is not None and (at <= self.cursor_at or is_near):
            self.from_at = self.cursor_at
            return
        self.from_at = min(at, self.opened_at)
        if self.cursor_at is not None and self.cursor_at < self.from_at:
            self.lost = Span(from_at=self.cursor_at, to_at=self.from_at)


class Listener:
    """One connection's events on their way to the landing zone."""

    def __init__(self, run: NetworkRun, source: PostSource, heard: HeardPosts) -> None:
        self._run, self._source, self._heard = run, source, heard
        cursor_at, is_event = read_heard_to(run.state, source.source_key)
        self._cursor_at, self._is_event = cursor_at, is_event
        self._known_to_at = cursor_at
        self._proof = Proof(cursor_at=cursor_at, opened_at=run.clock(), is_event=is_event)
        self._landed_to_at: datetime | None = None
        self._flushed_s = self._erased_s = time.monotonic()
        self._erased_s -= ERASE_EVERY_S
        self.has_heard = False

    def follow(self, until_at: datetime | None) -> SourceError | None:
        """Hear until a time, or until all that was kept for us has come; returns how the connection ended else."""
        run = self._run
        connection = Connection(run.settings.bluesky_stream_url, self._cursor_at)
        self._proof.opened_at = run.clock()
        if not connection.open():
            return connection.refusal
        try:
            quiet_since = run.clock()
            while connection.is_alive:
                messages = connection.take(TAKE_S, MOST_AT_ONCE)
                now = run.clock()
                if messages:
                    self._take(messages, now)
                    quiet_since = now
                elif now - quiet_since >= QUIET:
                    self._proof.be_quiet(now)
                self._flush_if_due()
                if (now >= until_at) if until_at else self._has_caught_up(now, quiet_since):
                    connection.close()
                    while rest := connection.take(TAKE_S, MOST_AT_ONCE):
                        self._take(rest, now)
                    return None
            return connection.refusal
        finally:
            connection.close()
            self._flush()

    def _has_caught_up(self, now: datetime, quiet_since: datetime) -> bool:
        at = self._proof.to_at
        return now - quiet_since >= QUIET or (at is not None and at >= self._proof.opened_at - CAUGHT_UP)

    def _take(self, messages: list[str | bytes], now: datetime) -> None:
        for at in self._heard.read(messages, now, self._known_to_at):
            self.has_heard = True
            self._proof.hear(at)
            self._cursor_at, self._is_event = (max(self._cursor_at, at) if self._cursor_at else at), True

    def _flush_if_due(self) -> None:
        run = self._run
        is_live = phase(run.clock(), watched(run.campaign.events)) == "live"
        waited_s = time.monotonic() - self._flushed_s
        if waited_s >= (FLUSH_LIVE_S if is_live else FLUSH_CALM_S) or len(self._heard.posts) >= MOST_KEPT:
            self._flush()
            if time.monotonic() - self._erased_s >= ERASE_EVERY_S:
                run.erase_gone()
                self._erased_s = time.monotonic()

    def _flush(self) -> None:
        """Land what was heard, then remember how far: killed between the two, it is heard again and counted once."""
        self._flushed_s = time.monotonic()
        run, proof = self._run, self._proof
        posts, set_aside, _events = self._heard.taken()
        from_at = self._landed_to_at or proof.from_at
        span = None
        if from_at is not None and proof.to_at is not None and from_at < proof.to_at:
            span = Span(from_at=from_at, to_at=proof.to_at)
        if posts or set_aside or span:
            attempt = seen_attempt(
                self._source, span, run.clock(), items=len(posts), requests=0, reason=_told(proof.lost)
            )
            run.keep(self._source, posts, set_aside, [attempt])
            self._landed_to_at = span.to_at if span else self._landed_to_at
        if proof.lost is not None:
            run.collected.notes.append(f"{self._source.source_id}: {_told(proof.lost)}")
            proof.lost = None
        if self._cursor_at is None and self._landed_to_at is not None:
            self._cursor_at = proof.opened_at  # nothing came yet: from here on nothing is missed
        if self._cursor_at is not None:
            remember_heard_to(run.state, self._source.source_key, self._cursor_at, is_event=self._is_event)


def _told(lost: Span | None) -> str | None:
    return f"the server had no more of {lost}: nobody saw it" if lost else None
