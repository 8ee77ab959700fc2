"""A folder with a fault in, the file, line, fault and mend out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.campaign.folder import read_campaign
from connectors.errors import CampaignFault
from tests.connectors.campaign.folders import HEADER, SMALLEST, write_campaign

TRUMP = '\n[[candidates]]\nid = "trump"\nname = "Donald Trump"\n'  # from line 11 on
GIFTS = '[[donations]]\nid = "gifts"\nformat = "generic"\npath = "*.csv"\nprecision = "day"\n'


def told(folder: Path) -> list[str]:
    """Every fault of the folder, as a user reads it, without the folder's own path."""
    with pytest.raises(CampaignFault) as caught:
        read_campaign(folder)
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]


def toml_fault(folder: Path, toml: str) -> str:
    [fault] = told(write_campaign(folder, toml))
    return fault


def event_fault(folder: Path, row: str, *, header: str = HEADER) -> str:
    [fault] = told(write_campaign(folder, events=row, header=header))
    return fault


SLIPS_IN_A_VALUE = {
    "bad TOML": ('"us-2020"', "us-2020", ":1: not TOML: Invalid value."),
    "a key twice": (
        "end = 2020-11-03",
        "end = 2020-11-03\nend = 2020-11-04",
        ":7: not TOML: Cannot overwrite a value.",
    ),
    "an unknown key": ("currency =", "curency =", ":4: unknown key 'curency'. Mend: did you mean 'currency'?"),
    "no title": ('title = "US general election 2020"\n', "", ":1: title is missing. Mend: fill it in, as in: title ="),
    "an empty title": ('"US general election 2020"', '" "', ":2: title: an empty text."),
    "an id with a space": ('"us-2020"', '"us 2020"', ":1: id: 'us 2020' cannot be an id"),
    "an id with accents": ('"us-2020"', '"été 2020"', "no space. Mend: write 'ete-2020'"),
    "the reserved id": ('id = "biden"', 'id = "ALL"', ":9: id: 'ALL' means a whole platform"),
    "an unknown zone": ("America/New_York", "America/New York", "did you mean 'America/New_York'"),
    "a zone by its nickname": (
        "America/New_York",
        "Eastern",
        ":3: timezone: unknown time zone 'Eastern'. Mend: did you",
    ),
    "a currency in words": ('"USD"', '"dollars"', ":4: currency: 'dollars' is not a currency. Mend: write its three"),
    "a currency that is none": ('"USD"', '"ZZZ"', ":4: currency: 'ZZZ' is not a currency. Mend: write its three"),
    "a control character": (
        '"US general election 2020"',
        r'"US general\u0000 election"',
        ":2: title: 'US general\\x00 election' has a control",
    ),
    "a quoted date": (
        "start = 2020-09-19",
        'start = "2020-09-19"',
        ":5: start = '2020-09-19' is not a date without quotes",
    ),
    "a number for text": ('title = "US general election 2020"', "title = 2020", ":2: title = 2020 is not text"),
    "dates reversed": (
        "end = 2020-11-03",
        "end = 2019-11-03",
        ":6: the season ends on 2019-11-03, before it starts on",
    ),
    "a time of day": (
        "end = 2020-11-03",
        "end = 2020-11-03T10:00:00",
        ":6: end = ",
    ),
    "a slip in a year": (
        "start = 2020-09-19",
        "start = 0202-09-19",
        ":5: start: 0202-09-19 is not in the years 1900 to 2200. Mend: write the year with four digits",
    ),
    "half a month": (
        "end = 2020-11-03",
        "end = 2020-11-03\nretention_days = 0.5",
        ":7: retention_days = 0.5 is not a whole",
    ),
    "a list for a table": ("end = 2020-11-03", "end = 2020-11-03\nfeeds = [1]", ":7: feeds is not a list of tables"),
    "an unknown list": ("[[candidates]]", "[[candidate]]", "unknown key 'candidate'. Mend: did you mean 'candidates'?"),
}


@pytest.mark.parametrize(("before", "after", "expected"), SLIPS_IN_A_VALUE.values(), ids=SLIPS_IN_A_VALUE)
def test_a_slip_in_a_value_is_told_with_its_line(tmp_path: Path, before: str, after: str, expected: str) -> None:
    assert SMALLEST.count(before) == 1
    faults = told(write_campaign(tmp_path, SMALLEST.replace(before, after)))
    assert any(f"campaign.toml{expected}" in fault or expected in fault for fault in faults), faults
    assert all(fault.startswith("campaign.toml") and ". Mend: " in fault for fault in faults)


