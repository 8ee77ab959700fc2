"""The effect of one event on one series within one horizon: what can be said, or why nothing can.

The estimand is the event and everything it sets off within the horizon: press, mails, clips.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from warehouse.effects.baseline.asked import Asked, ask_window
from warehouse.effects.baseline.panel import Occasion, Panel
from warehouse.effects.estimate.carry_over import own_starts
from warehouse.effects.estimate.coincident import coincident, usual_lift
from warehouse.effects.estimate.comparison import Estimate, compare
from warehouse.effects.estimate.study import Study
from warehouse.effects.estimate.windows import share_seen
from warehouse.effects.spec import MINUTES_A_DAY, SHORTEST_ON_DAYS

Status = Literal[
    "ok",
    "insufficient_history",
    "insufficient_baseline",
    "insufficient_placebo",
    "insufficient_coverage",
    "insufficient_sample",
    "confounded_deadline",
    "confounded_event",
    "right_censored",
    "so_far",
    "precision_too_coarse",
    "series_break",
    "not_permitted",
    "bad_input",
    "not_estimated",
    "no_data",
]

_LEAST_ELAPSED = {True: SHORTEST_ON_DAYS // MINUTES_A_DAY, False: 1}  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What can be said of one question; `observed` stands whatever the status, `estimate` only if `ok` or `so_far`."""

    status: Status
    observed: float
    coverage: float  # share of the window that was seen
    rows: int  # of the window, after truncation; below zero: before the start
    flags: tuple[str, ...]
    estimate: Estimate | None = None


def estimate_effect(study: Study, series: int, occasion: Occasion, length: int, *, use_controls: bool = True) -> Effect:
    """The effect of `occasion` on `series` within `length` rows, or the reason why there is none.

    A `length` below zero asks what so many rows before the start hold: the anticipation.

    Source: docs/methods.md, section 1 to 4.
    """
    panel = study.panel
    flags: tuple[str, ...] = ()
    until = _next_debate(panel, series, occasion.start_row)
    if until < occasion.start_row + length:
        flags, length = ("truncated",), until - occasion.start_row
    asked = ask_window(panel.grid, occasion.start_row, length, panel.spec)
    rows, start, length = length, asked.start, asked.length
    window = slice(max(start, 0), max(start + length, 0))
    if panel.silent[series, window].any():
        flags = (*flags, "silent_outage")
    status = obstacle(panel, series, start, length)
    others = coincident(panel, series, occasion, asked)
    flags = (*flags, *(f"coincident={other.event_id}" for other in others))
    estimate = None
    if status == "ok":
        if (panel.design.columns[window, panel.design.deadline] > 0).any():
            flags = (*flags, "deadline_adjusted")
        status, estimate = _estimate(study, series, occasion, asked, others, use_controls=use_controls)
        flags = flags if estimate is None else (*flags, *estimate.flags)
    return Effect(
        status=status,
        observed=float(panel.counts[series, window].sum()),
        coverage=float(panel.coverage[series, window].sum()) / length,
        rows=rows,
        flags=flags,
        estimate=estimate,
    )


def estimate_so_far(study: Study, series: int, occasion: Occasion, length: int) -> Effect:
    """The effect, or of a window that still runs that of the rows which are in: status `so_far`, `rows` says how many.

    Source: docs/methods.md, section 4.
    """
    panel, whole = study.panel, estimate_effect(study, series, occasion, length)
    elapsed = int(panel.ends[series]) - occasion.start_row
    if whole.status != "right_censored" or length < 0 or elapsed < _LEAST_ELAPSED[panel.grid.is_daily]:
        return whole
    found = estimate_effect(study, series, occasion, elapsed)
    return replace(found, status="so_far") if found.status == "ok" else whole


def _estimate(
    study: Study, series: int, occasion: Occasion, asked: Asked, others: tuple[Occasion, ...], *, use_controls: bool
) -> tuple[Status, Estimate | None]:
    """The estimate, or what the placebo windows and the other events in the window do not allow."""
    besides = usual_lift(study, series, others, asked) if others else None
    if others and besides is None:
        return "confounded_event", None
    windows, _ = study.placebo(series, asked)
    if len(windows.starts) < study.panel.spec.min_placebo:
        return "insufficient_placebo", None
    found = compare(study, series, occasion, asked, windows, besides=besides, use_controls=use_controls)
    # Where the ends lie a hundredfold apart the baseline is too thin to say anything.
    if found.evidence.high - found.evidence.low > np.log(study.panel.spec.widest_ratio):
        return "insufficient_baseline", None
    return "ok", found


def _next_debate(panel: Panel, series: int, start: int) -> int:
    """Row of the series' first debate after `start`; the end of time where there is none."""
    later = own_starts(panel, series, ("debate",))
    return int(later[later > start].min(initial=np.iinfo(np.int64).max))


def obstacle(panel: Panel, series: int, start: int, length: int) -> Status:
    """The first thing that stands in the way of an estimate; `ok` where nothing does.

    Source: docs/methods.md, section 4 (table of statuses).
    """
    window = slice(max(start, 0), max(start + length, 0))
    touched = (panel.design.columns[window, panel.design.deadline] > 0).any(axis=0)
    has_fit = panel.fits[series] is not None
    is_few_hours = not panel.grid.is_daily and panel.pieces[series] == 1
    fewest = panel.spec.min_expected_on_hours if is_few_hours else panel.spec.min_expected
    least = fewest * panel.pieces[series]
    obstacles: tuple[tuple[Status, bool], ...] = (
        ("no_data", start < 0 or not panel.usable[series].any()),
        ("right_censored", start + length > int(panel.ends[series])),
        ("insufficient_coverage", not panel.usable[series, window].any()),
        ("insufficient_history", not has_fit),
        ("insufficient_coverage", has_fit and _seen(panel, series, start, length) < panel.spec.min_window_seen),
        ("insufficient_baseline", float(panel.expected[series, window].sum()) < least),
        ("confounded_deadline", bool((touched & ~panel.deadlines.is_known).any())),
    )
    return next((status for status, stands in obstacles if stands), "ok")


def _seen(panel: Panel, series: int, start: int, length: int) -> float:
    return float(share_seen(panel, series, np.array([start]), length)[0])
