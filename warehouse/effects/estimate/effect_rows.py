"""Rows of `debate_buzz_effect` and `debate_donation_effect`, without the keys that say whose they are."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from warehouse.effects.arrays import Ints
from warehouse.effects.estimate.comparison import Estimate
from warehouse.effects.estimate.effect import Effect, Status
from warehouse.effects.estimate.inference import MAX_LOG
from warehouse.effects.estimate.multiplicity import q_by_family
from warehouse.effects.estimate.pooling import Pooled, calendar_p, detectable, pool
from warehouse.effects.estimate.verdicts import Verdict, in_counts, verdict_of
from warehouse.effects.spec import Spec

FEWEST_TO_POOL = 2  # a pooled row of one effect would repeat it


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """The columns of an effect that do not say whose it is; None where there is no estimate."""

    n_events: int
    observed: float
    coverage: float | None
    status: Status
    flags: tuple[str, ...]
    baseline: float | None = None
    expected: float | None = None
    excess: float | None = None
    excess_low: float | None = None
    excess_high: float | None = None
    rr: float | None = None
    rr_low: float | None = None
    rr_high: float | None = None
    p: float | None = None
    p_placebo: float | None = None
    p_floor: float | None = None
    q_bh: float | None = None
    mde80: float | None = None
    n_placebo: int | None = None
    n_controls: int | None = None
    verdict: Verdict = "not_enough_data"


def effect_row(effect: Effect, spec: Spec, *, unit: float = 1.0) -> EffectRow:
    """The row of one effect; `unit` is what one count of the panel stands for.

    Source: docs/methods.md, section 1 and 4.
    """
    row = EffectRow(
        n_events=1,
        observed=effect.observed * unit,
        coverage=effect.coverage,
        status=effect.status,
        flags=effect.flags,
    )
    estimate = effect.estimate
    if estimate is None:
        return row
    counts, evidence = in_counts(effect.observed, estimate, unit), estimate.evidence
    verdict = verdict_of(evidence.p, counts.rr_low, counts.rr_high, spec)
    return replace(
        row,
        baseline=estimate.baseline * unit,
        expected=counts.expected,
        excess=counts.excess,
        excess_low=counts.excess_low,
        excess_high=counts.excess_high,
        rr=counts.rr,
        rr_low=counts.rr_low,
        rr_high=counts.rr_high,
        p=evidence.p,
        p_placebo=evidence.p_placebo,
        p_floor=evidence.p_floor,
        mde80=evidence.mde80,
        n_placebo=estimate.n_placebo,
        n_controls=estimate.n_controls,
        # A window that still runs is looked at again and again: a verdict waits for its end.
        verdict=verdict if effect.status == "ok" else "not_enough_data",
    )


def pooled_row(
    effects: Sequence[Effect], spec: Spec, *, weekdays: Ints | None = None, units: Sequence[float] | None = None
) -> EffectRow:
    """The row of several effects together (`event_id` ALL, or `source_kind` ALL): effects are pooled, never counts.

    `weekdays` are those of the events, where the effects are of one series: with them the calendar placebo is
    computed. `units` are what one count of each stands for.

    Source: docs/methods.md, section 5.
    """
    rows = [
        effect_row(effect, spec, unit=unit) for effect, unit in zip(effects, units or [1.0] * len(effects), strict=True)
    ]
    answered = [(i, effect.estimate) for i, effect in enumerate(effects) if effect.estimate is not None]
    if len(answered) < FEWEST_TO_POOL:
        is_one_reason = not answered and len({effect.status for effect in effects}) == 1
        status: Status = effects[0].status if is_one_reason else "insufficient_sample"
        observed = sum(row.observed for row in rows)
        return EffectRow(n_events=len(answered), observed=observed, coverage=None, status=status, flags=())
    estimates: list[Estimate] = [estimate for _, estimate in answered]
    chosen = np.array([i for i, _ in answered])
    row = row_of_pool(
        pool_effects(estimates, spec),
        [rows[i] for i in chosen],
        spec,
        flags=() if len(answered) == len(effects) else ("some_not_estimated",),
    )
    return row if weekdays is None else replace(row, p_placebo=calendar_p(estimates, weekdays[chosen], spec))


def pool_effects(estimates: Sequence[Estimate], spec: Spec) -> Pooled:
    """The mean of estimates, with their own errors and degrees of freedom.

    Source: docs/methods.md, section 5.
    """
    evidence = [estimate.evidence for estimate in estimates]
    return pool(
        [estimate.log_rr for estimate in estimates],
        [one.se for one in evidence],
        spec,
        [one.freedom for one in evidence],
    )


def row_of_pool(pooled: Pooled, rows: Sequence[EffectRow], spec: Spec, *, flags: tuple[str, ...]) -> EffectRow:
    """The row of a pooled mean over rows that have an estimate; `excess` is of all their windows together.

    Source: docs/methods.md, section 5.
    """
    seen = sum(row.observed for row in rows)
    rr, rr_low, rr_high = np.exp(np.clip([pooled.mean, pooled.low, pooled.high], -MAX_LOG, MAX_LOG)).tolist()
    mde80 = detectable(pooled, spec)
    return EffectRow(
        n_events=len(rows),
        observed=seen,
        coverage=float(np.mean([row.coverage for row in rows])),
        status="ok",
        flags=flags,
        baseline=sum(row.baseline or 0.0 for row in rows),
        expected=seen / rr,
        excess=seen - seen / rr,
        excess_low=seen - seen / rr_low,
        excess_high=seen - seen / rr_high,
        rr=rr,
        rr_low=rr_low,
        rr_high=rr_high,
        p=pooled.p,
        mde80=mde80,
        n_placebo=min(row.n_placebo or 0 for row in rows),
        n_controls=min(row.n_controls or 0 for row in rows),
        verdict=verdict_of(pooled.p, rr_low, rr_high, spec),
    )


def with_q_values(rows: Sequence[EffectRow], families: Sequence[Hashable], spec: Spec) -> list[EffectRow]:
    """The rows with `q_bh` within their families, and the verdict that follows from it.

    Source: Benjamini, Hochberg 1995.
    """
    found = q_by_family(families, [row.p for row in rows])
    return [
        replace(row, q_bh=q, verdict=verdict_of(q, row.rr_low, row.rr_high, spec))
        for row, q in zip(rows, found, strict=True)
    ]
