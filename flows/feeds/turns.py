"""Whose turn it is: one request to a host at a time, a gap between two, and none while the host asked for peace."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.errors import SourceUnavailable


class HostWaits(SourceUnavailable):
    """The host asked to be left alone until an instant; it was not asked."""

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC")
        self.host = host
        self.until = until


Sleep = Callable[[float], Awaitable[None]]


@dataclass(kw_only=True)
class HostRecord:
    """What is known of one host, and how politely it was asked; kept from run to run."""

    host: str
    waits_until: datetime | None = None
    asked_at: datetime | None = None  # end of the last request
    requests: int = 0
    conditional: int = 0
    not_modified: int = 0
    unconditional_known: int = 0  # without a validator although one was known: must stay 0
    least_gap_s: float | None = None
    retry_after_ignored: int = 0  # must stay 0


KnownHost = Callable[[str], HostRecord | None]


class HostTurns:
    """Gives each host its turns; `known_host` tells what is known of one, `instant` the time of the run."""

    def __init__(self, known_host: KnownHost, *, gap_s: float, instant: Callable[[], datetime], sleep: Sleep) -> None:
        self._known_host = known_host
        self._hosts: dict[str, HostRecord] = {}
        self._gap = timedelta(seconds=gap_s)
        self._instant = instant
        self._sleep = sleep
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._asked: dict[str, HostRecord] = {}

    @asynccontextmanager
    async def turn(self, host: str, is_conditional: bool) -> AsyncIterator[None]:
        """Wait for the host's turn and hold it.

        Raises:
            HostWaits: the host asked to be left alone.
        """
        async with self._locks[host]:
            record = self.record(host)
            self._refuse_while_waiting(record)
            rest = record.asked_at + self._gap - self._instant() if record.asked_at else timedelta()
            if rest > timedelta():
                # Never longer than the gap: a clock that was set back must not stop a host for hours.
                await self._sleep(min(rest, self._gap).total_seconds())
            self._count(record, is_conditional)
            try:
                yield
            finally:
                record.asked_at = self._instant()

    def record(self, host: str) -> HostRecord:
        """The host's record, begun where there is none."""
        record = self._hosts.get(host)
        if record is None:
            record = self._hosts[host] = self._known_host(host) or HostRecord(host=host)
        return record

    def take_asked(self) -> list[HostRecord]:
        """The hosts that were asked since this was called last."""
        asked, self._asked = list(self._asked.values()), {}
        return asked

    def _refuse_while_waiting(self, record: HostRecord) -> None:
        if record.waits_until is not None and record.waits_until > self._instant():
            raise HostWaits(record.host, record.waits_until)

    def _count(self, record: HostRecord, is_conditional: bool) -> None:
        now = self._instant()
        if record.asked_at is not None:
            gap_s = (now - record.asked_at).total_seconds()
            record.least_gap_s = gap_s if record.least_gap_s is None else min(record.least_gap_s, gap_s)
        record.retry_after_ignored += record.waits_until is not None and record.waits_until > now
        record.requests += 1
        record.conditional += is_conditional
        self._asked[record.host] = record
