"""Rows of another edition of a format than their header: known by the shapes of their cells, or by nothing.

The FEC's filings of 2007 and 2008 were written into CSV under the header of a later edition, which lacks two columns in
the middle. Read by that header, whatever stands behind them is two cells off: a memo's mark leaves its column, and a
memo counts as a gift.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Edition(NamedTuple):
    """How rows stand that are longer than a header: the header, and the columns that they really have."""

    header: Sequence[str]
    columns: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """The editions that a layout's rows may be of, and the shapes by which they are distinct."""

    known: Sequence[Edition] = ()
    shapes: Mapping[str, str] = field(default_factory=dict)  # column -> pattern of its cells that are not empty

    def of_header(self, header: Sequence[str]) -> list[Sequence[str]]:
        """The columns of the other editions that rows under this header may be of."""
        return [edition.columns for edition in self.known if list(edition.header) == list(header)]

    def cells_by_column(
        self, header: Sequence[str], cells: Sequence[str], wanted: Sequence[str]
    ) -> dict[str, str] | None:
        """The wanted columns' cells in the edition that they fit; None where they fit none.

        Of two editions the one that has as many columns as the row has cells: a memo's mark is the same in both, since
        it fits no column but its own.
        """
        editions = sorted((header, *self.of_header(header)), key=lambda columns: len(columns) != len(cells))
        fitting = (self._read(columns, cells) for columns in editions)
        read = next((read for read in fitting if read is not None), None)
        return None if read is None else {name: read[name] for name in wanted}

    def _read(self, columns: Sequence[str], cells: Sequence[str]) -> dict[str, str] | None:
        if any(cells[len(columns) :]):
            return None
        padded = [*cells, *[""] * (len(columns) - len(cells))]
        read = dict(zip(columns, padded, strict=False))
        fits = all(not read.get(name) or re.fullmatch(shape, read[name]) for name, shape in self.shapes.items())
        return read if fits else None
