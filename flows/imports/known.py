"""A file is known by its content: what was imported is not read again, unless declared otherwise or named again."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from connectors.donations.source import SetAside
from connectors.records import ImportedFile, Reject, Withdrawal
from flows.collected import Collected
from flows.imports.memory import failure_of, recall, remember_failure
from warehouse.landing.files import land


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFiles:
    """The files of one source, of gifts or of posts; what is found out about them goes into `collected`."""

    campaign_id: str
    source_id: str
    declared_hash: str  # of all that decides how a file is read
    home: Path
    state: sqlite3.Connection
    now: datetime
    collected: Collected

    def is_wanted(self, sha256: str, name: str, *, is_named: bool) -> bool:
        """Whether the content is to be read: not if it was, or if it was taken back and is not named again."""
        known = recall(self.state, self.campaign_id, self.source_id, sha256)
        if known is None:
            return True
        if known.is_withdrawn:
            if not is_named:
                self.collected.notes.append(f"{self.source_id}: {name} was taken back; name it to put it in again")
            return is_named
        if known.reading_hash in ("", self.declared_hash):
            self.collected.read[self.source_id] += known.rows_read
            said = failure_of(self.state, self.campaign_id, known)
            if said:
                self.collected.tell_failed(self.source_id, said)
            counter = self.collected.set_aside if said else self.collected.duplicates
            counter[self.source_id] += known.rows_read
            return False
        # The source is declared otherwise than when the file was read: its rows give way to those read again.
        self.collected.files += land(self.home, [self._withdrawal(sha256)])
        self.collected.notes.append(f"{self.source_id}: read {name} again, as the campaign now says")
        return True

    def rejects(self, sha256: str, name: str, rows: Iterable[SetAside]) -> list[Reject]:
        """The rows of a file that were set aside, as records to land."""
        return [
            Reject(
                source_key=f"{self.campaign_id}/{self.source_id}",
                what=name,
                line_number=row.line_number,
                reason=row.reason,
                seen_at=self.now,
                file_sha256=sha256,
            )
            for row in rows
        ]

    def count(self, file: ImportedFile, table: str, rows: Sequence[SetAside], said: str | None) -> None:
        """Count what a file held that was read now; `said` where most of its rows were set aside, to be said again."""
        self.collected.read[self.source_id] += file.rows_read
        self.collected.set_aside[self.source_id] += len(rows)
        self.collected.told_anew[self.source_id] += file.rows_landed
        self.collected.landed[table] += file.rows_landed
        for row in rows:
            self.collected.tell_aside(self.source_id, row.reason, f"{file.file_name}, line {row.line_number}")
        if said is not None:
            self.collected.tell_failed(self.source_id, said)
        remember_failure(self.state, file, said)

    def _withdrawal(self, sha256: str) -> Withdrawal:
        return Withdrawal(
            campaign_id=self.campaign_id,
            source_id=self.source_id,
            file_sha256=sha256,
            # Before what is read again: that one stands.
            withdrawn_at=self.now - timedelta(microseconds=1),
        )
