"""The series of one source together: what was seen, which rows are clean, and each series' baseline."""

from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.baseline.asked import rows_before
from warehouse.effects.baseline.deadlines import DeadlinePrior, pool_deadlines
from warehouse.effects.baseline.design import DEADLINE_PARTS, Design, build_design
from warehouse.effects.baseline.grid import Grid
from warehouse.effects.baseline.outages import find_silent_outages
from warehouse.effects.baseline.poisson import Fit, fit_poisson
from warehouse.effects.spec import Spec

# Definitions: in what some numbers of the spec are told, and what is added to a sum before its logarithm.
_HALF = 0.5  # of a piece
_DAYS_OF_A_SEASON = 300.0
_DAYS_OF_A_BEND = 28.0
_POWER_OF_A_BEND = 1.5  # a smooth path is an integrated random walk
_SHORTER_BY_DAYS = 2.0  # the guard of a crowded season
_FIRST_PASS_PENALTY = 0.02  # deadlines hardly shrunk: their own estimates feed the prior
_LEAST_MEAN = 1e-9  # numerical tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One event that may move the series: a debate, rally, vote ... but not a deadline."""

    event_id: str
    kind: str
    start_row: int  # may lie outside the grid
    attends: Bools  # one a series: who takes part


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What the estimator needs to know about one source; made by `fit_panel`, never changed."""

    grid: Grid
    spec: Spec
    names: tuple[str, ...]
    occasions: tuple[Occasion, ...]  # by time
    deadline_days: Ints
    counts: Floats  # series x rows; 0 where not usable
    coverage: Floats  # 0 where not usable
    usable: Bools
    silent: Bools  # usable by the collector's account, but the zero is beyond belief
    clean: Bools  # usable and outside every guard of an own event
    guarded: Bools
    guard_rows: int
    ends: Ints  # for each series, the row after its last one
    design: Design
    deadlines: DeadlinePrior
    fits: tuple[Fit | None, ...]
    expected: Floats  # baseline times coverage; 0 where not usable
    pieces: Floats  # for each series, what counts as one: 1, or of money the size of a gift
    halves: Floats  # for each series, what is added to sums before the logarithm


def fit_panel(
    grid: Grid,
    counts: Floats,
    coverage: Floats,
    *,
    names: tuple[str, ...],
    occasions: tuple[Occasion, ...] = (),
    deadline_days: Ints | None = None,
    spec: Spec | None = None,
    pieces: Floats | None = None,
) -> Panel:
    """The panel with one baseline a series; NaN in counts or coverage, or a count below zero, is unknown, and excluded.

    A series with too few clean rows or events gets no fit. `pieces` are, of series of money, the mean size of a gift;
    NaN where nobody knows, and then the sum's own dispersion stands for it: no sum is known better than its gifts are.

    Source: docs/methods.md, section 2.
    """
    spec = spec or Spec()
    deadline_days = np.array([], dtype=np.int64) if deadline_days is None else np.sort(deadline_days)
    occasions = tuple(sorted(occasions, key=lambda occasion: (occasion.start_row, occasion.event_id)))
    design = build_design(grid, deadline_days, spec)
    usable = np.isfinite(counts) & (counts >= 0) & (np.nan_to_num(coverage) >= spec.min_coverage)
    seen, share = np.where(usable, counts, 0.0), np.where(usable, coverage, 0.0)
    silent = find_silent_outages(seen, share, usable, design, spec)
    usable &= ~silent
    seen, share = np.where(usable, seen, 0.0), np.where(usable, share, 0.0)
    guard_rows = _guard_rows(grid, occasions, spec)
    guarded = guard_mask(grid, len(counts), occasions, guard_rows, spec)
    clean = usable & ~guarded
    bend = spec.trend_bend * (spec.knot_days(grid.interval_minutes) / _DAYS_OF_A_BEND) ** _POWER_OF_A_BEND
    given = np.ones(len(counts)) if pieces is None else pieces
    fits, deadlines = _fit_baselines(
        design, seen / _rough_pieces(given, seen, usable)[:, None], seen, share, clean, bend=bend, spec=spec
    )
    rates = np.array([np.zeros(grid.rows) if fit is None else fit.rate for fit in fits]).reshape(counts.shape)
    return Panel(
        grid=grid,
        spec=spec,
        names=names,
        occasions=occasions,
        deadline_days=deadline_days,
        counts=seen,
        coverage=share,
        usable=usable,
        silent=silent,
        clean=clean,
        guarded=guarded,
        guard_rows=guard_rows,
        ends=_ends(coverage),
        design=design,
        deadlines=deadlines,
        fits=fits,
        expected=rates * share,
        pieces=np.where(np.isfinite(given), given, [1.0 if fit is None else fit.dispersion for fit in fits]),
        halves=_HALF * np.where(np.isfinite(given), given, 1.0),
    )


def guard_mask(grid: Grid, series: int, occasions: tuple[Occasion, ...], guard_rows: int, spec: Spec) -> Bools:
    """Rows (series x rows) within the guard of an event that the series attends, those in which it is awaited too.

    Source: docs/methods.md, section 2.2.
    """
    guarded = np.zeros((series, grid.rows), dtype=bool)
    for occasion in occasions:
        start = occasion.start_row
        first, last = max(start - rows_before(grid, start, spec), 0), max(start + guard_rows, 0)
        guarded[occasion.attends, first:last] = True
    return guarded


def _ends(coverage: Floats) -> Ints:
    """The row after the last one that is not known to be unseen."""
    # NaN != 0: what nobody vouches for still says that the series went on.
    here = np.where(coverage != 0, np.arange(1, coverage.shape[1] + 1), 0)
    return np.asarray(here.max(axis=1, initial=0), dtype=np.int64)


def _guard_rows(grid: Grid, occasions: tuple[Occasion, ...], spec: Spec) -> int:
    """Events every few days would leave no clean rows: a crowded season keeps shorter guards."""
    days = spec.guard_days(grid.interval_minutes)
    if occasions and grid.rows:
        busiest = int(np.sum([occasion.attends for occasion in occasions], axis=0).max(initial=0))
        a_season = busiest / (grid.rows / grid.rows_a_day) * _DAYS_OF_A_SEASON
        if busiest > spec.crowded_events / 2 and a_season > spec.crowded_events:
            days -= _SHORTER_BY_DAYS if grid.is_daily else _SHORTER_BY_DAYS / 2
    return round(days * grid.rows_a_day)


def _rough_pieces(given: Floats, counts: Floats, usable: Bools) -> Floats:
    """The size of a piece before there is a fit: the variance of a sum over its mean is at least that."""
    seen = np.maximum(usable.sum(axis=1), 1)
    mean = counts.sum(axis=1) / seen
    variance = np.where(usable, (counts - mean[:, None]) ** 2, 0.0).sum(axis=1) / seen
    return np.where(np.isfinite(given), given, np.maximum(variance / np.maximum(mean, _LEAST_MEAN), 1.0))


def _fit_baselines(
    design: Design, events: Floats, counts: Floats, coverage: Floats, clean: Bools, *, bend: float, spec: Spec
) -> tuple[tuple[Fit | None, ...], DeadlinePrior]:
    """The fit of each series: a first one, from which deadlines and dispersion are learnt, and then the one to keep."""
    enough = (clean.sum(axis=1) >= spec.min_rows) & (np.where(clean, events, 0).sum(axis=1) >= spec.min_events)
    fitted = np.flatnonzero(enough)
    has_deadlines = bool(design.columns[:, design.deadline].any())
    penalty, towards = design.penalty.copy(), np.zeros(len(design.penalty))
    if has_deadlines:
        penalty[design.deadline] = _FIRST_PASS_PENALTY
    first = [fit_poisson(design, counts[i], coverage[i], clean[i], penalty=penalty, towards=towards) for i in fitted]
    prior = pool_deadlines(
        [fit.coefficients[design.deadline] for fit in first if has_deadlines],
        [_deadline_variance(design, fit, clean[i]) for i, fit in zip(fitted, first, strict=True) if has_deadlines],
        DEADLINE_PARTS,
    )
    towards[design.deadline] = prior.mean
    fits: list[Fit | None] = [None] * len(counts)
    for i, fit in zip(fitted, first, strict=True):
        penalty = design.penalty + fit.dispersion * design.bend / bend**2
        if has_deadlines:
            # The spread between candidates enters the penalty, and so the predictive variance.
            penalty[design.deadline] = fit.dispersion / prior.spread
        begin = fit.coefficients
        fits[i] = fit_poisson(design, counts[i], coverage[i], clean[i], penalty=penalty, towards=towards, begin=begin)
    return tuple(fits), prior


def _deadline_variance(design: Design, fit: Fit, clean: Bools) -> Floats:
    variance = fit.dispersion * np.diag(np.linalg.inv(fit.information))[design.deadline]
    is_seen = (design.columns[clean][:, design.deadline] > 0).any(axis=0)
    return np.where(is_seen, variance, np.inf)
