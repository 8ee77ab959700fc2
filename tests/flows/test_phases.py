"""The calendar in four phases: what the clock says of each event, on every night of the year."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.records import Event
from flows.phases import event_span, next_change, phase, phase_spans

START = datetime(2026, 7, 1, 19, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def event(starts_at: datetime | None = START, **more: Any) -> Event:
    given: dict[str, Any] = {
        "campaign_id": "c",
        "campaign_hash": "h",
        "event_id": "d",
        "event_kind": "debate",
        "title": "D",
        "starts_on": starts_at.date() if starts_at else date(2026, 7, 1),
        "starts_at": starts_at,
        "ends_at": None,
        "timezone": "Europe/Paris",
        "channels": (),
        "participants": (),
        "audience_millions": None,
        "scope": None,
        "territory": None,
        "is_held": True,
        "source_url": None,
    }
    return Event(**{**given, **more})


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-24 * 60 - 1, "calm"),
        (-24 * 60, "opening"),
        (-16, "opening"),
        (-15, "live"),
        (0, "live"),
        (3 * 60 + 59, "live"),  # three hours where nobody gives the end, and one more
        (4 * 60, "after"),
        (27 * 60 - 1, "after"),
        (27 * 60, "calm"),
    ],
)
def test_an_event_opens_is_live_and_closes(minutes: int, expected: str) -> None:
    assert phase(START + minutes * MINUTE, [event()]) == expected


def test_a_prolonged_debate_stays_live_past_midnight() -> None:
    paris = ZoneInfo("Europe/Paris")
    ends_at = datetime(2026, 7, 2, 0, 40, tzinfo=paris)

    assert phase(datetime(2026, 7, 2, 1, 39, tzinfo=paris), [event(ends_at=ends_at)]) == "live"
    assert phase(datetime(2026, 7, 2, 1, 40, tzinfo=paris), [event(ends_at=ends_at)]) == "after"


def test_a_cancelled_debate_is_calm() -> None:
    assert phase(START, [event(is_held=False)]) == "calm"


def test_the_busier_of_two_events_sets_the_pace() -> None:
    assert phase(START, [event(START - timedelta(hours=20)), event()]) == "live"
    assert phase(START - timedelta(hours=2), [event(START - timedelta(hours=20)), event()]) == "opening"


def test_an_event_without_an_hour_is_never_live() -> None:
    day_only = event(None)
    hours = [START + hour * 60 * MINUTE for hour in range(-60, 72)]

    assert {phase(at, [day_only]) for at in hours} == {"calm", "opening", "after"}


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_a_day_without_an_hour_is_as_long_as_its_clocks_make_it(day: date, hours: int) -> None:
    start_at, end_at = event_span(event(None, starts_on=day))

    assert end_at is not None
    assert end_at - start_at == timedelta(hours=hours)


def test_a_debate_over_the_hour_that_clocks_show_twice_is_live_for_all_of_it() -> None:
    new_york = ZoneInfo("America/New_York")
    late = event(
        datetime(2026, 10, 31, 23, 30, tzinfo=new_york).astimezone(UTC),
        ends_at=datetime(2026, 11, 1, 1, 30, tzinfo=new_york, fold=1).astimezone(UTC),
        timezone="America/New_York",
    )
    [live] = [span for span in phase_spans(late) if span.phase == "live"]

    # Half past eleven to half past one is three hours that night; a quarter before and an hour after.
    assert live.to_at - live.from_at == timedelta(hours=4, minutes=15)


MINUTES = st.integers(0, 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE)


@given(at=MINUTES, starts=st.lists(MINUTES, max_size=4))
def test_between_two_changes_the_phase_stands(at: datetime, starts: list[datetime]) -> None:
    events = [event(start) for start in starts]
    until = next_change(at, events)
    if until is None:
        assert phase(at, events) == "calm"
    else:
        between = at + (until - at) / 2
        assert phase(between, events) == phase(at, events)
