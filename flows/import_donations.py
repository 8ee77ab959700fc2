"""Reads the donation files that a campaign declares, or the files it is given, and lands what they hold."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from connectors.campaign import Campaign, DonationConfig
from connectors.donations.cumulative import read_cumulative
from connectors.donations.generic import read_generic
from connectors.donations.source import DonationFile, DonationSource, DonorKey, ReadDonations, repeated_rows
from connectors.donations.totals import read_totals
from connectors.errors import SourceError
from connectors.records import Outcome, Withdrawal
from flows.collected import Collected, Tell, say_nothing
from flows.donation_files import declared_files, donation_source, given_files, reading_hash, source_of_file
from flows.donation_ledger import attempt_to_read, imported_file
from flows.donation_memory import forget, open_memory, remember, remembered_files
from flows.keys import donor_secret, keyed_hash
from flows.settings import Settings
from warehouse.landing import Record, land

READERS: dict[str, Callable[[DonationFile, DonationSource, DonorKey], ReadDonations]] = {
    "cumulative": lambda file, source, _key: read_cumulative(file, source),
    "totals": lambda file, source, _key: read_totals(file, source),
    "generic": read_generic,
}


def import_donations_once(
    campaign: Campaign, settings: Settings, now: datetime, paths: Sequence[Path] = (), *, tell: Tell = say_nothing
) -> Collected:
    """Import every declared file, or the given ones, whose content is not yet imported.

    A file that cannot be read does not stop the others; the same content is never read twice.
    """
    if not campaign.donations:
        return Collected(notes=["the campaign declares no donation source"])
    with closing(open_memory(settings.home)) as state:
        donor_key = keyed_hash(donor_secret(settings, tell), campaign.id)
        run = _Import(campaign, settings.home, now, state, donor_key, tell, Collected())
        if paths:
            run.import_given(given_files(paths))
        else:
            run.import_declared()
        return run.collected


def withdraw_file(campaign: Campaign, settings: Settings, now: datetime, path: Path) -> Collected:
    """Take an imported file back: the one with this content, or with this name where it is gone from the disk."""
    collected = Collected()
    with closing(open_memory(settings.home)) as state:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        imported = [file for file in remembered_files(state, campaign.id) if not file.is_withdrawn]
        found = [file for file in imported if file.file_sha256 == sha256]
        found = found or [file for file in imported if file.file_name == path.name][:1]
        if not found:
            collected.failed[str(path)] = f"{path} was not imported into {campaign.id}, or was taken back already"
        for file in found:
            withdrawal = Withdrawal(
                campaign_id=campaign.id, source_id=file.source_id, file_sha256=file.file_sha256, withdrawn_at=now
            )
            collected.files += land(settings.home, [withdrawal])
            collected.landed["withdrawals"] += 1
            forget(state, campaign.id, file, now)
            collected.notes.append(f"{file.source_id}: took back {file.file_name} with its {file.rows_read} rows")
    return collected


@dataclass(frozen=True, slots=True)
class _Import:
    """One import into one home; `collected` is what it did so far."""

    campaign: Campaign
    home: Path
    now: datetime
    state: sqlite3.Connection
    donor_key: DonorKey
    tell: Tell
    collected: Collected

    def import_declared(self) -> None:
        for config in self.campaign.donations:
            files = declared_files(self.campaign, config)
            withdrawn = {f.file_sha256 for f in remembered_files(self.state, self.campaign.id) if f.is_withdrawn}
            for path in files:
                if hashlib.sha256(path.read_bytes()).hexdigest() in withdrawn:
                    self.collected.notes.append(f"{config.id}: {path.name} was taken back; name it to put it in again")
                else:
                    self.import_file(path, config)
            if not files:
                self._land_attempt(self._source(config), "empty", f"no file matches {config.path}")
                self.collected.notes.append(f"{config.id}: no file matches {config.path}")

    def import_given(self, files: Iterable[Path]) -> None:
        for path in files:
            config = source_of_file(self.campaign, path)
            if config is None:
                names = ", ".join(config.id for config in self.campaign.donations)
                self.collected.failed[str(path)] = (
                    f"{path}: which of the sources {names} is it? Mend: put it where that source's `path` finds it"
                )
            else:
                self.import_file(path, config)

    def import_file(self, path: Path, config: DonationConfig) -> None:
        source = self._source(config)
        sha256 = ""
        try:
            content = path.read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            if self._is_known(sha256, source):
                return
            file = DonationFile(name=path.name, content=content, known_at=self.now)
            read = READERS[source.format](file, source, self.donor_key)
        except (SourceError, OSError) as error:
            self.collected.failed[source.source_id] = f"{path.name}: {error}"
            self._land_attempt(source, "unreadable", str(error), sha256)
            return
        self._land_file(file, read, source, config)

    def _is_known(self, sha256: str, source: DonationSource) -> bool:
        for known in remembered_files(self.state, self.campaign.id):
            if (known.file_sha256, known.source_id) != (sha256, source.source_id) or known.is_withdrawn:
                continue
            if known.reading_hash in ("", reading_hash(source)):
                self.collected.read[source.source_id] += known.rows_read
                self.collected.duplicates[source.source_id] += known.rows_read
                return True
            # The source is declared otherwise than when the file was read: its rows give way to those read anew.
            just_before = self.now - timedelta(microseconds=1)
            self._land(
                [
                    Withdrawal(
                        campaign_id=self.campaign.id,
                        source_id=source.source_id,
                        file_sha256=sha256,
                        withdrawn_at=just_before,
                    )
                ]
            )
            self.collected.notes.append(f"{source.source_id}: read {known.file_name} anew, as the campaign now says")
        return False

    def _land_file(
        self, file: DonationFile, read: ReadDonations, source: DonationSource, config: DonationConfig
    ) -> None:
        imported = imported_file(file, read, source, config)
        repeated = repeated_rows(read.records)
        self._land([*read.records, *read.rejects(source, file)])
        # After its rows: whoever sees the file counted as imported finds them landed.
        self._land([imported])
        self._land_attempt(source, "ok" if read.records else "empty", None, file.sha256, items=len(read.records))
        remember(self.state, imported, reading_hash(source))
        self.collected.read[source.source_id] += read.rows_read
        self.collected.set_aside[source.source_id] += len(read.set_aside)
        self.collected.duplicates[source.source_id] += repeated
        for record in read.records:
            self.collected.landed[record.TABLE] += 1
        self.tell(f"{source.source_id}: {file.name}, {len(read.records)} rows landed, {len(read.set_aside)} set aside")

    def _source(self, config: DonationConfig) -> DonationSource:
        return donation_source(self.campaign, config)

    def _land_attempt(
        self, source: DonationSource, outcome: Outcome, reason: str | None, sha256: str = "", *, items: int = 0
    ) -> None:
        self._land([attempt_to_read(source, self.now, outcome, reason, what=sha256, items=items)])

    def _land(self, records: Iterable[Record]) -> None:
        self.collected.files += land(self.home, records)