TABLES = {
    "an unknown key of a candidate": ('alises = ["Joe"]', ":11: unknown key 'alises'. Mend: did you mean 'aliases'?"),
    "aliases that are no list": ('aliases = "Joe"', ":11: aliases = 'Joe' is not a list"),
    "no alias at all": ("aliases = []", ":11: aliases = [] is empty"),
    "an alias without a letter": ('aliases = [\n"Joe",\n"!"]', ":13: the alias '!' has no letter or digit"),
    "an alias that is excluded": ('aliases = ["Joe"]\nexclude = ["JOE"]', ":11: the alias 'Joe' is also under exclude"),
    "an account that is a URL": ('accounts = { x = ["x.com/Joe"] }', ":11: x: 'x.com/Joe' is not an account"),
    "a feed without a URL": ('[[feeds]]\nid = "a"', ":11: url is missing. Mend: fill it in, as in: url ="),
    "a feed by ftp": (
        '[[feeds]]\nurl = "ftp://a.example/"',
        ":12: url: 'ftp://a.example/' is not an http or https URL",
    ),
    "a feed with a password": (
        '[[feeds]]\nurl = "https://me:s3cret@a.example/feed"',
        ":12: url: 'https://a.example/feed' is written with a user name or password, which every table would show",
    ),
    "an unknown kind of feed": (
        '[[feeds]]\nurl = "https://a.example/"\nsource_kind = "blogs"',
        ":13: source_kind = 'blogs' is not known. Mend: did you mean 'blog'?",
    ),
    "a feed twice": (
        '[[feeds]]\nid = "a"\nurl = "https://a.example/"\n[[feeds]]\nid = "b"\nurl = "https://a.example/"',
        ":16: the feed URL 'https://a.example/' is also in line 13",
    ),
    "a source id twice": (
        '[[feeds]]\nid = "a"\nurl = "https://a.example/"\n[[feeds]]\nid = "a"\nurl = "https://b.example/"',
        ":15: the source id 'a' is also in line 12",
    ),
    "a signature of dots": (
        TRUMP + 'accounts = { x = ["trump"] }\nsignature = "..."',
        ":16: the signature '...' has no letter or digit. Mend: write what ends the posts: signature = ",
    ),
    "a signature of nobody's posts": (
        TRUMP + 'signature = "-DJT"',
        ":15: 'trump' has no account whose posts it could tell apart. Mend: add accounts = ",
    ),
    "X without a budget": (
        "[x]\nstream = false",
        ":11: budget_usd is missing. Mend: fill it in, as in: budget_usd = 20.0",
    ),
    "a quoted budget": ('[x]\nbudget_usd = "20"', ":12: budget_usd: '20' is not an amount"),
    "a budget below zero": ("[x]\nbudget_usd = -1", ":12: budget_usd: -1 is not an amount"),
    "an unknown key of X": (
        "[x]\nbudget_usd = 1\nbudget = 2",
        ":13: unknown key 'budget'. Mend: did you mean 'budget_usd'?",
    ),
    "a true that is a word": ('[x]\nbudget_usd = 1\nstream = "no"', ":13: stream = 'no' is not true or false"),
    "an unknown key of the spec": (
        "[spec]\nhorizon = [180]",
        ":12: unknown key 'horizon'. Mend: did you mean 'horizons'?",
    ),
    "no horizon at all": ("[spec]\nhorizons = []", ":12: horizons: an empty list. Mend: name a horizon"),
    "a level of five hundred per cent": ("[spec]\nlevel = 5.0", ":12: level = 5.0 "),
    "a horizon of nothing": ("[spec]\nhorizons = [0]", ":12: horizons = 0 is not above zero"),
    "a series that nobody knows": (
        '[money]\ndisjoint = [["gifts"]]',
        ":12: disjoint names 'gifts', which is no donation",
    ),
    "headers for a word that the format has not": (
        GIFTS + 'columns = { total = "Sum" }',
        ":16: 'generic' files have no column 'total' to name. Mend: name headers for occurred_at, amount, donation_id",
    ),
    "headers for a format that knows its own": (
        GIFTS.replace("generic", "actblue") + 'columns = { amount = "Sum" }',
        ":16: 'actblue' files have no column 'amount' to name. Mend: take columns out: it knows its own",
    ),
    "a sum of one": (
        f'{GIFTS}\n[money]\ndisjoint = [["gifts"]]',
        ":18: disjoint lists 'gifts' alone. Mend: name the series that it may be added to",
    ),
    "a series in two sums": (
        f"{GIFTS}\n{GIFTS.replace('gifts', 'post')}\n{GIFTS.replace('gifts', 'web')}\n"
        '[money]\ndisjoint = [["gifts", "post"], ["gifts", "web"]]',
        ":30: the disjoint series 'gifts' is also in line",
    ),
    "a sum of two currencies": (
        f'{GIFTS}\n{GIFTS.replace("gifts", "post")}\ncurrency = "EUR"\n[money]\ndisjoint = [["gifts", "post"]]',
        ":25: disjoint adds series in EUR and USD. Mend: list series of one currency only",
    ),
    "an archive that is not there": (
        '[[archives]]\npath = "old.jsonl"\nformat = "x-v2"',
        ":12: there is no file 'old.jsonl' in the campaign folder. Mend: mend the path, or put the file there",
    ),
    "a csv archive without its columns": (
        '[[archives]]\npath = "*.csv"\nformat = "csv"\ncolumns = { text = "t" }',
        ":14: a csv archive needs columns for posted_at",
    ),
    "an unknown column of an archive": (
        '[[archives]]\npath = "*.csv"\nformat = "csv"\ncolumns = { posted_at = "t", text = "x", txt = "y" }',
        ":14: txt = 'txt' is not known. Mend: did you mean 'text'?",
    ),
}


