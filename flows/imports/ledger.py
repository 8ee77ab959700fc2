"""What an import says of itself: the attempt on a source, and the file that it read."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.campaign.models import ArchiveConfig, Campaign, PollConfig, SeriesConfig
from connectors.campaign.times import midnight
from connectors.donations.source import DonationRow, SetAside
from connectors.records import DonationTotal, FetchAttempt, ImportedFile, Outcome, Signup, SourceKind, TickerReading

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """What one file held. Its rows are landed already when it is booked."""

    name: str
    sha256: str
    table: str
    rows_landed: int
    set_aside: list[SetAside]
    from_at: datetime | None  # first and last moment that its rows speak of
    to_at: datetime | None
    shown: Span | None = None  # the span that it shows whole; None: what the campaign declares
    likely_mend: Callable[[], str] = str  # a sentence, asked for where most rows were set aside; empty: none is known


def attempt_to_read(
    source_key: str,
    source_kind: SourceKind,
    now: datetime,
    outcome: Outcome,
    reason: str | None,
    *,
    what: str,
    items: int,
) -> FetchAttempt:
    """One attempt on a source of files; `what` tells two attempts of one moment apart.

    It proves no span: a file cannot say what it lacks. The declared span is the imported file's.
    """
    name = f"{source_key}|{now.isoformat()}|{what}"
    return FetchAttempt(
        attempt_id=hashlib.sha256(name.encode()).hexdigest()[:32],
        source_key=source_key,
        source_kind=source_kind,
        attempted_at=now,
        outcome=outcome,
        reason=reason,
        items=items,
    )


def imported_file(
    file: FileRead, campaign: Campaign, config: SeriesConfig | ArchiveConfig | PollConfig, now: datetime
) -> ImportedFile:
    """The file as imported, with the span that the campaign declares for it and the span that its rows speak of."""
    span_from_at, span_to_at = file.shown or span_of_days(
        config.covers_from, config.covers_to, ZoneInfo(campaign.timezone)
    )
    return ImportedFile(
        campaign_id=campaign.id,
        source_id=config.id,
        file_sha256=file.sha256,
        file_name=file.name,
        imported_at=now,
        rows_read=file.rows_landed + len(file.set_aside),
        rows_landed=file.rows_landed,
        rows_set_aside=len(file.set_aside),
        span_from_at=span_from_at,
        span_to_at=span_to_at,
        rows_from_at=file.from_at,
        rows_to_at=file.to_at,
    )


def span_of_rows(records: Sequence[DonationRow], zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """The first and the last moment that the rows speak of."""
    moments = [moment for record in records for moment in _span_of(record, zone)]
    return min(moments, default=None), max(moments, default=None)


def span_of_days(
    first_on: date | None, last_on: date | None, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    """The first and the last moment of two local days and those between."""
    return _start_of(first_on, zone), _start_of(last_on, zone, days=1)


def _span_of(record: DonationRow, zone: ZoneInfo) -> tuple[datetime, datetime]:
    if isinstance(record, TickerReading):
        return record.observed_at, record.observed_at
    if isinstance(record, DonationTotal):
        return record.interval_start_at, record.interval_start_at + timedelta(minutes=record.interval_minutes)
    if isinstance(record, Signup):
        at, on = record.signed_up_at, record.signed_up_on
    else:
        at, on = record.occurred_at, record.occurred_on
    return (_day_starts(on, zone), _day_starts(on, zone, days=1)) if at is None else (at, at)


def _start_of(day: date | None, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    return None if day is None else _day_starts(day, zone, days=days)


def _day_starts(day: date, zone: ZoneInfo, *, days: int = 0) -> datetime:
    return midnight(day + timedelta(days=days), zone)
