"""Polls as arrays, and which of them lie before and after an event."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Polls:
    """The polls on one candidate; days as ordinals, pollsters and populations as numbers of their own."""

    first_day: Ints  # of the fieldwork
    last_day: Ints
    pollster: Ints
    population: Ints
    sample: Floats
    share: Floats  # 0 to 1


def around(polls: Polls, first: int, last: int, spec: Spec) -> tuple[Bools, Bools]:
    """The polls that ended within so many days before the first day, and those begun within as many after the last.

    A poll that was in the field between the two belongs to neither. A pollster's polls that overlap asked the same
    people in part: the one nearest to them stands for them.

    Source: docs/methods.md, section 7.
    """
    before = (polls.last_day < first) & (polls.last_day >= first - spec.poll_days)
    after = (polls.first_day > last) & (polls.first_day <= last + spec.poll_days)
    return _without_overlaps(polls, before, -polls.last_day), _without_overlaps(polls, after, polls.first_day)


def _without_overlaps(polls: Polls, chosen: Bools, distance: Ints) -> Bools:
    kept = np.zeros(len(chosen), dtype=np.bool_)
    spans: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)  # by pollster and kind of people
    found = np.flatnonzero(chosen)
    for poll in found[np.lexsort((-polls.sample[found], distance[found]))].tolist():
        first, last = int(polls.first_day[poll]), int(polls.last_day[poll])
        taken = spans[int(polls.pollster[poll]), int(polls.population[poll])]
        if all(last < begun or first > ended for begun, ended in taken):
            taken.append((first, last))
            kept[poll] = True
    return kept
