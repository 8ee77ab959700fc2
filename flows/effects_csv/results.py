"""One row of RESULTS: an ask, what came of it, and how it is written."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import TextIO

from flows.effects_csv.inputs import Ask
from warehouse.effects.estimate.effect import Effect
from warehouse.effects.estimate.observed import told_apart
from warehouse.effects.estimate.verdicts import in_counts, verdict_of
from warehouse.effects.spec import Spec
from warehouse.publish.formulas import bare_of_formula
from warehouse.series.panel import SAMPLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One row of RESULTS, in the order of its columns; None is an empty cell."""

    case_id: str
    candidate_id: str
    event_id: str
    horizon_minutes: int | None
    estimate_log_rr: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    p_value: float | None = None
    status: str
    rr: float | None = None
    rr_low: float | None = None
    rr_high: float | None = None
    observed: float | None = None
    expected: float | None = None
    excess: float | None = None
    excess_low: float | None = None
    excess_high: float | None = None
    p_placebo: float | None = None
    mde80: float | None = None
    n_placebo: int | None = None
    n_controls: int | None = None
    verdict: str = "not_enough_data"
    flags: tuple[str, ...] = ()
    p_floor: float | None = None


def refuse(ask: Ask, status: str, *flags: str) -> Answer:
    """The answer to an ask that never reached the estimator."""
    return Answer(
        case_id=ask.case_id,
        candidate_id=ask.candidate_id,
        event_id=ask.event_id,
        horizon_minutes=ask.horizon_minutes,
        status=status,
        flags=flags,
    )


def answer_with(
    ask: Ask, effect: Effect, *, seen: float | None, flags: tuple[str, ...], unit: float, spec: Spec
) -> Answer:
    """The answer that an effect gives; `unit` turns counts back into what the file holds.

    `seen` is what the file holds of the window; None where nobody looked.
    """
    effect = told_apart(effect, seen)
    observed, estimate = effect.observed * unit, effect.estimate
    flags = (*flags, *effect.flags)
    if estimate is None:
        return replace(refuse(ask, effect.status, *flags), observed=seen)
    evidence, counts = estimate.evidence, in_counts(effect.observed, estimate, unit)
    is_sampled = SAMPLED in flags  # then a sum is the sample's own, and not the world's
    verdict = verdict_of(evidence.p, counts.rr_low, counts.rr_high, spec)
    return Answer(
        case_id=ask.case_id,
        candidate_id=ask.candidate_id,
        event_id=ask.event_id,
        horizon_minutes=ask.horizon_minutes,
        estimate_log_rr=estimate.log_rr,
        ci_low=evidence.low,
        ci_high=evidence.high,
        p_value=evidence.p,
        status=effect.status,
        rr=counts.rr,
        rr_low=counts.rr_low,
        rr_high=counts.rr_high,
        observed=observed,
        expected=counts.expected,
        excess=None if is_sampled else counts.excess,
        excess_low=None if is_sampled else counts.excess_low,
        excess_high=None if is_sampled else counts.excess_high,
        p_placebo=evidence.p_placebo,
        mde80=evidence.mde80,
        n_placebo=estimate.n_placebo,
        n_controls=estimate.n_controls,
        verdict=verdict if effect.status == "ok" else "not_enough_data",
        flags=flags,
        p_floor=evidence.p_floor,
    )


def write_answers(answers: Iterable[Answer], file: TextIO) -> None:
    """RESULTS as CSV; flags are separated by `|`."""
    names = [column.name for column in fields(Answer)]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(getattr(answer, name)) for name in names] for answer in answers)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "|".join(value)
    if isinstance(value, str):
        return bare_of_formula(value)
    # Ten digits: the last bits depend on the order in which a machine adds.
    return f"{value:.10g}" if isinstance(value, float) else str(value)
