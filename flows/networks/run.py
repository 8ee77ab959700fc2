"""One run against a network: what every part of it needs, how rows land, and how failures are kept."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Connection
from typing import TypeVar

from connectors.campaign.models import Campaign
from connectors.decoding import is_garbled
from connectors.errors import SourceError
from connectors.fence import fenced
from connectors.networks.asking import Asker
from connectors.networks.reading import NetworkReading
from connectors.records import FetchAttempt, Post, Reject
from flows.collected import Collected, Tell
from flows.networks import held, walks_state
from flows.networks.attempts import PostSource, failed_attempt, reject
from flows.networks.patience import ask_patiently
from flows.people.erase import Request, erase_gone
from flows.people.keys import author_hash, author_key, erased_subjects, post_hash, subject_hash
from flows.settings import Settings
from flows.state import open_state
from flows.user_agent import user_agent
from warehouse.landing.files import land
from warehouse.store import StoreBusy

T = TypeVar("T")


@dataclass(kw_only=True)
class NetworkRun:
    """One run against one network on behalf of one campaign."""

    network: str
    campaign: Campaign
    settings: Settings
    now: datetime
    clock: Callable[[], datetime]
    state: Connection
    asker: Asker
    pause: Callable[[float], None]
    tell: Tell
    is_forced: bool
    erased: set[str]  # hashes of authors and posts that must not come in again
    hash_author: Callable[[str], str]
    hash_post: Callable[[str], str]
    collected: Collected = field(default_factory=Collected)

    def reading(
        self, source: PostSource, observed_at: datetime, accounts: Mapping[str, str] | None = None
    ) -> NetworkReading:
        """What posts of the source carry beyond their own fields."""
        return NetworkReading(
            source_key=source.source_key,
            source_kind=source.source_kind,
            network=self.network,
            observed_at=observed_at,
            hash_author=self.hash_author,
            hash_post=self.hash_post,
            accounts=accounts or {},
        )

    def ask(self, call: Callable[[], T]) -> T:
        """What `call` returns, asked patiently.

        Raises:
            SourceError: as `call` does.
        """
        return ask_patiently(call, self.pause, self.tell)

    def keep(
        self,
        source: PostSource,
        posts: Sequence[Post],
        set_aside: Mapping[str, int],
        attempts: Sequence[FetchAttempt],
    ) -> None:
        """Land posts, then what was set aside (reason -> how often), then the attempts that prove them."""
        welcome = [post for post in posts if not self._was_erased(post)]
        held.hold(self.state, self.network, welcome)
        rejects = [reject(source, f"{self.network} answer", _counted(*one), self.now) for one in set_aside.items()]
        # Rows before the attempt that proves them: a crash between the two leaves no proof of what is not there.
        records: list[Post | Reject | FetchAttempt] = [*welcome, *rejects, *attempts]
        self.collected.files += land(self.settings.home, records)
        self.collected.landed.update(record.TABLE for record in records)
        for reason, times in set_aside.items():
            self.collected.set_aside[source.source_id] += times
            self.collected.tell_aside(source.source_id, reason, f"{self.network} answer", times)
        if garbled := sum(is_garbled(post.text) for post in welcome):
            self.collected.garbled[source.source_id] += garbled

    @contextmanager
    def failures_kept(self, source: PostSource) -> Iterator[None]:
        """A failure within lands as an attempt of `source`, is told, and does not stop the other sources."""
        before = self.asker.requests
        try:
            with fenced(source.source_key, self.tell):
                yield
        except SourceError as error:
            attempt = failed_attempt(source, error, self.clock(), requests=self.asker.requests - before)
            self.keep(source, [], {}, [attempt])
            self.collected.failed[source.source_id] = str(error)

    def note_gone(self, subject: str, heard_at: datetime) -> None:
        """A post's id or an author's key that the network wants gone: kept where we hold any of it."""
        if held.is_held(self.state, self.network, subject):
            held.note_gone(self.state, self.network, subject, heard_at)

    def erase_gone(self) -> bool:
        """Erase everywhere what the network wants gone; False where a build is in the way, and it must wait."""
        gone = held.read_gone(self.state, self.network)
        if not gone:
            return True
        request = Request(
            asked_at=min(gone.values()), clock=self.clock, reason=f"deleted on {self.network}", tell=self.tell
        )
        try:
            erased = erase_gone(self.settings, list(gone), request)
        except StoreBusy:
            self.tell(f"{len(gone)} posts or authors are gone from {self.network}: erased after the build that runs")
            return False
        held.forget_gone(self.state, self.network, gone)
        self.erased |= {subject_hash(subject) for subject in gone}
        self.collected.notes.append(f"{self.network}: {erased.rows} rows erased, deleted there")
        return True

    def _was_erased(self, post: Post) -> bool:
        return bool(self.erased) and any(subject_hash(one) in self.erased for one in (post.author_key, post.post_id))


@contextmanager
def opened_network_run(
    network: str,
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    *,
    clock: Callable[[], datetime],
    tell: Tell,
    schema: str = "",
    pause: Callable[[float], None] = time.sleep,
    is_forced: bool = False,
) -> Iterator[NetworkRun]:
    """A run whose state is closed at the end of the block."""
    secret = author_key(settings, tell)
    with closing(open_state(settings.home, held.SCHEMA + walks_state.SCHEMA + schema)) as state:
        held.recall_held(state, settings.home, network)
        yield NetworkRun(
            network=network,
            campaign=campaign,
            settings=settings,
            now=now,
            clock=clock,
            state=state,
            asker=Asker(
                user_agent=user_agent(settings.contact), allow_private=settings.allow_private_hosts, clock=clock
            ),
            pause=pause,
            tell=tell,
            is_forced=is_forced,
            erased=set(erased_subjects(settings.home)),
            hash_author=author_hash(secret, network),
            hash_post=post_hash(secret, network),
        )


def _counted(reason: str, times: int) -> str:
    return reason if times == 1 else f"{reason} ({times} times)"
