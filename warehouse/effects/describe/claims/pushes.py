"""Founding claims on what mailings and calls online bring (6), and on Facebook (5).

Source: docs/methods.md, section 6.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import stats

from warehouse.effects.describe.claims.claim_rows import Chosen, ClaimRow, ClaimVerdict, by_effect, claim_row
from warehouse.effects.estimate.pooling import Pooled, pool
from warehouse.effects.spec import Spec

FACEBOOK, ON_FACEBOOK = "Facebook is of no use", "pooled effect of debates on Facebook"
PUSHES = "No mobilising value, except for meetings"
AFTER_PUSHES = "sign-ups after mailings for a meeting, over other mailings"
Effects = Sequence[tuple[float, float]]  # of each push: log rate ratio and its standard error
_PER_CENT = 100  # definition
# No rise there is what this claim says, and a rise is what speaks against it.
_TURNED: dict[ClaimVerdict, ClaimVerdict] = {"supports": "contradicts", "contradicts": "supports"}


def judge_pushes(meeting: Effects, other: Effects, horizon_minutes: int, spec: Spec) -> ClaimRow | None:
    """Claim 6, by what came after each push: those that call for a meeting on replies to come, all others on people
    who join, help or subscribe; None where no push has an effect to show.

    Source: docs/methods.md, section 6.
    """
    if not meeting and not other:
        return None
    if min(len(meeting), len(other)) < spec.min_contrast_events:
        reason = (
            f"There are {len(meeting)} mailings that call for a meeting and {len(other)} others: "
            f"{spec.min_contrast_events} of each are needed."
        )
        return claim_row("6", PUSHES, AFTER_PUSHES, "insufficient", reason)
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
    reason = (
        f"After {a.n} mailings that call for a meeting, replies to come were {_told(a)}. "
        f"After {b.n} other mailings, people who joined were {_told(b)}."
    )
    ratio, low, high = (float(np.exp(log)) for log in (difference, difference - reach, difference + reach))
    return claim_row(
        "6",
        PUSHES,
        AFTER_PUSHES,
        verdict,
        reason,
        estimate=ratio,
        ci_low=low,
        ci_high=high,
        p=p,
        unit="ratio of effects",
        horizon_minutes=horizon_minutes,
        n_events=a.n + b.n,
        rests_on=f"FROM debate_signup_effect WHERE event_kind = 'push' AND horizon_minutes = {horizon_minutes}",
        next_step="more mailings of both kinds",
    )


def _told(pooled: Pooled) -> str:
    ratio, low, high = (float(np.exp(log)) for log in (pooled.mean, pooled.low, pooled.high))
    return f"{ratio:.2f} times the usual, between {low:.2f} and {high:.2f}"


def judge_facebook(chosen: Chosen | None, replies: tuple[float, float] | None, spec: Spec) -> ClaimRow | None:
    """Claim 5, by the pooled effect of debates there within a day; None without an estimate on that network.

    `replies` are the shares of replies there and on X, which the note gave as its reason: they are told beside it.

    Source: docs/methods.md, section 6.
    """
    if chosen is None or chosen.row.rr is None:
        return None
    row = by_effect("5", FACEBOOK, ON_FACEBOOK, chosen, "mentions", spec)
    reason = row.reason
    if replies is not None:
        there, on_x = (share * _PER_CENT for share in replies)
        reason += f" On Facebook {there:.0f} per cent of posts are replies, on X {on_x:.0f} per cent."
    return replace(row, verdict=_TURNED.get(row.verdict, row.verdict), reason=reason)
