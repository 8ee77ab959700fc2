"""Fetches ActBlue's exports over its CSV API where the campaign declares it, and hands each to the import of files.

An export is asked for in pieces of the season, each landed before the next is asked for. What was fetched before is
asked for again from its last two days on: the day that was going on, and the one before for what came late.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.campaign.models import Campaign
from connectors.campaign.times import midnight
from connectors.donations.actblue_api import CsvType, fetch_export
from connectors.donations.source import DonationSource
from flows.settings import Settings

_SCHEMA = """
CREATE TABLE IF NOT EXISTS exports_fetched (
    campaign_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    fetched_to TEXT NOT NULL,  -- the day up to which, itself not included, all is fetched
    fetched_at TEXT NOT NULL,
    PRIMARY KEY (campaign_id, source_id)
)
"""
CSV_TYPES: tuple[CsvType, ...] = ("paid_contributions", "refunded_contributions")
_LEAST_GAP = timedelta(minutes=15)  # between two exports of one source: ActBlue makes each anew
_ASKED_AGAIN = timedelta(days=2)
_PIECE = timedelta(days=90)

Pause = Callable[[float], None]


class Export(NamedTuple):
    """One export: the days asked for, the last not included, and the bytes, which never touch the disk."""

    csv_type: CsvType
    from_on: date
    to_on: date
    content: bytes

    @property
    def name(self) -> str:
        """What stands for a file's name."""
        return f"{self.csv_type} {self.from_on} to {self.to_on}"

    @property
    def sha256(self) -> str:
        """A hash of days and content: an empty export of other days is another one."""
        return hashlib.sha256(self.name.encode() + b"|" + self.content).hexdigest()

    def span(self, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime] | None:
        """What it shows whole, of days in `zone`; None: refunds alone show no span."""
        if self.csv_type != "paid_contributions":
            return None
        return midnight(self.from_on, zone), min(midnight(self.to_on, zone), now)


def why_not_asked(settings: Settings) -> str | None:
    """What is missing before ActBlue can be asked; None: nothing."""
    if settings.actblue_uuid is None or settings.actblue_secret is None:
        return "ActBlue was not asked. Mend: set AFTERDEBATE_ACTBLUE_UUID and AFTERDEBATE_ACTBLUE_SECRET, or see .env"
    return None


def fetch_exports(
    campaign: Campaign,
    source: DonationSource,
    settings: Settings,
    state: sqlite3.Connection,
    now: datetime,
    *,
    pause: Pause,
) -> Iterator[Export]:
    """Yield what is due of a source, of each piece the paid contributions, then the refunds.

    A piece is remembered once the caller has taken both and asks for more.

    Raises:
        SourceRefused, SourceUnavailable, SourceUnreadable: see `fetch_export`; what was yielded before stays fetched.
    """
    if settings.actblue_uuid is None or settings.actblue_secret is None:
        return
    credentials = (settings.actblue_uuid.get_secret_value(), settings.actblue_secret.get_secret_value())
    for from_on, to_on in _days_due(campaign, source, state, now):
        for csv_type in CSV_TYPES:
            content = fetch_export(
                csv_type, from_on, to_on, credentials=credentials, pause=pause, api_url=settings.actblue_url
            )
            yield Export(csv_type, from_on, to_on, content)
        state.execute(
            "INSERT OR REPLACE INTO exports_fetched VALUES (?, ?, ?, ?)",
            (campaign.id, source.source_id, to_on.isoformat(), now.isoformat()),
        )


def _days_due(
    campaign: Campaign, source: DonationSource, state: sqlite3.Connection, now: datetime
) -> Iterator[tuple[date, date]]:
    state.execute(_SCHEMA)
    last = state.execute(
        "SELECT fetched_to, fetched_at FROM exports_fetched WHERE campaign_id = ? AND source_id = ?",
        (campaign.id, source.source_id),
    ).fetchone()
    if last and now - datetime.fromisoformat(last[1]) < _LEAST_GAP:
        return
    zone = source.timezone or source.campaign_timezone
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    # A day more at both ends: the season's days are of the campaign's zone. Refunds come after it, too.
    from_on = campaign.start - timedelta(days=1)
    if last:
        from_on = max(from_on, date.fromisoformat(last[0]) - _ASKED_AGAIN)
    while from_on < tomorrow:
        to_on = min(from_on + _PIECE, tomorrow)
        yield from_on, to_on
        from_on = to_on