@pytest.mark.parametrize(("tables", "expected"), TABLES.values(), ids=TABLES)
def test_a_slip_in_a_table_is_told_with_its_line(tmp_path: Path, tables: str, expected: str) -> None:
    fault = toml_fault(tmp_path, f"{SMALLEST}{tables}\n")
    assert fault.startswith(f"campaign.toml{expected}")
    assert ". Mend: " in fault


DONATIONS = """\
[[donations]]
id = "gifts"
format = "generic"
path = "gifts.csv"
candidate = "biden"
precision = "day"
covers_from = 2020-09-19
covers_to = 2020-09-20
"""
SLIPS_IN_DONATIONS = {
    "a candidate who is not there": (
        '"biden"',
        '"bidn"',
        ":15: candidate 'bidn' is not on the roster. Mend: did you mean",
    ),
    "a ticker that claims instants": (
        '"generic"',
        '"cumulative"',
        ":16: precision 'day' is not what 'cumulative' files",
    ),
    "a span reversed": ("2020-09-20", "2020-09-18", ":18: covers_to, 2020-09-18, is before covers_from, 2020-09-19"),
    "half a span": ("covers_to = 2020-09-20\n", "", ":11: covers_from and covers_to go together"),
    "a folder that does not exist": (
        "gifts.csv",
        "drop/*.csv",
        ":14: the folder of 'drop/*.csv' does not exist. Mend:",
    ),
    "a pattern that is none": (
        "gifts.csv",
        "**.csv",
        ":14: '**.csv' is not a pattern: ** stands for folders, and alone",
    ),
    "a file that does not exist": ("gifts.csv", "gift.csv", ":14: there is no file 'gift.csv' in the campaign folder."),
    "a platform of somebody who is not there": (
        '"biden"\nprecision',
        '"ALL"\ncandidates = ["biden", "bidn"]\nprecision',
        ":16: candidates names 'bidn', who is not on the roster. Mend: did you mean",
    ),
    "a platform of a party that nobody is of": (
        '"biden"\nprecision',
        '"ALL"\nparty = "Whig"\nprecision',
        ":16: party 'Whig' is that of no candidate. Mend: write the same party in [[candidates]]",
    ),
    "an unknown format": (
        '"generic"',
        '"actblu"',
        ":13: format = 'actblu' is not known. Mend: did you mean 'actblue'?",
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), SLIPS_IN_DONATIONS.values(), ids=SLIPS_IN_DONATIONS)
def test_a_slip_in_a_donation_series_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    (tmp_path / "gifts.csv").write_text("")
    assert toml_fault(tmp_path, SMALLEST + DONATIONS.replace(before, after)).startswith(f"campaign.toml{expected}")


