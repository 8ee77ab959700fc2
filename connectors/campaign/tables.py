"""The tables of `campaign.toml` as models, with what is wrong with each."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from connectors.campaign.fault_texts import examples_in, explain
from connectors.campaign.models import (
    ArchiveConfig,
    Campaign,
    CampaignHead,
    CandidateConfig,
    DonationConfig,
    FeedConfig,
    MoneyConfig,
    PollConfig,
    SignupConfig,
    SpecOverrides,
    XConfig,
)
from connectors.campaign.networks import BlueskyConfig, MastodonConfig
from connectors.campaign.toml import Place, TomlFile
from connectors.campaign.values import zone_names
from connectors.errors import Fault

Model = TypeVar("Model", bound=BaseModel)

LISTS = ("candidates", "feeds", "archives", "donations", "signups", "polls")
# What the code adds to a campaign is no key of the file.
_OURS = ("folder", "events", "channels", "territories", "claims", "campaign_hash", "spec_hash")
_KNOWN_AT_TOP = [name for name in Campaign.model_fields if name not in _OURS]
_KNOWN_INSIDE = {
    "x": XConfig.model_fields,
    "bluesky": BlueskyConfig.model_fields,
    "mastodon": MastodonConfig.model_fields,
    "money": MoneyConfig.model_fields,
    "spec": SpecOverrides.__annotations__,
}


@dataclass(kw_only=True)
class Tables:
    """What could be read, each list by the index that its tables have in the file; `head` is None where it is wrong."""

    head: CampaignHead | None = None
    candidates: dict[int, CandidateConfig] = field(default_factory=dict)
    feeds: dict[int, FeedConfig] = field(default_factory=dict)
    archives: dict[int, ArchiveConfig] = field(default_factory=dict)
    donations: dict[int, DonationConfig] = field(default_factory=dict)
    signups: dict[int, SignupConfig] = field(default_factory=dict)
    polls: dict[int, PollConfig] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    is_roster_whole: bool = False  # every candidate of the file could be read
    timezone: str = "UTC"  # of the campaign, where it is one


def read_tables(toml: TomlFile) -> Tables:
    """Every table of the file that fits its model; a table with a slip in one key is kept without that key."""
    read = _TableReader(toml)
    candidates = read.each(CandidateConfig, "candidates")
    zone = toml.values.get("timezone")
    return Tables(
        head=read.one(CampaignHead, {key: value for key, value in toml.values.items() if key not in LISTS}, ()),
        candidates=candidates,
        feeds=read.each(FeedConfig, "feeds"),
        archives=read.each(ArchiveConfig, "archives"),
        donations=read.each(DonationConfig, "donations"),
        signups=read.each(SignupConfig, "signups"),
        polls=read.each(PollConfig, "polls"),
        faults=read.faults,
        timezone=zone if isinstance(zone, str) and zone in zone_names() else "UTC",
        is_roster_whole=len(candidates) == len(toml.values.get("candidates", [])),
    )


class _TableReader:
    def __init__(self, toml: TomlFile) -> None:
        self._toml = toml
        self.faults: list[Fault] = []

    def one(self, model: type[Model], table: dict[str, Any], at: Place) -> Model | None:
        try:
            return model.model_validate(table)
        except ValidationError as error:
            known = {"": model.model_fields if at else _KNOWN_AT_TOP, **_KNOWN_INSIDE}
            examples = examples_in(str(at[0]) if at else "")
            self.faults += explain(error, lambda place, *said: self._toml.fault((*at, *place), *said), examples, known)
            wrong = {each["loc"][0] for each in error.errors(include_url=False) if each["loc"]}
        # The rest is still checked against the other tables: all faults are shown at once.
        try:
            return model.model_validate({key: value for key, value in table.items() if key not in wrong})
        except ValidationError:
            return None

    def each(self, model: type[Model], name: str) -> dict[int, Model]:
        tables = self._toml.values.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.faults.append(
                self._toml.fault((name,), f"{name} is not a list of tables", f"write [[{name}]] above each of them")
            )
            return {}
        read = {index: self.one(model, table, (name, index)) for index, table in enumerate(tables)}
        return {index: table for index, table in read.items() if table is not None}
