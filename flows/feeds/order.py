"""Which entries of a document stand where their dates put them: a pinned entry stands before newer ones."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Shown(NamedTuple):
    """One entry of a document: what is needed to compare two windows."""

    entry_id: str
    published_at: datetime | None
    is_only_a_day: bool = False  # two of one day are of the same instant, and need not be


def in_order(shown: Sequence[Shown], known: Collection[str] = (), known_at: datetime = _LATEST) -> list[Shown]:
    """The entries that have most of the newer ones before them, as in a document that begins with its newest.

    Only entries that are not `known` count as newer. What was known at `known_at` is no newer than that, whatever its
    date says; a new entry without a date is as new as can be. A document that ends with its newest is read from there.
    """
    newest_first = shown[::-1] if _ends_with_newest(shown, known) else shown
    new = sorted(_new_at(entry) for entry in shown if entry.entry_id not in known)
    before: list[datetime] = []
    standing = []
    for entry in newest_first:
        if entry.entry_id in known:
            # What is new came later than what is known of the same day.
            rank = bisect_left if entry.is_only_a_day else bisect_right
            at = min(entry.published_at or _EARLIEST, known_at)
        else:
            rank, at = bisect_right, _new_at(entry)
        newer, newer_before = len(new) - rank(new, at), len(before) - rank(before, at)
        if newer == 0 or 2 * newer_before > newer:
            standing.append(entry)
        if entry.entry_id not in known:
            insort(before, at)
    return standing


def _new_at(entry: Shown) -> datetime:
    return entry.published_at or _LATEST


def _ends_with_newest(shown: Sequence[Shown], known: Collection[str]) -> bool:
    """Whether dates rise from entry to entry; a step from the known to the new is what is to be judged, and no sign."""
    steps = 0
    for one, other in pairwise(shown):
        if one.published_at and other.published_at and (one.entry_id in known) == (other.entry_id in known):
            steps += (other.published_at > one.published_at) - (other.published_at < one.published_at)
    return steps > 0
