"""A campaign folder as text in, a campaign and its records out."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors.campaign.facts import campaign_facts
from connectors.campaign.folder import find_campaign, read_campaign
from connectors.campaign.models import FeedConfig
from connectors.campaign.values import without_user
from connectors.errors import CampaignFault
from connectors.records import Alias, CampaignFacts, Candidate, Event, Source
from connectors.x.queries import candidate_queries, query_hash
from tests.connectors.campaign.folders import SMALLEST, write_campaign

NOON = datetime(2020, 11, 4, 12, tzinfo=UTC)


def test_the_smallest_campaign_takes_what_it_does_not_say_from_the_defaults(tmp_path: Path) -> None:
    campaign = read_campaign(write_campaign(tmp_path))
    assert campaign.candidates[0].aliases == ("Joe Biden",)
    assert (campaign.start, campaign.end) == (date(2020, 9, 19), date(2020, 11, 3))
    assert campaign.retention_days == 30
    assert campaign.money.small_gift_max == Decimal(200)
    assert campaign.x is None
    assert campaign.events == ()


def test_a_name_that_is_no_text_is_one_fault_and_none_of_aliases_that_nobody_wrote(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path, SMALLEST.replace('"Joe Biden"', '["Joe Biden"]'))
    with pytest.raises(CampaignFault) as caught:
        read_campaign(folder)
    assert [fault.line for fault in caught.value.faults] == [10]
    assert "aliases" not in caught.value.faults[0].fault


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


TWO = """
aliases = ["Joe Biden", "Biden"]
[[candidates]]
id = "trump"
name = "Donald Trump"
[money]
small_gift_max = 200
"""
TWO_OTHERWISE = """
# the same facts
money.small_gift_max = 200.00
start = 2020-09-19
end = 2020-11-03
candidates = [
    { name = "Donald Trump", id = "trump" },
    { name = "Joe Biden", id = "biden", aliases = ["Biden", "Joe Biden"] },
]
currency = "USD"
timezone = "America/New_York"
id = "us-2020"
title = "US general election 2020"
"""
EVENTS = ["a,debate,A,2020-09-29T21:00,,,,,,,,,\n", "b,debate,B,2020-09-30,,,,,,,,,\n"]


def test_the_hash_is_of_the_facts_not_of_how_or_where_they_are_written(tmp_path: Path) -> None:
    here = read_campaign(write_campaign(tmp_path / "here", SMALLEST + TWO, "".join(EVENTS)))
    there = read_campaign(write_campaign(tmp_path / "there", TWO_OTHERWISE, "".join(reversed(EVENTS))))
    assert here.campaign_hash == there.campaign_hash


def test_every_changed_fact_changes_the_hash(tmp_path: Path) -> None:
    changed = [
        read_campaign(write_campaign(tmp_path / str(number), (SMALLEST + TWO).replace(before, after), EVENTS[0]))
        for number, (before, after) in enumerate(
            [("", ""), ("Joe Biden", "J Biden"), ("= 200", "= 100"), ("2020-11-03", "2020-11-04")]
        )
    ]
    changed.append(read_campaign(write_campaign(tmp_path / "cut", SMALLEST + TWO, EVENTS[0].replace("21:00", "21:01"))))
    assert len({campaign.campaign_hash for campaign in changed}) == len(changed)
    assert len({campaign.spec_hash for campaign in changed}) == 1


def test_an_override_changes_both_hashes(tmp_path: Path) -> None:
    plain = read_campaign(write_campaign(tmp_path / "plain"))
    other = read_campaign(write_campaign(tmp_path / "other", SMALLEST + "[spec]\nhorizons = [60]\n"))
    assert other.spec == {"horizons": (60,)}
    assert plain.spec_hash != other.spec_hash
    assert plain.campaign_hash != other.campaign_hash


def test_a_campaign_is_found_by_its_id_a_path_or_its_folder(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path / "any-name")
    assert find_campaign("us-2020", tmp_path) == folder
    assert find_campaign(str(folder), tmp_path / "elsewhere") == folder
    assert find_campaign(str(folder / "campaign.toml"), tmp_path / "elsewhere") == folder
    assert find_campaign("any-name", tmp_path) == folder


def test_an_unknown_campaign_is_answered_with_the_near_ones(tmp_path: Path) -> None:
    write_campaign(tmp_path / "us")
    with pytest.raises(CampaignFault, match=r"no campaign 'us-2002'. Mend: did you mean 'us-2020'\?"):
        find_campaign("us-2002", tmp_path)
    with pytest.raises(CampaignFault, match=r"Mend: write one of us-2020\. A path"):
        find_campaign("", tmp_path)
    with pytest.raises(CampaignFault, match="no campaign folder is here"):
        find_campaign("us-2020", tmp_path / "nowhere")


def test_an_id_of_two_folders_is_not_guessed(tmp_path: Path) -> None:
    write_campaign(tmp_path / "a")
    write_campaign(tmp_path / "b")
    with pytest.raises(CampaignFault, match="two folders have the id 'us-2020'"):
        find_campaign("us-2020", tmp_path)


def test_a_folder_whose_settings_cannot_be_read_is_found_by_its_name(tmp_path: Path) -> None:
    folder = write_campaign(tmp_path / "broken", "id = ")
    assert find_campaign("broken", tmp_path) == folder


SOURCES = """
accounts = { x = ["@JoeBiden"], fec = ["C00703975"] }
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
    assert counts.query_hash == query_hash(candidate_queries(campaign.candidates[0]))
    assert (own.source_id, own.source_kind) == ("x-own-biden", "x_own")
    assert (ticker.source_key, ticker.candidate_id) == ("us-2020/ticker", "ALL")
    assert (ticker.precision, ticker.currency) == ("interval", "USD")


def test_an_id_made_of_a_url_holds_no_password() -> None:
    with pytest.raises(ValidationError) as refused:
        FeedConfig.model_validate({"url": "https://me:s3cret@www.a.example/feed/"})
    assert [error["loc"] for error in refused.value.errors()] == [("url",)]
    assert without_user("https://me:s3cret@www.a.example/feed/@x") == "https://www.a.example/feed/@x"
