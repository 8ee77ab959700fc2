"""Dates as feeds write them, against instants worked out by hand."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.feeds.dates import read_time

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("text", "utc", "time_quality"),
    [
        ("Wed, 01 Jan 2025 20:00:00 +0100", "2025-01-01 19:00", "exact"),
        ("Wed, 01 Jan 2025 20:00:00 MET", "2025-01-01 19:00", "exact"),
        ("Wed, 01 Jan 2025 20:00:00 EST", "2025-01-02 01:00", "exact"),
        ("Wed, 01 Jan 2025 20:00:00 CET", "2025-01-01 19:00", "exact"),
        ("Wed, 02 Jul 2025 20:00:00 CEST", "2025-07-02 18:00", "exact"),
        ("Wed, 02 Jul 2025 20:00:00 BST", "2025-07-02 19:00", "exact"),
        ("Wed, 01 Jan 2025 20:00:00 UTC+1", "2025-01-01 19:00", "exact"),
        ("Wed, 01 Jan 2025 20:00:00 GMT+0100 (CET)", "2025-01-01 19:00", "exact"),
        ("Wed, 01 Jan 2025 20:00:00 -0000", "2025-01-01 20:00", "exact"),
        ("Wed, 01 Jan 2025 24:00:00 GMT", "2025-01-02 00:00", "exact"),
        ("Thu, 01 Jan 04 19:48 GMT", "2004-01-01 19:48", "exact"),
        ("Sun Jan  4 16:29:06 PST 2004", "2004-01-05 00:29", "exact"),
        ("January 1, 2025 8:00 PM EST", "2025-01-02 01:00", "exact"),
        ("2025-01-01T20:00:00.5+01:00", "2025-01-01 19:00", "exact"),
        ("20250101T200000Z", "2025-01-01 20:00", "exact"),
        ("2025-01-01 20:00:00 Europe/Paris", "2025-01-01 19:00", "exact"),
        ("1735761600", "2025-01-01 20:00", "exact"),
        ("Wed Jul 02 2025 20:00:00 GMT+0200 (heure d’été)", "2025-07-02 18:00", "exact"),
        ("12:30 AM, July 2, 2025 GMT", "2025-07-02 00:30", "exact"),
        ("Mon, 26 Jan 2026 16:31:00 ET", "2026-01-26 21:31", "exact"),
        ("Sun, 26 Jul 2026 16:31:00 ET", "2026-07-26 20:31", "exact"),
        ("Wed, 02 Jul 2025 20:00:00 Etc/GMT", "2025-07-02 20:00", "exact"),
        ("Wed, 02 Jul 2025 20:00:00 US/Eastern", "2025-07-03 00:00", "exact"),
        ("2025-07-02 20:00:00 America/Port-au-Prince", "2025-07-03 00:00", "exact"),
        ("2025-07-02 20:00:00 Etc/GMT-2", "2025-07-02 18:00", "exact"),
        ("Mon, 26 Jan 2026 16:31:00 AT", "2026-01-26 20:31", "exact"),
        ("2025-07-02 at 20:00:00 +0200", "2025-07-02 18:00", "exact"),
        ("20:00 02.07.2025 +0200", "2025-07-02 18:00", "exact"),
        ("2025-007-02T20:00:00Z", "2025-07-02 20:00", "exact"),
        ("2016-12-31T23:59:60Z", "2016-12-31 23:59", "exact"),
        ("2025-01-01T24:00:00+01:00", "2025-01-01 23:00", "exact"),
        # ISO's other forms: basic, an hour alone, unpadded, weeks, days of the year.
        ("20250101200000", "2025-01-01 19:00", "assumed_zone"),
        ("2025-01-01T20Z", "2025-01-01 20:00", "exact"),
        ("2025-7-2T8:05:00Z", "2025-07-02 08:05", "exact"),
        ("2025-W01-3T20:00:00Z", "2025-01-01 20:00", "exact"),
        ("2025W013T200000Z", "2025-01-01 20:00", "exact"),
        ("2025-001T20:00:00Z", "2025-01-01 20:00", "exact"),
        ("2025-001", "2024-12-31 23:00", "assumed_date"),
        # A month, a year or a week alone is no day.
        ("2025-01", "2024-12-31 23:00", "suspect"),
        ("2025", "2024-12-31 23:00", "suspect"),
        ("2025-W01", "2024-12-29 23:00", "suspect"),
        ("Janv. 2025", "2024-12-31 23:00", "suspect"),
        ("2025-01-01T20:00:00", "2025-01-01 19:00", "assumed_zone"),
        # The hour is none: the day stands.
        ("2025-01-01T25:00:00Z", "2024-12-31 23:00", "assumed_date"),
        ("Thu, 15 Oct 2020 20:00:00 +2500", "2020-10-15 18:00", "assumed_zone"),
        ("2025-01-01", "2024-12-31 23:00", "assumed_date"),
        # French, Spanish, German, Italian; "mar." is a Tuesday and a March.
        ("mer., 01 janv. 2025 20:00:00 +0100", "2025-01-01 19:00", "exact"),
        ("mar., 07 janv. 2025 à 20h00", "2025-01-07 19:00", "assumed_zone"),
        ("1er août 2025 20h", "2025-08-01 18:00", "assumed_zone"),
        ("miércoles, 1 de enero de 2025 20:00", "2025-01-01 19:00", "assumed_zone"),
        ("Mi, 01 Okt 2025 20:00:00 MESZ", "2025-10-01 18:00", "exact"),
        ("1. März 2025, 20.00 Uhr", "2025-03-01 19:00", "assumed_zone"),
        ("mercoledì 1 gennaio 2025, ore 20:00", "2025-01-01 19:00", "assumed_zone"),
        # Slashes: the day comes first in Europe; where both could be months, only custom says so.
        ("25/02/2025 20:00", "2025-02-25 19:00", "assumed_zone"),
        ("01/02/2025 20:00", "2025-02-01 19:00", "assumed_date"),
        ("01.02.2025 20:00", "2025-02-01 19:00", "assumed_zone"),
        # Clock changes: the skipped hour moves on, the repeated one is its first, a name settles it.
        ("2025-03-30T02:30:00", "2025-03-30 01:30", "assumed_zone"),
        ("2025-10-26T02:30:00", "2025-10-26 00:30", "assumed_zone"),
        ("2025-10-26T02:30:00 CET", "2025-10-26 01:30", "exact"),
        ("2025-10-26T02:30:00+01:00[Europe/Paris]", "2025-10-26 01:30", "exact"),
        ("2025-10-26T02:30:00[Europe/Paris]", "2025-10-26 00:30", "assumed_zone"),
    ],
)
def test_a_date_means_this_instant(text: str, utc: str, time_quality: str) -> None:
    read = read_time(text, PARIS)
    assert read.at is not None
    assert (f"{read.at:%Y-%m-%d %H:%M}", read.time_quality) == (utc, time_quality)


@pytest.mark.parametrize(
    "text", [None, "", "soon", "Thu, 31 Feb 2025 10:00:00 GMT", "99/99/9999", "2025-366", "2025-W60-1"]
)
def test_what_is_no_date_is_missing(text: str | None) -> None:
    assert read_time(text, PARIS) == (None, "missing", False)


def test_a_date_of_the_year_one_is_suspect() -> None:
    assert read_time("0001-01-01T00:00:00Z", PARIS).time_quality == "suspect"


def test_an_abbreviation_means_what_it_means_at_home() -> None:
    text = "Wed, 02 Jul 2025 20:00:00 IST"
    assert read_time(text, ZoneInfo("Asia/Kolkata")).at == datetime(2025, 7, 2, 14, 30, tzinfo=UTC)
    assert read_time(text, ZoneInfo("Europe/Dublin")).at == datetime(2025, 7, 2, 19, tzinfo=UTC)


def test_a_month_comes_first_in_the_united_states() -> None:
    assert read_time("10/07/2020 21:00", ZoneInfo("America/New_York")).at == datetime(2020, 10, 8, 1, tzinfo=UTC)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = read_time(text, PARIS)
    assert (read.at is None) == (read.time_quality == "missing")


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001
def test_rfc_822_and_iso_mean_the_same(local: datetime, hours: int) -> None:
    offset = f"{'-' if hours < 0 else '+'}{abs(hours):02d}"
    written = [f"{local:%a, %d %b %Y %H:%M:%S} {offset}00", f"{local:%Y-%m-%dT%H:%M:%S}{offset}:00"]
    first, second = (read_time(text, PARIS) for text in written)
    assert first == second
    assert first.time_quality == "exact"
