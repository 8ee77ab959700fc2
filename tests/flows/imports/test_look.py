"""`check` reads the first rows of a campaign's files as the import would, and leaves nothing behind."""

import gzip
import json
from pathlib import Path

from connectors.campaign.folder import read_campaign
from flows.imports.look import look_at_files
from tests.flows.commands.commands import afterdebate
from tests.flows.imports.archives.test_posts import CSV, NOW, PLAIN_CSV, V2, WRITTEN
from tests.flows.imports.donation_campaign import GIFTS, NOON, TICKER, a_campaign
from tests.flows.x.case import campaign_of


def with_archive(folder: Path, toml: str, name: str, content: bytes) -> Path:
    (folder / "race" / "archive").mkdir(parents=True)
    campaign_of(folder, toml)
    (folder / "race" / "archive" / name).write_bytes(content)
    return folder / "race"


def test_check_doubts_dates_of_another_order_and_names_the_likely_one(tmp_path: Path) -> None:
    folder = with_archive(tmp_path, CSV, "posts.csv", WRITTEN.encode())
    result = afterdebate("check", folder, "--home", tmp_path / "home")
    assert result.exit_code == 1
    assert "files cannot be read as declared: old-posts" in result.stdout
    assert "old-posts: 0% of the first 16 rows can be read" in result.stdout
    assert 'its times look like dates = "month-first"' in result.stderr
    assert not (tmp_path / "home").exists()


def test_check_says_what_share_of_the_first_rows_lies_in_the_season(tmp_path: Path) -> None:
    toml = CSV + 'dates = "month-first"\n'
    folder = with_archive(tmp_path, toml, "posts.csv.gz", gzip.compress(WRITTEN.encode()))
    result = afterdebate("check", folder, "--home", tmp_path / "home")
    assert result.exit_code == 0, result.output
    said = "old-posts: 100% of the first 16 rows can be read; 69% of them in the season 2026-11-18 to 2026-11-30"
    assert said in result.stdout
    assert "no faults" in result.stdout


def test_of_a_long_file_only_the_first_rows_are_read(tmp_path: Path) -> None:
    more = "".join(f"{n},2026-11-19 20:00:30,other,Quill,en\n" for n in range(10, 100_000))
    folder = with_archive(tmp_path, CSV, "posts.csv", (PLAIN_CSV + more).encode())
    [sentence] = look_at_files(read_campaign(folder), NOW).sentences
    assert sentence.startswith("old-posts: 100% of the first 6")


def test_one_document_of_json_is_looked_at_whole(tmp_path: Path) -> None:
    told = [{"id": str(10**18 + n), "text": "Quill", "author_id": "5"} for n in range(5_000)]
    folder = with_archive(tmp_path, V2, "posts.json", json.dumps(told, indent=1).encode())
    [sentence] = look_at_files(read_campaign(folder), NOW).sentences
    assert sentence.startswith("old-posts: 100% of the first 5000 rows can be read")


def test_files_of_money_are_looked_at_as_well(tmp_path: Path) -> None:
    campaign = a_campaign(tmp_path / "us")
    (campaign.folder / "gifts" / "1.csv").write_text(GIFTS)
    (campaign.folder / "gifts" / "2.csv").write_text("who,what\nJane Doe,5\nJohn Roe,6\n")
    (campaign.folder / "ticker" / "1.csv").write_text(TICKER.replace("2020", "2021"))
    seen = look_at_files(campaign, NOON)
    assert seen.sentences == [
        "gifts: 50% of the first 4 rows can be read; 100% of them in the season 2020-09-19 to 2020-11-03",
        "ticker: 67% of the first 3 rows can be read; 0% of them in the season 2020-09-19 to 2020-11-03; "
        "2 outside: kept, counted in no interval",
    ]
    assert seen.failed["gifts"].startswith("2.csv: 2 of 2 rows set aside, most of them so: the header is not one that")
    assert "Jane" not in str(seen)


TWO = """
id = "us-2020"
title = "US 2020"
timezone = "America/New_York"
currency = "USD"
start = 2020-09-19
end = 2020-11-03
[[candidates]]
id = "biden"
name = "Joe Biden"
[[candidates]]
id = "trump"
name = "Donald Trump"
""" + "".join(
    f'[[donations]]\nid = "of-{who}"\nformat = "generic"\npath = "{folder}/*.csv"\ncandidate = "{who}"\n'
    'precision = "instant"\ntimezone = "America/New_York"\n'
    for who, folder in (("biden", "gifts"), ("trump", "ticker"))
)


def test_two_exports_that_were_swapped_are_asked_about(tmp_path: Path) -> None:
    campaign = a_campaign(tmp_path / "us", TWO)
    for_whom = GIFTS.replace("donor\n", "recipient\n").replace("John Roe", "Jane Doe")
    (campaign.folder / "gifts" / "trump-2020.csv").write_text(GIFTS)
    (campaign.folder / "ticker" / "b.csv").write_text(for_whom.replace("Jane Doe", "JOE BIDEN for President"))
    (campaign.folder / "ticker" / "c.csv").write_text(GIFTS.replace("d1", "d7"))
    asked = [sentence for sentence in look_at_files(campaign, NOON).sentences if sentence.endswith("swapped?")]
    assert asked == [
        "of-biden: trump-2020.csv names trump, and the source says biden: are two exports swapped?",
        "of-trump: b.csv names biden, and the source says trump: are two exports swapped?",
    ]


def test_check_shows_how_each_file_was_understood_and_names_no_giver(tmp_path: Path) -> None:
    campaign = a_campaign(tmp_path / "us")
    (campaign.folder / "gifts" / "1.csv").write_text(GIFTS.replace(",", ";"))
    assert look_at_files(campaign, NOON).understood == [
        "gifts: 1.csv understood as columns parted by semicolons, "
        "times of America/New_York where they tell no zone of their own, dates iso; "
        "2020-09-29 21:05 to 2020-09-29 21:06 (America/New_York): "
        "2020-09-29 21:05, 25.00 USD, biden | 2020-09-29 21:06, 5.00 USD, biden"
    ]


def test_check_sees_a_packed_bomb_and_a_file_of_which_nothing_was_understood(tmp_path: Path) -> None:
    campaign = a_campaign(tmp_path / "us")
    (campaign.folder / "gifts" / "bomb.csv").write_bytes(gzip.compress(GIFTS.encode() + b"0" * 40_000_000))
    (campaign.folder / "gifts" / "header.csv").write_text(GIFTS.splitlines()[0] + "\n")
    bomb, header = look_at_files(campaign, NOON).failed["gifts"].splitlines()[::-1]
    assert bomb.startswith("bomb.csv: unpacks to more than")
    assert header == (
        "header.csv: not one row of it was understood. Mend: export it again, or take it out if it is no data file"
    )
