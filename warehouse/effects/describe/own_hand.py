"""What people do with posts that politicians write themselves, against those of their staff.

Posts are compared within the same calendar week, kind of post and set of counters known, so that neither a campaign
that grows nor a habit of replying counts for one of the hands. Posts of one day share its news: a day is drawn, or
left out, as a whole.
Source: Cameron, Gelbach, Miller 2008 (bootstrap of t over clusters); Chung, Romano 2013 (permutation of t);
docs/methods.md, section 7.8.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.spec import Spec

_AT_ONCE = 2_000_000  # numerical tolerance: cells of an array that are held at a time
_LEAST = 1e-12  # numerical tolerance: of a squared standard error
_FEWEST_DAYS = 2  # definition: of a spread


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPosts:
    """Own posts of which the hand is known, one element each; `alike` numbers the posts that may be compared."""

    day: Ints  # local day
    alike: Ints  # week, kind of post and counters known
    is_own: Bools
    reactions: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHand:
    """The columns of `own_hand` that are computed; `ratio` is of geometric means of one and the reactions."""

    n_own: int
    n_staff: int
    n_compared_own: int
    n_compared_staff: int
    median_own: float | None = None
    median_staff: float | None = None
    ratio: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_perm: float | None = None
    status: Literal["ok", "insufficient_sample", "no_data"] = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """Posts that stand beside one of the other hand, by their group; `x` is the hand, less its mean of the group."""

    day: Ints  # 0, 1, 2 ...
    group: Ints  # 0, 1, 2 ..., in order
    own: Floats  # 1 or 0
    y: Floats  # log(1 + reactions)

    def within(self, values: Floats) -> Floats:
        """The values less the mean of their group."""
        sizes = np.bincount(self.group)
        return values - (np.bincount(self.group, values) / sizes)[self.group]


def measure_own_hand(posts: ToldPosts, spec: Spec) -> OwnHand:
    """Reactions to own posts over those to the staff's; no ratio under 30 of each hand beside one of the other.

    Source: docs/methods.md, section 7.8.
    """
    kept = _compared(posts)
    n_own, own = int(posts.is_own.sum()), int(kept.own.sum())
    told = OwnHand(
        n_own=n_own,
        n_staff=len(posts.is_own) - n_own,
        n_compared_own=own,
        n_compared_staff=len(kept.own) - own,
        median_own=_median(posts.reactions[posts.is_own]),
        median_staff=_median(posts.reactions[~posts.is_own]),
        status="insufficient_sample" if len(posts.is_own) else "no_data",
    )
    if min(own, len(kept.own) - own) < spec.min_hand_posts or len(np.unique(kept.day)) < _FEWEST_DAYS:
        return told
    difference, error = _difference(kept, kept.own)
    reach = _reach(kept, difference, spec) * error
    return replace(
        told,
        ratio=float(np.exp(difference)),
        ci_low=float(np.exp(difference - reach)),
        ci_high=float(np.exp(difference + reach)),
        p_perm=_permutation_p(kept, abs(difference) / error, spec),
        status="ok",
    )


def _median(values: Floats) -> float | None:
    return float(np.median(values)) if len(values) else None


def _compared(posts: ToldPosts) -> _Compared:
    groups, group = np.unique(posts.alike, return_inverse=True)
    size, own = (np.bincount(group, minlength=len(groups)), np.bincount(group, posts.is_own, minlength=len(groups)))
    kept = ((own > 0) & (own < size))[group]
    order = np.argsort(group[kept], kind="stable")
    return _Compared(
        day=np.unique(posts.day[kept], return_inverse=True)[1][order],
        group=np.unique(group[kept], return_inverse=True)[1][order],
        own=posts.is_own[kept][order].astype(np.float64),
        y=np.log1p(posts.reactions[kept][order]),
    )


def _difference(kept: _Compared, own: Floats) -> tuple[float, float]:
    """The mean difference within groups, and its standard error, days being independent of each other."""
    x, y = kept.within(own), kept.within(kept.y)
    ground = float(x @ x)
    difference = float(x @ y) / ground
    scores = np.bincount(kept.day, x * (y - difference * x) / _freedom(kept, x))
    return difference, float(np.sqrt(max(float(scores @ scores), _LEAST))) / ground


def _freedom(kept: _Compared, x: Floats) -> Floats:
    """What is left of a day's own news once its group's mean is taken off, by the root: little of a day of one hand.

    Source: Bell, McCaffrey 2002 (their second correction), for the means of groups.
    """
    cell = np.unique(kept.group * (kept.day.max() + 1) + kept.day, return_inverse=True)[1]
    n, total, squares = np.bincount(cell), np.bincount(cell, x), np.bincount(cell, x * x)
    share = n[cell] / np.bincount(kept.group)[kept.group]
    return np.asarray(np.sqrt(1 - share * (total**2 / (n * squares))[cell]), dtype=np.float64)


def _reach(kept: _Compared, difference: float, spec: Spec) -> float:
    """How many standard errors the interval reaches, by days drawn again; without a group that has lost a hand."""
    rng = np.random.default_rng(spec.seed)
    days = int(kept.day.max()) + 1
    found = [_drawn_t(kept, difference, weights) for weights in _drawn_days(rng, days, len(kept.y), spec.draws)]
    t = np.abs(np.concatenate(found))
    return float(np.quantile(t[np.isfinite(t)], 1 - spec.level))


def _drawn_days(rng: np.random.Generator, days: int, posts: int, draws: int) -> Iterator[Floats]:
    """How often each day is drawn, some draws at a time."""
    step = max(1, _AT_ONCE // posts)
    for first in range(0, draws, step):
        yield rng.multinomial(days, np.full(days, 1 / days), size=min(step, draws - first)).astype(np.float64)


def _drawn_t(kept: _Compared, difference: float, weights: Floats) -> Floats:
    """The distance of each draw's difference from the one found, in the draw's own standard errors."""
    w = weights[:, kept.day]
    starts = np.flatnonzero(np.diff(kept.group, prepend=-1))

    def centred(values: Floats) -> Floats:
        total = np.add.reduceat(w * values, starts, axis=1)
        mass = np.add.reduceat(w, starts, axis=1)
        return np.asarray(values - (total / np.maximum(mass, 1))[:, kept.group], dtype=np.float64)

    x, y = centred(kept.own), centred(kept.y)
    ground = (w * x * x).sum(axis=1)
    ground[ground < _LEAST] = np.nan  # no group of the draw has both hands
    drawn = (w * x * y).sum(axis=1) / ground
    scores = _by_day(kept, x * (y - drawn[:, None] * x))
    error = np.sqrt(np.maximum((weights * scores**2).sum(axis=1), _LEAST)) / ground
    return np.asarray((drawn - difference) / error, dtype=np.float64)


def _by_day(kept: _Compared, values: Floats) -> Floats:
    order = np.argsort(kept.day, kind="stable")
    starts = np.flatnonzero(np.diff(kept.day[order], prepend=-1))
    return np.asarray(np.add.reduceat(values[:, order], starts, axis=1), dtype=np.float64)


def _permutation_p(kept: _Compared, seen: float, spec: Spec) -> float:
    """Two-sided: how often hands that are dealt anew within the groups are so many standard errors apart."""
    rng = np.random.default_rng(spec.seed)
    x, y = kept.within(kept.own), kept.within(kept.y)
    ground, extreme = float(x @ x), 0
    step = max(1, _AT_ONCE // len(x))
    for first in range(0, spec.hand_permutations, step):
        rows = min(step, spec.hand_permutations - first)
        dealt = x[np.argsort(kept.group + rng.random((rows, len(x))), axis=1)]
        difference = dealt @ y / ground
        scores = _by_day(kept, dealt * (y - difference[:, None] * dealt))
        error = np.sqrt(np.maximum((scores**2).sum(axis=1), _LEAST)) / ground
        extreme += int((np.abs(difference) / error >= seen - _LEAST).sum())
    return (1 + extreme) / (spec.hand_permutations + 1)
