"""How a politician uses his own account: pace, bursts, habits, and when they changed.

Source: Goh, Barabási 2008 (burstiness, memory); Kim, Jo 2016 (its finite-size form); docs/methods.md, section 7.5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.spec import DAYS_A_WEEK, Spec

Regime = Literal["steady", "first", "rise", "fall", "change"]
SECONDS_A_DAY = 86_400  # definition
_ANSCOMBE = 0.375  # definition: root counts of an even spread
_PERMUTATIONS = 199  # numerical tolerance: of a level of one in a hundred
_LEAST_GAP = 1e-12  # numerical tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVoice:
    """The columns of `own_voice` for one stretch of steady pace; times are seconds since 1970."""

    period_start_s: float
    period_end_s: float
    posts: int
    per_day: float
    active_days_share: float
    replies_share: float | None
    reposts_share: float | None
    on_air_share: float | None  # of posts sent while he was on the air: not typed by himself then
    burstiness: float | None  # None under 30 gaps
    memory: float | None
    regime: Regime
    status: Literal["ok", "insufficient_sample", "no_data"] = "ok"
    flags: tuple[str, ...] = ()


def measure_voice(
    at_s: Floats,
    kinds: Sequence[str],
    *,
    start_s: float,
    end_s: float,
    on_air: Sequence[tuple[float, float]] = (),
    spec: Spec,
) -> list[OwnVoice]:
    """One row for each regime between `start_s` and `end_s`, in order; posts need not be in order.

    Source: docs/methods.md, section 7.5.
    """
    inside = (at_s >= start_s) & (at_s < end_s)
    order = np.argsort(at_s[inside], kind="stable")
    times, kept = at_s[inside][order], np.array(kinds, dtype=object)[inside][order]
    week = DAYS_A_WEEK * SECONDS_A_DAY
    weekly = np.histogram(times, bins=start_s + week * np.arange(int((end_s - start_s) // week) + 1))[0]
    cuts = find_regimes(weekly.astype(np.int64), spec)
    edges = [start_s, *(start_s + week * cut for cut in cuts), end_s]
    rows: list[OwnVoice] = []
    for first, last in pairwise(edges):
        chosen = (times >= first) & (times < last)
        before = rows[-1].per_day if rows else None
        regime = _regime(
            before, float(chosen.sum()) / ((last - first) / SECONDS_A_DAY), spec.regime_fall, alone=not cuts
        )
        rows.append(_stretch(times[chosen], kept[chosen], first, last, on_air=on_air, regime=regime, spec=spec))
    return rows


def burstiness(gaps: Floats) -> float:
    """0 for a Poisson process of any length, near 1 for bursts, below 0 for a clock.

    Source: Kim, Jo 2016, equation 22.
    """
    n = len(gaps)
    ratio = float(gaps.std() / max(gaps.mean(), _LEAST_GAP))
    up, down = np.sqrt(n + 1), np.sqrt(n - 1)
    return float((up * ratio - down) / ((up - 2) * ratio + down))


def memory(gaps: Floats) -> float | None:
    """Correlation of each gap with the next; None where gaps do not vary.

    Source: Goh, Barabási 2008.
    """
    if gaps[:-1].std() == 0 or gaps[1:].std() == 0:
        return None
    return float(np.corrcoef(gaps[:-1], gaps[1:])[0, 1])


def find_regimes(weekly: Ints, spec: Spec) -> list[int]:
    """Weeks at which the pace changes: a stretch unlike the rest is cut out, then each part is looked at again.

    A stretch counts only where the same weeks in random order hardly ever hold one as unlike.

    Source: Olshen et al. 2004 (circular binary segmentation, by permutation); Anscombe 1948 (root counts).
    """
    rng, least = np.random.default_rng(spec.seed), spec.min_regime_weeks
    cuts: list[int] = []
    waiting = [(0, len(weekly))]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2 * spec.min_regime_weeks:
            continue
        gain, stretch = _most_unlike(weekly[first:last], least)
        # Pairs of weeks stay together, so that a habit of two weeks is no change of pace.
        chance = [_most_unlike(_shuffled_pairs(weekly[first:last], rng), least)[0] for _ in range(_PERMUTATIONS)]
        if gain > 0 and (1 + sum(g >= gain for g in chance)) / (_PERMUTATIONS + 1) <= spec.regime_level:
            inner = [first + edge for edge in stretch if 0 < edge < last - first]
            cuts += inner
            waiting += list(pairwise([first, *inner, last]))
    return sorted(cuts)


def _most_unlike(weekly: Ints, least: int) -> tuple[float, tuple[int, int]]:
    """The stretch whose mean is furthest from the rest, by the squared error of root counts that it explains.

    Root counts have an even spread. A rise that is followed by a fall is one stretch; no single cut shows it.
    """
    roots = np.sqrt(weekly + _ANSCOMBE)
    n, running = len(roots), np.concatenate([[0.0], np.cumsum(roots)])
    a, b = np.triu_indices(n + 1, least)
    inside = b - a
    is_wide = ((a == 0) | (a >= least)) & ((b == n) | (n - b >= least)) & (inside <= n - least)
    a, b, inside = a[is_wide], b[is_wide], inside[is_wide]
    within = running[b] - running[a]
    apart = within / inside - (running[-1] - within) / (n - inside)
    gain = inside * (n - inside) / n * apart**2
    best = int(np.argmax(gain))
    return float(gain[best]), (int(a[best]), int(b[best]))


def _shuffled_pairs(weekly: Ints, rng: np.random.Generator) -> Ints:
    pairs = [weekly[i : i + 2] for i in range(0, len(weekly), 2)]
    return np.concatenate([pairs[i] for i in rng.permutation(len(pairs))])


def _regime(before: float | None, pace: float, fall: float, *, alone: bool) -> Regime:
    if alone:
        return "steady"
    if before is None:
        return "first"
    if pace > before:
        return "rise"
    return "fall" if pace <= before * (1 - fall) else "change"


def _stretch(
    times: Floats,
    kinds: np.ndarray[tuple[int], np.dtype[np.object_]],
    first: float,
    last: float,
    *,
    on_air: Sequence[tuple[float, float]],
    regime: Regime,
    spec: Spec,
) -> OwnVoice:
    n, days = len(times), (last - first) / SECONDS_A_DAY
    gaps = np.diff(times)
    enough = len(gaps) >= spec.min_gaps and gaps.mean() > 0
    spans = [(a, b) for a, b in on_air if b > first and a < last]
    live = sum(int(((times >= a) & (times < b)).sum()) for a, b in spans)
    return OwnVoice(
        period_start_s=first,
        period_end_s=last,
        posts=n,
        per_day=n / days,
        active_days_share=len(np.unique((times - first) // SECONDS_A_DAY)) / max(np.ceil(days), 1),
        replies_share=float((kinds == "reply").mean()) if n else None,
        reposts_share=float((kinds == "repost").mean()) if n else None,
        on_air_share=live / n if n and spans else None,
        burstiness=burstiness(gaps) if enough else None,
        memory=memory(gaps) if enough else None,
        regime=regime,
        status="ok" if enough else ("insufficient_sample" if n else "no_data"),
    )
