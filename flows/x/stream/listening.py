"""One connection to X's stream: what it sends is paid for before it is read, and on disk within seconds."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from queue import Empty, SimpleQueue

from connectors.decoding import decode
from connectors.errors import BudgetExhausted
from connectors.records import Post
from connectors.x.counts import as_list, words_of_error
from connectors.x.dialect import Dialect
from connectors.x.posts import Reading, read_post
from connectors.x.stream import STREAM, Connection
from flows.networks.spans import Span
from flows.x.attempts import XSource, stream_attempt
from flows.x.credit import Credit
from flows.x.open import bearer_token
from flows.x.run import XRun
from flows.x.state import read_accounts

FLUSH_S = 1.0
AHEAD = 250  # posts that may be read before the next are paid for: a second of the most that X sends
UNDER_WAY = 250  # posts that X may have sent, and will charge, when the stream is closed for want of money
_NO_POST = (KeyError, TypeError, ValueError, OverflowError, AttributeError, RecursionError)
Line = tuple[datetime, bytes]


class Listener:
    """One connection's posts on their way to the landing zone."""

    def __init__(self, run: XRun, source: XSource, clock: Callable[[], datetime]) -> None:
        self._run = run
        self._source = source
        self._clock = clock
        self._heard: SimpleQueue[Line] = SimpleQueue()
        self._proved_to_at: datetime | None = None
        self._credit = Credit()
        self._is_spent = False
        self._apart = run.purse.set_apart((UNDER_WAY + 1) * run.prices.post_read, STREAM)
        self._credit.grant(1, is_last=False)
        self._pay_ahead(AHEAD - 1)

    def follow(self, until_at: datetime, dialect: Dialect) -> Connection:
        """Read until the connection ends, the time is over or the money is; what was heard has landed.

        Raises:
            BudgetExhausted: all that may be spent is spent, but for what was under way when the stream was closed.
        """
        connection = Connection(bearer_token(self._run.settings), self._run.settings.x_api_url, self._hear, self._clock)
        thread = connection.open(dialect.parameter, dialect.fields)
        try:
            while thread.is_alive() or not self._heard.empty():
                self._land(self._take_batch())
                if self._clock() >= until_at and connection.running:
                    break
        finally:
            # Also when Ctrl-C ends it: what came has been charged.
            self._credit.close()
            connection.disconnect()
            connection.session.close()
            while not self._heard.empty():
                self._land(self._take_batch())
            if not self._is_over:
                self._run.purse.settle(self._apart, Decimal(0))
        if self._is_over:
            raise BudgetExhausted(
                f"X {STREAM}: closed when no more was left than the "
                f"${UNDER_WAY * self._run.prices.post_read:f} for posts under way, which X may charge. "
                "Mend: wait for next month, or raise x.budget_usd (or AFTERDEBATE_X_CAP)"
            )
        return connection

    @property
    def _is_over(self) -> bool:
        return self._is_spent and self._credit.is_used_up

    def _hear(self, line: bytes) -> bool:
        """Take a line of the stream; may another be read?"""
        self._heard.put((self._clock(), line))
        return self._credit.take() if line.strip() else True

    def _pay_ahead(self, posts: int) -> None:
        granted = self._run.purse.extend(self._apart, self._run.prices.post_read, posts)
        self._is_spent = granted < posts
        self._credit.grant(granted, is_last=self._is_spent)

    def _take_batch(self) -> list[Line]:
        """What is heard within a second: one file a second, not one a post; sooner where the reader must wait."""
        batch: list[Line] = []
        ends_at = time.monotonic() + FLUSH_S
        while (left_s := ends_at - time.monotonic()) > 0:
            try:
                batch.append(self._heard.get(timeout=left_s))
            except Empty:
                break
            if self._heard.empty() and self._credit.is_used_up:
                break
        return batch

    def _land(self, batch: list[Line]) -> None:
        if not batch:
            return
        posts, set_aside, free = self._read(batch)
        charged = sum(bool(line.strip()) for _, line in batch) - free
        self._run.purse.draw(self._apart, charged * self._run.prices.post_read, STREAM)
        last_at = batch[-1][0]
        span = Span(from_at=self._proved_to_at or batch[0][0], to_at=last_at)
        self._proved_to_at = last_at
        attempt = stream_attempt(self._source, span, items=len(posts), now=last_at)
        self._run.keep(self._source, posts, set_aside, [attempt])
        self._credit.grant(free, is_last=self._is_spent)
        if charged and not self._is_spent:
            self._pay_ahead(charged)

    def _read(self, batch: list[Line]) -> tuple[list[Post], list[str], int]:
        """The posts, what was set aside, and how many lines hold none: those are X's own words, and cost nothing."""
        posts, set_aside, free = [], [], 0
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
                said = json.loads(decode(line))
                set_aside += [words_of_error(error) for error in as_list(said.get("errors"))]
                if "data" in said or "errors" not in said:
                    posts.append(read_post(said["data"], reading))
                else:
                    free += 1
            except _NO_POST as error:
                set_aside.append(f"line of the stream not understood: {type(error).__name__}")
        return posts, set_aside, free
