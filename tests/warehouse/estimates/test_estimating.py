"""Estimates in the store: what a made-up season with a known jump comes out as, in baselines and effect tables."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from warehouse.estimates.estimating import estimate
from warehouse.store import prepare
from warehouse.tables.models import create_tables

SEASON_AT = datetime(2020, 9, 1, tzinfo=UTC)
HOURS = 45 * 24
DEBATE_AT = datetime(2020, 9, 24, 20, tzinfo=UTC)
CANCELLED_AT = datetime(2020, 10, 6, 20, tzinfo=UTC)


def season(lift: float, coverage: Callable[[int], float | None]) -> pa.Table:
    """45 days of hourly amounts around 1000 with a daily rhythm; `lift` times as much in the three debate hours."""
    noise = np.random.default_rng(20201007).gamma(50, 1 / 50, HOURS)
    hours = np.arange(HOURS)
    amounts = 1000 * (1 + 0.5 * np.sin(2 * np.pi * hours / 24)) * noise
    debate = int((DEBATE_AT - SEASON_AT) / timedelta(hours=1))
    amounts[debate : debate + 3] *= lift
    rows = [
        {
            "campaign_id": "us",
            "local_on": (SEASON_AT + timedelta(hours=int(hour))).date(),
            "outcome": "amount",
            "source_kind": "donations",
            "scope": "",
            "source_id": "ticker",
            "precision": "interval",
            "candidate_id": "ALL",
            "interval_minutes": 60,
            "interval_start_at": SEASON_AT + timedelta(hours=int(hour)),
            "value": float(amounts[hour]),
            "coverage": coverage(int(hour)),
            "is_synthetic": False,
        }
        for hour in hours
    ]
    return pa.Table.from_pylist(rows)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    prepare(con)
    create_tables(con)
    con.execute("INSERT INTO staging.this_run VALUES ('a-run', now(), 0, 1, '')")
    con.execute("INSERT INTO staging.touched_days VALUES ('us', DATE '2020-09-24')")
    con.execute("INSERT INTO staging.campaigns BY NAME SELECT 'us' AS campaign_id, 'UTC' AS timezone, '{}' AS spec")
    con.execute("INSERT INTO staging.days BY NAME SELECT 'us' AS campaign_id, DATE '2020-09-24' AS local_on")
    for event_id, start_at, is_held in [("debate", DEBATE_AT, True), ("cancelled", CANCELLED_AT, False)]:
        con.execute(
            """INSERT INTO staging.events BY NAME SELECT 'us' AS campaign_id, ? AS event_id, 'debate' AS event_kind,
            ?::DATE AS starts_on, ?::TIMESTAMPTZ AS starts_at, []::VARCHAR[] AS participants, ? AS is_held""",
            [event_id, start_at.date(), start_at, is_held],
        )
    return con


def effects(con: duckdb.DuckDBPyConnection, series: pa.Table) -> dict[tuple[str, int], dict[str, Any]]:
    con.register("season", series)
    con.execute("INSERT INTO staging.effect_series BY NAME FROM season")
    estimate(con, lambda _text: None)
    found = con.execute("FROM metrics.debate_donation_effect").to_arrow_table().to_pylist()
    return {(row["event_id"], row["horizon_minutes"]): row for row in found}


def test_a_threefold_debate_is_found_and_a_cancelled_one_is_not(con: duckdb.DuckDBPyConnection) -> None:
    found = effects(con, season(3.0, lambda _hour: 1.0))
    debate, cancelled = found["debate", 180], found["cancelled", 180]
    assert (debate["status"], debate["verdict"], debate["event_kind"]) == ("ok", "effect", "debate")
    assert debate["rr_low"] < 3 < debate["rr_high"]
    assert debate["excess"] == pytest.approx(debate["observed"] - debate["expected"])
    assert (debate["window_start_at"], debate["window_end_at"]) == (DEBATE_AT, DEBATE_AT + timedelta(hours=3))
    assert cancelled["verdict"] != "effect"
    assert "not_held" in cancelled["flags"]
    # A control is in no family of tests.
    assert (debate["q_bh"] is not None, cancelled["q_bh"]) == (True, None)


def test_an_hour_is_expected_to_be_what_the_season_says(con: duckdb.DuckDBPyConnection) -> None:
    effects(con, season(3.0, lambda _hour: 1.0))
    [(expected, status)] = con.execute(
        "SELECT expected, status FROM staging.baselines WHERE interval_minutes = 60 AND interval_start_at = ?",
        [DEBATE_AT],
    ).fetchall()
    # At 20:00 the made-up rhythm stands at 1 + 0.5 sin(300 degrees) = 0.567 thousand.
    assert (expected, status) == (pytest.approx(567, rel=0.15), "ok")


def test_unknown_coverage_gives_the_count_and_no_estimate(con: duckdb.DuckDBPyConnection) -> None:
    series = season(3.0, lambda _hour: None)
    row = effects(con, series)["debate", 180]
    assert (row["status"], row["rr"], row["coverage"]) == ("insufficient_coverage", None, None)
    assert row["observed"] > 0
    assert con.execute("SELECT DISTINCT expected, status FROM staging.baselines").fetchall() == [
        (None, "insufficient_history")
    ]


def test_a_night_that_nobody_saw_is_no_count_and_no_estimate(con: duckdb.DuckDBPyConnection) -> None:
    debate = int((DEBATE_AT - SEASON_AT) / timedelta(hours=1))
    row = effects(con, season(3.0, lambda hour: 0.0 if debate <= hour < debate + 3 else 1.0))["debate", 180]
    assert (row["status"], row["observed"], row["rr"]) == ("insufficient_coverage", None, None)
    assert row["coverage"] == 0


def test_a_campaign_that_was_not_touched_is_not_estimated_again(con: duckdb.DuckDBPyConnection) -> None:
    effects(con, season(3.0, lambda _hour: 1.0))
    con.execute("DELETE FROM staging.touched_days")
    assert estimate(con, lambda _text: None) == set()
    assert con.execute("SELECT count(*) > 0 FROM metrics.debate_donation_effect").fetchone() == (True,)


def test_only_a_source_whose_series_changed_is_estimated_anew(con: duckdb.DuckDBPyConnection) -> None:
    series = season(3.0, lambda _hour: 1.0)
    other = series.set_column(series.column_names.index("source_id"), "source_id", [["another"] * series.num_rows])
    effects(con, pa.concat_tables([series, other]))
    con.execute("UPDATE staging.this_run SET run_id = 'b-run'")
    con.execute("UPDATE staging.effect_series SET value = value + 1 WHERE source_id = 'another' AND value > 1000")
    estimate(con, lambda _text: None)
    by_run = con.execute("SELECT DISTINCT source_id, run_id FROM metrics.debate_donation_effect ORDER BY ALL")
    assert by_run.fetchall() == [("another", "b-run"), ("ticker", "a-run")]


def test_what_is_left_as_it_stands_is_what_an_estimate_from_scratch_gives(con: duckdb.DuckDBPyConnection) -> None:
    series = season(3.0, lambda _hour: 1.0)
    other = series.set_column(series.column_names.index("source_id"), "source_id", [["another"] * series.num_rows])
    effects(con, pa.concat_tables([series, other]))
    con.execute("UPDATE staging.effect_series SET value = value + 1 WHERE source_id = 'another' AND value > 1000")
    estimate(con, lambda _text: None)
    tables = ("metrics.debate_donation_effect", "staging.baselines")
    by_and_by = [sorted(map(repr, con.execute(f"FROM {table}").fetchall())) for table in tables]
    for table in (*tables, "staging.estimated_inputs"):
        con.execute(f"DELETE FROM {table}")
    estimate(con, lambda _text: None)
    assert [sorted(map(repr, con.execute(f"FROM {table}").fetchall())) for table in tables] == by_and_by


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staging.events SET starts_at = starts_at + INTERVAL 1 HOUR WHERE event_id = 'debate'",
        "UPDATE staging.campaigns SET spec = '{\"horizons\": [180]}'",
        "DELETE FROM staging.effect_series",
    ],
)
def test_another_event_another_analysis_or_a_source_that_left_estimates_anew(
    con: duckdb.DuckDBPyConnection, change: str
) -> None:
    effects(con, season(3.0, lambda _hour: 1.0))
    con.execute("UPDATE staging.this_run SET run_id = 'b-run'")
    con.execute(change)
    estimate(con, lambda _text: None)
    assert con.execute("SELECT count(*) FROM metrics.debate_donation_effect WHERE run_id = 'a-run'").fetchone() == (0,)


def test_sizes_of_gifts_that_come_in_equal_pairs_estimate_anew(con: duckdb.DuckDBPyConnection) -> None:
    sizes = """INSERT INTO staging.gift_sizes BY NAME SELECT 'us' AS campaign_id, 'ticker' AS source_id,
        'ALL' AS candidate_id, 60 AS interval_minutes, 0 AS anchor_minutes, now() AS interval_start_at,
        3.0 AS gifts, ? AS capped_amount FROM range(?)"""
    con.execute(sizes, [70.0, 1])
    effects(con, season(3.0, lambda _hour: 1.0))
    con.execute("UPDATE staging.this_run SET run_id = 'b-run'")
    con.execute(sizes, [80.0, 2])
    estimate(con, lambda _text: None)
    assert con.execute("SELECT DISTINCT run_id FROM metrics.debate_donation_effect").fetchall() == [("b-run",)]


def test_a_day_in_which_a_query_changed_is_expected_once_and_says_why_not(con: duckdb.DuckDBPyConnection) -> None:
    broke_at = SEASON_AT + timedelta(days=20, hours=15)
    con.execute(
        "INSERT INTO staging.series_breaks BY NAME SELECT 'us' AS campaign_id, 'x_counts' AS source_kind,"
        " NULL AS source_id, ?::TIMESTAMPTZ AS broke_at, 'query changed' AS what",
        [broke_at],
    )
    con.register("counts", season(3.0, lambda _hour: 1.0))
    con.execute("""INSERT INTO staging.effect_series BY NAME
        SELECT * REPLACE ('mentions' AS outcome, 'x_counts' AS source_kind, '' AS source_id, '' AS precision)
        FROM counts""")
    estimate(con, lambda _text: None)
    days = con.execute(
        """SELECT interval_start_at, count(*), any_value(status), any_value(expected) FROM staging.baselines
        WHERE interval_minutes = 1440 GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    assert [rows for _, rows, _, _ in days] == [1] * 45
    told = {start_at: (status, expected is None) for start_at, _, status, expected in days}
    midnight = SEASON_AT + timedelta(days=20)
    assert told[midnight] == ("series_break", True)
    assert told[midnight + timedelta(days=1)][0] != "series_break"


def test_a_query_that_changed_at_midnight_leaves_every_day_whole(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "INSERT INTO staging.series_breaks BY NAME SELECT 'us' AS campaign_id, 'donations' AS source_kind,"
        " NULL AS source_id, ?::TIMESTAMPTZ AS broke_at, 'another form' AS what",
        [SEASON_AT + timedelta(days=20)],
    )
    effects(con, season(3.0, lambda _hour: 1.0))
    found = con.execute("SELECT DISTINCT status FROM staging.baselines WHERE interval_minutes = 1440").fetchall()
    assert ("series_break",) not in found
