"""Which column of a file plays which part, under any of the names that it is known by."""

from collections.abc import Callable, Mapping, Sequence

from connectors.donations.cells.headers import listed_headers
from connectors.donations.cells.tables import Row, Table, column_name
from connectors.donations.cells.values import BadCell
from connectors.donations.formats.known_headers import refuse_foreign
from connectors.donations.source import DonationRow, DonationSource, ReadDonations, SetAside

Names = Mapping[str, Sequence[str]]  # our name -> header names, in order of preference
Columns = Mapping[str, Sequence[str]]  # our name -> the file's columns that make it up


def find_columns(table: Table, names: Names, source: DonationSource) -> dict[str, list[str]]:
    """Our name -> the file's columns, for each of our names that the header has under some name.

    A name for which the campaign declares headers is known by these alone, and only if all of them are there.

    Raises:
        SourceUnreadable: the header is another platform's.
    """
    refuse_foreign(table.columns, source)
    present = set(table.columns)
    found: dict[str, list[str]] = {}
    for ours, theirs in names.items():
        if ours in source.columns:
            declared = [column_name(header) for header in source.columns[ours]]
            if present.issuperset(declared):
                found[ours] = declared
            continue
        known = [name for name in (ours, *theirs) if name in present]
        if known:
            found[ours] = known[:1]
    return found


def missing_columns(found: Columns, needed: Sequence[str], source: DonationSource) -> list[str]:
    """Our names that a file cannot do without, and has not: those needed, and those declared by headers."""
    return [name for name in dict.fromkeys([*needed, *source.columns]) if name not in found]


def cell(row: Row, columns: Columns, ours: str) -> str:
    """The row's cell under our name; empty where the file has no such column. Several columns give their words."""
    return " ".join(filter(None, (row.cells[name] for name in columns.get(ours, ()))))


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


def unknown_header(table: Table, missing: Sequence[str], source: DonationSource) -> ReadDonations:
    """Every row set aside: the header lacks columns that the source cannot do without."""
    lacking = [" and ".join(source.columns[name]) if name in source.columns else name for name in missing]
    reason = (
        f"the header is not one that the format {source.format} knows: it has no column {' or '.join(lacking)}; "
        f"{listed_headers(table.columns)}"
    )
    if source.format in ("generic", "totals", "cumulative", "signups"):
        table_name = "signups" if source.format == "signups" else "donations"
        mend = ", ".join(f'{name} = "..."' for name in missing)
        reason += f". Mend: name its headers in this [[{table_name}]] table: columns = {{ {mend} }}"
    rows = [SetAside(row.line_number, reason) for row in table.rows]
    return ReadDonations([], sorted([*table.set_aside, *rows]) or [SetAside(1, reason)])


def candidate_of(named: str, source: DonationSource) -> str | None:
    """The candidate that a row names, by id or by one of their committees, else the source's own.

    Raises:
        BadCell: the row names somebody who is not in the roster.
    """
    if not named:
        return source.candidate_id
    if named in source.roster or named == "ALL":
        return named
    if named in source.committees:
        return source.committees[named]
    raise BadCell("the candidate is not one of the campaign's")
