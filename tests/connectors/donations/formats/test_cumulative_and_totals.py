"""Tickers and totals: readings and spans as their files tell them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from connectors.donations.formats.cumulative import read_cumulative
from connectors.donations.formats.totals import read_totals
from connectors.donations.source import SetAside
from connectors.errors import SourceUnreadable
from connectors.records import DonationTotal, TickerReading
from tests.connectors.donations.given import a_file, a_source

TICKER = a_source(format="cumulative", candidate_id="ALL", precision="interval", timezone=None)
DAYS = a_source(format="totals", candidate_id="ALL", precision="interval", timezone=None)


def test_a_reading_is_landed_as_it_was_bogus_or_not() -> None:
    read = read_cumulative(a_file("amount,timestamp\n153000000,1601427600\n7000000000,1601428500\n"), TICKER)
    assert [
        (row.observed_at, row.total, row.line_number) for row in read.records if isinstance(row, TickerReading)
    ] == [
        (datetime(2020, 9, 30, 1, tzinfo=UTC), Decimal("153000000.00"), 2),
        (datetime(2020, 9, 30, 1, 15, tzinfo=UTC), Decimal("7000000000.00"), 3),
    ]


def test_an_empty_amount_is_set_aside() -> None:
    read = read_cumulative(a_file("observed_at,total\n2020-09-30T01:00Z,\n2020-09-30T01:15Z,5\n"), TICKER)
    assert read.set_aside == [SetAside(2, "the amount is empty")]
    assert len(read.records) == 1


def test_a_ticker_in_local_time_needs_its_zone() -> None:
    with pytest.raises(SourceUnreadable, match="Mend"):
        read_cumulative(a_file("observed_at,total\n2020-09-29 21:00,5\n"), TICKER)


def test_every_row_under_an_unknown_header_is_set_aside() -> None:
    read = read_cumulative(a_file("who,what\nJane Doe,5\nJohn Doe,6\n"), TICKER)
    reason = "the header is not one that the format cumulative knows: it has no column observed_at or total"
    assert (read.records, [row.line_number for row in read.set_aside]) == ([], [2, 3])
    assert read.set_aside[0].reason.startswith(reason)


def test_a_day_of_totals_begins_at_local_midnight_on_either_side_of_a_clock_change() -> None:
    read = read_totals(a_file(",contribution_date,sum,count\n0,2020-11-01,35189.95,1749\n1,2020-11-02,1,\n"), DAYS)
    assert [
        (row.interval_start_at, row.interval_minutes, row.amount, row.gifts)
        for row in read.records
        if isinstance(row, DonationTotal)
    ] == [
        (datetime(2020, 11, 1, 4, tzinfo=UTC), 1440, Decimal("35189.95"), 1749),
        (datetime(2020, 11, 2, 5, tzinfo=UTC), 1440, Decimal("1.00"), None),
    ]


def test_totals_by_the_hour_carry_their_offset_and_their_candidate() -> None:
    header = "interval_start_at,interval_minutes,amount,count,candidate\n"
    rows = "2020-09-29T21:00-04:00,60,10.5,2,trump\n2020-09-29T21:00-04:00,60,10.5,2,nobody\n"
    read = read_totals(a_file(header + rows), DAYS)
    assert [row.candidate_id for row in read.records] == ["trump"]
    assert read.set_aside == [SetAside(3, "the candidate is not one of the campaign's")]


def test_an_interval_that_no_report_has_is_set_aside() -> None:
    header = "interval_start_at,interval_minutes,amount\n"
    rows = [f"2020-09-30T01:00Z,{minutes},5\n" for minutes in (60, 527_040, 527_041, 999_999_999_999, 0)]
    read = read_totals(a_file(header + "".join(rows)), DAYS)
    assert [row.interval_minutes for row in read.records if isinstance(row, DonationTotal)] == [60, 527_040]
    reason = "the interval is none of 1 to 527040 minutes, which are a year"
    assert read.set_aside == [SetAside(line, reason) for line in (4, 5, 6)]


def test_sums_of_floats_are_rounded_to_the_cent_and_counted() -> None:
    read = read_totals(a_file("date,sum\n2020-11-01,35189.950000000004\n2020-11-02,0.125\n2020-11-03,7.50\n"), DAYS)
    assert [row.amount for row in read.records if isinstance(row, DonationTotal)] == [
        Decimal("35189.95"),
        Decimal("0.13"),
        Decimal("7.50"),
    ]
    assert (read.rounded, read.set_aside) == (2, [])


def test_a_sum_with_one_point_before_three_digits_may_be_thousands() -> None:
    read = read_cumulative(a_file("observed_at,total\n2020-09-30T01:00Z,12.345\n2020-09-30T02:00Z,5\n"), TICKER)
    assert read.set_aside == [SetAside(2, "the amount's point may be a decimal sign or a thousands sign")]


def test_sums_by_day_and_state_carry_the_state_and_no_person() -> None:
    source = a_source(format="totals", precision="interval", timezone=None, columns={"territory": ["Donor State"]})
    rows = "date,Donor State,sum,count\n2020-10-01,ny,500,12\n2020-10-01,Jane Doe,50,1\n"
    read = read_totals(a_file(rows), source)
    assert [(row.territory, row.gifts) for row in read.records if isinstance(row, DonationTotal)] == [
        ("NY", 12),
        (None, 1),
    ]
