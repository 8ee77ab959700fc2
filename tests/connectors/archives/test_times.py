"""When a post of a CSV was made: a cell in, an instant or a refusal out, by the database as by the reader of rows."""

from datetime import UTC, date, datetime, timedelta, timezone

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.archives.times import likely_orders, read_time, time_sql
from connectors.records import DateOrder
from connectors.x.values import NotAPost

ZONE = "America/New_York"
DATABASE = duckdb.connect(config={"threads": 1})
DATABASE.execute("SET TimeZone = 'UTC'")


def by_the_database(cell: str, dates: DateOrder, zone: str | None = ZONE) -> datetime | None:
    row = DATABASE.execute(f"SELECT {time_sql('cell', zone, dates)} FROM (SELECT ? AS cell)", [cell]).fetchone()
    assert row is not None
    found: datetime | None = row[0]
    return found


def by_the_reader(cell: str, dates: DateOrder, zone: str | None = ZONE) -> datetime | None:
    try:
        return read_time(cell, zone, dates)
    except NotAPost:
        return None


AUGUST = datetime(2015, 8, 7, 13, 54, tzinfo=UTC)  # 9:54 in New York
JULY = datetime(2015, 7, 8, 13, 54, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "dates", "expected"),
    [
        ("8/7/15 9:54", "month-first", AUGUST),
        ("8/7/15 9:54", "day-first", JULY),
        ("08/07/2015 09:54", "month-first", AUGUST),
        ("8.7.2015 9:54:00", "day-first", JULY),
        ("7-8-15, 9:54", "day-first", AUGUST),
        ("8/7/15 9:54 AM", "month-first", AUGUST),
        ("8/7/2015 9:54 pm", "month-first", AUGUST + timedelta(hours=12)),
        ("2015-08-07 09:54", "month-first", AUGUST),
        ("2015-08-07T13:54:00Z", "day-first", AUGUST),
        ("1438955640", "day-first", AUGUST),
        ("8/7/15 9:54", "iso", None),
        ("8/7/15 9:54Z", "iso", None),
        ("24/9/15 9:54", "month-first", None),
        ("8/7 9:54", "month-first", None),
        ("8/7/15", "month-first", None),
        ("9:54", "iso", None),
        ("", "iso", None),
        ("yesterday", "day-first", None),
    ],
)
def test_a_time_is_read_in_the_declared_order_or_refused(
    cell: str, dates: DateOrder, expected: datetime | None
) -> None:
    assert (by_the_database(cell, dates), by_the_reader(cell, dates)) == (expected, expected)


def test_a_local_time_without_a_declared_zone_is_refused() -> None:
    assert by_the_database("8/7/15 9:54", "month-first", None) is None
    with pytest.raises(NotAPost, match="no timezone is declared"):
        read_time("8/7/15 9:54", None, "month-first")


def test_an_order_that_nobody_declared_is_asked_for() -> None:
    with pytest.raises(NotAPost, match='add dates = "month-first" or "day-first"'):
        read_time("8/7/15 9:54", ZONE, "iso")


@given(
    at=st.integers(1_136_073_600, 2_208_988_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    order=st.sampled_from([("month-first", "%m/%d"), ("day-first", "%d/%m")]),
    year=st.sampled_from(["%y", "%Y"]),
    clock=st.sampled_from(["%H:%M", "%H:%M:%S", "%I:%M %p"]),
)
def test_what_is_written_in_an_order_is_read_in_it(
    at: datetime, order: tuple[DateOrder, str], year: str, clock: str
) -> None:
    dates, day = order
    whole = at.replace(microsecond=0, second=at.second if "%S" in clock else 0)
    cell = whole.strftime(f"{day}/{year} {clock}")
    assert (by_the_database(cell, dates, "UTC"), by_the_reader(cell, dates, "UTC")) == (whole, whole)


@given(cell=st.text("0123456789/-:. APMZ+,T", max_size=22), dates=st.sampled_from(["iso", "month-first", "day-first"]))
def test_the_database_reads_no_year_that_the_reader_does_not(cell: str, dates: DateOrder) -> None:
    """What only the reader of rows knows goes to it; the database must not make up a time of its own."""
    by_database, by_reader = by_the_database(cell, dates, "UTC"), by_the_reader(cell, dates, "UTC")
    assert by_database is None or by_database.year < 2006 or by_database == by_reader


def test_the_likely_order_is_the_one_that_reads_most_and_lies_in_the_season() -> None:
    season = date(2015, 8, 1), date(2015, 8, 31)
    assert likely_orders(["24/9/15 9:54", "8/7/15 9:54"], *season) == ["day-first"]
    assert likely_orders(["8/7/15 9:54", "8/9/15 9:54"], *season) == ["month-first"]
    assert likely_orders(["2/2/15 9:54"], *season) == ["month-first", "day-first"]
    assert likely_orders(["soon"], *season) == []


def test_an_offset_at_the_edge_of_the_calendar_is_no_time() -> None:
    edge = datetime.max.replace(tzinfo=timezone(-timedelta(hours=12)))
    with pytest.raises(NotAPost):
        read_time(edge.isoformat(), ZONE, "iso")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("7-Aug-15 9:54 AM", AUGUST),
        ("07-Aug-2015 09:54AM", AUGUST),
        ("7 aug 2015 9:54:00", AUGUST),
        ("7-Aux-15 9:54 AM", None),
        ("41-Aug-15 9:54 AM", None),
    ],
)
def test_a_named_month_needs_no_declared_order(cell: str, expected: datetime | None) -> None:
    assert (by_the_database(cell, "iso"), by_the_reader(cell, "iso")) == (expected, expected)


@pytest.mark.parametrize("cell", ["15-08-01 20:30", "20-10-07 21:00:00", "15-8-1 9:54"])
def test_a_date_whose_year_may_stand_first_is_refused_without_a_guess_at_day_and_month(cell: str) -> None:
    assert by_the_database(cell, "iso") is None
    with pytest.raises(NotAPost, match=r"whose year may stand first or last. Mend: write its years with four digits"):
        read_time(cell, ZONE, "iso")
    assert likely_orders([cell], date(2015, 1, 1), date(2020, 12, 31)) == []
    assert likely_orders(["24-09-26 20:30"], date(2026, 9, 1), date(2026, 11, 3)) == ["day-first"]
