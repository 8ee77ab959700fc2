"""What one more day costs with a long history behind it: `python -m bench.build_days [FEEDS] [DAYS] [ROWS]`.

FEEDS feeds polled four times a day for DAYS days, ROWS posts and as many gifts over the season; then one more day
lands and is built. Beside it the same day with a tenth of the history: the ratio of the two says what grows with it.
"""

import sys
import time

import duckdb

from warehouse.build.phases import build_tables
from warehouse.build.stopwatch import Stopwatch
from warehouse.store import prepare
from warehouse.tables.checks import check
from warehouse.tables.models import create_tables

STEPS_SHOWN = 10
_START = "TIMESTAMPTZ '2020-01-01 00:00:00+00'"


def main(feeds: int, days: int, rows: int) -> None:
    short = _a_day_more(feeds, days // 10, rows // 10)
    long = _a_day_more(feeds, days, rows)
    print(f"{feeds} feeds, {days} days, {rows:,} posts and as many gifts, 2 threads, DuckDB {duckdb.__version__}")
    print(f"{'seconds of':24}{'a tenth':>10}{'the whole':>11}{'ratio':>8}")
    for what in sorted(long, key=lambda what: -long[what])[:STEPS_SHOWN]:
        print(f"{what:24}{short[what]:10.2f}{long[what]:11.2f}{long[what] / short[what]:8.1f}")


def _a_day_more(feeds: int, days: int, rows: int) -> dict[str, float]:
    """Seconds of the build of the history and of the day after it, by what they were spent on."""
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        prepare(con)
        create_tables(con)
        _land_facts(con, feeds, days)
        _land_days(con, feeds=feeds, first=0, days=days, rows=rows, load_id=1)
        history = _built(con, load_id=1)
        _land_days(con, feeds=feeds, first=days, days=1, rows=max(1, rows // days), load_id=2)
        steps = _built(con, load_id=2)
    return {"the history": sum(history.values()), "a day more": sum(steps.values())} | steps


def _built(con: duckdb.DuckDBPyConnection, load_id: int) -> dict[str, float]:
    con.execute("DELETE FROM staging.this_run")
    con.execute("INSERT INTO staging.this_run VALUES (?, now(), ?, ?, '')", [f"r{load_id}", load_id - 1, load_id])
    spent: dict[str, float] = {}
    now, began = "touching", time.perf_counter()

    def tell(step: str) -> None:
        nonlocal now, began
        spent[now] = time.perf_counter() - began
        now, began = step.removeprefix("building "), time.perf_counter()

    build_tables(con, tell, Stopwatch())
    tell("checking")
    check(con)
    tell("")
    return spent


def _land_facts(con: duckdb.DuckDBPyConnection, feeds: int, days: int) -> None:
    con.execute(f"""
        INSERT INTO raw.campaigns BY NAME
        SELECT 'c' AS campaign_id, 'h' AS campaign_hash, 's' AS spec_hash, '{{}}' AS spec, 'C' AS title,
            'UTC' AS timezone, 'USD' AS currency, {_START}::DATE AS start_on,
            {_START}::DATE + {days + 1} AS end_on, 200 AS small_gift_max,
            {_START} AS landed_at, 30 AS retention_days, 1 AS load_id
    """)
    for name in ("ada", "bob"):
        con.execute("INSERT INTO raw.candidates VALUES ('c', 'h', ?, ?, 1)", [name, name])
        con.execute("INSERT INTO raw.aliases VALUES ('c', 'h', ?, ?, false, 1)", [name, name])
    source = (
        "INSERT INTO raw.sources BY NAME SELECT 'c' AS campaign_id, 'h' AS campaign_hash, 'local' AS scope,"
        " 'measured' AS coverage, false AS is_synthetic, 1 AS load_id,"
    )
    con.execute(
        f"{source} 'f' || i AS source_id, 'u' || i AS source_key, 'blog' AS source_kind FROM range(?) AS r (i)", [feeds]
    )
    con.execute(f"{source} 'x' AS source_id, 'c/x' AS source_key, 'x_archive' AS source_kind")
    con.execute(
        f"{source} 'g' AS source_id, 'c/g' AS source_key, 'donations' AS source_kind, 'ada' AS candidate_id,"
        " 'instant' AS precision, 'USD' AS currency"
    )


def _land_days(con: duckdb.DuckDBPyConnection, *, feeds: int, first: int, days: int, rows: int, load_id: int) -> None:
    span = f"{_START} + to_days({first}) + to_seconds(i * {days} * 86400 / {rows})"
    from_at, to_at = f"{_START} + to_days({first})", f"{_START} + to_days({first + days})"
    con.execute(f"""
        INSERT INTO raw.fetch_attempts BY NAME
        SELECT 'a' || f || '-' || p AS attempt_id, 'u' || f AS source_key, 'blog' AS source_kind, 'ok' AS outcome,
            {_START} + to_hours(6 * p) AS attempted_at, {_START} + to_hours(6 * p - 6) AS observed_from_at,
            {_START} + to_hours(6 * p) AS observed_to_at, 1 AS items, 1 AS requests, {load_id} AS load_id
        FROM range({feeds}) AS x (f), range({4 * first + 1}, {4 * (first + days) + 1}) AS y (p)
    """)
    con.execute(f"""
        INSERT INTO raw.posts BY NAME
        SELECT 'p{load_id}-' || i AS post_id, 'c/x' AS source_key, 'x_archive' AS source_kind,
            'k' || i % 999 AS author_key, {span} AS posted_at, 'original' AS post_type,
            'what Ada says to number ' || i AS text, {span} AS observed_at, {load_id} AS load_id
        FROM range({rows}) AS r (i)
    """)
    con.execute(f"""
        INSERT INTO raw.donations BY NAME
        SELECT 'c' AS campaign_id, 'g' AS source_id, 'file{load_id}' AS file_sha256, i AS line_number,
            'g{load_id}-' || i AS donation_id, 'ada' AS candidate_id, {span} AS occurred_at,
            ({span})::DATE AS occurred_on, 'instant' AS precision, 20 AS amount, 'USD' AS currency,
            'one_off' AS gift_kind, false AS is_memo, []::VARCHAR[] AS flags, 0 AS version, {to_at} AS known_at,
            {load_id} AS load_id
        FROM range({rows}) AS r (i)
    """)
    con.execute(f"""
        INSERT INTO raw.imported_files BY NAME
        SELECT 'c' AS campaign_id, 'g' AS source_id, 'file{load_id}' AS file_sha256, 'f.csv' AS file_name,
            {to_at} AS imported_at, {rows} AS rows_read, {rows} AS rows_landed, 0 AS rows_set_aside,
            {from_at} AS span_from_at, {to_at} AS span_to_at, {from_at} AS rows_from_at, {to_at} AS rows_to_at,
            {load_id} AS load_id
    """)


if __name__ == "__main__":
    asked = [int(value) for value in sys.argv[1:]]
    main(*(asked or [200, 365, 1_000_000]))
