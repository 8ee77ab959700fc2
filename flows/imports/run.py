"""One import run: which content is wanted, and how a file that was read is booked."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from connectors.campaign.models import Campaign, DonationConfig
from connectors.donations.source import READ_RIGHTLY, DonationSource
from connectors.records import Donation, DonationTotal, Outcome, Reject, TickerReading, Withdrawal
from flows.collected import Collected, Tell, is_most, told_of_most
from flows.imports.donation_files import donation_source, reading_hash
from flows.imports.ledger import FileRead, attempt_to_read, imported_file
from flows.imports.memory import failure_of, recall, remember, remember_failure, standing_files
from flows.keys import subject_hash
from flows.state import in_one_transaction
from warehouse.landing.files import Record, land
from warehouse.landing.repeats import Season, count_told
from warehouse.landing.twins import find_twins

_TABLE_OF = {"totals": DonationTotal.TABLE, "cumulative": TickerReading.TABLE}  # every other format tells of gifts


@dataclass(frozen=True, slots=True, kw_only=True)
class DonationImport:
    """One import into one home; `collected` is what it did so far."""

    campaign: Campaign
    home: Path
    now: datetime
    state: sqlite3.Connection
    secret: bytes  # of the givers' keyed hashes
    erased: frozenset[str]  # hashes of keys that were erased: what comes in again of them has no key
    collected: Collected
    tell: Tell
    is_named: bool  # the files were named one by one: those taken back are put in again

    def source(self, config: DonationConfig) -> DonationSource:
        """What readers are told about a declared source."""
        return donation_source(self.campaign, config)

    def is_wanted(self, sha256: str, name: str, source: DonationSource) -> bool:
        """Whether the content is to be read: not if it was, or if it was taken back and is not named again."""
        known = recall(self.state, self.campaign.id, source.source_id, sha256)
        if known is None:
            return True
        if known.is_withdrawn:
            if not self.is_named:
                self.collected.notes.append(f"{source.source_id}: {name} was taken back; name it to put it in again")
            return self.is_named
        if known.reading_hash in ("", reading_hash(source)):
            self.collected.read[source.source_id] += known.rows_read
            said = failure_of(self.state, self.campaign.id, known)
            if said:
                self.collected.failed[source.source_id] = said
            counter = self.collected.set_aside if said else self.collected.duplicates
            counter[source.source_id] += known.rows_read
            return False
        # The source is declared otherwise than when the file was read: its rows give way to those read anew.
        self.land([self._withdrawal(source, sha256)])
        self.collected.notes.append(f"{source.source_id}: read {name} anew, as the campaign now says")
        return True

    def book(self, files: Iterable[FileRead], config: DonationConfig) -> None:
        """Land that the files were imported, with their rows set aside, and remember them."""
        source = self.source(config)
        booked = list(files)
        imported = [imported_file(file, source, config, self.now) for file in booked]
        attempts = [
            attempt_to_read(
                source, self.now, "ok" if file.rows_landed else "empty", None, what=file.sha256, items=file.rows_landed
            )
            for file in booked
        ]
        rejects = [reject for file in booked for reject in self._rejects(source, file)]
        self.land([*imported, *attempts, *rejects])
        with in_one_transaction(self.state):  # one flush to disk for all of them
            for record in imported:
                remember(self.state, record, reading_hash(source))
        with in_one_transaction(self.state):
            for file, record in zip(booked, imported, strict=True):
                remember_failure(self.state, record, self._count(source.source_id, file))

    def count_told(self, config: DonationConfig) -> None:
        """Count what of an import was told before as duplicates, and how much of its news lies outside the season."""
        standing = standing_files(self.state, self.campaign.id, config.id)
        if all(imported_at != self.now for _, imported_at in standing):
            return
        table = _TABLE_OF.get(config.format, Donation.TABLE)
        season = Season(self.campaign.start, self.campaign.end, self.source(config).campaign_timezone)
        told = count_told(self.home, table, (self.campaign.id, config.id), standing, self.now, season=season)
        self.collected.duplicates[config.id] += told.before
        self.collected.told_anew[config.id] -= told.before
        self.collected.landed[table] -= told.before
        if landed := self.collected.told_anew[config.id]:
            share = f"{(landed - told.outside) / landed:.0%} of them in the season {season.start_on} to {season.end_on}"
            kept = f"; {told.outside} outside: kept, counted in no interval" if told.outside else ""
            self.collected.outside[config.id] = share + kept

    def tell_twins(self) -> None:
        """Note the sources that tell the same gifts: added up, they would count twice."""
        standing = [
            (config.id, sha256, imported_at)
            for config in self.campaign.donations
            for sha256, imported_at in standing_files(self.state, self.campaign.id, config.id)
        ]
        if all(imported_at != self.now for _, _, imported_at in standing):
            return
        self.collected.notes += [
            f"{twins.source_id} and {twins.other_id} tell the same gifts: {twins.gifts} of {twins.of_gifts} stand in "
            "both. Mend: take the file back where it does not belong (import --withdraw FILE)"
            for twins in find_twins(self.home, self.campaign.id, standing)
        ]

    def is_erased(self, donor_key: str) -> bool:
        """Was this giver erased from the home?"""
        return subject_hash(donor_key) in self.erased

    def fail(self, source: DonationSource, outcome: Outcome, reason: str, sha256: str = "") -> None:
        """Land that the source could not be read, and keep it among the failed."""
        self.land_attempt(source, outcome, reason, sha256)
        self.collected.failed[source.source_id] = reason

    def land_attempt(self, source: DonationSource, outcome: Outcome, reason: str, sha256: str = "") -> None:
        """Land an attempt that brought no row."""
        self.land([attempt_to_read(source, self.now, outcome, reason, what=sha256, items=0)])

    def land(self, records: Iterable[Record]) -> None:
        """Land records and keep their files."""
        self.collected.files += land(self.home, records)

    def _count(self, source_id: str, file: FileRead) -> str | None:
        """Count what a file held; returns what is said of it where most of its rows were set aside."""
        self.collected.read[source_id] += file.rows_landed + len(file.set_aside)
        self.collected.set_aside[source_id] += len(file.set_aside)
        for row in file.set_aside:
            self.collected.tell_aside(source_id, row.reason, f"{file.name}, line {row.line_number}")
        flawed = Counter(row.reason for row in file.set_aside if row.reason not in READ_RIGHTLY)
        rows_read = file.rows_landed + len(file.set_aside)
        said = None
        if is_most(flawed.total(), rows_read):
            [(reason, _)] = flawed.most_common(1)
            said = self.collected.failed[source_id] = told_of_most(file.name, flawed.total(), rows_read, reason)
        self.collected.told_anew[source_id] += file.rows_landed
        self.collected.landed[file.table] += file.rows_landed
        self.tell(f"{source_id}: {file.name}, {file.rows_landed:,} rows landed, {len(file.set_aside):,} set aside")
        return said

    def _rejects(self, source: DonationSource, file: FileRead) -> list[Reject]:
        return [
            Reject(
                source_key=source.source_key,
                what=file.name,
                line_number=row.line_number,
                reason=row.reason,
                seen_at=self.now,
                file_sha256=file.sha256,
            )
            for row in file.set_aside
        ]

    def _withdrawal(self, source: DonationSource, sha256: str) -> Withdrawal:
        return Withdrawal(
            campaign_id=self.campaign.id,
            source_id=source.source_id,
            file_sha256=sha256,
            withdrawn_at=self.now - timedelta(microseconds=1),
        )
