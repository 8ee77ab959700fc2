from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from warehouse.publish.reading import query_report

# 20:00 in Kolkata, half an hour off the hours of UTC.
DEBATE = datetime(2021, 3, 10, 14, 30, tzinfo=UTC)
HOURS = 3

Hours = dict[int, list[tuple[int, float | None]]]  # days before the debate -> mentions and coverage of each hour


def compared(home: Path, days: Hours, zone: str = "Asia/Kolkata", debate: datetime = DEBATE) -> dict[str, object]:
    """The line of the simple comparison for one candidate in the three hours after one debate."""
    (home / "published").mkdir()
    with duckdb.connect(home / "published" / "afterdebate.duckdb") as con:
        con.execute("CREATE SCHEMA facts; CREATE SCHEMA metrics")
        con.execute("CREATE TABLE facts.campaigns AS SELECT 'c' AS campaign_id, ? AS timezone", [zone])
        con.execute(
            """CREATE TABLE facts.events AS SELECT 'c' AS campaign_id, 'd' AS event_id, 'debate' AS event_kind,
            true AS is_held, ?::TIMESTAMPTZ AS starts_at, ['dupont'] AS participants""",
            [debate],
        )
        for table, name in (("buzz_by_interval", "source_kind"), ("donation_by_interval", "source_id")):
            con.execute(
                f"""CREATE TABLE metrics.{table} (
                campaign_id VARCHAR, candidate_id VARCHAR, {name} VARCHAR, scope VARCHAR,
                interval_minutes INTEGER, interval_start_at TIMESTAMPTZ, mentions BIGINT,
                amount DECIMAL(18, 2), currency VARCHAR, coverage DOUBLE, flags VARCHAR[])"""
            )
        for days_before, hours in days.items():
            for number, (mentions, coverage) in enumerate(hours):
                at = debate - timedelta(days=days_before) + timedelta(hours=number)
                con.execute(
                    """INSERT INTO metrics.buzz_by_interval
                    VALUES ('c', 'dupont', 'blog', 'local', 60, ?, ?, NULL, NULL, ?, [])""",
                    [at, mentions, coverage],
                )
    answer = query_report(home, "simple_comparison")
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    [row] = [row for row in rows if row["hours"] == HOURS]
    return {name: row[name] for name in ("seen", "usual", "days_used", "coverage")}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def test_a_debate_is_compared_with_the_same_hours_of_the_days_before(home: Path) -> None:
    days: Hours = {0: [(10, 1.0)] * HOURS, 1: [(1, 1.0)] * HOURS, 7: [(2, 1.0)] * HOURS}

    assert compared(home, days) == {"seen": 30, "usual": 4.5, "days_used": 2, "coverage": 1}


def test_the_eighth_day_before_is_not_used(home: Path) -> None:
    days: Hours = {0: [(10, 1.0)] * HOURS, 8: [(5, 1.0)] * HOURS}

    assert compared(home, days) == {"seen": 30, "usual": None, "days_used": 0, "coverage": 1}


def test_a_day_that_was_not_seen_whole_is_left_out(home: Path) -> None:
    days: Hours = {
        0: [(10, 1.0)] * HOURS,
        1: [(9, 1.0), (9, 1.0)],
        2: [(9, 1.0), (9, 0.5), (9, 1.0)],
        3: [(1, 1.0)] * HOURS,
    }

    assert compared(home, days) == {"seen": 30, "usual": 3, "days_used": 1, "coverage": 1}


def test_a_day_of_unknown_coverage_is_used_and_the_unknown_is_told(home: Path) -> None:
    days: Hours = {0: [(10, None)] * HOURS, 1: [(2, None)] * HOURS}

    assert compared(home, days) == {"seen": 30, "usual": 6, "days_used": 1, "coverage": None}


def test_where_nobody_looked_nothing_was_seen(home: Path) -> None:
    days: Hours = {1: [(2, 1.0)] * HOURS}

    assert compared(home, days) == {"seen": None, "usual": 6, "days_used": 1, "coverage": 0}


def test_the_clock_window_is_local_also_across_a_clock_change(home: Path) -> None:
    # 20:00 in Paris is 18:00 UTC in summer; the day before, still winter, it was 19:00 UTC.
    debate = datetime(2021, 3, 28, 18, tzinfo=UTC)
    days: Hours = {0: [(10, 1.0)] * HOURS, 1: [(99, 1.0), (1, 1.0), (1, 1.0), (1, 1.0)]}

    assert compared(home, days, "Europe/Paris", debate) == {"seen": 30, "usual": 3, "days_used": 1, "coverage": 1}
