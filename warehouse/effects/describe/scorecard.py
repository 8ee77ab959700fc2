"""What a channel brings for its money or its hours, and how that compares with the others.

Money and hours are known for a channel's whole time: they are laid evenly on its weeks, and a channel is compared with
others in the weeks that they share, so that one which starts late loses nothing by it. What comes in one week leans on
what came in the last: the error is read from the slowest waves of the weeks, and Student's t knows how few they are.
Source: Cochran 1977, chapter 6 (ratios of sums); Müller 2007, Lazarus and others 2018 (cosines);
docs/methods.md, section 7.9.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.spec import Spec

# Numerical tolerance: by the seasons of bench.effects.scorecard.
_WEEKS_A_WAVE, _FEWEST_WAVES, _MOST_WAVES, _FEWEST_WEEKS = 6, 3, 8, 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What was laid out on a channel, or on several, and what came, week by week; in the same weeks."""

    laid_out: Floats  # money or hours
    came: Floats  # sign-ups, gifts or their amounts
    counted: Floats  # of what came, how many: amounts are no counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate or a ratio of two with its interval; None where too little came or too few weeks were seen."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    weeks: int = 0
    status: Literal["ok", "insufficient_sample"] = "insufficient_sample"


def measure_rate(flow: Flow, spec: Spec) -> Rate:
    """What came for one unit laid out.

    Source: docs/methods.md, section 7.9.
    """
    return _measured([_cut(flow, flow.laid_out > 0)], spec)


def compare_rates(one: Flow, rest: Flow, spec: Spec) -> Rate:
    """The rate of one over that of the rest, in the weeks in which something was laid out on both.

    Source: docs/methods.md, section 7.9.
    """
    both = (one.laid_out > 0) & (rest.laid_out > 0)
    return _measured([_cut(one, both), _cut(rest, both)], spec)


def _cut(flow: Flow, weeks: Bools) -> Flow:
    return Flow(laid_out=flow.laid_out[weeks], came=flow.came[weeks], counted=flow.counted[weeks])


def _measured(flows: list[Flow], spec: Spec) -> Rate:
    weeks = len(flows[0].came)
    if weeks < spec.min_channel_weeks or min(flow.counted.sum() for flow in flows) < spec.min_channel_returns:
        return Rate(weeks=weeks)
    log, scores, came = 0.0, np.zeros(weeks), np.zeros(weeks)
    for sign, flow in zip((1, -1), flows, strict=False):
        log += sign * float(np.log(flow.came.sum() / flow.laid_out.sum()))
        scores += sign * (flow.came / flow.came.sum() - flow.laid_out / flow.laid_out.sum())
        came += flow.came / flow.came.sum()
    # Where most came in few weeks, the others tell little.
    telling = max(float(came.sum() ** 2 / (came @ came)), _FEWEST_WEEKS)
    waves = int(np.clip(round(telling / _WEEKS_A_WAVE), _FEWEST_WAVES, _MOST_WAVES))
    times = np.pi * np.outer(np.arange(1, waves + 1), (2 * np.arange(weeks) + 1) / (2 * weeks))
    variance = float(np.mean((np.sqrt(2) * np.cos(times) @ scores) ** 2)) * telling / (telling - 2)
    reach = float(stats.t.ppf(1 - spec.level / 2, waves)) * float(np.sqrt(variance))
    return Rate(
        value=float(np.exp(log)),
        low=float(np.exp(log - reach)),
        high=float(np.exp(log + reach)),
        weeks=weeks,
        status="ok",
    )
