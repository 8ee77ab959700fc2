"""What a reader knows of a donation file, and what it hands back."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.records import DateOrder, Donation, DonationTotal, Precision, Signup, TickerReading

DonationRow = Donation | DonationTotal | TickerReading | Signup
# Why rows are set aside that are read rightly: they are no gift, or of nobody here.
NOT_RECEIVED = "the payment was not received: refused, cancelled or waiting"
NOBODYS_COMMITTEE = "the committee is no candidate's of this campaign"
MONEY_SPENT = "money paid out, and no refund of a gift"
MONEY_OUT = "money paid out"
NOT_ON_ROSTER = "the poll asks about somebody who is not on the roster"
READ_RIGHTLY = frozenset({NOT_RECEIVED, NOBODYS_COMMITTEE, MONEY_SPENT, MONEY_OUT, NOT_ON_ROSTER})
DonorKey = Callable[[str], str]  # a donor, as the file names them -> keyed hash


@dataclass(frozen=True, slots=True, kw_only=True)
class DonationSource:
    """One donation series of one campaign, as its folder declares it."""

    campaign_id: str
    source_id: str
    format: str
    candidate_id: str | None  # where a row does not say; "ALL": a whole platform or party
    roster: frozenset[str]  # candidate ids that a row may name
    precision: Precision
    timezone: ZoneInfo | None  # of times without an offset; None: not declared
    campaign_timezone: ZoneInfo  # of local days
    currency: str
    committees: Mapping[str, str] = field(default_factory=dict)  # committee id, of the FEC or a state -> candidate id
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)  # our word -> headers, as the campaign declares
    dates: DateOrder = "iso"
    territories: frozenset[str] = frozenset()  # declared codes that nobody would know for one, as postal codes
    channels: frozenset[str] = frozenset()  # ids of `channels.csv`, that a row may name as they stand
    events: frozenset[str] = frozenset()  # ids that a sign-up may name as they stand

    @property
    def source_key(self) -> str:
        """What attempts and rejects are kept by."""
        return f"{self.campaign_id}/{self.source_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DonationFile:
    """One file's bytes with what every row of it carries."""

    name: str
    content: bytes
    known_at: datetime

    @property
    def sha256(self) -> str:
        """The content's hash: a file is remembered by it, not by its name."""
        return hashlib.sha256(self.content).hexdigest()


class SetAside(NamedTuple):
    """One row that could not be read. The reason never quotes the row: a shifted column may hold a name."""

    line_number: int
    reason: str


class ReadDonations(NamedTuple):
    """What one file held; blank lines are no rows."""

    records: list[DonationRow]
    set_aside: list[SetAside]
    rounded: int = 0  # sums with more decimals than two, taken to the cent
