"""Cells -> amounts, times and days."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.donations.cells.values import (
    MONTH_FIRST,
    BadCell,
    floor_to,
    parse_amount,
    parse_count,
    parse_day,
    parse_instant,
    shape,
)
from connectors.errors import SourceUnreadable
from tests.connectors.donations.given import a_source


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("25", "25.00"),
        ("$1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,50 €", "1234.50"),
        ("12,50", "12.50"),
        ("1,234", "1234.00"),
        ("(12.00)", "-12.00"),
        ("-5.1", "-5.10"),
        ("25.00 USD", "25.00"),
        ("25.0000", "25.00"),
    ],
)
def test_an_amount_is_read_as_people_write_it(cell: str, amount: str) -> None:
    assert parse_amount(cell, has_decimal_comma=False) == Decimal(amount)


@pytest.mark.parametrize("cell", ["", "Jane Doe", "1.234.5", "NaN", "1e9", "0.001", "12,3456", "9" * 20, "--5", "²5"])
def test_what_is_no_amount_is_refused_without_being_quoted(cell: str) -> None:
    with pytest.raises(BadCell) as refusal:
        parse_amount(cell, has_decimal_comma=False)
    assert "Jane" not in str(refusal.value)


def test_a_comma_before_three_digits_is_ambiguous_where_commas_are_decimal() -> None:
    with pytest.raises(BadCell, match="decimal sign or a thousands sign"):
        parse_amount("1,234", has_decimal_comma=True)


@pytest.mark.parametrize("cell", ["25.000", "1.234", "-12.500"])
def test_a_point_before_three_digits_is_ambiguous_where_commas_are_decimal(cell: str) -> None:
    with pytest.raises(BadCell, match="decimal sign or a thousands sign"):
        parse_amount(cell, has_decimal_comma=True)


def test_several_points_part_thousands() -> None:
    assert parse_amount("1.234.567", has_decimal_comma=True) == Decimal(1234567)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_an_amount_survives_every_way_of_writing_it(amount: Decimal) -> None:
    assert parse_amount(f"{amount:,}", has_decimal_comma=False) == amount
    assert parse_amount(f"{amount}".replace(".", ","), has_decimal_comma=True) == amount


@pytest.mark.parametrize(
    "cell",
    ["2020-09-29 21:00", "2020-09-29T21:00:00", "2020-09-30T01:00:00Z", "2020-09-29 21:00:00 -0400", "1601427600"],
)
def test_a_time_is_an_instant_whether_it_carries_its_offset_or_not(cell: str) -> None:
    assert parse_instant(cell, a_source()) == datetime(2020, 9, 30, 1, tzinfo=UTC)


def test_american_times_are_read_where_the_format_has_them() -> None:
    assert parse_instant("9/29/2020 9:00 PM", a_source(), MONTH_FIRST) == datetime(2020, 9, 30, 1, tzinfo=UTC)


def test_a_time_without_an_offset_is_refused_where_no_zone_is_declared() -> None:
    with pytest.raises(SourceUnreadable, match='Mend: add timezone = "America/New_York"'):
        parse_instant("2020-09-29 21:00", a_source(timezone=None))


def test_the_zone_to_add_is_the_campaigns_own() -> None:
    with pytest.raises(SourceUnreadable, match='add timezone = "Europe/Paris"'):
        parse_instant("2020-09-29 21:00", a_source(timezone=None, campaign_timezone=ZoneInfo("Europe/Paris")))


def test_a_time_that_the_clock_skipped_is_refused() -> None:
    with pytest.raises(BadCell, match="skipped"):
        parse_instant("2021-03-14 02:30", a_source())


def test_the_hour_that_the_clock_shows_twice_is_read_as_its_first_pass() -> None:
    assert parse_instant("2020-11-01 01:30", a_source()) == datetime(2020, 11, 1, 5, 30, tzinfo=UTC)


def test_a_day_is_no_instant() -> None:
    with pytest.raises(BadCell, match="a day without a time"):
        parse_instant("2020-09-29", a_source())


@pytest.mark.parametrize("cell", ["2020-09-29", "20200929", "2020-09-29 00:00:00", "2020-09-29T23:59:00", "1601427600"])
def test_a_day_is_the_local_day_of_the_campaign(cell: str) -> None:
    assert parse_day(cell, a_source(precision="day")) == date(2020, 9, 29)


@pytest.mark.parametrize("cell", ["", "2020-02-30", "29.09.2020", "soon", "99999999", "٢٠٢٠"])
def test_what_is_no_time_is_refused(cell: str) -> None:
    with pytest.raises(BadCell):
        parse_instant(cell, a_source())


@pytest.mark.parametrize(
    "cell",
    [
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59",
        "9999-12-31 23:59:59-12:00",
        "1899-12-31 21:00",
        "2201-01-01 21:00",
    ],
)
def test_a_placeholder_for_no_time_is_refused(cell: str) -> None:
    for zone in ("Asia/Tokyo", "America/New_York"):
        source = a_source(timezone=ZoneInfo(zone))
        for read in (parse_instant, parse_day):
            with pytest.raises(BadCell, match="the time lies outside 1900 to 2200"):
                read(cell, source)


@given(st.text("0123456789-:+TZ. ") | st.datetimes().map(str) | st.datetimes(timezones=st.timezones()).map(str))
def test_whatever_stands_in_a_cell_it_is_a_time_or_refused(cell: str) -> None:
    for read in (parse_instant, parse_day):
        with suppress(BadCell):
            assert 1899 <= read(cell, a_source()).year <= 2201  # a zone may shift the ends


def test_digits_beyond_the_declared_precision_are_not_knowledge() -> None:
    at = datetime(2020, 9, 30, 1, 17, 23, tzinfo=UTC)
    assert floor_to(at, a_source(precision="minute")) == at.replace(second=0)
    assert floor_to(at, a_source(precision="hour")) == at.replace(minute=0, second=0)


def test_a_count_is_a_whole_number_or_none() -> None:
    assert [parse_count(cell) for cell in ("", "0", "1749", "12.0")] == [None, 0, 1749, 12]
    with pytest.raises(BadCell):
        parse_count("-1")


def test_a_shape_shows_no_letter_and_no_digit() -> None:
    assert shape("Jané 06 12") == "AAAA 99 99"
