"""A fit without some of its rows, by one Newton step.

Source: Pregibon 1981 (one-step deletion in generalised linear models); docs/methods.md, section 2.5.
"""

from collections.abc import Iterator

import numpy as np

from warehouse.effects.arrays import Bools, Floats, Ints
from warehouse.effects.baseline.poisson import Fit

# Numerical tolerances: how far one step may go.
_JITTER = 1e-6
_MAX_SHIFT = 1.0
_MAX_LOG = 3.0
_LEAST_SHIFT = 1e-9

_WINDOWS_AT_ONCE = 64  # numerical tolerance: of memory, not of results


def leave_rows_out(
    columns: Floats, fit: Fit, *, counts: Floats, expected: Floats, rows: Ints, used: Bools
) -> tuple[Floats, Floats]:
    """For each window of `rows` (windows x rows): what its loss adds to the coefficients, and the inverse information.

    Only the rows that are `used` were in the fit.

    Source: Pregibon 1981.
    """
    weight = np.where(used, expected[rows], 0.0)
    score = np.where(used, counts[rows] - expected[rows], 0.0)
    return without(fit, *held_by(columns, rows, weight=weight, score=score))


def held_by(columns: Floats, rows: Ints, *, weight: Floats, score: Floats) -> tuple[Floats, Floats]:
    """What each window's rows hold of the information (windows x columns x columns) and of the score.

    Source: Pregibon 1981.
    """
    held = np.empty((len(rows), columns.shape[1], columns.shape[1]))
    for some in _batches(len(rows)):
        x = columns[rows[some]]
        held[some] = np.matmul((x * weight[some][:, :, None]).transpose(0, 2, 1), x)
    return held, weighted_sums(columns, rows, score)


def without(fit: Fit, removed: Floats, lost: Floats) -> tuple[Floats, Floats]:
    """The same, from what each window's rows hold of the information (windows x columns x columns) and of the score.

    Source: Pregibon 1981.
    """
    # In place, because there are hundreds of them; in the order in which the terms stand.
    left = fit.information[None] - removed
    left += _JITTER * np.eye(removed.shape[1])
    spread = np.linalg.inv(left)
    shift = -np.matmul(spread, lost[:, :, None])[:, :, 0]
    # A window that carried a column alone would throw the coefficients far off: bound the step.
    shift *= np.minimum(1.0, _MAX_SHIFT / np.maximum(np.abs(shift).max(axis=1, initial=0.0), _LEAST_SHIFT))[:, None]
    return np.asarray(shift, dtype=np.float64), np.asarray(spread, dtype=np.float64)


def rows_of(starts: Ints, length: int, rows: int) -> tuple[Ints, Bools]:
    """Row numbers of each window (windows x length) held inside the grid, and which of them lie inside it.

    Source: docs/methods.md, section 2.5.
    """
    at = starts[:, None] + np.arange(length)[None]
    return np.clip(at, 0, rows - 1), (at >= 0) & (at < rows)


def correction(columns: Floats, rows: Ints, shift: Floats) -> Floats:
    """The factor (windows x rows) by which moved coefficients change what is expected.

    Source: docs/methods.md, section 2.5.
    """
    log_factor = np.empty(rows.shape)
    for some in _batches(len(rows)):
        log_factor[some] = np.matmul(columns[rows[some]], shift[some][:, :, None])[:, :, 0]
    return np.asarray(np.exp(np.clip(log_factor, -_MAX_LOG, _MAX_LOG)), dtype=np.float64)


def weighted_sums(columns: Floats, rows: Ints, weights: Floats) -> Floats:
    """Of each window (windows x columns) the columns of its rows, weighted and added up.

    Source: docs/methods.md, section 4.
    """
    sums = np.empty((len(rows), columns.shape[1]))
    for some in _batches(len(rows)):
        sums[some] = np.matmul(weights[some][:, None, :], columns[rows[some]])[:, 0]
    return sums


def _batches(windows: int) -> Iterator[slice]:
    """So many windows at a time: the columns of all rows of all windows would be large."""
    return (slice(first, first + _WINDOWS_AT_ONCE) for first in range(0, windows, _WINDOWS_AT_ONCE))