@pytest.mark.parametrize(
    "url", ["https://me:s3cret@a.example/feed", "ftp://s3cret@a.example", "https://s3c@ret@a/?b@c"]
)
def test_no_message_repeats_a_password(tmp_path: Path, url: str) -> None:
    own = f'[[feeds]]\nurl = "{url}"\n[[feeds]]\nurl = "{url}"\n'
    listed = 'feeds_from = "list.opml"\n'
    (tmp_path / "list.opml").write_text(f'<opml><body><outline xmlUrl="{url}"/></body></opml>', encoding="utf-8")
    faults = told(write_campaign(tmp_path, listed + SMALLEST + own))

    assert len(faults) == 3
    assert all("a user name or password" in fault and "s3c" not in fault for fault in faults)


def test_one_alias_of_two_candidates_is_a_fault_whatever_its_case_and_accents(tmp_path: Path) -> None:
    toml = SMALLEST + 'aliases = ["Ségolène"]\n' + TRUMP + 'aliases = [\n  "Trump",\n  "SEGOLENE",\n]\n'
    assert toml_fault(tmp_path, toml) == (
        "campaign.toml:18: the alias 'SEGOLENE' of 'trump' is also 'Ségolène' of 'biden' (line 11). "
        "Mend: case and accents do not tell them apart: keep it for one, write the full name for the other"
    )


def test_an_account_of_two_candidates_and_an_id_twice_are_faults(tmp_path: Path) -> None:
    toml = SMALLEST + 'accounts = { x = ["potus"] }\n' + TRUMP + 'accounts = { x = ["@POTUS"] }\n'
    assert toml_fault(tmp_path / "a", toml).startswith("campaign.toml:16: the account 'x: potus' is also in line 11")
    again = SMALLEST + TRUMP.replace('"trump"', '"biden"')
    assert toml_fault(tmp_path / "b", again).startswith("campaign.toml:13: the candidate id 'biden' is also in line 9")


def test_an_empty_roster_is_one_fault_whoever_takes_part(tmp_path: Path) -> None:
    row = "first,debate,First debate,2020-09-29,,,,biden,,,,,\n"
    [fault] = told(write_campaign(tmp_path, SMALLEST[: SMALLEST.index("[[candidates]]")], row))
    assert "the roster is empty" in fault


def test_a_slip_in_a_key_is_one_fault(tmp_path: Path) -> None:
    assert "unknown key 'titel'. Mend: did you mean 'title'?" in toml_fault(
        tmp_path, SMALLEST.replace("title =", "titel =")
    )


def test_a_feed_or_archive_without_its_place_is_one_fault(tmp_path: Path) -> None:
    assert "url is missing" in toml_fault(tmp_path / "a", SMALLEST + '[[feeds]]\nsource_kind = "blog"\n')
    assert "path is missing" in toml_fault(tmp_path / "b", SMALLEST + '[[archives]]\nformat = "x-v2"\n')


