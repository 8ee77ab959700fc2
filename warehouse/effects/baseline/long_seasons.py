"""A long season, summed up class by class: the columns of ten thousand rows are few splines and few classes.

A row is touched by four splines, and all rows of one hour, weekday and deadline share the other columns. So sums over
the rows are taken by spline and class, and the columns are multiplied in afterwards. What comes out is that of the
dense columns but for rounding: terms are added in another order.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from warehouse.effects.arrays import Floats, Ints

LEAST_ROWS = 5_000  # numerical tolerance: below, the plain product costs as little


class Weighted(NamedTuple):
    """Sums of weights over rows."""

    by_splines: Floats  # splines x splines
    by_classes: Floats  # splines x classes
    of_class: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LongSeason:
    """The columns of a long design by what they are made of."""

    first: Ints  # of each row, the first spline that touches it
    touch: Floats  # rows x splines that touch a row
    axes: Floats  # splines x trend columns
    classes: Ints  # of each row
    shared: Floats  # classes x the other columns

    def times(self, coefficients: Floats) -> Floats:
        """X times the coefficients, in every row.

        Source: Eilers, Marx 1996 (a row is touched by degree + 1 splines).
        """
        of_splines = self.axes @ coefficients[: self.axes.shape[1]]
        found = (self.shared @ coefficients[self.axes.shape[1] :])[self.classes]
        for a in range(self.touch.shape[1]):
            found += self.touch[:, a] * of_splines[self.first + a]
        return np.asarray(found, dtype=np.float64)

    def score(self, values: Floats) -> Floats:
        """X' times the values of all rows, which are 0 where a row is not used.

        Source: Eilers, Marx 1996 (a row is touched by degree + 1 splines).
        """
        splines = len(self.axes)
        of_splines = np.zeros(splines)
        for a in range(self.touch.shape[1]):
            of_splines += np.bincount(self.first + a, values * self.touch[:, a], splines)
        of_classes = np.bincount(self.classes, values, len(self.shared))
        return np.concatenate([self.axes.T @ of_splines, self.shared.T @ of_classes])

    def information(self, weights: Floats) -> Floats:
        """X'WX over all rows, `weights` 0 where a row is not used.

        Source: Eilers, Marx 1996 (a row is touched by degree + 1 splines).
        """
        sums = self._weighted(weights)
        trend = self.axes.T @ sums.by_splines @ self.axes
        across = self.axes.T @ (sums.by_classes @ self.shared)
        rest = (self.shared.T * sums.of_class) @ self.shared
        return np.block([[trend, across], [across.T, rest]])

    def _weighted(self, weights: Floats) -> Weighted:
        splines, classes = len(self.axes), len(self.shared)
        by_splines, by_classes = np.zeros((splines, splines)), np.zeros(splines * classes)
        for a in range(self.touch.shape[1]):
            own = weights * self.touch[:, a]
            by_classes += np.bincount((self.first + a) * classes + self.classes, own, splines * classes)
            for b in range(a, self.touch.shape[1]):
                diagonal = np.bincount(self.first + a, own * self.touch[:, b], splines)[: splines - (b - a)]
                places = np.arange(len(diagonal))
                by_splines[places, places + b - a] += diagonal
                if b > a:
                    by_splines[places + b - a, places] += diagonal
        return Weighted(
            by_splines=by_splines,
            by_classes=by_classes.reshape(splines, classes),
            of_class=np.asarray(np.bincount(self.classes, weights, classes), dtype=np.float64),
        )


def long_season(splines: Floats, axes: Floats, others: Floats, degree: int) -> LongSeason | None:
    """The parts of a design of so many rows that they pay; None for a shorter one.

    `splines` (rows x splines) touch a row with at most `degree` + 1 neighbours; `others` are the other columns.
    Source: Eilers, Marx 1996 (B-splines of local support); classes of equal rows are ours.
    """
    rows, count = splines.shape
    if rows < LEAST_ROWS:
        return None
    first = np.minimum((splines != 0).argmax(axis=1), count - degree - 1).astype(np.int64)
    shared, classes = np.unique(others, axis=0, return_inverse=True)
    return LongSeason(
        first=first,
        touch=np.stack([splines[np.arange(rows), first + a] for a in range(degree + 1)], axis=1),
        axes=axes,
        classes=classes.reshape(-1).astype(np.int64),
        shared=np.asarray(shared, dtype=np.float64),
    )
