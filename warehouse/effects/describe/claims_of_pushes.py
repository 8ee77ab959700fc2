"""Founding claims on what mailings and calls online bring (6), and on Facebook (5).

Source: docs/methods.md, section 6.
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from warehouse.effects.describe.claims import Chosen, ClaimRow, ClaimVerdict
from warehouse.effects.estimate.pooling import Pooled, pool
from warehouse.effects.spec import Spec

Effects = Sequence[tuple[float, float]]  # of each push: log rate ratio and its standard error


def judge_pushes(meeting: Effects, other: Effects, spec: Spec) -> ClaimRow | None:
    """Claim 6, by three days after each push: those that call for a meeting on replies to come, all others on people
    who join, help or subscribe; None where no push has an effect to show.
    """
    if not meeting and not other:
        return None
    if min(len(meeting), len(other)) < spec.min_contrast_events:
        reason = (
            f"{len(meeting)} mailings that call for a meeting and {len(other)} others: "
            f"{spec.min_contrast_events} of each are needed"
        )
        return _pushes("insufficient", reason)
    a, b = (pool([log for log, _ in found], [se for _, se in found], spec) for found in (meeting, other))
    difference, error = a.mean - b.mean, float(np.hypot(a.se, b.se))
    p = float(2 * stats.norm.sf(abs(difference) / error))
    reach = float(stats.norm.ppf(1 - spec.level / 2)) * error
    is_first, is_second = (one.low > 0 and one.p <= spec.level for one in (a, b))
    is_clear = b.high < np.log(spec.margin) or (difference > 0 and p <= spec.level)
    verdict: ClaimVerdict = "insufficient"
    if is_second and b.mean >= a.mean:
        verdict = "contradicts"
    elif is_first and is_clear:
        verdict = "supports"
    reason = f"mailings that call for a meeting bring {_told(a)}, other mailings {_told(b)}"
    numbers = [float(np.exp(log)) for log in (difference, difference - reach, difference + reach)]
    return _pushes(verdict, reason, *numbers, p)


def _told(pooled: Pooled) -> str:
    ratio, low, high = (float(np.exp(log)) for log in (pooled.mean, pooled.low, pooled.high))
    return f"{ratio:.2f} times the usual sign-ups, {low:.2f} to {high:.2f} over {pooled.n}"


def _pushes(verdict: ClaimVerdict, reason: str, *numbers: float) -> ClaimRow:
    estimate, low, high, p = numbers or (None, None, None, None)
    return ClaimRow(
        claim_id="6",
        claim="No mobilising value, except for meetings",
        statistic="sign-ups after mailings for a meeting, over other mailings",
        verdict=verdict,
        reason=reason,
        estimate=estimate,
        ci_low=low,
        ci_high=high,
        p=p,
    )


def judge_facebook(chosen: Chosen | None, replies: tuple[float, float] | None, spec: Spec) -> ClaimRow | None:
    """Claim 5, by the pooled effect of debates there within a day; None without an estimate on that network.

    `replies` are the shares of replies there and on X, which the note gave as its reason: they are told beside it.
    """
    row = None if chosen is None else chosen.row
    if chosen is None or row is None or row.rr is None or row.rr_low is None or row.rr_high is None:
        return None
    verdict: ClaimVerdict = "insufficient"
    if row.rr_high < spec.margin:
        verdict = "supports"
    elif row.rr_low > 1 and row.p is not None and row.p <= spec.level:
        verdict = "contradicts"
    reason = (
        f"after {row.n_events} debates Facebook holds {row.rr:.2f} times its usual mentions, "
        f"{row.rr_low:.2f} to {row.rr_high:.2f}"
    )
    if replies is not None:
        reason += f"; {replies[0]:.0%} of posts there are replies, {replies[1]:.0%} on X"
    return ClaimRow(
        claim_id="5",
        claim="Facebook is of no use",
        statistic="pooled effect of debates on Facebook",
        verdict=verdict,
        reason=f"{chosen.whose}: {reason}",
        estimate=row.rr,
        ci_low=row.rr_low,
        ci_high=row.rr_high,
        p=row.p,
    )