FIRST = "first,debate,First debate,{},,,,,,,,,\n"
SLIPS_IN_EVENTS = {
    "an end before the start": (
        "first,debate,First debate,2020-09-29T21:00,2020-09-29T20:30,,,,,,,,\n",
        "the event ends at 2020-09-29T20:30, before it starts at 2020-09-29T21:00. Mend: mend ends_at",
    ),
    "an end on the day before": (
        "first,debate,First debate,2020-09-29,2020-09-28,,,,,,,,\n",
        "the event ends at 2020-09-28, before it starts at 2020-09-29",
    ),
    "an end at the start": (
        "first,debate,First debate,2020-09-29T21:00,2020-09-30T01:00Z,,,,,,,,\n",
        "the event ends at 2020-09-30T01:00Z, when it starts. Mend: mend ends_at",
    ),
    "an end with a time where the start has none": (
        "first,debate,First debate,2020-09-29,2020-09-29T22:30,,,,,,,,\n",
        "ends_at has a time of day and starts_at, 2020-09-29, has none. Mend: write both with a time, or both as days",
    ),
    "a year before the calendars": (FIRST.format("0001-01-01T00:00"), "0001-01-01 00:00:00 is not in the years 1900"),
    "somebody on stage twice": (
        "first,debate,First debate,2020-09-29,,,,biden| biden,,,,,\n",
        "participants: 'biden' is named twice. Mend: name each once",
    ),
    "a control character": (
        "first,debate,First \x07debate,2020-09-29,,,,,,,,,\n",
        "title: 'First \\x07debate' has a control character in it. Mend: type the text anew",
    ),
    "a channel with a NUL": (
        "first,debate,First,2020-09-29,,,A\0B,,,,,,\n",
        "channels: 'A\\x00B' has a control character in it",
    ),
    "a time that the clocks skip": (
        FIRST.format("2020-03-08T02:30"),
        "2020-03-08T02:30 does not exist in America/New_York: the clocks go forward over it. "
        "Mend: write the time that the clocks showed, or the offset: 2020-03-08T02:30-05:00",
    ),
    "a time that the clocks show twice": (
        FIRST.format("2020-11-01 01:30"),
        "2020-11-01 01:30 is ambiguous in America/New_York: the clocks go back and show it twice. "
        "Mend: write the offset: 2020-11-01T01:30-04:00 or 2020-11-01T01:30-05:00",
    ),
    "an end that the clocks show twice": (
        "first,debate,First debate,2020-10-31T21:00,2020-11-01T01:30,,,,,,,,\n",
        "2020-11-01T01:30 is ambiguous in America/New_York",
    ),
    "a French date": (FIRST.format("29/09/2020 21:00"), "'29/09/2020 21:00' is not a date or time. Mend: write 2020-"),
    "a day that is not": (FIRST.format("2020-02-30"), "'2020-02-30' is not a date or time: day is out of range"),
    "no start": (FIRST.format(""), "starts_at is missing. Mend: fill it in, as in: 2020-09-29T21:00"),
    "an unknown zone": (
        "first,debate,First debate,2020-09-29T21:00,,Europe/Pariss,,,,,,,\n",
        "timezone: unknown time zone 'Europe/Pariss'. Mend: did you mean 'Europe/Paris'",
    ),
    "an unknown kind": (
        "first,debat,First debate,2020-09-29,,,,,,,,,\n",
        "event_kind = 'debat' is not known. Mend: did you mean 'debate'?",
    ),
    "a stranger on stage": (
        "first,debate,First debate,2020-09-29,,,,biden|bidne,,,,,\n",
        "participant 'bidne' is not on the roster. Mend: did you mean 'biden'?",
    ),
    "an audience in words": (
        "first,debate,First debate,2020-09-29,,,,,73 million,,,,\n",
        "audience_millions = '73 million' is not a number",
    ),
    "a held that is no yes or no": (
        "first,debate,First debate,2020-09-29,,,,,,,,cancelled,\n",
        "held = 'cancelled' is not true or false. Mend: write it as in: false",
    ),
    "a source that is no URL": (
        "first,debate,First debate,2020-09-29,,,,,,,,,the press\n",
        "source_url: 'the press' is not an http or https URL",
    ),
    "a cell too many": (
        "first,debate,First debate, at night,2020-09-29,,,,,,,,,\n",
        "the row has 14 cells, the header 13. Mend: give it as many",
    ),
    "a cell too few": ("first,debate,First debate,2020-09-29\n", "the row has 4 cells, the header 13"),
    "quotes that never close": ('first,debate,"First debate,2020-09-29,,,,,,,,,\n', "not CSV: unexpected end of data"),
}


@pytest.mark.parametrize(("row", "expected"), SLIPS_IN_EVENTS.values(), ids=SLIPS_IN_EVENTS)
def test_a_slip_in_an_event_is_told_with_its_line(tmp_path: Path, row: str, expected: str) -> None:
    good = "\n" + 'before,other,"A title\nof two lines",2020-09-20,,,,,,,,,\n'  # lines 2 to 4
    assert event_fault(tmp_path, good + row).startswith(f"events.csv:5: {expected}")


def test_an_event_id_twice_is_a_fault(tmp_path: Path) -> None:
    assert event_fault(tmp_path, FIRST.format("2020-09-29") * 2).startswith(
        "events.csv:3: event_id 'first' is also in line 2. Mend: "
    )


