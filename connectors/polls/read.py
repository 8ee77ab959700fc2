"""A file of polls -> one record for each poll and candidate; a row that cannot be read is set aside with its reason."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime

from connectors.donations.cells.headers import listed_headers
from connectors.donations.cells.tables import Row, Table, column_name, read_table
from connectors.donations.cells.values import DAYS, ORDERS, BadCell, shape
from connectors.donations.source import NOT_ON_ROSTER, SetAside
from connectors.errors import SourceUnreadable
from connectors.polls.source import PollFile, PollSource, ReadPolls
from connectors.records import Poll

_NEEDED = ("pollster", "starts_on", "ends_on", "sample")
_OPTIONAL = ("population", "territory")
_YEARS = range(1900, 2201)
_PER_CENT = 100.0
_MOST_TOGETHER = 1.02  # shares of one poll, which are rounded
_LARGEST_SAMPLE = 10_000_000


def read_polls(file: PollFile, source: PollSource) -> ReadPolls:
    """The polls of one file.

    Raises:
        SourceUnreadable: shares between 0 and 1 throughout, where the campaign declares per cent.
    """
    table = read_table(file.content)
    columns = _columns_of(table, source)
    missing = [word for word, header in columns.items() if header not in table.columns and word not in _OPTIONAL]
    if missing:
        reason = _unknown_header(table, missing, source)
        rows = [SetAside(row.line_number, reason) for row in table.rows]
        return ReadPolls([], 0, sorted([*table.set_aside, *rows]) or [SetAside(1, reason)])
    records: list[Poll] = []
    set_aside, read = list(table.set_aside), 0
    for row in table.rows:
        cells = {word: row.cells.get(header, "") for word, header in columns.items()}
        try:
            records += _polls_of(row, cells, file, source, has_decimal_comma=table.has_decimal_comma)
            read += 1
        except BadCell as reason:
            set_aside.append(SetAside(row.line_number, str(reason)))
    if source.unit == "percent" and records and all(poll.share * _PER_CENT <= 1 for poll in records):
        raise SourceUnreadable('no share is above 1, which is no per cent. Mend: write unit = "share" in [[polls]]')
    return ReadPolls(records, read, sorted(set_aside))


def _columns_of(table: Table, source: PollSource) -> dict[str, str]:
    """Our word, or `=candidate` for a candidate's share, -> the file's column."""
    shares = [f"={candidate}" for candidate in source.candidate_columns] or ["candidate", "share"]
    declared = dict(source.columns) | {f"={name}": header for name, header in source.candidate_columns.items()}
    words = (*_NEEDED, *_OPTIONAL, *shares)
    columns = {word: column_name(declared.get(word, word)) for word in words}
    # A column that may be absent is missed all the same where the campaign names it.
    named = [word for word in _OPTIONAL if word in source.columns and columns[word] not in table.columns]
    return columns | {f"the {word}": columns[word] for word in named}


def _unknown_header(table: Table, missing: list[str], source: PollSource) -> str:
    lacking = ", ".join(
        source.candidate_columns.get(word[1:], word) if word.startswith("=") else source.columns.get(word, word)
        for word in missing
    )
    return (
        f"the header has no column {lacking}; {listed_headers(table.columns)}. Mend: name its headers in this "
        '[[polls]] table: columns = { pollster = "..." }, candidate_columns = { id = "..." }'
    )


def _polls_of(
    row: Row, cells: dict[str, str], file: PollFile, source: PollSource, *, has_decimal_comma: bool
) -> list[Poll]:
    starts_on, ends_on = (_day_of(cells[word], word, source) for word in ("starts_on", "ends_on"))
    if ends_on < starts_on:
        raise BadCell("the poll ends before it begins")
    pollster = " ".join(cells["pollster"].split())
    if not pollster:
        raise BadCell("the pollster is empty")
    shares = dict(_shares_of(cells, source, has_decimal_comma=has_decimal_comma))
    if not shares:
        raise BadCell("no candidate has a share")
    if sum(shares.values()) > _MOST_TOGETHER:
        raise BadCell("the shares add up to more than 100 per cent")
    sample = _sample_of(cells["sample"])
    return [
        Poll(
            campaign_id=source.campaign_id,
            source_id=source.source_id,
            file_sha256=file.file_sha256,
            line_number=row.line_number,
            candidate_id=candidate_id,
            pollster=pollster,
            starts_on=starts_on,
            ends_on=ends_on,
            sample=sample,
            population=" ".join(cells["population"].split()) or None,
            share=share,
            territory=cells["territory"] or source.territory,
            known_at=file.known_at,
        )
        for candidate_id, share in shares.items()
    ]


def _shares_of(cells: dict[str, str], source: PollSource, *, has_decimal_comma: bool) -> Iterator[tuple[str, float]]:
    if not source.candidate_columns:
        if cells["candidate"] not in source.roster:
            raise BadCell(NOT_ON_ROSTER)
        yield cells["candidate"], _share_of(cells["share"], source, has_decimal_comma=has_decimal_comma)
        return
    for candidate_id in source.candidate_columns:
        cell = cells[f"={candidate_id}"]
        if cell:  # a poll need not ask about everybody
            yield candidate_id, _share_of(cell, source, has_decimal_comma=has_decimal_comma)


def _share_of(cell: str, source: PollSource, *, has_decimal_comma: bool) -> float:
    digits = re.sub(r"\s*%$", "", cell)
    if has_decimal_comma or re.fullmatch(r"\d+,\d+", digits):
        digits = digits.replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(\.\d+)?|\.\d+", digits):
        raise BadCell(f"the share is no number of 0 or more (it looks like {shape(cell)})")
    share = float(digits) / (_PER_CENT if source.unit == "percent" else 1.0)
    if share > 1:
        mend = '. Mend: write unit = "percent" in [[polls]]' if source.unit == "share" else ""
        raise BadCell(f"the share is above the whole{mend}")
    return share


def _sample_of(cell: str) -> int:
    digits = re.sub(r"(?<=\d)[,.\s\u00a0\u202f'](?=\d{3}\b)", "", cell)
    if not re.fullmatch(r"\d+(\.0+)?", digits) or not 0 < float(digits) <= _LARGEST_SAMPLE:
        what = f"is no whole number above zero (it looks like {shape(cell)})" if cell else "is empty"
        raise BadCell(f"the sample {what}: without it nobody knows how sure the poll is")
    return int(float(digits))


def _day_of(cell: str, word: str, source: PollSource) -> date:
    if not cell:
        raise BadCell(f"{word} is empty")
    for layout in DAYS[ORDERS[source.dates]]:
        with suppress(ValueError):
            found = datetime.strptime(cell, layout).date()  # noqa: DTZ007 - a day has no zone
            if found.year not in _YEARS:
                raise BadCell(f"{word} lies outside {_YEARS[0]} to {_YEARS[-1]}")
            return found
    mend = ""
    if source.dates == "iso" and re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$", cell):
        mend = '. Mend: add dates = "month-first" or "day-first" to this [[polls]] table'
    raise BadCell(f"{word} is no day that this file's layout knows (it looks like {shape(cell)}){mend}")
