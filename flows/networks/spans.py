"""Spans of time that are asked for and proved. Pure functions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.campaign.models import Campaign
from connectors.campaign.times import midnight


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `from_at` up to, not including, `to_at`."""

    from_at: datetime
    to_at: datetime

    def __str__(self) -> str:
        return f"{self.from_at:%Y-%m-%d %H:%M} to {self.to_at:%Y-%m-%d %H:%M} UTC"


def season(campaign: Campaign) -> Span:
    """The campaign's local days as instants."""
    return Span(
        from_at=midnight(campaign.start, ZoneInfo(campaign.timezone)),
        to_at=midnight(campaign.end + timedelta(days=1), ZoneInfo(campaign.timezone)),
    )
