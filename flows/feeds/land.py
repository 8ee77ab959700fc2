"""Lands what polls brought, in batches, and only then notes it: a crash in between costs nothing."""

import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from connectors.errors import SourceBroken
from connectors.fence import fenced
from connectors.records import Reject
from flows.collected import Collected, Tell, say_nothing
from flows.feeds.entries import recognise
from flows.feeds.hosts import remember_hosts
from flows.feeds.polled import Polled, failed_poll
from flows.feeds.settle import Settled, settle
from flows.feeds.state import remember, remember_rests
from flows.feeds.turns import HostTurns
from flows.people.entry_authors import Signer
from warehouse.landing.files import Landable, Record, as_landable, land_all

_POLLS = 200
_ENTRIES = 10_000  # a batch of documents that hold thousands each must not fill the memory

_WAIT = timedelta(seconds=15)  # what a crash takes must be asked for again, without its validators


class PollLander:
    """Gathers polls and lands them a batch at a time; `collected` tells what landed so far."""

    def __init__(
        self, home: Path, state: sqlite3.Connection, turns: HostTurns, signer: Signer, tell: Tell = say_nothing
    ) -> None:
        self._home = home
        self._state = state
        self._turns = turns
        self._signer = signer
        self._tell = tell
        self._waiting: list[Polled] = []
        self._waiting_entries = 0
        self.collected = Collected()

    def add(self, polled: Polled) -> bool:
        """Take one poll; returns whether a batch landed."""
        self._waiting.append(polled)
        self._waiting_entries += len(polled.parsed.entries) if polled.parsed else 0
        has_waited = polled.at - self._waiting[0].at >= _WAIT
        is_full = has_waited or len(self._waiting) >= _POLLS or self._waiting_entries >= _ENTRIES
        if is_full:
            self.land()
        return is_full

    def land_what_waits(self) -> bool:
        """Land what was polled and has not landed; returns whether there was any."""
        has_waiting = bool(self._waiting)
        if has_waiting:
            self.land()
        return has_waiting

    def land(self) -> None:
        """Land what waits, then note it; what landed and was not noted is read by the next run."""
        batch, self._waiting, self._waiting_entries = self._waiting, [], 0
        self._land_each_apart_if_need_be(batch)
        remember_hosts(self._state, self._turns.take_asked())

    def _land_each_apart_if_need_be(self, batch: Sequence[Polled]) -> None:
        """Land a batch; where something in it cannot be settled, each poll alone, and that one as a failure."""
        is_alone = len(batch) == 1
        try:
            with fenced(batch[0].due.feed.url if is_alone else "a batch", self._tell if is_alone else say_nothing):
                named: dict[int, str] = {}
                settled = [self._settle(polled, named) for polled in batch]
                records = _records_of(batch, settled, self._signer)
                landable = as_landable(records)
        except SourceBroken as broken:
            if is_alone and isinstance(batch[0].failure, SourceBroken):
                raise
            for polled in batch:
                self._land_each_apart_if_need_be([failed_poll(polled.due, polled.at, broken) if is_alone else polled])
        else:
            self._land_settled(batch, settled, records, landable)

    def _land_settled(
        self, batch: Sequence[Polled], settled: Sequence[Settled], records: Sequence[Record], landable: Landable
    ) -> None:
        files = land_all(self._home, landable)
        entries = [entry for one in settled for entry in one.entries]
        remember_rests(self._state, {polled.due.feed.url: polled.rests_until for polled in batch})
        remember(self._state, [one.feed for one in settled], entries, files)
        self.collected.files += files
        self.collected.landed.update(record.TABLE for record in records)
        for polled, one in zip(batch, settled, strict=True):
            self._say(polled, one)

    def _settle(self, polled: Polled, named: dict[int, str]) -> Settled:
        parsed = polled.parsed
        if parsed is None or not parsed.entries:
            return settle(polled, None)
        signed = [
            self._signer.sign(entry, mark.version) for entry, mark in zip(parsed.entries, parsed.marks, strict=True)
        ]
        marks = [mark._replace(version=version) for mark, (_, version) in zip(parsed.marks, signed, strict=True)]
        entries = [entry for entry, _ in signed]
        return settle(polled, recognise(self._state, polled.due.feed.url, entries, marks, named))

    def _say(self, polled: Polled, one: Settled) -> None:
        source_id = polled.due.feed.id
        set_aside = len(rejects_of(polled))
        if set_aside:
            self.collected.set_aside[source_id] += set_aside
        if one.feed.is_retired:
            self.collected.failed[source_id] = f"{one.feed.asked_url}: gone (410) twice. Mend: take it off the campaign"
        elif polled.failure is not None:
            self.collected.failed[source_id] = polled.reason
        elif one.attempt.outcome == "unreadable":  # the same bytes that could not be read before
            self.collected.failed[source_id] = one.fault or ""
        if one.feed.is_silent or one.is_gap:
            self.collected.notes.append(f"{source_id}: {one.attempt.reason}")
        if one.feed.is_silent:
            self.collected.silent[source_id] = one.attempt.reason or ""


def _records_of(batch: Sequence[Polled], settled: Sequence[Settled], signer: Signer) -> list[Record]:
    entries = [entry.entry for one in settled for entry in one.entries if signer.may_land(entry.entry)]
    rejects = [reject for polled in batch for reject in rejects_of(polled)]
    return [*entries, *rejects, *(one.attempt for one in settled), *(one.feed for one in settled)]


def rejects_of(polled: Polled) -> Sequence[Reject]:
    """What of a poll could not be read: parts of a document, or the whole of it."""
    if polled.parsed is not None:
        return polled.parsed.rejects
    if not polled.is_unreadable:
        return []
    return [
        Reject(
            source_key=polled.due.feed.url,
            what=polled.answer.url if polled.answer else polled.due.feed.url,
            line_number=None,
            reason=polled.reason,
            seen_at=polled.at,
            file_sha256=polled.answer.sha256 if polled.answer else None,
        )
    ]
