"""Reads `channels.csv`: one row a channel that the campaign pays for or works in, with its money, hours and days."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectors.campaign.fault_texts import explain
from connectors.campaign.values import Currency, Id, Text, Url, mend_from
from connectors.errors import Fault
from connectors.records import ChannelKind


class ChannelConfig(BaseModel):
    """One row as it is written; an empty cell is a missing one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Id  # what gifts and sign-ups carry
    title: Text | None = None
    channel_kind: ChannelKind
    spent: Annotated[Decimal, Field(ge=0)] | None = None
    currency: Currency | None = None  # none given: the campaign's
    hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    starts_on: date | None = None  # local days; none given: the season's
    ends_on: date | None = None
    source_url: Url | None = None


COLUMNS = tuple(ChannelConfig.model_fields)
HEADER = ",".join(COLUMNS)
_EXAMPLES = {
    "channel": "our-network",
    "channel_kind": "network",
    "spent": "12000",
    "hours": "340",
    "starts_on": "2027-01-15",
    "ends_on": "2027-05-08",
}


class ReadChannels(NamedTuple):
    """The channels that could be read, and what is wrong with the others."""

    channels: tuple[ChannelConfig, ...]
    faults: list[Fault]


def read_channels(path: Path, text: str) -> ReadChannels:
    """The channels of the file, or every fault with its line."""
    faults: list[Fault] = []
    found: dict[str, ChannelConfig] = {}
    rows = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip() for cell in next(rows, [])]
    for name in header:
        if name not in COLUMNS:
            mend = mend_from(name, COLUMNS)
            faults.append(Fault(file=path, line=1, fault=f"unknown column {name!r}", mend=mend))
    for name in ("channel", "channel_kind"):
        if name not in header:
            mend = f"begin the file with: {HEADER}"
            faults.append(Fault(file=path, line=1, fault=f"the header has no column {name!r}", mend=mend))
    if faults:
        return ReadChannels((), faults)
    first_of: dict[str, int] = {}
    for cells in rows:
        line = rows.line_num
        filled = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
        if not filled:
            continue
        if len(cells) != len(header):
            mend = "give it as many: leave unknown cells empty, put a text with a comma in double quotes"
            fault = f"the row has {len(cells)} cells, the header {len(header)}"
            faults.append(Fault(file=path, line=line, fault=fault, mend=mend))
            continue
        try:
            row = ChannelConfig.model_validate(filled)
        except ValidationError as error:
            said = explain(error, lambda _, *told, line=line: _fault(path, line, *told), _EXAMPLES, {"": COLUMNS})
            faults += said
            continue
        faults += (_fault(path, line, *said) for said in _faults_of(row, first_of.setdefault(row.channel, line), line))
        found[row.channel] = row
    return ReadChannels(tuple(found.values()), faults)


def _faults_of(row: ChannelConfig, first: int, line: int) -> list[tuple[str, str]]:
    found = []
    if first != line:
        found.append((f"channel {row.channel!r} is also in line {first}", "give each channel one row"))
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        found.append((f"the channel ends on {row.ends_on}, before it starts on {row.starts_on}", "exchange the two"))
    return found


def _fault(path: Path, line: int, fault: str, mend: str) -> Fault:
    return Fault(file=path, line=line, fault=fault, mend=mend)
