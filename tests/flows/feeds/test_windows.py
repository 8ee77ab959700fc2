"""What two polls prove together, decided without a network."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.feeds.windows import ObservedSpan, Shown, extend_proved, is_backdated, is_silent, newest_first, observed_span

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


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 10)), min_size=1))
def test_proved_spans_stay_in_order(spans: list[tuple[int, int]]) -> None:
    proved: tuple[datetime, ...] = ()
    at = NOON
    for pause, length in spans:
        begin = at + pause * HOUR
        at = begin + length * HOUR
        proved = extend_proved(proved, ObservedSpan(begin, at, None, is_gap=False))
    assert list(proved) == sorted(proved)
