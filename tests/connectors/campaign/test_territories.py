"""Territories: a CSV in, records out, or every fault with its line and its mend."""

from pathlib import Path

import pytest

from connectors.campaign.csv_files.territories_csv import HEADER
from connectors.campaign.facts import campaign_as_json, campaign_facts, campaign_from_json
from connectors.campaign.folder import read_campaign
from connectors.campaign.notes import campaign_notes
from connectors.errors import CampaignFault
from connectors.records import Territory
from tests.connectors.campaign.folders import write_campaign
from tests.connectors.donations.given import NOON

GOOD = "NY,New York,19618453,0.85,US\nUS,United States,322903030,0.83,\n"


def with_territories(folder: Path, rows: str, header: str = "territory,name,population,online_share,parent\n") -> Path:
    write_campaign(folder)
    (folder / "territories.csv").write_text(header + rows, encoding="utf-8")
    return folder


def faults(folder: Path, rows: str) -> list[tuple[int | None, str, str]]:
    with pytest.raises(CampaignFault) as caught:
        read_campaign(with_territories(folder, rows))
    return [(fault.line, fault.fault, fault.mend) for fault in caught.value.faults]


def test_a_territory_is_landed_with_its_people_its_access_and_what_it_lies_in(tmp_path: Path) -> None:
    rows = "ny,New York,19618453,0.85,us\nUS,United States,322903030,,\n"
    campaign = read_campaign(with_territories(tmp_path, rows))
    [first, second] = [fact for fact in campaign_facts(campaign, NOON) if isinstance(fact, Territory)]
    assert (first.territory, first.population, first.online_share, first.parent) == ("NY", 19_618_453, 0.85, "US")
    assert (second.online_share, second.campaign_hash) == (None, campaign.campaign_hash)


def test_another_share_is_another_state_of_the_folder(tmp_path: Path) -> None:
    one = read_campaign(with_territories(tmp_path / "one", GOOD))
    other = read_campaign(with_territories(tmp_path / "other", GOOD.replace("0.85", "0.86")))
    none = read_campaign(write_campaign(tmp_path / "none"))
    assert len({one.campaign_hash, other.campaign_hash, none.campaign_hash}) == 3


def test_a_landed_folder_is_the_folder_again_with_its_territories(tmp_path: Path) -> None:
    campaign = read_campaign(with_territories(tmp_path, GOOD))
    assert campaign_from_json(campaign_as_json(campaign)).territories == campaign.territories


def test_a_file_of_comments_says_nothing(tmp_path: Path) -> None:
    campaign = read_campaign(with_territories(tmp_path, "# NY,New York,1,0.8,\n", header=f"# {HEADER}\n"))
    assert campaign.territories == ()


def test_a_share_in_per_cent_is_told_with_its_mend(tmp_path: Path) -> None:
    [(line, fault, mend)] = faults(tmp_path, "NY,New York,19618453,85.2,\n")
    assert (line, fault) == (2, "online_share: 85.2 is more than the whole: it looks like per cent")
    assert mend == "write a share, 0.852; the whole column is divided by 100"


@pytest.mark.parametrize("share", ["-0.1", "abc", "101", "nan"])
def test_what_is_no_share_is_told(tmp_path: Path, share: str) -> None:
    [(line, fault, _)] = faults(tmp_path, f"# a comment\nNY,New York,19618453,{share},\n")
    assert (line, fault.startswith("online_share: ")) == (3, True)


@pytest.mark.parametrize("people", ["0", "-5", "1.5", "many"])
def test_what_is_no_number_of_people_is_told(tmp_path: Path, people: str) -> None:
    [(line, fault, _)] = faults(tmp_path, f"NY,New York,{people},0.8,\n")
    assert (line, fault) == (2, f"population: '{people}' is not a number of people")


def test_a_territory_that_is_there_twice_is_told_with_the_first_line(tmp_path: Path) -> None:
    [(line, fault, _)] = faults(tmp_path, "NY,New York,1,0.8,\nny,Elsewhere,2,0.8,\n")
    assert (line, fault) == (3, "territory 'NY' is also in line 2")


def test_a_name_may_come_twice_in_two_parents_and_not_in_one(tmp_path: Path) -> None:
    rows = "A1,Washington,1,0.8,A\nB1,Washington,1,0.8,B\nA,Alpha,1,0.8,\nB,Beta,1,0.8,\n"
    assert len(read_campaign(with_territories(tmp_path / "two", rows)).territories) == 4
    [(line, fault, _)] = faults(tmp_path / "one", rows.replace("B1,Washington,1,0.8,B", "A2,washington,1,0.8,A"))
    assert (line, fault) == (3, "the name 'washington' is also in line 2")


def test_a_parent_without_a_row_is_told_with_the_nearest_code(tmp_path: Path) -> None:
    [(line, fault, mend)] = faults(tmp_path, "FR-91,Essonne,1,0.8,FR-IDG\nFR-IDF,Île-de-France,2,0.8,\n")
    assert (line, fault) == (2, "parent 'FR-IDG' has no row")
    assert "FR-IDF" in mend


def test_a_circle_of_parents_is_told_whole(tmp_path: Path) -> None:
    found = faults(tmp_path, "A,Alpha,1,0.8,B\nB,Beta,1,0.8,A\n")
    assert [line for line, *_ in found] == [2, 3]
    assert found[0][1] == "the parents go round in a circle: A -> B -> A"


def test_a_territory_under_a_circle_is_no_circle_of_its_own(tmp_path: Path) -> None:
    found = faults(tmp_path, "C,Gamma,1,0.8,A\nA,Alpha,1,0.8,A\n")
    assert [line for line, *_ in found] == [3]


def test_a_slip_in_the_header_is_told_with_the_known_column(tmp_path: Path) -> None:
    with pytest.raises(CampaignFault) as caught:
        read_campaign(with_territories(tmp_path, "NY,1,0.8\n", header="territory,population,online_shar\n"))
    said = [(fault.line, fault.fault) for fault in caught.value.faults]
    assert said == [(1, "unknown column 'online_shar'"), (1, "the header has no column 'name'")]


def test_too_few_territories_with_a_share_are_a_note_and_no_fault(tmp_path: Path) -> None:
    [note] = [one for one in campaign_notes(read_campaign(with_territories(tmp_path, GOOD))) if "territories" in one]
    assert note.startswith("territories.csv: 1 territories without parts have an online_share")


def test_a_local_feed_of_a_territory_without_a_row_is_a_note(tmp_path: Path) -> None:
    folder = with_territories(tmp_path, GOOD)
    path = folder / "campaign.toml"
    feed = '\n[[feeds]]\nid = "blog"\nurl = "https://example.org/feed/"\nscope = "local"\nterritory = "US-PA"\n'
    path.write_text(path.read_text(encoding="utf-8") + feed, encoding="utf-8")
    notes = campaign_notes(read_campaign(folder))
    assert "blog: the territory 'US-PA' has no row in territories.csv, so it has no rate" in notes
