"""What is allowed and should be known: a campaign in, sentences out."""

from pathlib import Path

import pytest

from connectors.campaign.facts import campaign_sources
from connectors.campaign.files import data_files
from connectors.campaign.folder import read_campaign
from connectors.campaign.notes import campaign_notes
from tests.connectors.campaign.folders import SMALLEST, write_campaign


def notes(folder: Path, toml: str, events: str = "") -> list[str]:
    return campaign_notes(read_campaign(write_campaign(folder, SMALLEST + toml, events)))


X = "[x]\nbudget_usd = 1\n"


def test_an_alias_inside_another_candidates_alias_is_said_and_the_longest_wins(tmp_path: Path) -> None:
    toml = 'aliases = ["Paul"]\n[[candidates]]\nid = "ron"\nname = "Ron Paul"\naliases = ["RON-PAUL"]\n' + X
    assert notes(tmp_path, toml) == ["biden: the alias 'Paul' lies inside 'RON-PAUL' of ron; the longest match wins"]


def test_a_candidates_own_longer_alias_is_no_news(tmp_path: Path) -> None:
    assert notes(tmp_path, 'aliases = ["Joe Biden", "Biden"]\n' + X) == []


def test_an_alias_that_is_only_letters_of_another_word_is_no_news(tmp_path: Path) -> None:
    assert notes(tmp_path, 'aliases = ["Al"]\n[[candidates]]\nid = "b"\nname = "Alma"\n' + X) == []


def test_two_names_that_one_hashtag_would_join_are_said(tmp_path: Path) -> None:
    toml = 'aliases = ["Le Pen"]\n[[candidates]]\nid = "b"\nname = "Lepen"\n' + X
    assert notes(tmp_path, toml) == ["#lepen names both biden ('Le Pen') and b ('Lepen')"]


def test_an_excluded_phrase_without_an_alias_in_it_is_said(tmp_path: Path) -> None:
    toml = 'aliases = ["Biden"]\nexclude = ["Hunter Biden", "Harris County"]\n' + X
    assert notes(tmp_path, toml) == ["biden: exclude 'Harris County' holds none of the aliases, so it changes nothing"]


def test_a_query_that_x_forbids_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    [note] = notes(tmp_path, 'x_query = "Biden rally"\n' + X)
    assert note.startswith("biden: X is not asked about this candidate: X query with 'rally'")


DROP = """\
[[donations]]
id = "gifts"
format = "generic"
path = "drop/*.csv"
candidate = "biden"
precision = "instant"
"""


