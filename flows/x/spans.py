"""Which span of a campaign to count on X, when it is due, and what an answer proves. Pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.campaign.models import Campaign
from connectors.x.counts import Bucket
from flows.networks.spans import Span, season

RECENT = timedelta(days=7) - timedelta(minutes=2)  # X refuses a start older than 7 days when it reads the request
SETTLING = timedelta(seconds=30)  # X's own default distance of an end from its clock
RECOUNT = timedelta(minutes=15)  # late posts still move the last buckets: they are asked for twice

EARLY = timedelta(seconds=20)  # a clock's tick comes a little sooner or later: it must not cost a whole round


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one query was counted, and when it was last asked."""

    counted_to_at: datetime
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPlan:
    """What to ask, by which endpoint, and the span that can no longer be had."""

    asked: Span | None
    is_full_archive: bool
    lost: Span | None


def plan_counts(
    campaign: Campaign, progress: Progress | None, now: datetime, step: timedelta, *, is_full_archive: bool
) -> CountPlan:
    """What is still to be counted of the season, in whole buckets of `step`."""
    whole = season(campaign)
    from_at = max(whole.from_at, progress.counted_to_at - RECOUNT) if progress else whole.from_at
    span = Span(from_at=_floor(from_at, step), to_at=min(_ceil(whole.to_at, step), _floor(now - SETTLING, step)))
    if span.from_at >= span.to_at:
        return CountPlan(asked=None, is_full_archive=False, lost=None)
    oldest = oldest_recent(now, step)
    if span.from_at >= oldest:
        return CountPlan(asked=span, is_full_archive=False, lost=None)
    if is_full_archive:
        return CountPlan(asked=span, is_full_archive=True, lost=None)
    lost_from_at = progress.counted_to_at if progress else span.from_at
    lost = Span(from_at=lost_from_at, to_at=min(oldest, span.to_at))
    asked = Span(from_at=oldest, to_at=span.to_at) if oldest < span.to_at else None
    return CountPlan(asked=asked, is_full_archive=False, lost=lost if lost.from_at < lost.to_at else None)


def oldest_recent(now: datetime, step: timedelta) -> datetime:
    """Where the first whole bucket begins that X's recent counts still reach."""
    return _ceil(now - RECENT, step)


def proved_spans(buckets: Iterable[Bucket], now: datetime) -> list[Span]:
    """The spans whose buckets came and had ended; a hole in the answer is a hole here."""
    spans: list[Span] = []
    for bucket in sorted(buckets, key=lambda b: b.start_at):
        if bucket.end_at > now:
            continue
        if spans and bucket.start_at <= spans[-1].to_at:
            spans[-1] = Span(from_at=spans[-1].from_at, to_at=max(spans[-1].to_at, bucket.end_at))
        else:
            spans.append(Span(from_at=bucket.start_at, to_at=bucket.end_at))
    return spans


def counted_without_a_hole(buckets: Iterable[Bucket], asked: Span, now: datetime) -> datetime:
    """Up to where every bucket of `asked` came: the next question begins there, so that a hole is asked for again."""
    first = next(iter(proved_spans(buckets, now)), None)
    return min(first.to_at, asked.to_at) if first and first.from_at <= asked.from_at else asked.from_at


def _floor(instant: datetime, step: timedelta) -> datetime:
    return instant - (instant - datetime.min.replace(tzinfo=UTC)) % step


def _ceil(instant: datetime, step: timedelta) -> datetime:
    floored = _floor(instant, step)
    return floored if floored == instant else floored + step
