"""The effect of one event on one series within one horizon: what can be said, or why nothing can.

The estimand is the event and everything it sets off within the horizon: press, mails, clips.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from warehouse.effects.baseline.panel import Occasion, Panel
from warehouse.effects.estimate.carry_over import own_starts
from warehouse.effects.estimate.comparison import Estimate, compare
from warehouse.effects.estimate.study import Study
from warehouse.effects.estimate.windows import share_seen

Status = Literal[
    "ok",
    "insufficient_history",
    "insufficient_baseline",
    "insufficient_placebo",
    "insufficient_coverage",
    "insufficient_sample",
    "confounded_deadline",
    "right_censored",
    "precision_too_coarse",
    "series_break",
    "not_permitted",
    "bad_input",
    "not_estimated",
    "no_data",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What can be said of one question; `observed` stands whatever the status, `estimate` only where it is `ok`."""

    status: Status
    observed: float
    coverage: float  # share of the window that was seen
    rows: int  # of the window, after truncation
    flags: tuple[str, ...]
    estimate: Estimate | None = None


def estimate_effect(study: Study, series: int, occasion: Occasion, length: int, *, use_controls: bool = True) -> Effect:
    """The effect of `occasion` on `series` within `length` rows, or the reason why there is none.

    Source: docs/methods.md, section 1 to 4.
    """
    panel, start = study.panel, occasion.start_row
    flags: tuple[str, ...] = ()
    until = _next_debate(panel, series, start)
    if until < start + length:
        flags, length = ("truncated",), until - start
    window = slice(max(start, 0), max(start + length, 0))
    if panel.silent[series, window].any():
        flags = (*flags, "silent_outage")
    status = obstacle(panel, series, start, length)
    estimate = None
    if status == "ok":
        if (panel.design.columns[window, panel.design.deadline] > 0).any():
            flags = (*flags, "deadline_adjusted")
        windows = study.placebo_windows(series, start, length)
        if len(windows.starts) < panel.spec.min_placebo:
            status = "insufficient_placebo"
        else:
            estimate = compare(study, series, occasion, windows, use_controls=use_controls)
            flags = (*flags, *estimate.flags)
    return Effect(
        status=status,
        observed=float(panel.counts[series, window].sum()),
        coverage=float(panel.coverage[series, window].sum()) / length,
        rows=length,
        flags=flags,
        estimate=estimate,
    )


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
    obstacles: tuple[tuple[Status, bool], ...] = (
        ("no_data", start < 0 or not panel.usable[series].any()),
        ("right_censored", start + length > int(panel.ends[series])),
        ("insufficient_coverage", not panel.usable[series, window].any()),
        ("insufficient_history", not has_fit),
        ("insufficient_coverage", has_fit and _seen(panel, series, start, length) < panel.spec.min_window_seen),
        ("insufficient_baseline", float(panel.expected[series, window].sum()) < panel.spec.min_expected),
        ("confounded_deadline", bool((touched & ~panel.deadlines.is_known).any())),
    )
    return next((status for status, stands in obstacles if stands), "ok")


def _seen(panel: Panel, series: int, start: int, length: int) -> float:
    return float(share_seen(panel, series, np.array([start]), length)[0])