def test_an_empty_drop_folder_is_a_note_and_no_fault(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    assert notes(tmp_path, DROP + 'timezone = "UTC"\n') == [
        "gifts: no file matches 'drop/*.csv' yet; files dropped there are imported by the next run"
    ]


def test_instants_without_a_zone_are_said(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "a.csv").write_text("")
    said = "gifts: no timezone, so a file with a time without an offset will be refused"
    assert said in notes(tmp_path, DROP)


def test_a_file_in_the_making_is_not_yet_data(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", ".c.csv", "d.txt"):
        (tmp_path / name).write_text("")
    assert [path.name for path in data_files(tmp_path, "*.csv")] == ["a.csv", "b.csv"]
    assert [path.name for path in data_files(tmp_path, "a.csv")] == ["a.csv"]
    assert data_files(tmp_path, "e.csv") == []


def test_events_that_an_estimate_cannot_use_are_said(tmp_path: Path) -> None:
    rows = "late,debate,Late,2020-12-24T21:00,,,,biden,,,,,\nday,debate,Day,2020-10-05,,,,,,,,,\n"
    assert notes(tmp_path, X, rows) == [
        "event late: 2020-12-24 is outside the season 2020-09-19 to 2020-11-03",
        "event day: no time, so only the 4320-minute horizon of day data can be asked",
        "event day: no participants, so the effect on every candidate is asked of it",
    ]


@pytest.mark.parametrize(
    ("start", "zone", "said"),
    [
        ("2020-09-29T08:30", "", "event d: a debate that starts at 08:30 local time: is 20:30 meant, or another zone?"),
        ("2020-09-29T00:05", "", "event d: a debate that starts at 00:05 local time: is 12:05 meant, or another zone?"),
        ("2020-09-29T20:30", "", None),
        ("2020-09-29T08:30", "Asia/Kolkata", "event d: a debate that starts at 08:30 local time: is 20:30 meant, or"),
        ("2020-09-29T08:30-12:00", "", None),  # 16:30 in New York
    ],
)
def test_a_debate_in_the_morning_is_doubted(tmp_path: Path, start: str, zone: str, said: str | None) -> None:
    told = notes(tmp_path, X, f"d,debate,D,{start},,{zone},,biden,,,,,\n")
    assert [note[: len(said)] for note in told] == [said] if said else told == []


def test_what_is_local_and_to_no_place_is_said(tmp_path: Path) -> None:
    feed = '[[feeds]]\nid = "blog"\nurl = "https://a.example/"\nscope = "local"\n'
    placed = '[[feeds]]\nid = "placed"\nurl = "https://b.example/"\nscope = "local"\nterritory = "FR-91"\n'
    row = "rally,rally,Rally,2020-10-05,,,,,,local,,,\n"
    assert notes(tmp_path, feed + placed, row) == [
        'blog: scope = "local" without a territory, so its counts are of no place',
        'event rally: scope = "local" without a territory, so it is of no place',
    ]


def test_a_campaign_without_a_source_is_said(tmp_path: Path) -> None:
    [note] = notes(tmp_path, "")
    assert note.startswith("no source is declared")


def test_data_may_lie_outside_the_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.csv").write_text("")
    folder = tmp_path / "campaign"
    folder.mkdir()
    assert data_files(folder, f"{elsewhere}/*.csv") == [elsewhere / "a.csv"]
    assert data_files(folder, "../elsewhere/*.csv") == [folder / ".." / "elsewhere" / "a.csv"]


def test_two_stars_find_the_files_of_every_folder_on_every_python(tmp_path: Path) -> None:
    (tmp_path / "drop" / "deep").mkdir(parents=True)
    for name in ("drop/a.csv", "drop/deep/b.csv", "drop/deep/.c.csv"):
        (tmp_path / name).write_text("")
    found = [tmp_path / "drop" / "a.csv", tmp_path / "drop" / "deep" / "b.csv"]
    assert data_files(tmp_path, "drop/**") == data_files(tmp_path, "drop/**/*") == found


def test_an_alias_that_is_a_common_word_is_doubted(tmp_path: Path) -> None:
    assert notes(tmp_path, 'aliases = ["Le", "Le Pen"]\n' + X) == [
        "biden: the alias 'Le' is a common word, and finds texts about nobody"
    ]


def test_a_season_too_short_to_tell_new_donors_is_said(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "a.csv").write_text("")
    said = [note for note in notes(tmp_path, DROP + 'timezone = "UTC"\n') if "new_donors" in note]
    assert said == [
        "the season has 46 days: in a source's first 90 days every giver looks new, so new_donors says nothing here "
        "(left_censored) unless files from before the season are imported too"
    ]


PLATFORM = """
[[donations]]
id = "ticker"
format = "cumulative"
path = "ticker*.csv"
candidate = "ALL"
precision = "interval"
"""


def test_a_platform_that_does_not_say_whose_it_is_is_told(tmp_path: Path) -> None:
    assert any("nobody says whose it is" in note for note in notes(tmp_path / "a", PLATFORM))
    assert not any("whose it is" in note for note in notes(tmp_path / "b", PLATFORM + 'candidates = ["biden"]\n'))


def test_a_platform_of_a_party_is_that_of_its_candidates(tmp_path: Path) -> None:
    toml = SMALLEST + 'party = "Democratic"\n' + PLATFORM + 'party = "democratic"\n'
    campaign = read_campaign(write_campaign(tmp_path, toml))
    assert [source.candidates for source in campaign_sources(campaign)] == [("biden",)]
