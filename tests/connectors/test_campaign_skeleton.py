"""The folder that `afterdebate new` writes passes as it is, and with every comment sign taken off."""

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError

from connectors.campaign import read_campaign
from connectors.campaign_faults import TOML_EXAMPLES
from connectors.campaign_models import (
    ArchiveConfig,
    CampaignHead,
    CandidateConfig,
    DonationConfig,
    FeedConfig,
    MoneyConfig,
    SpecOverrides,
    XConfig,
)
from connectors.campaign_skeleton import skeleton_files

MODELS = (CampaignHead, CandidateConfig, FeedConfig, XConfig, ArchiveConfig, DonationConfig, MoneyConfig)
KEYS = {key for model in MODELS for key in model.model_fields} | set(SpecOverrides.__annotations__)
DOCS = Path(__file__).parents[2] / "docs" / "campaigns.md"


def write_skeleton(folder: Path) -> Path:
    for name, text in skeleton_files("fr-2027").items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_skeleton_has_no_fault(tmp_path: Path) -> None:
    campaign = read_campaign(write_skeleton(tmp_path))
    assert campaign.id == "fr-2027"
    assert [event.event_id for event in campaign.events] == ["debate-1"]


def test_the_skeleton_has_no_fault_with_its_commented_keys_written_out(tmp_path: Path) -> None:
    path = write_skeleton(tmp_path) / "campaign.toml"
    written_out = re.sub(r"(?m)^# (?=\[|\w+ = )", "", path.read_text(encoding="utf-8"))
    # These name what a new folder does not have.
    written_out = re.sub(r"(?m)^(feeds_from|disjoint|columns|x_query) .*\n", "", written_out)
    path.write_text(written_out, encoding="utf-8")
    for folder in ("archive", "donations"):
        (tmp_path / folder).mkdir()
    campaign = read_campaign(tmp_path)
    assert (len(campaign.feeds), len(campaign.archives), len(campaign.donations)) == (1, 1, 1)
    assert campaign.x is not None
    assert campaign.spec == {"horizons": (180, 1440, 4320)}


def test_an_id_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(PydanticCustomError):
        skeleton_files("../elsewhere")


def test_every_key_has_an_example_to_mend_with_and_a_line_in_the_docs() -> None:
    assert set(TOML_EXAMPLES) == KEYS
    text = DOCS.read_text(encoding="utf-8")
    assert [key for key in sorted(KEYS) if f"`{key}`" not in text] == []
