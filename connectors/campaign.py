"""Reads a campaign folder: its settings, its roster, its events and its sources."""

import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from connectors.campaign_events import read_events
from connectors.campaign_facts import campaign_facts, campaign_sources, hash_facts
from connectors.campaign_models import (
    ArchiveConfig,
    Campaign,
    CampaignHead,
    CandidateConfig,
    DonationConfig,
    FeedConfig,
    MoneyConfig,
    XConfig,
)
from connectors.errors import CampaignFault, Fault

__all__ = [
    "ArchiveConfig",
    "Campaign",
    "CandidateConfig",
    "DonationConfig",
    "FeedConfig",
    "MoneyConfig",
    "XConfig",
    "campaign_facts",
    "campaign_sources",
    "find_campaign",
    "read_campaign",
]

_LISTS: dict[str, type[CandidateConfig | FeedConfig | ArchiveConfig | DonationConfig]] = {
    "candidates": CandidateConfig,
    "feeds": FeedConfig,
    "archives": ArchiveConfig,
    "donations": DonationConfig,
}


def find_campaign(name: str, root: Path) -> Path:
    """The folder of a campaign, by its id or its folder's name under `root` (`campaigns/`), or by a path to it.

    Raises:
        CampaignFault: there is none, or two folders claim the id.
    """
    for folder in (root / name, Path(name)):
        if (folder / "campaign.toml").is_file():
            return folder
    raise CampaignFault([Fault(file=root, line=None, fault=f"no campaign {name!r}", mend="see `ls campaigns`")])


def read_campaign(folder: Path) -> Campaign:
    """The campaign that the folder describes.

    Raises:
        CampaignFault: what is wrong with the folder, all of it at once.
    """
    raw = tomllib.loads((folder / "campaign.toml").read_text(encoding="utf-8"))
    head = CampaignHead.model_validate({key: value for key, value in raw.items() if key not in _LISTS})
    lists = {name: tuple(model.model_validate(table) for table in raw.get(name, [])) for name, model in _LISTS.items()}
    text = (folder / "events.csv").read_text(encoding="utf-8")
    events = tuple(read_events(text, head.id, head.timezone))
    return _assemble(folder, {**dict(head), **lists, "events": events})


def _assemble(folder: Path, facts: dict[str, Any]) -> Campaign:
    spec_hash = hash_facts(facts["spec"])
    unhashed = Campaign(folder=folder, campaign_hash="", spec_hash=spec_hash, **facts)
    told = unhashed.model_dump(mode="json", exclude={"folder", "campaign_hash", "feeds_from", "events"})
    campaign_hash = hash_facts({**told, "events": [asdict(event) for event in unhashed.events]})
    events = tuple(replace(event, campaign_hash=campaign_hash) for event in unhashed.events)
    return unhashed.model_copy(update={"campaign_hash": campaign_hash, "events": events})
