"""The shipped campaigns read without a fault and say what their sources say."""

from datetime import UTC, date, datetime
from pathlib import Path

from connectors.campaign.folder import find_campaign, read_campaign
from connectors.campaign.models import Campaign

SHIPPED = Path(__file__).parents[3] / "campaigns"


def shipped(name: str) -> Campaign:
    return read_campaign(find_campaign(name, SHIPPED))


def test_the_debates_of_2020_begin_at_nine_in_the_evening_eastern_time() -> None:
    debates = [event for event in shipped("us-2020-general").events if event.event_kind == "debate"]
    assert [(debate.starts_at, debate.is_held) for debate in debates] == [
        (datetime(2020, 9, 30, 1, tzinfo=UTC), True),
        (datetime(2020, 10, 8, 1, tzinfo=UTC), True),
        (datetime(2020, 10, 16, 1, tzinfo=UTC), False),
        (datetime(2020, 10, 23, 1, tzinfo=UTC), True),
    ]
    assert all(str(debate.ends_at)[11:16] == "02:30" for debate in debates)


def test_blogs_of_the_demo_are_declared_synthetic_and_live_on_a_reserved_domain() -> None:
    feeds = shipped("us-2020-general").feeds
    assert feeds
    assert all(feed.synthetic and "synthetic" in feed.id and ".example/" in feed.url for feed in feeds)


def test_a_debate_of_2011_whose_hour_no_source_gives_is_a_day_without_a_time() -> None:
    timeless = [event for event in shipped("fr-ps-2011").events if event.event_kind == "debate" and not event.starts_at]
    assert [event.starts_on for event in timeless] == [date(2011, 10, 5)]


def test_every_event_of_a_shipped_campaign_names_its_source() -> None:
    for name in ("us-2020-general", "us-2012-general", "fr-ps-2011"):
        assert all(event.source_url for event in shipped(name).events)


def test_the_campaign_of_2012_is_small_and_its_debates_begin_at_nine_in_the_evening_eastern_time() -> None:
    campaign = shipped("us-2012-general")
    assert sum(path.stat().st_size for path in (campaign.folder / "polls").iterdir()) < 100_000
    debates = [event.starts_at for event in campaign.events if event.event_kind == "debate"]
    assert debates == [datetime(2012, 10, day + 1, 1, tzinfo=UTC) for day in (3, 11, 16, 22)]
