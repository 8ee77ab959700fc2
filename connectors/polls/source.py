"""What the reader is told about a file of polls, and what it hands back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from connectors.donations.source import SetAside
from connectors.records import DateOrder, Poll


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSource:
    """One series of polls of one campaign, as its folder declares it."""

    campaign_id: str
    source_id: str
    roster: frozenset[str]  # candidate ids that a row may name
    columns: Mapping[str, str]  # our word -> header, as the campaign declares
    candidate_columns: Mapping[str, str]  # candidate -> header of its share; empty: `candidate` and `share`
    unit: Literal["percent", "share"]
    dates: DateOrder
    territory: str | None  # where a row does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFile:
    """One file's bytes with what every row of it carries."""

    content: bytes
    file_sha256: str
    known_at: datetime


class ReadPolls(NamedTuple):
    """What one file held: several records a row where a row tells of several candidates."""

    records: list[Poll]
    rows: int  # that were read
    set_aside: list[SetAside]
