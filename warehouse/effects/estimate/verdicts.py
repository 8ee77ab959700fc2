"""What an estimate is called, and the same estimate in counts."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from warehouse.effects.estimate.comparison import Estimate
from warehouse.effects.estimate.inference import MAX_LOG
from warehouse.effects.spec import Spec

Verdict = Literal["effect", "no_detectable_effect", "not_enough_data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InCounts:
    """The sentence that gets printed: "6.2 million more than usual, 3.9 to 8.8"."""

    rr: float
    rr_low: float
    rr_high: float
    expected: float
    excess: float
    excess_low: float
    excess_high: float


def verdict_of(p: float | None, rr_low: float | None, rr_high: float | None, spec: Spec) -> Verdict:
    """`p` is the q-value where there is a family. "No effect" is said only where the interval leaves no large one open.

    Source: docs/methods.md, section 4.
    """
    if p is None or rr_low is None or rr_high is None:
        return "not_enough_data"
    if p <= spec.level:
        return "effect"
    is_within = 1 / spec.null_margin <= rr_low and rr_high <= spec.null_margin
    return "no_detectable_effect" if is_within else "not_enough_data"


def in_counts(observed: float, estimate: Estimate, unit: float = 1.0) -> InCounts:
    """Rate ratio and excess with their intervals; `unit` is what one count stands for.

    Source: docs/methods.md, section 1.
    """
    logs = np.clip([estimate.log_rr, estimate.evidence.low, estimate.evidence.high], -MAX_LOG, MAX_LOG)
    rr, rr_low, rr_high = (float(value) for value in np.exp(logs))
    expected, at_most, at_least = ((observed + estimate.half) * unit / ratio for ratio in (rr, rr_low, rr_high))
    return InCounts(
        rr=rr,
        rr_low=rr_low,
        rr_high=rr_high,
        expected=expected,
        excess=observed * unit - expected,
        excess_low=observed * unit - at_most,
        excess_high=observed * unit - at_least,
    )
