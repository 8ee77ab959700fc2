"""The event's window against the placebo windows: the estimate and its evidence."""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.baseline.panel import Occasion, Panel
from warehouse.effects.estimate.carry_over import carry_over
from warehouse.effects.estimate.controls import estimate_spill, measure_controls, usable_controls
from warehouse.effects.estimate.inference import Evidence, weigh_evidence
from warehouse.effects.estimate.level import Level, predict_level
from warehouse.effects.estimate.study import Study
from warehouse.effects.estimate.windows import Windows, leave_out, measure_windows

_VISIBLE_LIFT = 0.02
_DISAGREEMENT = 2.0  # standard errors


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
    placebo_weekdays: Ints  # local weekday on which each placebo window starts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """Both sides of one comparison, and the features that predict what the baseline leaves."""

    windows: Windows
    event: Windows  # one window
    features: Floats
    event_features: Floats
    carried_variance: float


def compare(study: Study, series: int, occasion: Occasion, windows: Windows, *, use_controls: bool = True) -> Estimate:
    """The estimate of the event's window, with controls where enough windows have them.

    Source: docs/methods.md, section 3 and 4.
    """
    panel, start, length = study.panel, occasion.start_row, windows.length
    carried = carry_over(panel, series, start, study.decay_rows)
    left = leave_out(panel, series, np.array([start]), study.span(length))
    event = measure_windows(panel, series, left, length, carried.log_lift)
    alone = _Sides(
        windows=windows,
        event=event,
        features=windows.level,
        event_features=event.level[0],
        carried_variance=carried.variance,
    )
    log_rr, level = _predict(alone)
    log_rr_alone, n_placebo, n_controls, flags = log_rr, len(windows.starts), 0, []
    if carried.log_lift[start : start + length].max(initial=0.0) > _VISIBLE_LIFT:
        flags.append("carry_over")
    absent = usable_controls(panel, occasion, series, length) if use_controls else []
    controlled = _with_controls(panel, alone, occasion, absent) if absent else None
    if controlled is None:
        evidence = _weigh(panel, alone, log_rr, level)
        flags.append("no_control")
    else:
        log_rr, level = _predict(controlled)
        evidence = _weigh(panel, controlled, log_rr, level)
        n_placebo, n_controls = len(controlled.windows.starts), len(absent)
        if abs(log_rr - log_rr_alone) > _DISAGREEMENT * evidence.se:
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
        placebo_weekdays=panel.grid.weekday[windows.starts],
    )


def _with_controls(panel: Panel, alone: _Sides, occasion: Occasion, absent: list[int]) -> _Sides | None:
    """The same comparison with the absent candidates' residuals as features; None where they show too little."""
    windows, start = alone.windows, int(alone.event.starts[0])
    others = np.array(
        [o.start_row for o in panel.occasions if o.kind == occasion.kind and o.start_row != start], dtype=np.int64
    )
    others = others[(others >= 0) & (others + windows.length <= panel.grid.rows)]
    controls = measure_controls(panel, absent, np.concatenate([windows.starts, others, [start]]), windows.length)
    n = len(windows.starts)
    has = controls.has[:n]
    if has.sum() < panel.spec.min_placebo or controls.expected_in_event <= panel.spec.min_control_expected:
        return None
    usual = controls.inside[:n][has]
    spill = estimate_spill(usual, controls.inside[n:-1][controls.has[n:-1]])
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


def _weigh(panel: Panel, sides: _Sides, log_rr: float, level: Level) -> Evidence:
    windows, event = sides.windows, sides.event
    return weigh_evidence(
        log_rr,
        event_variance=float(event.fit_variance[0]) + sides.carried_variance,
        event_expected=float(event.expected[0]),
        errors=level.errors,
        fit_variance=windows.fit_variance,
        expected=windows.expected,
        weights=level.weights,
        overlap=windows.overlap,
        level=panel.spec.level,
        power=panel.spec.power,
    )
