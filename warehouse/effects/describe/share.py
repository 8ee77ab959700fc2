"""A candidate's part of the roster's mentions, and how it changed.

Source: Wilson 1927; docs/methods.md, section 7.6.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.spec import Spec

_STARTS_A_WINDOW = 4  # definition: quiet windows start a quarter of their length apart
_HALF = 0.5  # definition: added to both sides of the odds


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The columns of `share_of_voice`; `change` is the difference of log odds to the 28 days before."""

    mentions: float
    total_mentions: float
    share: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    change: float | None = None
    p_placebo: float | None = None
    status: Literal["ok", "insufficient_sample", "no_data", "right_censored", "insufficient_placebo"] = "ok"


def measure_share(
    own: Floats, total: Floats, clean: Bools, *, start: int, length: int, rows_a_day: int, dispersion: float, spec: Spec
) -> Share:
    """The share in `[start, start + length)`; `clean` marks the rows seen of all candidates and free of events.

    Counts of the whole roster only: with another roster or other sources it is another share.

    Source: docs/methods.md, section 7.6.
    """
    if start < 0 or start + length > len(own):
        return Share(mentions=0.0, total_mentions=0.0, status="right_censored" if start >= 0 else "no_data")
    k, n = float(own[start : start + length].sum()), float(total[start : start + length].sum())
    if n < spec.min_mentions:
        return Share(mentions=k, total_mentions=n, status="insufficient_sample")
    low, high = wilson(k, n, dispersion, spec)

    def change_at(at: int) -> float | None:
        window, before = range(at, at + length), spec.days_before * rows_a_day
        return _change(own, total, clean, window, before=before, fewest=spec.min_mentions)

    quiet = np.array([found for at in _starts(clean, length) if (found := change_at(at)) is not None])
    change = change_at(start)
    p = None
    if change is not None and len(quiet) >= spec.min_placebo:
        p = float((1 + (np.abs(quiet - np.median(quiet)) >= abs(change - np.median(quiet))).sum()) / (len(quiet) + 1))
    return Share(mentions=k, total_mentions=n, share=k / n, ci_low=low, ci_high=high, change=change, p_placebo=p)


def share_dispersion(own: Floats, total: Floats, clean: Bools, length: int, spec: Spec) -> float:
    """How much more a share varies than that of independent mentions: over clean rows, or windows of `length` rows.

    Pearson's statistic of windows holds what one hour passes on to the next; with few windows the rows decide. A
    collector that sees half of all mentions changes neither.

    Source: docs/methods.md, section 7.6; McCullagh, Nelder 1989, section 4.5 (over-dispersion).
    """
    found = [_pearson(own[clean], total[clean])]
    windows = len(own) // length
    if windows >= spec.min_share_windows:
        ends = windows * length
        whole = clean[:ends].reshape(windows, length).all(axis=1)
        sums = [values[:ends].reshape(windows, length).sum(axis=1)[whole] for values in (own, total)]
        if whole.sum() >= spec.min_share_windows:
            found.append(_pearson(*sums))
    return max(1.0, *found)


def _pearson(own: Floats, total: Floats) -> float:
    seen = total > 0
    share = float(own.sum()) / max(float(total.sum()), 1.0)
    spread = total[seen] * share * (1 - share)
    if seen.sum() <= 1 or not spread.all():
        return 1.0
    return float((((own[seen] - total[seen] * share) ** 2) / spread).sum() / (seen.sum() - 1))


def wilson(k: float, n: float, dispersion: float, spec: Spec) -> tuple[float, float]:
    """The interval of a share for counts that vary `dispersion` times as much as independent ones.

    Source: Wilson 1927.
    """
    worth = n / max(dispersion, 1.0)
    share, z = k / n, float(stats.norm.ppf(1 - spec.level / 2))
    centre = (share + z**2 / (2 * worth)) / (1 + z**2 / worth)
    half = z / (1 + z**2 / worth) * float(np.sqrt(share * (1 - share) / worth + (z / (2 * worth)) ** 2))
    return max(centre - half, 0.0), min(centre + half, 1.0)


def _starts(clean: Bools, length: int) -> list[int]:
    """Starts of windows that are clean throughout, a quarter of a window apart."""
    running = np.concatenate([[0], np.cumsum(clean)])
    return [
        at
        for at in range(0, len(clean) - length + 1, max(1, length // _STARTS_A_WINDOW))
        if running[at + length] - running[at] == length
    ]


def _change(own: Floats, total: Floats, clean: Bools, window: range, *, before: int, fewest: int) -> float | None:
    """Log odds inside less log odds of the clean rows before; None where too little is known before."""
    start, past = window.start, slice(max(window.start - before, 0), window.start)
    k0, n0 = float(own[past][clean[past]].sum()), float(total[past][clean[past]].sum())
    if n0 < fewest or start < before // 2:
        return None
    k1, n1 = float(own[start : window.stop].sum()), float(total[start : window.stop].sum())
    return _log_odds(k1, n1) - _log_odds(k0, n0)


def _log_odds(k: float, n: float) -> float:
    return float(np.log((k + _HALF) / (max(n - k, 0.0) + _HALF)))
