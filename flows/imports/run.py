"""One import run, of gifts, polls or posts: which content is wanted, and how a file that was read is booked.

A file is known by its content: what was imported is not read again, unless declared otherwise or named again.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from connectors.campaign.models import (
    ArchiveConfig,
    Campaign,
    DonationConfig,
    PollConfig,
    SeriesConfig,
    SignupConfig,
)
from connectors.donations.source import READ_RIGHTLY, DonationSource
from connectors.records import FetchAttempt, ImportedFile, Outcome, Reject, SourceKind, Withdrawal
from flows.collected import Collected, Tell, is_most, told_of_most
from flows.imports.archives.post_files import declared_hash
from flows.imports.donation_files import donation_source, reading_hash
from flows.imports.ledger import FileRead, attempt_to_read, imported_file
from flows.imports.memory import (
    failure_of,
    forget_attempts,
    is_news,
    recall,
    remember,
    remember_failure,
    remember_trouble,
    trouble_of,
)
from flows.imports.poll_files import poll_reading_hash
from flows.people.keys import subject_hash
from flows.state import in_one_transaction
from warehouse.landing.files import Record, land

Config = SeriesConfig | ArchiveConfig | PollConfig

_KINDS: dict[type[Config], SourceKind] = {
    ArchiveConfig: "x_archive",
    DonationConfig: "donations",
    SignupConfig: "signups",
    PollConfig: "polls",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import into one home; `collected` is what it did so far."""

    campaign: Campaign
    home: Path
    now: datetime
    state: sqlite3.Connection
    secret: bytes  # of the keyed hashes: of donors, or of authors
    erased: frozenset[str]  # hashes of people and posts that were erased: they do not come in again
    collected: Collected
    tell: Tell
    is_named: bool  # the files were named one by one: those taken back are put in again
    refused: set[str] = field(default_factory=set)  # sources of which a file could not be read at all

    def source(self, config: SeriesConfig) -> DonationSource:
        """What readers are told about a declared source."""
        return donation_source(self.campaign, config)

    def is_wanted(self, sha256: str, name: str, config: Config) -> bool:
        """Whether the content is to be read: not if it was, or if it was taken back and is not named again."""
        known = recall(self.state, self.campaign.id, config.id, sha256)
        if known is None:
            return True
        if known.is_withdrawn:
            if not self.is_named:
                self.collected.notes.append(f"{config.id}: {name} was taken back; name it to put it in again")
            return self.is_named
        if known.reading_hash in ("", self._declared(config)):
            self.collected.read[config.id] += known.rows_read
            said = failure_of(self.state, self.campaign.id, known)
            if said:
                self.collected.tell_failed(config.id, said)
            counter = self.collected.set_aside if said else self.collected.duplicates
            counter[config.id] += known.rows_read
            return False
        # The source is declared otherwise than when the file was read: its rows give way to those read again.
        self.land([self._withdrawal(sha256, config)])
        self.collected.notes.append(f"{config.id}: read {name} again, as the campaign now says")
        return True

    def book(self, files: Iterable[FileRead], config: Config) -> None:
        """Land that the files were imported, with their rows set aside, and remember them.

        Their rows have landed: whoever sees a file counted as imported finds them.
        """
        booked = list(files)
        imported = [imported_file(file, self.campaign, config, self.now) for file in booked]
        rejects = [record for file in booked for record in self._rejects(file, config)]
        attempts = [
            self.attempt(config, "ok" if file.rows_landed else "empty", None, what=file.sha256, items=file.rows_landed)
            for file in booked
        ]
        self.land([*imported, *attempts, *rejects])
        forget_attempts(self.state, self.campaign.id, config.id)
        declared = self._declared(config)
        with in_one_transaction(self.state):  # one flush to disk for all of them
            for record in imported:
                remember(self.state, record, declared)
        with in_one_transaction(self.state):
            for file, record in zip(booked, imported, strict=True):
                self._count(file, record, config)

    def is_erased(self, donor_key: str) -> bool:
        """Was this donor erased from the home?"""
        return subject_hash(donor_key) in self.erased

    def fail(self, config: SeriesConfig | PollConfig, outcome: Outcome, reason: str) -> None:
        """Land that the source, or a file of it, could not be read, and keep it among the failed."""
        self.land_attempt(config, outcome, reason)
        self.collected.tell_failed(config.id, reason)
        self.refused.add(config.id)
        remember_trouble(self.state, self.campaign.id, config.id, reason)

    def land_attempt(self, config: SeriesConfig | PollConfig, outcome: Outcome, reason: str | None) -> None:
        """Land an attempt that brought no row, unless it says what one said within the last hour."""
        if is_news(self.state, self.campaign.id, config.id, f"{outcome}: {reason}", self.now):
            self.land([self.attempt(config, outcome, reason, what=reason or outcome)])

    def tell_well_again(self, config: SeriesConfig | PollConfig) -> None:
        """Land that every file of the source can be read, where the last import of all could not read one."""
        if config.id not in self.refused and trouble_of(self.state, self.campaign.id, config.id):
            forget_attempts(self.state, self.campaign.id, config.id)
            self.land_attempt(config, "not_modified", None)
            remember_trouble(self.state, self.campaign.id, config.id, None)

    def attempt(
        self, config: Config, outcome: Outcome, reason: str | None, *, what: str, items: int = 0
    ) -> FetchAttempt:
        """An attempt on the source; `what` tells two attempts of one import apart."""
        kind = config.source_kind if isinstance(config, ArchiveConfig) else _KINDS[type(config)]
        source_key = f"{self.campaign.id}/{config.id}"
        return attempt_to_read(source_key, kind, self.now, outcome, reason, what=what, items=items)

    def land(self, records: Iterable[Record]) -> None:
        """Land records and keep their files."""
        self.collected.files += land(self.home, records)

    def _declared(self, config: Config) -> str:
        """A hash of all that decides how a file of the source is read."""
        if isinstance(config, ArchiveConfig):
            return declared_hash(self.campaign, config)
        if isinstance(config, PollConfig):
            return poll_reading_hash(self.campaign, config)
        return reading_hash(self.source(config))

    def _rejects(self, file: FileRead, config: Config) -> list[Reject]:
        return [
            Reject(
                source_key=f"{self.campaign.id}/{config.id}",
                what=file.name,
                line_number=row.line_number,
                reason=row.reason,
                seen_at=self.now,
                file_sha256=file.sha256,
            )
            for row in file.set_aside
        ]

    def _count(self, file: FileRead, record: ImportedFile, config: Config) -> None:
        """Count what a file held; what is said where most of its rows were set aside is kept, to be said again."""
        self.collected.read[config.id] += record.rows_read
        self.collected.set_aside[config.id] += record.rows_set_aside
        self.collected.told_anew[config.id] += file.rows_landed
        self.collected.landed[file.table] += file.rows_landed
        for row in file.set_aside:
            self.collected.tell_aside(config.id, row.reason, f"{file.name}, line {row.line_number}")
        said = _said_of_most(file)
        if said is not None:
            self.collected.tell_failed(config.id, said)
        remember_failure(self.state, record, said)
        self.tell(f"{config.id}: {file.name}, {file.rows_landed:,} rows landed, {len(file.set_aside):,} set aside")

    def _withdrawal(self, sha256: str, config: Config) -> Withdrawal:
        return Withdrawal(
            campaign_id=self.campaign.id,
            source_id=config.id,
            file_sha256=sha256,
            # Before what is read again: that one stands.
            withdrawn_at=self.now - timedelta(microseconds=1),
        )


def _said_of_most(file: FileRead) -> str | None:
    """What is said of a file where most of its rows were set aside, with the likely mend; None where they were not."""
    flawed = Counter(row.reason for row in file.set_aside if row.reason not in READ_RIGHTLY)
    rows_read = file.rows_landed + len(file.set_aside)
    if not is_most(flawed.total(), rows_read):
        return None
    [(commonest, _)] = flawed.most_common(1)
    mend = file.likely_mend()
    reason = commonest.split(". Mend:", maxsplit=1)[0] if mend else commonest
    return f"{told_of_most(file.name, flawed.total(), rows_read, reason)}{mend}"
