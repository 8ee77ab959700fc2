"""One import run: which content is wanted, and how a file that was read is booked."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from connectors.campaign.models import Campaign, DonationConfig
from connectors.donations.source import READ_RIGHTLY, DonationSource
from connectors.records import Donation, DonationTotal, FetchAttempt, Outcome, TickerReading
from flows.collected import Collected, Tell, is_most, told_of_most
from flows.imports.donation_files import donation_source, reading_hash
from flows.imports.known import SourceFiles
from flows.imports.ledger import FileRead, attempt_to_read, imported_file
from flows.imports.memory import remember, remember_trouble, standing_files, trouble_of
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
    refused: set[str] = field(default_factory=set)  # sources of which a file could not be read at all

    def source(self, config: DonationConfig) -> DonationSource:
        """What readers are told about a declared source."""
        return donation_source(self.campaign, config)

    def is_wanted(self, sha256: str, name: str, source: DonationSource) -> bool:
        """Whether the content is to be read: not if it was, or if it was taken back and is not named again."""
        return self._files_of(source).is_wanted(sha256, name, is_named=self.is_named)

    def book(self, files: Iterable[FileRead], config: DonationConfig) -> None:
        """Land that the files were imported, with their rows set aside, and remember them."""
        source = self.source(config)
        booked = list(files)
        imported = [imported_file(file, source, config, self.now) for file in booked]
        attempts = [
            self._attempt(source, "ok" if file.rows_landed else "empty", None, what=file.sha256, items=file.rows_landed)
            for file in booked
        ]
        files_of = self._files_of(source)
        rejects = [row for file in booked for row in files_of.rejects(file.sha256, file.name, file.set_aside)]
        self.land([*imported, *attempts, *rejects])
        with in_one_transaction(self.state):  # one flush to disk for all of them
            for record in imported:
                remember(self.state, record, reading_hash(source))
        with in_one_transaction(self.state):
            for file, record in zip(booked, imported, strict=True):
                files_of.count(record, file.table, file.set_aside, self._what_is_said(file))
                aside = len(file.set_aside)
                self.tell(f"{config.id}: {file.name}, {file.rows_landed:,} rows landed, {aside:,} set aside")

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

    def fail(self, source: DonationSource, outcome: Outcome, reason: str) -> None:
        """Land that the source, or a file of it, could not be read, and keep it among the failed."""
        self.land_attempt(source, outcome, reason)
        self.collected.tell_failed(source.source_id, reason)
        self.refused.add(source.source_id)
        remember_trouble(self.state, self.campaign.id, source.source_id, reason)

    def land_attempt(self, source: DonationSource, outcome: Outcome, reason: str | None) -> None:
        """Land an attempt that brought no row."""
        self.land([self._attempt(source, outcome, reason, what=reason or outcome, items=0)])

    def tell_well_again(self, source: DonationSource) -> None:
        """Land that every file of the source can be read, where the last import of all could not read one."""
        if source.source_id not in self.refused and trouble_of(self.state, self.campaign.id, source.source_id):
            self.land_attempt(source, "not_modified", None)
            remember_trouble(self.state, self.campaign.id, source.source_id, None)

    def _attempt(
        self, source: DonationSource, outcome: Outcome, reason: str | None, *, what: str, items: int
    ) -> FetchAttempt:
        return attempt_to_read(source.source_key, "donations", self.now, outcome, reason, what=what, items=items)

    def land(self, records: Iterable[Record]) -> None:
        """Land records and keep their files."""
        self.collected.files += land(self.home, records)

    def _what_is_said(self, file: FileRead) -> str | None:
        """What is said of a file where most of its rows were set aside; None where they were not."""
        flawed = Counter(row.reason for row in file.set_aside if row.reason not in READ_RIGHTLY)
        rows_read = file.rows_landed + len(file.set_aside)
        if not is_most(flawed.total(), rows_read):
            return None
        [(reason, _)] = flawed.most_common(1)
        return told_of_most(file.name, flawed.total(), rows_read, reason)

    def _files_of(self, source: DonationSource) -> SourceFiles:
        return SourceFiles(
            campaign_id=self.campaign.id,
            source_id=source.source_id,
            declared_hash=reading_hash(source),
            home=self.home,
            state=self.state,
            now=self.now,
            collected=self.collected,
        )
