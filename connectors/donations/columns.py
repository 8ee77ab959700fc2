"""Which column of a file plays which part, under any of the names that it is known by."""

from collections.abc import Callable, Mapping, Sequence

from connectors.donations.source import DonationRow, DonationSource, ReadDonations, SetAside
from connectors.donations.tables import Row, Table
from connectors.donations.values import BadCell

Names = Mapping[str, Sequence[str]]  # our name -> header names, in order of preference


def find_columns(table: Table, names: Names) -> dict[str, str]:
    """Our name -> the file's column, for each of our names that the header has under some name."""
    present = set(table.columns)
    found = {}
    for ours, theirs in names.items():
        for name in (ours, *theirs):
            if name in present:
                found[ours] = name
                break
    return found


def cell(row: Row, columns: Mapping[str, str], ours: str) -> str:
    """The row's cell under our name; empty where the file has no such column."""
    return row.cells[columns[ours]] if ours in columns else ""


def read_each(table: Table, read_row: Callable[[Row], DonationRow]) -> ReadDonations:
    """Every row as `read_row` reads it; a row that it refuses is set aside with the refusal's words."""
    records: list[DonationRow] = []
    set_aside = list(table.set_aside)
    for row in table.rows:
        try:
            records.append(read_row(row))
        except BadCell as reason:
            set_aside.append(SetAside(row.line_number, str(reason)))
    return ReadDonations(records, sorted(set_aside))


def unknown_header(table: Table, needed: Sequence[str], layout: str) -> ReadDonations:
    """Every row set aside: the header lacks a column that `layout` cannot do without."""
    reason = f"the header is not one that the format {layout} knows: it has no column {' or '.join(needed)}"
    rows = [SetAside(row.line_number, reason) for row in table.rows]
    return ReadDonations([], sorted([*table.set_aside, *rows]) or [SetAside(1, reason)])


def candidate_of(named: str, source: DonationSource) -> str | None:
    """The candidate that a row names, else the source's own.

    Raises:
        BadCell: the row names somebody who is not in the roster.
    """
    if not named:
        return source.candidate_id
    if named in source.roster or named == "ALL":
        return named
    raise BadCell("the candidate is not one of the campaign's")
