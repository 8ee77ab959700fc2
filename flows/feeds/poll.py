"""Asks the feeds that are due, many hosts at once and each host politely, and hands over what came."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp

from connectors.errors import SourceError, SourceUnavailable, SourceUnreadable
from connectors.feeds.parse import ParsedFeed
from connectors.fence import fenced
from connectors.web.answers import HOST_FAULTS, NOT_MODIFIED, failure_of, fresh_for, retry_after
from connectors.web.get import Answer, Limits, get
from connectors.web.hosts import host_of
from flows.clock import RunClock
from flows.collected import Tell
from flows.feeds.pace import host_wait_s
from flows.feeds.polled import DueFeed, Polled, failed_poll
from flows.feeds.turns import HostRecord, HostTurns

_HOSTS_AT_ONCE = 256
_WAITING_ANSWERS = 100  # polled and not yet landed
_QUIET_S = 0.5


class Parse(Protocol):
    """Parses a document somewhere safe."""

    async def __call__(self, answer: Answer, feed_url: str, fetched_at: datetime, timezone: str) -> ParsedFeed:
        """The parsed document.

        Raises:
            SourceUnreadable: it is not a feed, or it takes too much memory or time.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Poller:
    """Everything a poll needs beside the feed."""

    session: aiohttp.ClientSession
    turns: HostTurns
    parse: Parse
    limits: Limits
    allow_private: bool
    clock: RunClock
    note_host: Callable[[HostRecord], None]  # at once: a host that asked for peace must get it after a crash too
    set_aside: Callable[[Answer], None]  # keeps a document that could not be read
    tell: Tell

    async def poll(self, due: DueFeed) -> Polled:
        """What the feed answers now; failures come back, they are not raised."""
        try:
            with fenced(due.asked_url, self.tell):
                answer = await get(
                    self.session,
                    due.asked_url,
                    validators=due.validators,
                    turn=self.turns.turn,
                    limits=self.limits,
                    allow_private=self.allow_private,
                )
                with answer.document:
                    return await self._judge(due, answer)
        except SourceError as error:
            return failed_poll(due, self.clock.whole_second(), error)

    async def _judge(self, due: DueFeed, answer: Answer) -> Polled:
        at = self.clock.instant()
        self._count(due, answer)
        failure = failure_of(answer.url, answer.status, answer.headers, at)
        if answer.status in HOST_FAULTS:
            self._leave_alone(answer, at)
        if failure:
            return self._polled(due, answer, failure=failure)
        if answer.status == NOT_MODIFIED:
            if not answer.is_conditional:
                odd = SourceUnavailable(f"{answer.url}: says 304 to a request without a validator")
                return self._polled(due, answer, failure=odd)
            return self._polled(due, answer, is_unchanged=True)
        if due.known and due.known.document_sha256 == answer.sha256:
            return self._polled(due, answer, is_unchanged=True)
        try:
            parsed = await self.parse(answer, due.feed.url, self.clock.whole_second(), due.timezone)
        except SourceUnreadable as error:
            return self._polled(due, answer, failure=self._kept_aside(answer, error))
        return self._polled(due, answer, parsed=parsed)

    def _kept_aside(self, answer: Answer, unreadable: SourceUnreadable) -> SourceUnreadable:
        """Why the document was not read, and why it could not be kept either, where that is so."""
        try:
            self.set_aside(answer)
        except OSError as error:
            return SourceUnreadable(f"{unreadable}; nor could it be kept in rejects/ ({error.strerror})")
        return unreadable

    def _count(self, due: DueFeed, answer: Answer) -> None:
        """For the etiquette report: did nothing change, and was a validator known that was not sent?"""
        record = self.turns.record(host_of(answer.url))
        record.not_modified += answer.status == NOT_MODIFIED
        has_validator = any(due.validators.get(answer.url, ()))
        record.unconditional_known += has_validator and not answer.is_conditional

    def _leave_alone(self, answer: Answer, at: datetime) -> None:
        record = self.turns.record(host_of(answer.url))
        wait_s = host_wait_s(answer.status, retry_after(answer.headers, at), seed=record.host, now=at)
        record.waits_until = at + timedelta(seconds=wait_s)
        self.note_host(record)

    def _polled(
        self,
        due: DueFeed,
        answer: Answer,
        *,
        failure: SourceError | None = None,
        parsed: ParsedFeed | None = None,
        is_unchanged: bool = False,
    ) -> Polled:
        at = self.clock.whole_second()
        host = host_of(answer.url)
        return Polled(
            due=due,
            at=at,
            answer=answer,
            failure=failure,
            parsed=parsed,
            is_unchanged=is_unchanged,
            fresh_s=fresh_for(answer.headers, at),
            retry_after_s=retry_after(answer.headers, at),
            host=host,
            host_waits_until=self.turns.record(host).waits_until if answer.status in HOST_FAULTS else None,
        )


async def poll_all(
    due: Iterable[DueFeed], poll: Callable[[DueFeed], Awaitable[Polled]], *, quiet_s: float = _QUIET_S
) -> AsyncIterator[Polled | None]:
    """What each feed answers, as it comes; the feeds of one host are asked one after the other.

    None where nothing came for `quiet_s` seconds: what came before need not wait for a host that takes its time.
    """
    by_host: dict[str, list[DueFeed]] = {}
    for one in due:
        by_host.setdefault(host_of(one.asked_url), []).append(one)
    queues = iter(by_host.values())
    came: asyncio.Queue[Polled | None] = asyncio.Queue(maxsize=_WAITING_ANSWERS)

    async def work() -> None:
        for feeds in queues:  # shared: the next free worker takes the next host
            for one in feeds:
                await came.put(await poll(one))

    async def work_and_tell() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(_HOSTS_AT_ONCE, len(by_host))):
                    group.create_task(work())
        finally:
            await came.put(None)

    worker = asyncio.create_task(work_and_tell())
    try:
        is_over = False
        while not is_over:
            try:
                polled = await asyncio.wait_for(came.get(), quiet_s)
            except TimeoutError:
                yield None
            else:
                is_over = polled is None
                if polled is not None:
                    yield polled
        await worker
    finally:
        worker.cancel()
