"""What two polls of a feed prove together: a feed shows a window, and only windows that overlap leave nothing out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from statistics import quantiles
from typing import NamedTuple

from flows.feeds.order import Shown, in_order

_MOST_SPANS = 50  # older ones only serve to find back-dated entries
_MOST_SILENCE = timedelta(days=2)
_HABITS = 4


class ObservedSpan(NamedTuple):
    """The span that a poll proves seen whole; `unknown_from_at` begins what was glimpsed."""

    from_at: datetime | None
    to_at: datetime | None
    unknown_from_at: datetime | None
    is_gap: bool  # the window moved on since the poll before


def observed_span(
    previous_window: Sequence[str], previous_at: datetime | None, shown: Sequence[Shown], now: datetime
) -> ObservedSpan:
    """What a poll at `now` proves, given the window (newest first) that the poll at `previous_at` saw.

    The newest of the previous window must still be shown, in the order of their dates: a pinned entry proves nothing.
    """
    dates = [entry.published_at for entry in shown if entry.published_at and entry.published_at <= now]
    if previous_at is None:
        return ObservedSpan(now, now, min(dates, default=None), is_gap=False)
    known = set(previous_window)
    standing = in_order(shown, known, previous_at)
    if _overlaps(previous_window, shown, standing):
        return ObservedSpan(previous_at, now, None, is_gap=False)
    unseen = [entry.published_at for entry in standing if entry.published_at and entry.entry_id not in known]
    oldest = min((at for at in unseen if previous_at < at <= now), default=now)
    return ObservedSpan(oldest, now, None, is_gap=True)


def _overlaps(previous_window: Sequence[str], shown: Sequence[Shown], standing: Sequence[Shown]) -> bool:
    """Whether, from the newest on, more of the previous window stand in order than are gone.

    One that was deleted is outweighed by two that follow; one that is shown out of order says nothing either way.
    """
    in_place, anywhere = {entry.entry_id for entry in standing}, {entry.entry_id for entry in shown}
    votes = ((one in in_place) - (one not in anywhere) for one in previous_window)
    return any(balance > 0 for balance in accumulate(votes))


def newest_first(shown: Sequence[Shown]) -> tuple[str, ...]:
    """The window's entry ids, newest first; entries without a date keep their place behind the dated ones."""
    dated = sorted((-e.published_at.timestamp(), e.entry_id) for e in shown if e.published_at)
    undated = [e.entry_id for e in shown if not e.published_at]
    return tuple(dict.fromkeys([*(entry_id for _, entry_id in dated), *undated]))


def extend_proved(proved: Sequence[datetime], span: ObservedSpan) -> tuple[datetime, ...]:
    """The spans proved so far with one more, which either continues the last or begins another."""
    if span.from_at is None or span.to_at is None:
        return tuple(proved)
    if proved and span.from_at <= proved[-1]:
        return (*proved[:-1], max(proved[-1], span.to_at))
    return (*proved, span.from_at, span.to_at)[-2 * _MOST_SPANS :]


def is_backdated(published_at: datetime, proved: Sequence[datetime]) -> bool:
    """Whether an entry never seen before claims a time more than a day inside a span that was seen whole."""
    day = timedelta(days=1)
    return any(begin <= published_at < end - day for begin, end in zip(proved[::2], proved[1::2], strict=True))


def habit_s(dates: Sequence[datetime]) -> float | None:
    """The pause between two entries that nine in ten pauses do not exceed; None with fewer than four entries."""
    ordered = sorted(dates)
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(ordered)]
    return quantiles(pauses, n=10, method="inclusive")[-1] if len(pauses) >= 3 else None  # noqa: PLR2004


def is_silent(newest_at: datetime | None, habit: float | None, now: datetime) -> bool:
    """Whether a feed that answers has shown nothing new for far longer than its habit."""
    if newest_at is None or habit is None:
        return False
    return now - newest_at > max(_MOST_SILENCE, timedelta(seconds=_HABITS * habit))
