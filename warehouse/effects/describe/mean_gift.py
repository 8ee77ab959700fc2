"""Whether an event changed how large gifts are: the mean of capped gifts in a window against that of the weeks before.

Source: docs/methods.md, section 7.7.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.estimate.effect import Status
from warehouse.effects.estimate.inference import MAX_LOG
from warehouse.effects.spec import Spec

_FEWEST_WORTH = 6.0  # definition: however much they overlap, windows are worth so many independent ones
_STARTS_A_WINDOW = 4  # definition: quiet windows start a quarter of their length apart
# Numerical tolerances.
_LEAST_VARIANCE = 1e-12
_LEAST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftMean:
    """Log ratio of the mean gift of a window to that of the clean rows before, and how far chance takes it."""

    status: Status
    gifts: float = 0.0
    mean: float | None = None  # of the window
    before: float | None = None
    log_rr: float | None = None
    low: float | None = None
    high: float | None = None
    se: float | None = None
    freedom: float | None = None
    p: float | None = None
    p_placebo: float | None = None
    mde80: float | None = None
    n_placebo: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ratio:
    log: float  # of the mean inside to the mean before
    worth: float  # 1/n of both, the variance of the log in squared coefficients of variation
    mean: float
    before: float


def measure_mean_gift(
    gifts: Floats, amounts: Floats, clean: Bools, *, start: int, length: int, rows_a_day: int, spec: Spec
) -> GiftMean:
    """The change of the mean gift in `[start, start + length)`; amounts are capped, `clean` rows are free of events.

    Both windows must hold thirty gifts. Placebo windows are the clean ones, each against the weeks before itself.

    Source: docs/methods.md, section 7.7.
    """
    inside = float(gifts[max(start, 0) : max(start + length, 0)].sum())

    def ratio_at(at: int) -> _Ratio | None:
        window = range(at, at + length)
        return _ratio(gifts, amounts, clean, window, before=spec.days_before * rows_a_day, fewest=spec.min_gifts)

    event = ratio_at(start)
    if event is None:
        return GiftMean(status="insufficient_sample", gifts=inside)
    running = np.concatenate([[0], np.cumsum(clean)])
    every = max(1, length // _STARTS_A_WINDOW)
    starts = [at for at in range(0, len(clean) - length + 1, every) if running[at + length] - running[at] == length]
    placebo = [found for at in starts if (found := ratio_at(at)) is not None]
    if len(placebo) < spec.min_placebo:
        return GiftMean(status="insufficient_placebo", gifts=inside, mean=event.mean)
    errors = np.array([one.log for one in placebo])
    centre = float(np.mean(errors))
    errors -= centre
    worth = np.array([one.worth for one in placebo])
    # What one gift adds to the error, and what the days themselves do.
    [common, own], _ = optimize.nnls(np.stack([np.ones_like(worth), worth], axis=1), errors**2)
    sigma = np.sqrt(np.maximum(common + own * worth, _LEAST_VARIANCE))
    counted = max(len(placebo) * every / length, _FEWEST_WORTH)
    scale = float(np.sqrt(np.mean((errors / sigma) ** 2) * counted / (counted - 1)))
    se = scale * float(np.sqrt(max(common + own * event.worth, _LEAST_VARIANCE)))
    log_rr = event.log - centre
    reach = float(stats.t.ppf(1 - spec.level / 2, counted - 1))
    seen = abs(log_rr) / max(se / max(scale, _LEAST), _LEAST)
    return GiftMean(
        status="ok",
        gifts=inside,
        mean=event.mean,
        before=event.before,
        log_rr=log_rr,
        low=log_rr - reach * se,
        high=log_rr + reach * se,
        se=se,
        freedom=counted - 1,
        p=float(2 * stats.t.sf(abs(log_rr) / se, counted - 1)),
        p_placebo=float((1 + (np.abs(errors / sigma) >= seen).sum()) / (len(placebo) + 1)),
        mde80=float(np.exp(min((reach + float(stats.t.ppf(spec.power, counted - 1))) * se, MAX_LOG))),
        n_placebo=len(placebo),
    )


def _ratio(gifts: Floats, amounts: Floats, clean: Bools, window: range, *, before: int, fewest: int) -> _Ratio | None:
    """The window against the clean rows before it; None where either holds too few gifts."""
    start = window.start
    if start < before // 2 or window.stop > len(gifts):
        return None
    within, past = slice(start, window.stop), slice(max(start - before, 0), start)
    kept = clean[past]
    n1, n0 = float(gifts[within].sum()), float(gifts[past][kept].sum())
    if min(n1, n0) < fewest:
        return None
    inside, earlier = float(amounts[within].sum()) / n1, float(amounts[past][kept].sum()) / n0
    if min(inside, earlier) <= 0:
        return None
    return _Ratio(log=float(np.log(inside / earlier)), worth=1 / n1 + 1 / n0, mean=inside, before=earlier)
