"""What a campaign folder says, as frozen models: field names are the keys of `campaign.toml`, no others."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, model_validator

from connectors.records import Event, Precision, Scope

FeedKind = Literal["blog", "press", "party", "network"]
DonationFormat = Literal["generic", "actblue", "fec-schedule-a", "helloasso", "totals", "cumulative"]
ArchiveFormat = Literal["x-v2", "x-v1", "csv"]


def check_id(value: str) -> str:
    """The id itself: it becomes part of file names, resource names and keys, so it is plain.

    Raises:
        ValueError: a letter that an id may not have, or the reserved word ALL.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value):
        raise ValueError("an id is letters, digits, '-', '_' and '.', and begins with a letter or digit")
    if value == "ALL":
        raise ValueError("ALL means a whole platform or party and cannot be an id")
    return value


def check_zone(value: str) -> str:
    """The zone itself, if the tz database knows it.

    Raises:
        ValueError: it does not.
    """
    if value not in available_timezones():
        raise ValueError(f"unknown time zone {value!r}")
    return value


def check_url(value: str) -> str:
    """The URL itself, if a feed can be fetched from it.

    Raises:
        ValueError: not http or https, or no host.
    """
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not an http or https URL")
    return value


def _strip_at(handle: str) -> str:
    return handle.removeprefix("@")


Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, AfterValidator(check_id)]
Zone = Annotated[str, AfterValidator(check_zone)]
# Strict: TOML has numbers and booleans of its own, so a quoted one is a slip.
Count = Annotated[int, Strict(), Field(ge=0)]
Flag = Annotated[bool, Strict()]
Money = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
Handle = Annotated[str, Field(pattern=r"^@?\w+$"), AfterValidator(_strip_at)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CandidateConfig(_Table):
    """One public figure of the roster."""

    id: Id
    name: Text
    aliases: tuple[Text, ...] = ()  # none given: the name
    exclude: tuple[Text, ...] = ()  # phrases that are someone else
    accounts: dict[str, tuple[Handle, ...]] = {}  # network -> his own accounts, without @
    x_query: Text | None = None  # instead of the one derived from the aliases

    @model_validator(mode="before")
    @classmethod
    def _name_stands_in_for_aliases(cls, table: Any) -> Any:
        if isinstance(table, dict) and "aliases" not in table and "name" in table:
            return {**table, "aliases": [table["name"]]}
        return table


class FeedConfig(_Table):
    """One feed that is polled."""

    id: Id  # derived from the URL where the file gives none
    url: Annotated[str, AfterValidator(check_url)]
    source_kind: FeedKind = "blog"
    scope: Scope = "national"
    territory: Text | None = None
    timezone: Zone | None = None  # for dates without a zone
    synthetic: Flag = False  # made up for the demo, and marked so wherever it shows

    @model_validator(mode="before")
    @classmethod
    def _id_comes_from_the_url(cls, table: Any) -> Any:
        if isinstance(table, dict) and "id" not in table and isinstance(table.get("url"), str):
            return {**table, "id": plain_id(re.sub(r"^\w+://(www\.)?", "", table["url"]))}
        return table


class XConfig(_Table):
    """What may be asked of X, and what it may cost."""

    budget_usd: Money  # per calendar month in UTC; hard stop
    posts_per_event: Count = 0  # bounded sample around each event; 0 = counts only
    own_accounts: Flag = True  # the candidates' own posts, from the campaign's start on
    stream: Flag = False
    granularity: Literal["minute", "hour", "day"] = "minute"
    coverage: Literal["measured", "unknown"] = "measured"  # "unknown": a replay that nobody vouches for


class ArchiveConfig(_Table):
    """Posts that people already hold, in files."""

    id: Id  # derived from the path where the file gives none
    path: Text  # a glob, relative to the folder
    format: ArchiveFormat
    timezone: Zone | None = None
    columns: dict[str, Text] = {}  # of a csv: our word -> its header

    @model_validator(mode="before")
    @classmethod
    def _id_comes_from_the_path(cls, table: Any) -> Any:
        if isinstance(table, dict) and "id" not in table and isinstance(table.get("path"), str):
            return {**table, "id": plain_id(table["path"])}
        return table


class DonationConfig(_Table):
    """One donation series, in files."""

    id: Id
    format: DonationFormat
    path: Text  # a glob, relative to the folder
    candidate: Text | None = None  # where a row does not say; "ALL" = a whole platform or party
    precision: Precision
    timezone: Zone | None = None
    covers_from: date | None = None  # the declared span of the files, both days included; none: coverage unknown
    covers_to: date | None = None


class MoneyConfig(_Table):
    """How gifts are told apart and which series may be added."""

    small_gift_max: Money = Decimal(200)
    disjoint: tuple[tuple[Id, ...], ...] = ()


class CampaignHead(_Table):
    """Everything in `campaign.toml` but its lists of tables."""

    id: Id
    title: Text
    timezone: Zone  # local days, event times without an offset
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    start: date  # local days of `timezone`; both ends are in the season
    end: date
    retention_days: Count = 30  # of texts of posts that are not a candidate's own
    feeds_from: Text | None = None  # an OPML list shared by campaigns
    x: XConfig | None = None  # None: nothing is asked of X
    money: MoneyConfig = MoneyConfig()
    spec: dict[str, Any] = {}  # overrides of the pre-specified analysis


class Campaign(CampaignHead):
    """One campaign folder, read and checked."""

    folder: Path
    candidates: tuple[CandidateConfig, ...]
    feeds: tuple[FeedConfig, ...] = ()
    archives: tuple[ArchiveConfig, ...] = ()
    donations: tuple[DonationConfig, ...] = ()
    events: tuple[Event, ...] = ()
    campaign_hash: str
    spec_hash: str


def plain_id(text: str) -> str:
    """An id made of any text: "blog.example/feed/" is "blog.example-feed"."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-._") or "unnamed"
