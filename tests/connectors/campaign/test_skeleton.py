"""The folder that `afterdebate new` writes passes as it is, and with every comment sign taken off."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError

from connectors.campaign.fault_texts import TOML_EXAMPLES
from connectors.campaign.folder import read_campaign
from connectors.campaign.models import (
    ArchiveConfig,
    CampaignHead,
    CandidateConfig,
    DonationConfig,
    FeedConfig,
    MoneyConfig,
    PollConfig,
    SpecOverrides,
    XConfig,
)
from connectors.campaign.networks import BlueskyConfig, MastodonConfig
from connectors.campaign.skeleton import skeleton_files
from connectors.errors import CampaignFault
from warehouse.effects.spec import Spec, spec_with

MODELS = (
    CampaignHead,
    CandidateConfig,
    FeedConfig,
    XConfig,
    ArchiveConfig,
    DonationConfig,
    PollConfig,
    MoneyConfig,
    BlueskyConfig,
    MastodonConfig,
)
KEYS = {key for model in MODELS for key in model.model_fields} | {"horizons"}
DOCS = Path(__file__).parents[3] / "docs" / "campaigns.md"


def write_skeleton(folder: Path) -> Path:
    for name, text in skeleton_files("fr-2027").items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def write_whole(folder: Path) -> Path:
    """The skeleton with its commented keys written out, but those that name what a new folder does not have."""
    path = write_skeleton(folder) / "campaign.toml"
    whole = re.sub(r"(?m)^# (?=\[|\w+ = )", "", path.read_text(encoding="utf-8"))
    without = re.sub(r"(?m)^(feeds_from|disjoint|columns|candidate_columns|x_query) .*\n", "", whole)
    path.write_text(without, encoding="utf-8")
    for drop in ("archive", "donations", "signups", "polls"):
        (folder / drop).mkdir()
    return folder


def test_the_skeleton_has_no_fault(tmp_path: Path) -> None:
    campaign = read_campaign(write_skeleton(tmp_path))
    assert campaign.id == "fr-2027"
    assert [event.event_id for event in campaign.events] == ["debate-1"]


def test_the_skeleton_has_no_fault_with_its_commented_keys_written_out(tmp_path: Path) -> None:
    campaign = read_campaign(write_whole(tmp_path))
    assert (len(campaign.feeds), len(campaign.archives), len(campaign.donations)) == (1, 1, 1)
    assert campaign.x is not None
    assert campaign.spec == {"horizons": (180, 1440, 4320)}


@pytest.mark.parametrize(
    "value", ["5", "-1.5", "nan", "true", '""', '"é|"', "[]", "[[1]]", "{}", "{ a = 1 }", "2020-01-01"]
)
def test_no_value_of_another_type_crashes_the_reader(tmp_path: Path, value: str) -> None:
    path = write_skeleton(tmp_path) / "campaign.toml"
    lines = re.sub(r"(?m)^# (?=\[|\w+ = )", "", path.read_text(encoding="utf-8")).split("\n")
    assert {line.partition(" = ")[0] for line in lines} >= KEYS - {
        "x",
        "bluesky",
        "mastodon",
        "money",
        "spec",
        "coverage",
        "synthetic",
    }
    for number, line in enumerate(lines):
        key = line.partition(" = ")[0]
        path.write_text("\n".join([*lines[:number], f"{key} = {value}", *lines[number + 1 :]]), encoding="utf-8")
        with pytest.raises(CampaignFault) as caught:  # there is no feeds.opml
            read_campaign(tmp_path)
        assert all(fault.line and fault.mend for fault in caught.value.faults)


def test_an_id_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(PydanticCustomError):
        skeleton_files("../elsewhere")


def test_every_number_of_the_analysis_may_be_overridden_and_is_in_the_docs() -> None:
    overridden = set(SpecOverrides.__annotations__)
    assert overridden == {field.name for field in fields(Spec)} - {"version"}
    text = DOCS.read_text(encoding="utf-8")
    assert [key for key in sorted(overridden) if f"`{key}`" not in text] == []


def test_what_the_analysis_itself_says_is_no_override_of_another_kind(tmp_path: Path) -> None:
    path = write_skeleton(tmp_path) / "campaign.toml"
    stated = {field.name: getattr(Spec(), field.name) for field in fields(Spec) if field.name != "version"}
    lines = [f"{key} = {json.dumps(value)}" for key, value in stated.items()]
    path.write_text(path.read_text(encoding="utf-8") + "\n[spec]\n" + "\n".join(lines), encoding="utf-8")
    assert spec_with(dict(read_campaign(tmp_path).spec)) == Spec()


def test_every_key_has_an_example_to_mend_with_and_a_line_in_the_docs() -> None:
    assert set(TOML_EXAMPLES) == KEYS
    text = DOCS.read_text(encoding="utf-8")
    assert [key for key in sorted(KEYS) if f"`{key}`" not in text] == []
