from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.campaign.folder import read_campaign
from connectors.campaign.models import Campaign
from flows.commands.new import write_new_campaign
from flows.deployed.moments import Moment, announce_events_once, moments
from flows.settings import Settings

# The skeleton's debate: 1 April 2027, 21:00 to 23:00 in Paris, two hours ahead of UTC.
STARTS = datetime(2027, 4, 1, 19, tzinfo=UTC)


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return read_campaign(write_new_campaign("fr-2027", tmp_path))


def announced(campaign: Campaign, home: Path, now: datetime) -> list[str]:
    said: list[Moment] = []
    announce_events_once(campaign, Settings(home=home), now, said.append)
    return [moment.name for moment in said]


def test_a_debate_opens_a_day_before_and_settles_with_its_longest_horizon(campaign: Campaign) -> None:
    assert list(moments(campaign)) == [
        Moment("debate-1", "opening", datetime(2027, 3, 31, 19, tzinfo=UTC)),
        Moment("debate-1", "started", datetime(2027, 4, 1, 19, tzinfo=UTC)),
        Moment("debate-1", "ended", datetime(2027, 4, 1, 21, tzinfo=UTC)),
        Moment("debate-1", "settled", datetime(2027, 4, 4, 19, tzinfo=UTC)),
    ]


def test_an_event_with_only_a_date_lasts_its_local_day(campaign: Campaign) -> None:
    day = replace(campaign.events[0], starts_at=None, ends_at=None)
    span = [m.at for m in moments(campaign.model_copy(update={"events": (day,)})) if m.name in ("started", "ended")]

    assert span == [datetime(2027, 3, 31, 22, tzinfo=UTC), datetime(2027, 4, 1, 22, tzinfo=UTC)]


def test_an_event_whose_end_nobody_gives_is_not_said_to_end(campaign: Campaign) -> None:
    endless = replace(campaign.events[0], ends_at=None)
    names = [m.name for m in moments(campaign.model_copy(update={"events": (endless,)}))]

    assert names == ["opening", "started", "settled"]


def test_a_cancelled_event_is_never_announced(campaign: Campaign) -> None:
    cancelled = replace(campaign.events[0], is_held=False)

    assert list(moments(campaign.model_copy(update={"events": (cancelled,)}))) == []


def test_a_moment_is_announced_when_the_clock_has_passed_it(campaign: Campaign, tmp_path: Path) -> None:
    assert announced(campaign, tmp_path, STARTS - timedelta(minutes=1)) == ["opening"]
    assert announced(campaign, tmp_path, STARTS) == ["started"]


def test_a_moment_is_announced_once_however_often_one_asks(campaign: Campaign, tmp_path: Path) -> None:
    announced(campaign, tmp_path, STARTS)

    assert announced(campaign, tmp_path, STARTS + timedelta(minutes=5)) == []


def test_what_is_long_past_is_not_announced(campaign: Campaign, tmp_path: Path) -> None:
    assert announced(campaign, tmp_path, STARTS + timedelta(days=30)) == []


def test_an_event_that_was_moved_is_announced_at_its_other_time(campaign: Campaign, tmp_path: Path) -> None:
    announced(campaign, tmp_path, STARTS)
    later = STARTS + timedelta(hours=1)
    moved = campaign.model_copy(update={"events": (replace(campaign.events[0], starts_at=later),)})

    assert "started" in announced(moved, tmp_path, later)
