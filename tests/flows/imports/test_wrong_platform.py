"""A file of another platform is refused by the header it has, and the same gifts in two sources are noticed."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from flows.collected import Collected
from flows.imports.donations import import_donations_once
from flows.settings import Settings
from tests.flows.imports.donation_campaign import NOON, with_every_format
from tests.flows.imports.test_donation_files_as_sent import LAYOUTS
from warehouse.landing.files import read_landed

FORMAT_OF = {"fec": "fec-schedule-a", "actblue": "actblue", "helloasso": "helloasso"}


def dropped(folder: Path, **files: str) -> tuple[Collected, Settings]:
    campaign = with_every_format(folder / "us")
    for source, content in files.items():
        (campaign.folder / source / "a.csv").write_text(content, encoding="utf-8")
    settings = Settings(home=folder / "home", donor_key=SecretStr("secret"))
    return import_donations_once(campaign, settings, NOON), settings


@pytest.mark.parametrize("under", ["fec", "actblue", "helloasso", "generic"])
@pytest.mark.parametrize("platform", ["fec", "actblue", "helloasso"])
def test_a_platforms_export_lands_under_its_own_format_only(platform: str, under: str, tmp_path: Path) -> None:
    collected, settings = dropped(tmp_path, **{under: LAYOUTS[platform]})
    if platform == under:
        assert collected.failed == {}
        return
    assert read_landed(settings.home, "donations") == []
    assert f"{FORMAT_OF[platform]}" in collected.failed[under]
    assert "Mend: " in collected.failed[under] or under == "fec"


def test_a_table_of_nobody_is_no_export_of_helloasso(tmp_path: Path) -> None:
    collected, settings = dropped(tmp_path, helloasso="date,amount\n2020-09-29 21:05,25\n")
    assert read_landed(settings.home, "donations") == []
    assert "the header is not one that the format helloasso knows" in collected.failed["helloasso"]


def test_the_simplest_generic_file_is_nobodys_export(tmp_path: Path) -> None:
    collected, _ = dropped(tmp_path, generic="receipt_id,date,amount\n1,2020-09-29 21:05,25\n")
    assert (collected.failed, collected.told_anew["generic"]) == ({}, 1)


ACTBLUE = "Receipt ID,Lineitem ID,Date,Amount,Donor First Name,Donor Last Name,Donor Email\n" + "".join(
    f"A{n},{900 + n},2020-09-29 21:{n:02}:{n + 5:02},25.00,Ann,Poe,ann{n}@poe.example\n" for n in range(12)
)
GENERIC = "occurred_at,amount\n" + "".join(f"2020-09-29 21:{n:02}:{n + 5:02},25.00\n" for n in range(12))


def with_two_of_actblue(folder: Path) -> Campaign:
    campaign = with_every_format(folder)
    toml = (folder / "campaign.toml").read_text()
    (folder / "copy").mkdir()
    (folder / "campaign.toml").write_text(
        toml + '[[donations]]\nid = "copy"\npath = "copy/*.csv"\ncandidate = "ALL"\nformat = "actblue"\n'
        'precision = "instant"\ntimezone = "America/New_York"\n'
    )
    return read_campaign(campaign.folder)


def test_a_copy_under_another_source_is_noticed_by_its_ids(tmp_path: Path) -> None:
    campaign = with_two_of_actblue(tmp_path / "us")
    (campaign.folder / "actblue" / "a.csv").write_text(ACTBLUE)
    (campaign.folder / "copy" / "b.csv").write_text("".join(ACTBLUE.splitlines(keepends=True)[:8]))
    collected = import_donations_once(campaign, Settings(home=tmp_path / "home", donor_key=SecretStr("k")), NOON)
    [said] = [note for note in collected.notes if "the same gifts" in note]
    assert said.startswith("actblue and copy tell the same gifts: 7 of 7 stand in both. Mend: take the file back")


def test_the_same_gifts_without_ids_are_noticed_by_moments_and_amounts(tmp_path: Path) -> None:
    collected, _ = dropped(tmp_path, actblue=ACTBLUE, generic=GENERIC)
    assert [note for note in collected.notes if note.startswith("actblue and generic tell the same gifts: 12 of 12")]


def test_gifts_of_their_own_are_no_copies(tmp_path: Path) -> None:
    later = GENERIC.replace("2020-09-29", "2020-09-30")
    collected, _ = dropped(tmp_path, actblue=ACTBLUE, generic=later)
    assert [note for note in collected.notes if "the same gifts" in note] == []


def gifts_without_ids(seed: int, gifts: int, *, by: str = "%Y-%m-%d %H:%M") -> str:
    """Gifts of round amounts, most of them in one busy evening, as two candidates may both have them."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    start = datetime(2020, 9, 29, 20, tzinfo=UTC)
    rows = [
        (start + timedelta(minutes=abs(chance.gauss(60, 40))), chance.choice([5, 10, 25, 25, 25, 50, 100]))
        for _ in range(gifts)
    ]
    return "occurred_at,amount\n" + "".join(f"{at.strftime(by)},{amount}\n" for at, amount in rows)


@pytest.mark.parametrize("gifts", [40, 4000], ids=["few", "several a minute"])
def test_the_same_gifts_without_ids_are_noticed_by_the_minute_and_others_of_the_same_evening_are_not(
    tmp_path: Path, gifts: int
) -> None:
    campaign = with_every_format(tmp_path / "us")
    toml = (tmp_path / "us" / "campaign.toml").read_text()
    for name, content in {
        "one": gifts_without_ids(1, gifts),
        "same": gifts_without_ids(1, gifts, by="%d/%m/%Y %H:%M"),
        "two": gifts_without_ids(2, gifts),
    }.items():
        (tmp_path / "us" / name).mkdir()
        (tmp_path / "us" / name / "a.csv").write_text(content)
        toml += (
            f'[[donations]]\nid = "{name}"\npath = "{name}/*.csv"\ncandidate = "biden"\nformat = "generic"\n'
            f'precision = "minute"\ntimezone = "America/New_York"\n'
            f'dates = "{"day-first" if name == "same" else "iso"}"\n'
        )
    (tmp_path / "us" / "campaign.toml").write_text(toml)
    campaign = read_campaign(campaign.folder)
    collected = import_donations_once(campaign, Settings(home=tmp_path / "home", donor_key=SecretStr("k")), NOON)
    assert collected.told_anew["same"] == gifts
    said = [note.partition(":")[0] for note in collected.notes if "the same gifts" in note]
    assert said == ["one and same tell the same gifts"]
