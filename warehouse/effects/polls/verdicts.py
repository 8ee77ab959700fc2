"""Several changes of support as one, and what a change is called."""

from collections.abc import Sequence

from warehouse.effects.estimate.pooling import pool
from warehouse.effects.estimate.verdicts import Verdict
from warehouse.effects.polls.quiet import Judged
from warehouse.effects.spec import Spec

# What events do to support differs by points as what they do to mentions by tenths of a logarithm.
POINTS_A_UNIT = 10.0  # definition: points of support that stand for a logarithm of one


def pool_changes(changes: Sequence[Judged], spec: Spec) -> Judged:
    """The mean of changes that share no poll, whatever the spread of events; in percentage points.

    Source: Hartung, Knapp 2001; docs/methods.md, section 5.
    """
    pooled = pool(
        [one.change / POINTS_A_UNIT for one in changes],
        [one.se / POINTS_A_UNIT for one in changes],
        spec,
        [one.freedom for one in changes],
    )
    return Judged(
        change=pooled.mean * POINTS_A_UNIT,
        low=pooled.low * POINTS_A_UNIT,
        high=pooled.high * POINTS_A_UNIT,
        se=pooled.se * POINTS_A_UNIT,
        freedom=pooled.freedom,
        p=pooled.p,
        p_placebo=None,
    )


def poll_verdict(judged: Judged | None, spec: Spec) -> Verdict:
    """An effect by its p-value; none only where the interval leaves no change open that would matter.

    Source: docs/methods.md, section 7.
    """
    if judged is None:
        return "not_enough_data"
    if judged.p <= spec.level:
        return "effect"
    return "no_detectable_effect" if max(-judged.low, judged.high) <= spec.poll_margin else "not_enough_data"
