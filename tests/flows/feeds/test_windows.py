"""What two polls prove together, decided without a network."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.feeds.order import Shown
from flows.feeds.windows import ObservedSpan, extend_proved, is_backdated, is_silent, newest_first, observed_span

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shown(*hours: int) -> list[Shown]:
    return [Shown(str(hour), NOON + hour * HOUR) for hour in hours]


def test_windows_that_share_an_entry_prove_the_time_between() -> None:
    assert observed_span(["-1", "-2"], NOON, shown(1, -1), NOON + 2 * HOUR) == (NOON, NOON + 2 * HOUR, None, False)


def test_a_window_that_moved_on_proves_from_its_oldest_entry() -> None:
    span = observed_span(["-1", "-2"], NOON, shown(5, 3), NOON + 6 * HOUR)
    assert span == (NOON + 3 * HOUR, NOON + 6 * HOUR, None, True)


def test_a_pinned_old_entry_does_not_bridge_a_gap() -> None:
    pinned = -900
    span = observed_span(["-1", "-2", "-3", str(pinned)], NOON, shown(5, 3, pinned), NOON + 6 * HOUR)
    assert span == (NOON + 3 * HOUR, NOON + 6 * HOUR, None, True)


def at(*minutes: float) -> list[Shown]:
    return [Shown(str(minute), NOON + timedelta(minutes=minute)) for minute in minutes]


def test_a_pinned_post_of_the_last_hours_does_not_bridge_a_gap() -> None:
    """A window of six with a post pinned at its top; 26 posts came in an hour, and five are left beside the pin."""
    pinned, previous_at, now = -119, NOON, NOON + HOUR
    before = newest_first(at(pinned, -130, -190, -250, -310, -370))
    shown = at(pinned, 58, 56, 54, 52, 50)
    assert observed_span(before, previous_at, shown, now) == (NOON + timedelta(minutes=50), now, None, True)


@pytest.mark.parametrize("pins", [at(-1), at(-1, -2), at(-1, -2, -3, -4), at(-2, -300)])
def test_no_number_of_pinned_posts_bridges_a_gap(pins: list[Shown]) -> None:
    before = newest_first([*pins, *at(-5, -6)])
    assert observed_span(before, NOON, [*pins, *at(58, 56)], NOON + HOUR).is_gap


def test_a_new_post_that_is_pinned_at_once_does_not_move_the_end_of_a_gap() -> None:
    span = observed_span(["-1", "-2", "-3"], NOON, at(5, 58, 56, 54), NOON + HOUR)
    assert span == (NOON + timedelta(minutes=54), NOON + HOUR, None, True)


def test_a_pinned_post_among_its_neighbours_of_before_is_no_gap() -> None:
    before = newest_first(at(-9, -1, -2, -3))
    assert not observed_span(before, NOON, at(-9, 30, -1, -2), NOON + HOUR).is_gap


def test_an_announcement_dated_to_come_bridges_no_gap() -> None:
    before = newest_first(at(600, -1, -2, -3))
    assert observed_span(before, NOON, at(600, 58, 57, 56), NOON + HOUR).is_gap


def test_a_pinned_post_sorted_among_the_dates_bridges_no_gap() -> None:
    before = newest_first(at(-1, -2, -119, -130))
    assert observed_span(before, NOON, at(58, 57, 56, -119), NOON + HOUR).is_gap


def test_a_feed_of_days_without_hours_overlaps_where_its_newest_is_still_shown_behind_what_came() -> None:
    today = [Shown(name, NOON, is_only_a_day=True) for name in ("new", "known", "older")]
    assert not observed_span(["known", "older"], NOON + HOUR, today, NOON + 2 * HOUR).is_gap
    pinned = [Shown(name, NOON, is_only_a_day=True) for name in ("known", "new", "newer")]
    assert observed_span(["known", "older"], NOON + HOUR, pinned, NOON + 2 * HOUR).is_gap


def test_a_feed_without_dates_overlaps_by_the_places_of_its_entries() -> None:
    assert not observed_span(["a", "b"], NOON, [Shown(name, None) for name in "nab"], NOON + HOUR).is_gap
    assert observed_span(["a", "b"], NOON, [Shown(name, None) for name in "anm"], NOON + HOUR).is_gap


def test_a_document_that_ends_with_its_newest_overlaps_at_its_beginning() -> None:
    before = newest_first(at(-30, -20, -10))
    assert not observed_span(before, NOON, at(-20, -10, 10, 20), NOON + HOUR).is_gap
    assert observed_span(before, NOON, at(10, 20, 30, 40), NOON + HOUR).is_gap


def test_one_new_post_in_an_odd_place_is_no_gap() -> None:
    before = newest_first(at(-1, -2, -3))
    assert not observed_span(before, NOON, at(50, 40, 30, -1, -2, 59), NOON + HOUR).is_gap


def test_one_deleted_entry_is_no_gap() -> None:
    assert not observed_span(["-1", "-2", "-3"], NOON, shown(1, -2, -3), NOON + 2 * HOUR).is_gap


def test_a_gap_without_dates_proves_nothing_but_the_moment() -> None:
    span = observed_span(["a"], NOON, [Shown("b", None)], NOON + HOUR)
    assert span == (NOON + HOUR, NOON + HOUR, None, True)


def test_a_back_dated_entry_lies_more_than_a_day_inside_a_proved_span() -> None:
    proved = (NOON, NOON + 72 * HOUR)
    assert is_backdated(NOON + HOUR, proved)
    assert not is_backdated(NOON + 60 * HOUR, proved)
    assert not is_backdated(NOON - HOUR, proved)


def test_silence_is_measured_by_habit() -> None:
    hour_s = 3600.0
    assert not is_silent(NOON, hour_s, NOON + 40 * HOUR)
    assert is_silent(NOON, hour_s, NOON + 50 * HOUR)
    assert not is_silent(NOON, 30 * 24 * hour_s, NOON + 60 * 24 * HOUR)


@given(st.lists(st.integers(-50, 50), unique=True, min_size=1), st.integers(1, 30), st.integers(1, 40))
def test_whatever_a_poll_proves_was_shown(posts: list[int], window: int, pause: int) -> None:
    """A blog that always shows its newest entries: no entry posted inside a proved span was never shown."""
    before = [Shown(str(p), NOON + p * HOUR) for p in sorted(posts, reverse=True) if p <= 0][:window]
    now = NOON + pause * HOUR
    after = [Shown(str(p), NOON + p * HOUR) for p in sorted(posts, reverse=True) if p <= pause][:window]
    span = observed_span(newest_first(before), NOON if before else None, after, now)
    if span.from_at is not None and not span.unknown_from_at:
        posted = {str(p) for p in posts if span.from_at < NOON + p * HOUR <= now}
        assert posted <= {entry.entry_id for entry in [*before, *after]}


@given(
    st.lists(st.integers(-50, 50), unique=True, min_size=1),
    st.lists(st.integers(-50, 0), unique=True, max_size=4),
    st.integers(1, 10),
    st.integers(1, 40),
)
def test_whatever_a_poll_of_a_blog_with_pinned_posts_proves_was_shown(
    posts: list[int], pins: list[int], window: int, pause: int
) -> None:
    pinned = [Shown(str(p), NOON + p * HOUR) for p in sorted(pins, reverse=True)]
    posts = sorted({*posts, *pins}, reverse=True)
    before, after = (
        [
            *pinned,
            *(Shown(str(p), NOON + p * HOUR) for p in [q for q in posts if q <= until and q not in pins][:window]),
        ]
        for until in (0, pause)
    )
    now = NOON + pause * HOUR
    span = observed_span(newest_first(before), NOON if before else None, after, now)
    if span.from_at is not None and not span.unknown_from_at:
        posted = {str(p) for p in posts if span.from_at < NOON + p * HOUR <= now}
        assert posted <= {entry.entry_id for entry in [*before, *after]}


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 10)), min_size=1))
def test_proved_spans_stay_in_order(spans: list[tuple[int, int]]) -> None:
    proved: tuple[datetime, ...] = ()
    at = NOON
    for pause, length in spans:
        begin = at + pause * HOUR
        at = begin + length * HOUR
        proved = extend_proved(proved, ObservedSpan(begin, at, None, is_gap=False))
    assert list(proved) == sorted(proved)
