"""Reads `territories.csv`: how many live in each territory, and what part of them has internet access at home."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from connectors.campaign.csv_files.csv_rows import NumberedRow, read_rows
from connectors.campaign.values import Text, Url, mend_from, refusal
from connectors.errors import Fault
from connectors.records import Territory

LEAST_TERRITORIES = 20  # with an online_share, for the digital divide to be asked of; as the analysis has it
_PER_CENT = 100  # definition


def _check_share(value: Any) -> Any:
    try:
        share = float(value)
    except (TypeError, ValueError):
        raise refusal(f"{value!r} is not a share", "write a number from 0 to 1, as in 0.81") from None
    if 1 < share <= _PER_CENT:
        fault = f"{value} is more than the whole: it looks like per cent"
        raise refusal(fault, f"write a share, {share / _PER_CENT:g}; the whole column is divided by 100")
    if not 0 <= share <= 1:
        raise refusal(f"{value} is not a share", "write a number from 0 to 1, as in 0.81")
    return share


def _check_people(value: Any) -> Any:
    bare = str(value).replace(" ", "").replace("\u202f", "").replace("'", "")
    if not bare.isdecimal() or int(bare) == 0:
        raise refusal(f"{value!r} is not a number of people", "write a whole number without separators, as in 736081")
    return int(bare)


Share = Annotated[float, BeforeValidator(_check_share)]
People = Annotated[int, BeforeValidator(_check_people)]
# Codes of gifts are compared in capital letters.
Code = Annotated[Text, AfterValidator(str.upper)]


class TerritoryRow(BaseModel):
    """One row as it is written; an empty cell is a missing one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    territory: Code
    name: Text
    population: People
    online_share: Share | None = None
    parent: Code | None = None
    control: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    source_url: Url | None = None


COLUMNS = tuple(TerritoryRow.model_fields)
REQUIRED = COLUMNS[:3]
HEADER = ",".join(COLUMNS)
_EXAMPLES = {
    "territory": "US-PA",
    "name": "Pennsylvania",
    "population": "12790505",
    "online_share": "0.81",
    "parent": "US",
    "control": "61744",
    "source_url": "https://data.census.gov/table?q=B28002",
}


class ReadTerritories(NamedTuple):
    """The territories that could be read, and what is wrong with the others."""

    territories: list[Territory]
    faults: list[Fault]


def read_territories(path: Path, text: str, campaign_id: str) -> ReadTerritories:
    """The territories of the file; their `campaign_hash` is still empty, because it is a hash of them too."""
    read = read_rows(path, text, TerritoryRow, required=REQUIRED, examples=_EXAMPLES)
    faults = [*read.faults, *_faults_between(path, read.rows, is_whole=not read.faults)]
    return ReadTerritories([_as_record(numbered.row, campaign_id) for numbered in read.rows], faults)


def _as_record(row: TerritoryRow, campaign_id: str) -> Territory:
    return Territory(
        campaign_id=campaign_id,
        campaign_hash="",
        territory=row.territory,
        name=row.name,
        population=row.population,
        online_share=row.online_share,
        parent=row.parent,
        control=row.control,
        source_url=row.source_url,
    )


def _faults_between(path: Path, rows: list[NumberedRow[TerritoryRow]], *, is_whole: bool) -> Iterator[Fault]:
    def blame(line: int, fault: str, mend: str) -> Fault:
        return Fault(file=path, line=line, fault=fault, mend=mend)

    line_of: dict[str, int] = {}
    line_of_name: dict[tuple[str | None, str], int] = {}
    for line, row in rows:
        if (first := line_of.setdefault(row.territory, line)) != line:
            fault = f"territory {row.territory!r} is also in line {first}"
            yield blame(line, fault, "give each territory one row: letter case does not tell two apart")
        elif (first := line_of_name.setdefault((row.parent, row.name.casefold()), line)) != line:
            fault = f"the name {row.name!r} is also in line {first}"
            yield blame(line, fault, "give them names that tell them apart, or parents of their own")
    parent_of = {row.territory: row.parent for _, row in rows}
    for line, row in rows:
        # Where a row could not be read, the parent may well be that one.
        if is_whole and row.parent is not None and row.parent not in parent_of:
            meant = mend_from(row.parent, parent_of)
            yield blame(line, f"parent {row.parent!r} has no row", f"{meant} (codes of the column territory)")
        elif (circle := _circle(row.territory, parent_of)) is not None:
            fault = f"the parents go round in a circle: {' -> '.join(circle)}"
            yield blame(line, fault, "a territory cannot lie in itself: empty one of the parents")
    shares = [row.online_share for _, row in rows if row.online_share is not None]
    if shares and len(shares) > 1 and max(shares) < 1 / _PER_CENT:
        yield blame(rows[0].line, f"no online_share is above {max(shares):g}", "write shares from 0 to 1, as in 0.81")


def _circle(start: str, parent_of: dict[str, str | None]) -> list[str] | None:
    """The way from a territory up to itself; None where there is none."""
    way = [start]
    while (above := parent_of.get(way[-1])) is not None and above not in way[1:]:
        way.append(above)
        if above == start:
            return way
    return None


def territory_notes(territories: Iterable[Territory], places: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What people should know of the territories; `places`: what names a territory, and that territory."""
    found = {one.territory: one for one in territories}
    if not found:
        return
    lowest = found.keys() - {one.parent for one in found.values()}
    with_share = sum(found[code].online_share is not None for code in lowest)
    if with_share < LEAST_TERRITORIES:
        yield (
            f"territories.csv: {with_share} territories without parts have an online_share, and the digital divide "
            f"is asked of {LEAST_TERRITORIES} at the least"
        )
    for name, code in places:
        if code.upper() not in found:
            yield f"{name}: the territory {code!r} has no row in territories.csv, so it has no rate"