HEADERS = {
    "semicolons": (
        HEADER.replace(",", ";"),
        "the columns are separated by semicolons. Mend: save the file as CSV with",
    ),
    "tabs": (HEADER.replace(",", "\t"), "the columns are separated by tabs"),
    "an unknown column": (HEADER.replace("held", "heldd"), "unknown column 'heldd'. Mend: did you mean 'held'?"),
    "a column twice": (HEADER.replace("held", "scope"), "the column 'scope' is there twice"),
    "a needed column misspelt": (
        HEADER.replace("title", "titel"),
        "unknown column 'titel'. Mend: did you mean 'title'?",
    ),
    "a column that is needed": ("event_id,event_kind,title\n", "the header has no column 'starts_at'"),
    "nothing": ("", "the file is empty. Mend: write at least the header line: event_id,event_kind,"),
}


@pytest.mark.parametrize(("header", "expected"), HEADERS.values(), ids=HEADERS)
def test_a_wrong_header_is_a_fault_of_line_one(tmp_path: Path, header: str, expected: str) -> None:
    [fault] = told(write_campaign(tmp_path, header=header))
    assert fault.startswith(f"events.csv:1: {expected}")


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").write_text(SMALLEST)
    [fault] = told(tmp_path)
    assert fault.startswith("events.csv: there is no such file. Mend: write the file; its header line alone is enough")


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "there is no such folder" in told(tmp_path / "nowhere")[0]


def test_bytes_that_are_not_utf8_are_a_fault_of_their_line(tmp_path: Path) -> None:
    write_campaign(tmp_path)
    (tmp_path / "events.csv").write_bytes(
        HEADER.encode() + "débat,debate,Débat,2020-09-29,,,,,,,,,\n".encode("latin-1")
    )
    assert told(tmp_path)[0].startswith("events.csv:2: not UTF-8:")
    (tmp_path / "campaign.toml").write_bytes(SMALLEST.encode("utf-16"))
    assert told(tmp_path)[0].startswith("campaign.toml:1: not UTF-8:")


def test_a_file_in_latin_1_with_semicolons_has_two_faults(tmp_path: Path) -> None:
    write_campaign(tmp_path)
    sheet = (HEADER + "debat,debate,Débat,2020-09-29,,,,,,,,,\n").replace(",", ";")
    (tmp_path / "events.csv").write_bytes(sheet.encode("latin-1"))
    by_columns, by_bytes = told(tmp_path)
    assert by_columns.startswith("events.csv:1: the columns are separated by semicolons. Mend: ")
    assert by_bytes.startswith("events.csv:2: not UTF-8: ")


@pytest.mark.parametrize(
    ("table", "example"),
    [
        ("donations", 'id = "gifts"'),
        ("candidates", 'id = "joe-biden"'),
    ],
)
def test_an_example_fits_the_table_that_it_is_for(tmp_path: Path, table: str, example: str) -> None:
    faults = told(write_campaign(tmp_path, SMALLEST + f"[[{table}]]\n"))
    assert [fault for fault in faults if fault.endswith(f"id is missing. Mend: fill it in, as in: {example}")]


def test_an_example_of_the_campaign_is_none_of_a_candidate(tmp_path: Path) -> None:
    fault = toml_fault(tmp_path, SMALLEST.replace('id = "us-2020"\n', ""))
    assert fault.endswith('id is missing. Mend: fill it in, as in: id = "us-2020"')


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2020-09-19", "title = 2020-09-19 is not text"),
        ("2020-09-19T21:00:00Z", "title = 2020-09-19T21:00:00+00:00 is not text"),
        ("[true, 07:32:00]", "title = [true, 07:32:00] is not text"),
        ("{ a = 1.5, b = 'c' }", "title = { a = 1.5, b = 'c' } is not text"),
    ],
)
def test_a_value_is_told_as_the_file_writes_it(tmp_path: Path, written: str, said: str) -> None:
    assert said in toml_fault(tmp_path, SMALLEST.replace('"US general election 2020"', written))


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    write_campaign(tmp_path)
    for name in ("campaign.toml", "events.csv"):
        path = tmp_path / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_campaign(tmp_path).id == "us-2020"


