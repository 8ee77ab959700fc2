"""Claims of a campaign's own: a CSV in, claims out, or every fault with its line and its mend."""

from pathlib import Path

import pytest

from connectors.campaign.csv_files.claims_csv import HEADER
from connectors.campaign.facts import campaign_as_json, campaign_facts, campaign_from_json
from connectors.campaign.folder import read_campaign
from connectors.errors import CampaignFault
from connectors.records import CampaignFacts
from tests.connectors.campaign.folders import write_campaign
from tests.connectors.donations.given import NOON

GOOD = "c1,Rallies bring new donors,new_donors,biden,rally,4320,up,\n"


def with_claims(folder: Path, rows: str) -> Path:
    write_campaign(folder)
    (folder / "claims.csv").write_text(f"{HEADER}\n{rows}", encoding="utf-8")
    return folder


def faults(folder: Path, rows: str) -> list[tuple[int | None, str]]:
    with pytest.raises(CampaignFault) as caught:
        read_campaign(with_claims(folder, rows))
    return [(fault.line, fault.fault) for fault in caught.value.faults]


def test_a_claim_lands_with_the_campaign_and_makes_another_analysis_of_it(tmp_path: Path) -> None:
    campaign = read_campaign(with_claims(tmp_path / "one", GOOD))
    without = read_campaign(write_campaign(tmp_path / "none"))
    [facts] = [fact for fact in campaign_facts(campaign, NOON) if isinstance(fact, CampaignFacts)]
    assert facts.claims is not None
    assert '"statistic": "new_donors"' in facts.claims
    assert campaign.spec_hash != without.spec_hash
    assert campaign.campaign_hash != without.campaign_hash
    assert campaign_from_json(campaign_as_json(campaign)).claims == campaign.claims


def test_what_is_left_empty_is_the_usual(tmp_path: Path) -> None:
    [claim] = read_campaign(with_claims(tmp_path, "c1,Debates bring mentions,mentions,,,,,\n")).claims
    assert (claim.kind, claim.horizon, claim.direction, claim.candidate) == ("debate", 1440, "up", None)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("13,A claim,gifts,,,,,", "claim_id: '13' could be a founding claim, which numbers stand for"),
        ("c1,A claim,votes,,,,,", "statistic = 'votes' is not known"),
        ("c1,A claim,gifts,obama,,,,", "candidate 'obama' is not on the roster"),
        ("c1,A claim,gifts,,,60,,", "horizon 60 is none that is estimated"),
        ("c1,A claim,gifts,,,,sideways,", "direction = 'sideways' is not known"),
        ("c1,A claim,gifts,,,,,actblue", "source 'actblue' is no [[donations]] id"),
        ("c1,A claim,gifts,,deadline,,,", "no effect is estimated of a deadline"),
    ],
)
def test_a_fault_of_a_claim_is_told_with_its_line(tmp_path: Path, row: str, fault: str) -> None:
    assert faults(tmp_path, f"{row}\n") == [(2, fault)]


def test_two_claims_of_one_id_are_told(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD + GOOD) == [(3, "claim_id 'c1' is also in line 2")]
