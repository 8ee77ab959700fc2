"""What an import says of itself: the attempt on a source, and the file that it read."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.campaign import DonationConfig
from connectors.donations.source import DonationFile, DonationRow, DonationSource, ReadDonations
from connectors.records import DonationTotal, FetchAttempt, ImportedFile, Outcome, TickerReading


def attempt_to_read(
    source: DonationSource, now: datetime, outcome: Outcome, reason: str | None, *, what: str, items: int
) -> FetchAttempt:
    """One attempt on a donation source; `what` tells two attempts of one moment apart.

    It proves no span: a file of gifts cannot say what it lacks. The declared span is the imported file's.
    """
    name = f"{source.source_key}|{now.isoformat()}|{what}"
    return FetchAttempt(
        attempt_id=hashlib.sha256(name.encode()).hexdigest()[:32],
        source_key=source.source_key,
        source_kind="donations",
        attempted_at=now,
        due_at=None,
        outcome=outcome,
        reason=reason,
        observed_from_at=None,
        observed_to_at=None,
        unknown_from_at=None,
        items=items,
        http_status=None,
        requests=0,
        is_conditional=None,
        cost_usd=None,
    )


def imported_file(
    file: DonationFile, read: ReadDonations, source: DonationSource, config: DonationConfig
) -> ImportedFile:
    """The file as imported, with the span that the campaign declares for it and the span that its rows speak of."""
    moments = [moment for record in read.records for moment in _span_of(record, source.campaign_timezone)]
    return ImportedFile(
        campaign_id=source.campaign_id,
        source_id=source.source_id,
        file_sha256=file.sha256,
        file_name=file.name,
        imported_at=file.known_at,
        rows_read=read.rows_read,
        rows_landed=len(read.records),
        rows_set_aside=len(read.set_aside),
        span_from_at=_start_of(config.covers_from, source.campaign_timezone),
        span_to_at=_start_of(config.covers_to, source.campaign_timezone, days=1),
        rows_from_at=min(moments, default=None),
        rows_to_at=max(moments, default=None),
    )


def _span_of(record: DonationRow, zone: ZoneInfo) -> tuple[datetime, datetime]:
    if isinstance(record, TickerReading):
        return record.observed_at, record.observed_at
    if isinstance(record, DonationTotal):
        return record.interval_start_at, record.interval_start_at + timedelta(minutes=record.interval_minutes)
    if record.occurred_at is not None:
        return record.occurred_at, record.occurred_at
    return _day_starts(record.occurred_on, zone), _day_starts(record.occurred_on, zone, days=1)


def _start_of(day: date | None, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    return None if day is None else _day_starts(day, zone, days=days)


def _day_starts(day: date, zone: ZoneInfo, *, days: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=days), time(), tzinfo=zone).astimezone(UTC)
