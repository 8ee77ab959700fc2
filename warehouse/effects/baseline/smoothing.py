"""How much the trend may bend: as much as predicts best what it has not seen.

A trend that bends freely takes autocorrelated noise for a change of level; one too stiff misses real changes. So
several stiffnesses are fitted, and the panel keeps the one whose baselines err least on stretches left out.

Source: Eilers, Marx 1996 (penalised splines); Roberts et al. 2017 (blocked cross-validation); docs/methods.md, 2.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.baseline.design import Design
from warehouse.effects.baseline.one_step import correction, leave_rows_out, rows_of
from warehouse.effects.baseline.poisson import Fit, fit_poisson

_CONTINUITY = 0.5
_MOST_VOTERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one series was fitted to: its rows, its first fit, and the ridge without the trend's."""

    counts: Floats
    coverage: Floats
    clean: Bools
    fit: Fit
    penalty: Floats


def smooth_trends(
    design: Design, series: Sequence[Seen], towards: Floats, *, bends: Sequence[float], block_rows: int
) -> list[Fit]:
    """The series' fits at the bend, common to all of them, that predicts left-out blocks best; the first of equals.

    A bend is the usual second difference of the log trend from knot to knot: the ridge is dispersion over its square.
    In a large panel the series with the most counts choose for all.

    Source: Eilers, Marx 1996; Roberts et al. 2017.
    """
    voters = sorted(series, key=lambda one: -float(one.counts[one.clean].sum()))[:_MOST_VOTERS]

    def error(bend: float) -> float:
        return sum(_left_out_error(design, one, _fit_at(design, one, towards, bend), block_rows) for one in voters)

    chosen = min(bends, key=error) if len(bends) > 1 else bends[0]
    return [_fit_at(design, one, towards, chosen) for one in series]


def _fit_at(design: Design, one: Seen, towards: Floats, bend: float) -> Fit:
    penalty = one.penalty + one.fit.dispersion * design.bend / bend**2
    begin = one.fit.coefficients
    return fit_poisson(design, one.counts, one.coverage, one.clean, penalty=penalty, towards=towards, begin=begin)


def _left_out_error(design: Design, one: Seen, fit: Fit, block_rows: int) -> float:
    """Squared log error on blocks; twice the block is left out, so that what follows a block cannot tell of it."""
    total = len(one.counts)
    starts = np.arange(0, total - block_rows + 1, block_rows, dtype=np.int64)
    rows, inside = rows_of(starts, 2 * block_rows, total)
    is_whole = one.clean[rows[:, :block_rows]].all(axis=1)
    rows, inside = rows[is_whole], inside[is_whole]
    if not len(rows):
        return 0.0
    expected = fit.rate * one.coverage
    shift, _ = leave_rows_out(
        design.columns, fit, counts=one.counts, expected=expected, rows=rows, used=inside & one.clean[rows]
    )
    block = rows[:, :block_rows]
    mass = (expected[block] * correction(design.columns[block], shift)).sum(axis=1)
    error = np.log((one.counts[block].sum(axis=1) + _CONTINUITY) / (mass + _CONTINUITY))
    return float((mass / (mass + np.median(mass)) * error**2).sum())
