"""A campaign folder as text in, a campaign and its records out."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from connectors.campaign import campaign_facts, find_campaign, read_campaign
from connectors.records import Alias, CampaignFacts, Candidate, Event, Source

NOON = datetime(2020, 11, 4, 12, tzinfo=UTC)
SMALLEST = """\
id = "us-2020"
title = "US general election 2020"
timezone = "America/New_York"
currency = "USD"
start = 2020-09-19
end = 2020-11-03

[[candidates]]
id = "biden"
name = "Joe Biden"
"""
HEADER = (
    "event_id,event_kind,title,starts_at,ends_at,timezone,channels,participants,"
    "audience_millions,scope,territory,held,source_url\n"
)


def write_campaign(folder: Path, toml: str = SMALLEST, events: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(toml, encoding="utf-8")
    (folder / "events.csv").write_text(HEADER + events, encoding="utf-8")
    return folder


def test_the_smallest_campaign_takes_what_it_does_not_say_from_the_defaults(tmp_path: Path) -> None:
    campaign = read_campaign(write_campaign(tmp_path))
    assert campaign.candidates[0].aliases == ("Joe Biden",)
    assert (campaign.start, campaign.end) == (date(2020, 9, 19), date(2020, 11, 3))
    assert campaign.retention_days == 30
    assert campaign.money.small_gift_max == Decimal(200)
    assert campaign.x is None
    assert campaign.events == ()


def test_a_local_time_of_an_event_becomes_utc(tmp_path: Path) -> None:
    row = "first,debate,First debate,2020-09-29T21:00,2020-09-29T22:30,,Fox|C-SPAN,biden,73.1,national,,,\n"
    [event] = read_campaign(write_campaign(tmp_path, events=row)).events
    assert event.starts_on == date(2020, 9, 29)
    assert event.starts_at == datetime(2020, 9, 30, 1, tzinfo=UTC)
    assert event.ends_at == datetime(2020, 9, 30, 2, 30, tzinfo=UTC)
    assert event.channels == ("Fox", "C-SPAN")
    assert event.participants == ("biden",)
    assert event.is_held


def test_a_date_alone_is_a_day_without_a_time(tmp_path: Path) -> None:
    [event] = read_campaign(write_campaign(tmp_path, events="vote,vote,Election,2020-11-03,,,,,,,,,\n")).events
    assert (event.starts_on, event.starts_at) == (date(2020, 11, 3), None)


def test_the_hash_is_of_the_facts_not_of_how_or_where_they_are_written(tmp_path: Path) -> None:
    lines = SMALLEST.splitlines(keepends=True)
    reordered = "# a comment\n" + "".join(reversed(lines[:6])) + "".join(lines[6:])
    here = read_campaign(write_campaign(tmp_path / "here"))
    there = read_campaign(write_campaign(tmp_path / "there", toml=reordered))
    assert here.campaign_hash == there.campaign_hash
    changed = read_campaign(write_campaign(tmp_path / "changed", toml=SMALLEST.replace("Joe", "Joseph")))
    assert changed.campaign_hash != here.campaign_hash
    assert changed.spec_hash == here.spec_hash


def test_a_campaign_is_found_by_its_folder_or_a_path(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path / "us")
    assert find_campaign("us", tmp_path) == folder
    assert find_campaign(str(folder), tmp_path / "elsewhere") == folder


SOURCES = """
accounts = { x = ["@JoeBiden"] }
exclude = ["Hunter Biden"]

[[feeds]]
url = "https://blog.example/feed/"
scope = "local"
territory = "FR-91"
synthetic = true

[x]
budget_usd = 20.0
coverage = "unknown"

[[donations]]
id = "ticker"
format = "cumulative"
path = "donations/*.csv"
candidate = "ALL"
precision = "interval"
"""


def test_the_facts_of_a_folder_become_records(tmp_path: Path) -> None:
    (tmp_path / "donations").mkdir()
    campaign = read_campaign(write_campaign(tmp_path, SMALLEST + SOURCES, "vote,vote,Election,2020-11-03,,,,,,,,,\n"))
    facts = campaign_facts(campaign, NOON)
    assert [fact.landed_at for fact in facts if isinstance(fact, CampaignFacts)] == [NOON]
    assert [fact.candidate_id for fact in facts if isinstance(fact, Candidate)] == ["biden"]
    assert [(fact.alias, fact.is_excluded) for fact in facts if isinstance(fact, Alias)] == [
        ("Joe Biden", False),
        ("@JoeBiden", False),
        ("Hunter Biden", True),
    ]
    assert [fact.event_id for fact in facts if isinstance(fact, Event)] == ["vote"]
    assert {fact.campaign_hash for fact in facts} == {campaign.campaign_hash}
    feed, counts, own, ticker = (fact for fact in facts if isinstance(fact, Source))
    assert (feed.source_id, feed.source_key) == ("blog.example-feed", "https://blog.example/feed/")
    assert (feed.scope, feed.territory, feed.is_synthetic) == ("local", "FR-91", True)
    assert (counts.source_id, counts.source_key) == ("x-counts-biden", "us-2020/x-counts-biden")
    assert (counts.source_kind, counts.candidate_id, counts.coverage) == ("x_counts", "biden", "unknown")
    assert (counts.query_hash is not None, own.source_id, own.source_kind) == (True, "x-own-biden", "x_own")
    assert (ticker.source_key, ticker.candidate_id) == ("us-2020/ticker", "ALL")
    assert (ticker.precision, ticker.currency) == ("interval", "USD")