def test_every_fault_of_a_folder_is_told_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    toml = SMALLEST.replace('"USD"', '"dollars"').replace("start", "begin") + 'aliases = ["Joe"]\nalso = 1\n'
    toml += TRUMP + 'aliases = ["joe"]\n[[donations]]\nid = "gifts"\nformat = "generic"\nprecision = "day"\n'
    rows = "first,debat,,2020-09-29,,,,,,,,,\nsecond,debate,Second,2020-10-99,,,,harris,,,,,\n"
    assert [fault.split(" ")[0] for fault in told(write_campaign(tmp_path, toml, rows))] == [
        "campaign.toml:1:",  # start is missing
        "campaign.toml:4:",  # dollars
        "campaign.toml:5:",  # begin
        "campaign.toml:12:",  # also
        "campaign.toml:17:",  # the alias of both
        "campaign.toml:18:",  # a donation series without a path
        "events.csv:2:",  # no title
        "events.csv:2:",  # debat
        "events.csv:3:",  # not on the roster
        "events.csv:3:",  # no such day
    ]


def test_a_clock_change_is_told_together_with_a_slip_in_the_settings(tmp_path: Path) -> None:
    toml = SMALLEST.replace('title = "US general election 2020"\n', "")
    faults = told(write_campaign(tmp_path, toml, FIRST.format("2020-11-01T01:30")))
    assert [fault.split(": ")[0] for fault in faults] == ["campaign.toml:1", "events.csv:2"]
    assert "ambiguous in America/New_York" in faults[1]


def test_events_are_checked_even_where_the_settings_cannot_be_read(tmp_path: Path) -> None:
    faults = told(write_campaign(tmp_path, "id = ", "first,debat,First,2020-09-29,,,,biden,,,,,\n"))
    assert [fault.split(" ")[0] for fault in faults] == ["campaign.toml:1:", "events.csv:2:"]


SLIPS = st.text(st.sampled_from(list('aé1|,;"\n\r\t\0[]{}=#.-:T+Z ')), max_size=40)


@given(slip=SLIPS, at=st.integers(0, len(SMALLEST)))
def test_no_slip_in_the_settings_crashes_the_reader(
    tmp_path_factory: pytest.TempPathFactory, slip: str, at: int
) -> None:
    folder = tmp_path_factory.mktemp("campaign")
    assert_read_or_told(write_campaign(folder, SMALLEST[:at] + slip + SMALLEST[at:]))


@given(slip=SLIPS, at=st.integers(0, len(HEADER) + 40))
def test_no_slip_in_the_events_crashes_the_reader(tmp_path_factory: pytest.TempPathFactory, slip: str, at: int) -> None:
    folder = tmp_path_factory.mktemp("campaign")
    text = HEADER + "first,debate,First,2020-09-29T21:00,,,,,,,,,\n"
    assert_read_or_told(write_campaign(folder, events=text[:at] + slip + text[at:], header=""))


@given(st.binary())
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = write_campaign(tmp_path_factory.mktemp("campaign"))
    (folder / "events.csv").write_bytes(HEADER.encode() + content)
    assert_read_or_told(folder)


def assert_read_or_told(folder: Path) -> None:
    """Either the folder is good, or every fault of it says where it is and what to write."""
    try:
        read_campaign(folder)
    except CampaignFault as caught:
        assert caught.faults
        assert all(fault.line and fault.fault and fault.mend for fault in caught.faults)


def test_a_shared_list_is_told_together_with_everything_else(tmp_path: Path) -> None:
    opml = '<opml version="2.0">\n<body>\n<outline xmlUrl="https://a.example/feed" source_kind="blgo"/>\n</body></opml>'
    (tmp_path / "feeds.opml").write_text(opml)
    toml = SMALLEST.replace("currency", 'feeds_from = "feeds.opml"\ncurrency')
    faults = told(write_campaign(tmp_path, toml, FIRST.format("")))
    assert [fault.split(": ")[0] for fault in faults] == ["events.csv:2", "feeds.opml:3"]
    assert faults[1].endswith("source_kind = 'blgo' is not known. Mend: did you mean 'blog'?")
    (tmp_path / "feeds.opml").unlink()
    assert told(tmp_path)[0].startswith("campaign.toml:4: there is no file 'feeds.opml'")
