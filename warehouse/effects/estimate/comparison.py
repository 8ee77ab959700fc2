"""The event's window against the placebo windows: the estimate and its evidence."""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.baseline.asked import Asked
from warehouse.effects.baseline.panel import Occasion, Panel
from warehouse.effects.estimate.carry_over import CarryOver, carry_over
from warehouse.effects.estimate.controls import estimate_spill, measure_controls, usable_controls
from warehouse.effects.estimate.few_counts import Means, of_few_counts
from warehouse.effects.estimate.inference import Evidence, weigh_evidence, worth_counting
from warehouse.effects.estimate.level import Level, predict_level
from warehouse.effects.estimate.study import Study
from warehouse.effects.estimate.windows import Windows
from warehouse.effects.spec import DAYS_A_WEEK, Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A log rate ratio with its evidence."""

    log_rr: float
    log_rr_without_controls: float
    baseline: float  # the stage-1 sum over the window
    evidence: Evidence
    n_placebo: int
    n_controls: int
    flags: tuple[str, ...]
    half: float  # what was added to sums before the logarithm
    placebo_weekdays: Ints  # local weekday on which each placebo window starts
    placebo_starts: Ints  # row in which each starts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Both sides of one comparison, and the features that predict what the baseline leaves."""

    windows: Windows
    event: Windows  # one window
    features: Floats
    event_features: Floats
    carried_variance: float


def compare(
    study: Study,
    series: int,
    occasion: Occasion,
    asked: Asked,
    windows: Windows,
    *,
    besides: CarryOver | None = None,
    use_controls: bool = True,
) -> Estimate:
    """The estimate of the window asked about, with controls where enough windows have them.

    `besides` is what other events add to its rows.

    Source: docs/methods.md, section 3 and 4.
    """
    panel, start, length = study.panel, asked.start, asked.length
    carried = carry_over(panel, series, asked, study.decay_rows)
    lift, variance = carried.log_lift, carried.variance
    if besides is not None:
        lift, variance = lift + besides.log_lift, variance + besides.variance
    event, _ = study.event(series, asked, lift)
    alone = _Sides(
        windows=windows,
        event=event,
        features=windows.level,
        event_features=event.level[0],
        carried_variance=variance,
    )
    clumping, is_count = study.clumping(series), bool(panel.pieces[series] == 1)
    log_rr, level = _predict(alone)
    log_rr_alone, n_placebo, n_controls, flags = log_rr, len(windows.starts), 0, []
    if carried.log_lift[start : start + length].max(initial=0.0) > panel.spec.visible_carry_over:
        flags.append("carry_over")
    absent = usable_controls(study.running(), occasion, series, asked) if use_controls else []
    controlled = _with_controls(study, alone, occasion, asked, absent) if absent else None
    if controlled is None:
        evidence = _weigh(panel, asked, alone, log_rr, level, clumping=clumping, is_count=is_count)
        flags.append("no_control")
    else:
        log_rr, level = _predict(controlled)
        evidence = _weigh(panel, asked, controlled, log_rr, level, clumping=clumping, is_count=is_count)
        n_placebo, n_controls = len(controlled.windows.starts), len(absent)
        if abs(log_rr - log_rr_alone) > panel.spec.control_disagreement * evidence.se:
            flags.append("control_disagree")
        windows = controlled.windows
    if evidence.is_heavy_tailed:
        flags.append("heavy_tail")
    return Estimate(
        log_rr=log_rr,
        log_rr_without_controls=log_rr_alone,
        baseline=float(panel.expected[series, start : start + length].sum()),
        evidence=evidence,
        n_placebo=n_placebo,
        n_controls=n_controls,
        flags=tuple(flags),
        half=float(panel.halves[series]),
        placebo_weekdays=panel.grid.weekday[windows.starts],
        placebo_starts=windows.starts,
    )


def _with_controls(study: Study, alone: _Sides, occasion: Occasion, asked: Asked, absent: list[int]) -> _Sides | None:
    """The same comparison with the absent candidates' residuals as features; None where they show too little."""
    panel, windows, from_start = study.panel, alone.windows, asked.start - occasion.start_row
    others = np.array(
        [
            other.start_row + from_start
            for other in panel.occasions
            if other.kind == occasion.kind and other.start_row != occasion.start_row
        ],
        dtype=np.int64,
    )
    others = others[(others >= 0) & (others + windows.length <= panel.grid.rows)]
    controls = measure_controls(study.running(), absent, np.concatenate([windows.starts, others, [asked.start]]), asked)
    n = len(windows.starts)
    has = controls.has[:n]
    if has.sum() < panel.spec.min_placebo or controls.expected_in_event <= panel.spec.min_control_expected:
        return None
    usual = controls.inside[:n][has]
    spill = estimate_spill(usual, controls.inside[n:-1][controls.has[n:-1]], panel.spec)
    extra = np.column_stack([controls.inside, controls.before])
    kept = windows.only(has)
    return _Sides(
        windows=kept,
        event=alone.event,
        features=np.hstack([kept.level, extra[:n][has]]),
        event_features=np.concatenate([alone.event_features, extra[-1] - [spill.mean, 0.0]]),
        carried_variance=alone.carried_variance + spill.variance,
    )


def _predict(sides: _Sides) -> tuple[float, Level]:
    """The log rate ratio, beyond what the features lead one to expect."""
    windows, event = sides.windows, sides.event
    level = predict_level(
        windows.log_ratio, windows.expected, sides.features, at_event=sides.event_features, overlap=windows.overlap
    )
    return float(event.log_ratio[0]) - level.predicted, level


def _weigh(
    panel: Panel, asked: Asked, sides: _Sides, log_rr: float, level: Level, *, clumping: float, is_count: bool
) -> Evidence:
    windows, event = sides.windows, sides.event
    # At the edge of what is known the coefficients are worse off than where most placebo windows lie.
    usual = float(np.median(windows.fit_variance))
    edge = max(float(event.fit_variance[0]) - usual, 0.0)
    at_edge = max(panel.spec.edge_doubt * clumping - 1, 0.0) * edge
    weekday = panel.grid.weekday
    half = DAYS_A_WEEK // 2
    days_apart = np.abs((weekday[windows.starts] - weekday[asked.start] + half) % DAYS_A_WEEK - half)
    nearness = _enough(1.0 / (1.0 + days_apart), windows.overlap, panel.spec)
    evidence = weigh_evidence(
        log_rr,
        event_variance=float(event.fit_variance[0]) + at_edge + sides.carried_variance,
        event_expected=float(event.expected[0]),
        errors=level.errors,
        fit_variance=windows.fit_variance,
        expected=windows.expected,
        weights=level.weights,
        overlap=windows.overlap,
        nearness=nearness,
        spec=panel.spec,
    )
    if not is_count or event.expected[0] >= panel.spec.exact_below:
        return evidence
    means = Means(
        observed=windows.observed,
        expected=windows.expected * np.exp(windows.log_ratio - level.errors),
        own_observed=float(event.observed[0]),
        own_expected=float(event.expected[0] * np.exp(level.predicted)),
        fit_variance=usual,
        more_variance=edge + at_edge + sides.carried_variance,
    )
    return of_few_counts(
        evidence,
        means,
        nearness=nearness,
        independent=worth_counting(nearness, windows.overlap),
        spec=panel.spec,
    )


def _enough(nearness: Floats, overlap: float, spec: Spec) -> Floats:
    """The weights where they leave enough independent windows; all windows alike where they do not."""
    independent = float(nearness.sum() ** 2 / (nearness**2).sum()) / overlap
    return nearness if independent >= spec.min_near_weekday else np.ones_like(nearness)
