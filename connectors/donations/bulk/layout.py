"""What a bulk file looks like: which columns are kept, cast how, hashed how. The warehouse reads it at its own speed.

Expressions are DuckDB SQL over the file's cells under our names; every cell is text, trimmed, and NULL where empty.
Identity columns appear in `person` only, which the warehouse turns into a keyed hash as it reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.donations.cells.editions import Editions
from connectors.donations.cells.labels import PLAIN_ID
from connectors.donations.source import DonationSource

UNNAMED = "stand_in"  # SQL: what stands for an id that a row lacks or that may not be kept; NULL where it may


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkLayout:
    """One shape of bulk file. Its `columns` are our names for cells -> the header names that a file may give them."""

    name: str
    columns: Mapping[str, Sequence[str]]
    needed: Sequence[str]  # our names without which a header is not this layout's
    unheaded: Sequence[str] = ()  # our names of a file without header, in its order
    person: str  # SQL: who gave, in words that stay the same from file to file
    row: Mapping[str, str]  # field of the record -> SQL
    faults: Sequence[tuple[str, str]]  # SQL condition on cells or fields -> why the row is set aside
    doubts: frozenset[str] = frozenset()  # those of its reasons that a look at the whole line may mend
    plain_id: str = PLAIN_ID
    unsaid: frozenset[str] = frozenset()  # our names for cells that are looked at, and are no part of what a row says
    editions: Editions = field(default_factory=Editions)


def match_columns(layout: BulkLayout, header: Sequence[str]) -> dict[str, str] | None:
    """Our name -> the file's column; None where the header is not this layout's."""
    present = set(header)
    found = {}
    for ours, theirs in layout.columns.items():
        for name in theirs:
            if name in present:
                found[ours] = name
                break
    return found if all(name in found for name in layout.needed) else None


def literal(text: str | None) -> str:
    """The text as an SQL literal."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"


def money(cell: str) -> str:
    """SQL: a cell as DECIMAL(18,2); NULL where it is no amount, or one with more than two decimals."""
    bare = f"regexp_replace(regexp_replace({cell}, '[$ ]', '', 'g'), '^[(](.*)[)]$', '-\\1')"
    plain = "[-+]?[0-9]+(\\.[0-9]{1,2}0*)?"
    return (
        f"CASE WHEN regexp_full_match({cell}, '{plain}') THEN try_cast({cell} AS DECIMAL(18, 2)) "
        f"WHEN regexp_full_match({bare}, '[-+]?[0-9]{{1,3}}(,[0-9]{{3}})+(\\.[0-9]{{1,2}})?') "
        f"THEN try_cast(replace({bare}, ',', '') AS DECIMAL(18, 2)) "
        f"WHEN regexp_full_match({bare}, '[-+]?[0-9]*[,.]?[0-9]{{1,2}}|[-+]?[0-9]+[.]') "
        f"THEN try_cast(replace({bare}, ',', '.') AS DECIMAL(18, 2)) END"
    )


def day(cell: str, *layouts: str) -> str:
    """SQL: a cell as DATE in the first of the layouts that fits; NULL where none does."""
    bare = f"regexp_replace({cell}, '[ T]00:00(:00)?(\\.0+)?(Z|[-+][0-9]{{2}}:?[0-9]{{2}})?$', '')"
    first, *_ = listed = [literal(layout) for layout in layouts]
    return f"CAST(coalesce(try_strptime({cell}, {first}), try_strptime({bare}, [{', '.join(listed)}])) AS DATE)"


def words(*cells: str) -> str:
    """SQL: the cells as words in small letters without punctuation, so that spelling makes no second person."""
    text = f"lower(concat_ws(' ', {', '.join(cells)}))"
    bare = f"regexp_replace(trim(translate({text}, '.,;:''\"()-/', '')), ' +', ' ', 'g')"
    # Looked at first: to translate a text costs five times as much, and most names are plain.
    return f"CASE WHEN regexp_matches({text}, '[.,;:''\"()\\-/]|  |^ | $') THEN {bare} ELSE {text} END"


def candidate_by_committee(committee: str, source: DonationSource) -> str:
    """SQL: the candidate whose committee it is, else the source's own."""
    if not source.committees:
        return literal(source.candidate_id)
    cases = " ".join(f"WHEN {literal(c)} THEN {literal(candidate)}" for c, candidate in source.committees.items())
    return f"CASE {committee} {cases} ELSE {literal(source.candidate_id)} END"
