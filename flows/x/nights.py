"""How often posts are counted: daily, hourly around an event, every few minutes while it is live. Pure functions."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from connectors.campaign.models import Campaign
from connectors.campaign.times import midnight
from connectors.errors import SourceRefused
from connectors.x.prices import Prices
from connectors.x.queries import candidate_queries
from flows.networks.spans import season
from flows.phases import PhaseSpan, live_spans, phase, watched
from flows.x.purse import month_of
from flows.x.slices import NOT_SAMPLED
from flows.x.spans import EARLY, Progress

DAILY = timedelta(hours=24)
HOURLY = timedelta(hours=1)
OFTENEST = timedelta(minutes=5)  # while an event is live
_MINUTE = timedelta(minutes=1)
_SHARE = Decimal("0.5")  # of a month's budget that its live nights may take: the rest of the season is counted as well


def is_due(campaign: Campaign, progress: Progress | None, now: datetime, prices: Prices) -> bool:
    """Is it time to count again: daily, oftener around an event, never once the whole season is counted."""
    if progress is None:
        return True
    if progress.counted_to_at >= season(campaign).to_at:
        return False
    return now - progress.asked_at >= wait_to_count(campaign, now, prices) - EARLY


def wait_of(campaign: Campaign, now: datetime) -> timedelta:
    """How long to wait between two questions: an hour in the day after an event, else a day."""
    return HOURLY if _is_eventful(campaign, now) else DAILY


def wait_to_count(campaign: Campaign, now: datetime, prices: Prices) -> timedelta:
    """How long to wait between two counts: a few minutes while an event is live, as the budget allows."""
    if phase(now, watched(campaign.events, but=NOT_SAMPLED)) == "live":
        return night_wait(campaign, now, prices)
    return wait_of(campaign, now)


def night_wait(campaign: Campaign, now: datetime, prices: Prices) -> timedelta:
    """The pause between two counts of a live phase in the month of `now`: whole minutes, from five to sixty.

    The shortest at which all live phases of that month cost no more than half of its budget.
    """
    most_rounds = _most_rounds(campaign, prices)
    seconds = sum((span.to_at - span.from_at).total_seconds() for span in _nights(campaign, now))
    if not most_rounds:
        return HOURLY
    minutes = -(-int(seconds) // (60 * most_rounds))
    return min(HOURLY, max(OFTENEST, minutes * _MINUTE))


def set_aside_usd(campaign: Campaign, now: datetime, prices: Prices) -> Decimal:
    """What the counts of the live phases that are still ahead this month cost: no other question may spend it."""
    if campaign.x is None:
        return Decimal(0)
    ahead = [(max(now, span.from_at), span.to_at) for span in _nights(campaign, now) if span.to_at > now]
    rounds = sum(-((from_at - to_at) // night_wait(campaign, now, prices)) for from_at, to_at in ahead)
    return min(rounds * _round_usd(campaign, prices), _SHARE * campaign.x.budget_usd)


def _nights(campaign: Campaign, now: datetime) -> Iterator[PhaseSpan]:
    """The live phases that begin in the month of `now`."""
    spans = live_spans(watched(campaign.events, but=NOT_SAMPLED))
    return (span for span in spans if month_of(span.from_at) == month_of(now))


def _most_rounds(campaign: Campaign, prices: Prices) -> int:
    price = _round_usd(campaign, prices)
    return int(_SHARE * campaign.x.budget_usd / price) if campaign.x and price else 0


def _round_usd(campaign: Campaign, prices: Prices) -> Decimal:
    """What it costs to count every candidate once; one whose query is refused is not asked about."""
    queries = 0
    for candidate in campaign.candidates:
        try:
            queries += len(candidate_queries(candidate))
        except SourceRefused:
            continue
    return queries * prices.counts_recent


def _is_eventful(campaign: Campaign, now: datetime) -> bool:
    """Does `now` lie in the day after an event's start (a local day where the hour is not known)?"""
    for event in campaign.events:
        start_at = event.starts_at or midnight(event.starts_on, ZoneInfo(event.timezone))
        end_at = event.ends_at or start_at + DAILY
        # Nothing is asked of X because of a rally: its terms forbid watching them.
        if event.is_held and event.event_kind != "rally" and start_at <= now < end_at + DAILY:
            return True
    return False
