"""Local times as text in, instants out; the nights on which the clocks change are never guessed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from connectors.campaign.times import instants_of, read_time

PARIS = ZoneInfo("Europe/Paris")
# Lord Howe shifts by half an hour, Apia once left out a whole day, Casablanca goes back for a month.
SPAN = (datetime.fromisoformat("1980-01-01"), datetime.fromisoformat("2037-01-01"))
ZONES = [ZoneInfo(name) for name in ("Europe/Paris", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "UTC")]


def test_a_time_without_an_offset_is_local() -> None:
    assert read_time("2011-09-15T20:35", PARIS) == (date(2011, 9, 15), datetime(2011, 9, 15, 18, 35, tzinfo=UTC))


def test_a_time_with_an_offset_falls_on_the_day_of_the_zone() -> None:
    assert read_time("2020-09-29T21:00-04:00", PARIS) == (date(2020, 9, 30), datetime(2020, 9, 30, 1, tzinfo=UTC))
    assert read_time("2020-09-30 01:00:00Z", PARIS) == (date(2020, 9, 30), datetime(2020, 9, 30, 1, tzinfo=UTC))


def test_a_date_alone_has_no_instant() -> None:
    assert read_time("2011-10-05", PARIS) == (date(2011, 10, 5), None)


def test_an_offset_settles_the_hour_that_comes_twice() -> None:
    assert read_time("2020-10-25T02:30+02:00", PARIS)[1] == datetime(2020, 10, 25, 0, 30, tzinfo=UTC)
    assert read_time("2020-10-25T02:30+01:00", PARIS)[1] == datetime(2020, 10, 25, 1, 30, tzinfo=UTC)


def test_a_day_that_a_zone_left_out_does_not_exist() -> None:
    with pytest.raises(PydanticCustomError, match="does not exist in Pacific/Apia"):
        read_time("2011-12-30T12:00", ZoneInfo("Pacific/Apia"))


@pytest.mark.parametrize(
    "text", ["20200929", "2020-W40-2", "2020-09-29T21", "2020-09-29T25:00", "21:00", "2020-09-29Z"]
)
def test_what_is_no_date_or_time_is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="is not a date or time"):
        read_time(text, PARIS)


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "1899-12-31", "2201-01-01", "9999-12-31T23:59-12:00"])
def test_a_year_in_which_no_campaign_can_be_is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError, match="1900 to 2200"):
        read_time(text, PARIS)


@given(st.datetimes(*SPAN, timezones=st.just(UTC)), st.sampled_from(ZONES))
def test_what_a_clock_shows_leads_back_to_the_instant(at: datetime, zone: ZoneInfo) -> None:
    shown = at.astimezone(zone).replace(tzinfo=None)
    instants = instants_of(shown, zone)
    assert at in instants
    assert all(instant.astimezone(zone).replace(tzinfo=None) == shown for instant in instants)


@given(st.datetimes(*SPAN), st.sampled_from(ZONES))
def test_a_time_that_no_clock_shows_has_no_instant(local: datetime, zone: ZoneInfo) -> None:
    nearby = [local.replace(tzinfo=UTC) + timedelta(minutes=30 * step) for step in range(-30, 31)]
    is_shown = any(at.astimezone(zone).replace(tzinfo=None) == local for at in nearby)
    assert bool(instants_of(local, zone)) == is_shown
