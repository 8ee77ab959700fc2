"""Follow X's filtered stream for a while: what arrives is on disk within seconds, and what was missed is a gap.

Whatever the stream misses, counts and the sample refill afterwards: they reach seven days back.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from queue import Empty, SimpleQueue

from connectors.campaign import Campaign
from connectors.errors import BudgetExhausted, SourceUnavailable
from connectors.records import FetchAttempt, Post
from connectors.x import as_list, tell_partial_error
from connectors.x_dialect import Dialect
from connectors.x_errors import ParameterRefused
from connectors.x_posts import Reading, read_post
from connectors.x_prices import POST_READ
from connectors.x_queries import stream_rules
from connectors.x_stream import STREAM, Connection, put_rules
from flows.collected import Collected, Tell, say_nothing
from flows.open_x import opened_run
from flows.settings import Settings
from flows.x_attempts import XSource, stream_attempt
from flows.x_patience import Backoff
from flows.x_run import XRun
from flows.x_state import read_accounts
from flows.x_token import bearer_token
from flows.x_usage import reconcile_usage
from flows.x_windows import Span

FLUSH_S = 1.0
MOST_POSTS = 500  # landed at once, and covered by what is set apart
APART = MOST_POSTS * POST_READ


def follow_stream(run: XRun, until_at: datetime, clock: Callable[[], datetime]) -> None:
    """Land what the stream sends until `until_at`; a refusal or an empty purse ends it, a cut does not."""
    source = XSource(run.campaign.id, "x-stream", "x_posts")
    with run.failures_kept(source):
        run.ask(lambda: put_rules(run.client, f"afterdebate {run.campaign.id}", _rules(run.campaign)))
        backoff, dialect = Backoff(), Dialect()
        while clock() < until_at:
            connection = _Follower(run, source, clock).follow(until_at, dialect)
            refusal = connection.refusal
            if isinstance(refusal, ParameterRefused) and refusal.names(dialect.parameter) and dialect.turn_to_next():
                continue
            if refusal is not None and not isinstance(refusal, SourceUnavailable):
                raise refusal
            wait_s = backoff.after(connection)
            if clock() < until_at:
                run.tell(f"x-stream: {connection.ending} ({connection.status or 'no answer'}); again in {wait_s:g} s")
                run.pause(wait_s)


def _rules(campaign: Campaign) -> dict[str, str]:
    return {
        f"{candidate.id} {number}": rule
        for candidate in campaign.candidates
        for number, rule in enumerate(stream_rules(candidate))
    }


class _Follower:
    """One connection's posts on their way to the landing zone."""

    def __init__(self, run: XRun, source: XSource, clock: Callable[[], datetime]) -> None:
        self._run = run
        self._source = source
        self._clock = clock
        self._heard: SimpleQueue[tuple[datetime, bytes]] = SimpleQueue()
        self._proved_to_at: datetime | None = None
        # Posts come before they can be counted: one batch, two seconds of the most that X sends, is set apart.
        self._apart: int | None = run.purse.set_apart(APART, STREAM)

    def follow(self, until_at: datetime, dialect: Dialect) -> Connection:
        """Read until the connection ends or the time is over; what was heard has landed."""
        connection = Connection(
            bearer_token(self._run.settings),
            self._run.settings.x_api_url,
            lambda line: self._heard.put((self._clock(), line)),
            self._clock,
        )
        thread = connection.open(dialect.parameter, dialect.fields)
        try:
            while thread.is_alive() or not self._heard.empty():
                self._land(self._take_batch())
                if self._clock() >= until_at and connection.running:
                    connection.disconnect()
                    break
            self._land(self._take_batch())
        except KeyboardInterrupt:
            self._land(self._take_batch())
            raise
        finally:
            connection.disconnect()
            connection.session.close()
            if self._apart is not None:
                self._run.purse.settle(self._apart, Decimal(0))
        return connection

    def _take_batch(self) -> list[tuple[datetime, bytes]]:
        """What is heard within a second: one file a second, not one a post."""
        batch: list[tuple[datetime, bytes]] = []
        ends_at = time.monotonic() + FLUSH_S
        while len(batch) < MOST_POSTS and (left_s := ends_at - time.monotonic()) > 0:
            try:
                batch.append(self._heard.get(timeout=left_s))
            except Empty:
                break
        return batch

    def _land(self, batch: list[tuple[datetime, bytes]]) -> None:
        if not batch:
            return
        posts, set_aside = self._read(batch)
        is_last = not self._pay(len(posts) * POST_READ)
        last_at = batch[-1][0]
        span = Span(from_at=self._proved_to_at or batch[0][0], to_at=last_at)
        self._proved_to_at = last_at
        attempt: FetchAttempt = stream_attempt(self._source, span, items=len(posts), now=last_at)
        self._run.keep(self._source, posts, set_aside, [attempt])
        if is_last:
            raise BudgetExhausted(f"X {STREAM}: what came was the last that the budget covers")

    def _pay(self, price: Decimal) -> bool:
        """Pay for what came, if need be from what was set apart for it; then nothing more may come."""
        purse = self._run.purse
        try:
            purse.settle(purse.reserve(price, STREAM), price)
        except BudgetExhausted:
            if self._apart is None:
                raise
            purse.settle(self._apart, price)
            self._apart = None
            return False
        return True

    def _read(self, batch: list[tuple[datetime, bytes]]) -> tuple[list[Post], list[str]]:
        posts, set_aside = [], []
        accounts = read_accounts(self._run.state)
        for heard_at, line in batch:
            if not line.strip():
                continue
            reading = Reading(
                source_key=self._source.source_key,
                source_kind="x_posts",
                observed_at=heard_at,
                hash_author=self._run.hash_author,
                accounts=accounts,
            )
            try:
                said = json.loads(line)
                set_aside += [tell_partial_error(error) for error in as_list(said.get("errors"))]
                if "data" in said or "errors" not in said:
                    posts.append(read_post(said["data"], reading))
            except (KeyError, TypeError, ValueError, OverflowError, AttributeError, RecursionError) as error:
                set_aside.append(f"line of the stream not understood: {type(error).__name__}")
        return posts, set_aside


def stream_x_once(
    campaign: Campaign,
    settings: Settings,
    until_at: datetime,
    clock: Callable[[], datetime],
    *,
    tell: Tell = say_nothing,
    pause: Callable[[float], None] = time.sleep,
) -> Collected:
    """Follow the stream for one campaign until `until_at`, and say what landed."""
    with opened_run(campaign, settings, clock(), clock=clock, tell=tell, pause=pause) as run:
        follow_stream(run, until_at, clock)
        reconcile_usage(run)
        return run.collected
