"""One run against X: what every part of it needs, and how its failures are kept."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from sqlite3 import Connection
from typing import TypeVar

from connectors.campaign.models import Campaign
from connectors.decoding import is_garbled
from connectors.errors import BudgetExhausted, SourceError, SourceUnavailable
from connectors.fence import fenced
from connectors.records import FetchAttempt, Post, PostCount, Reject
from connectors.x.errors import CredentialsRefused, CreditsUsedUp, EndpointRefused, ParameterRefused
from connectors.x.prices import Prices
from connectors.x.session import Client
from flows.collected import Collected, Tell
from flows.networks.patience import BACKOFF_S, ask_patiently
from flows.people.keys import subject_hash
from flows.settings import Settings
from flows.x.attempts import XSource, failed_attempt, reject
from flows.x.purse import Purse
from warehouse.landing.files import land

T = TypeVar("T")
_TIMES = ("start_time", "end_time")
ENDS_ALL = (CredentialsRefused, EndpointRefused, CreditsUsedUp)  # whatever else is asked would end the same way


@dataclass(kw_only=True)
class XRun:
    """One run against X on behalf of one campaign."""

    campaign: Campaign
    settings: Settings
    now: datetime
    state: Connection
    client: Client
    purse: Purse
    prices: Prices
    pause: Callable[[float], None]
    tell: Tell
    is_full_archive: bool
    is_forced: bool
    erased: frozenset[str]  # hashes of authors and posts that must not come in again
    hash_author: Callable[[str], str]
    stop: SourceError | None  # once set, nothing more is asked: the others would fail the same way
    behind: timedelta = timedelta(0)  # X's clock behind ours, as its last answer says
    is_patient: bool = True  # until a source was given up: one that waited in vain is enough
    collected: Collected = field(default_factory=Collected)

    @property
    def now_at_x(self) -> datetime:
        """Now by X's clock: what lies after it, X refuses."""
        return self.now - self.behind

    def has_learnt_the_time(self, refused: SourceError, now_at_x: datetime) -> bool:
        """Is what was asked when it was `now_at_x` worth asking anew, because X's clock shows another time?

        The answer's date says which; where it has none, a minute less is asked for.
        """
        if not isinstance(refused, ParameterRefused) or not is_about_time(refused):
            return False
        if self.now_at_x == now_at_x:
            self.behind += timedelta(minutes=1 if refused.names("end_time") else -1)
        return True

    def turn_to_next_endpoint(self) -> None:
        """An endpoint that refused the token says nothing of the others."""
        if isinstance(self.stop, EndpointRefused):
            self.stop = None

    def ask(self, call: Callable[[], T]) -> T:
        """What `call` returns, asked patiently; once only while X did not answer the question before.

        Raises:
            SourceError: as `call` does, or why the run has stopped.
        """
        if self.stop is not None:
            raise self.stop
        try:
            answer = ask_patiently(call, self.pause, self.tell, BACKOFF_S if self.is_patient else ())
        except SourceUnavailable:
            self.is_patient = False
            raise
        finally:
            self.behind = self.client.session.clock_ahead or self.behind
        self.is_patient = True
        return answer

    def keep(
        self,
        source: XSource,
        rows: Sequence[PostCount | Post],
        set_aside: Sequence[str],
        attempts: Sequence[FetchAttempt],
    ) -> None:
        """Land one page: its rows, then what was set aside, then the attempts that prove it, with what it cost."""
        welcome = [row for row in rows if not isinstance(row, Post) or not self._was_erased(row)]
        rejects = [reject(source, reason, self.now) for reason in set_aside]
        paid = [replace(attempts[0], cost_usd=self.purse.take_cost()), *attempts[1:]]
        # Rows before the attempt that proves them: a crash between the two leaves no proof of what is not there.
        records: list[PostCount | Post | Reject | FetchAttempt] = [*welcome, *rejects, *paid]
        self.collected.files += land(self.settings.home, records)
        self.collected.landed.update(record.TABLE for record in records)
        self.collected.set_aside[source.source_id] += len(rejects)
        if garbled := sum(isinstance(row, Post) and is_garbled(row.text) for row in welcome):
            self.collected.garbled[source.source_id] += garbled

    def _was_erased(self, post: Post) -> bool:
        subjects = (post.author_key, post.post_id, post.edit_of or "")
        return bool(self.erased) and any(subject_hash(subject) in self.erased for subject in subjects if subject)

    @contextmanager
    def failures_kept(self, source: XSource) -> Iterator[None]:
        """A failure within lands as an attempt of `source`, is shown, and does not stop the other sources."""
        before = self.client.session.requests_sent
        try:
            with fenced(source.source_key, self.tell):
                yield
        except SourceError as error:
            requests = self.client.session.requests_sent - before
            self.keep(source, [], [], [failed_attempt(source, error, self.now, requests=requests)])
            if isinstance(error, BudgetExhausted):
                self.collected.unbought[source.source_id] = f"budget exhausted: {error}"
            else:
                self.collected.failed[source.source_id] = str(error)
            if isinstance(error, ENDS_ALL):
                self.stop = error


def is_about_time(error: SourceError) -> bool:
    """Does X refuse a span because it begins or ends where its clock does not allow?"""
    return isinstance(error, ParameterRefused) and any(error.names(name) for name in _TIMES)
