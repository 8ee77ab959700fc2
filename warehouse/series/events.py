"""The events of a campaign as the estimator sees them."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from warehouse.series.times import midnight, minute_of

EVERYONE = "ALL"  # as a candidate: a series of a whole platform or party; as a participant: all who have a series
CANCELLED = "cancelled"  # kind of an event that was not held: a control, never pooled with debates


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEvent:
    """One event as the estimator sees it."""

    event_id: str
    event_kind: str
    starts_on: date
    starts_at: datetime | None
    ends_at: datetime | None = None
    zone: ZoneInfo
    participants: frozenset[str]
    is_held: bool

    @property
    def kind(self) -> str:
        """Its kind among occasions: one that was cancelled is none of its kind."""
        return self.event_kind if self.is_held else CANCELLED

    @property
    def start_at(self) -> datetime:
        """Its start; its local midnight where only the day is known."""
        return self.starts_at or midnight(self.starts_on, self.zone)

    @property
    def minute(self) -> int:
        """Minutes since 1970 of its start."""
        return minute_of(self.start_at)

    @property
    def is_deadline(self) -> bool:
        """Whether it is part of the baseline: a deadline that was called off is none."""
        return self.kind == "deadline"

    def concerns(self, name: str, whose: frozenset[str] = frozenset()) -> bool:
        """Whether it may move that series; any, where the event names nobody.

        `whose` are those whom the series of everyone belongs to; none given: every event reaches it.
        """
        if not self.participants or EVERYONE in self.participants:
            return True
        if name == EVERYONE:
            return not whose or not self.participants.isdisjoint(whose)
        return name in self.participants
