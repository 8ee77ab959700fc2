"""Whatever lands in whatever order: many small builds make the tables that one build from scratch makes.

Six histories in the suite, always the same; to look at others for as long as you like:
`AFTERDEBATE_TEST_HISTORIES=300 pytest tests/warehouse/tables/test_increments.py`.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.warehouse.histories import History
from warehouse.build.phases import build_tables
from warehouse.build.stopwatch import Stopwatch
from warehouse.landing.files import Record, arrow_table
from warehouse.store import prepare
from warehouse.tables.checks import check
from warehouse.tables.models import create_tables, models

_ASKED = os.environ.get("AFTERDEBATE_TEST_HISTORIES")
_ESTIMATED = ["staging.baselines", "metrics.debate_buzz_effect", "metrics.debate_donation_effect"]
_COMPARED = [model.name for model in models() if not model.is_definition] + _ESTIMATED


@pytest.fixture(scope="module")
def stores() -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
    with duckdb.connect() as by_and_by, duckdb.connect() as at_once:
        for con in (by_and_by, at_once):
            con.execute("SET threads = 1")
            prepare(con)
            create_tables(con)
        yield by_and_by, at_once


@settings(
    max_examples=int(_ASKED or 6),
    derandomize=_ASKED is None,
    database=None,
    deadline=None,
    # A history that fails is shown as it is: each step of shrinking it costs several builds.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_many_small_builds_make_what_one_build_makes(
    stores: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection], data: st.DataObject
) -> None:
    by_and_by, at_once = stores
    history = History(draw=data.draw)
    landed: list[Record] = []
    with _rolled_back(by_and_by), _rolled_back(at_once):
        for number in range(2 + history.below(3)):
            batch = history.batch(number)
            landed += batch
            _load(by_and_by, batch, load_id=number + 1)
            _build(by_and_by, load_id=number + 1)
        _load(at_once, landed, load_id=1)
        _build(at_once, load_id=1)
        assert {name: rows for name in _COMPARED if (rows := _differing(by_and_by, at_once, name))} == {}


@contextmanager
def _rolled_back(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    con.execute("BEGIN")
    try:
        yield
    finally:
        con.execute("ROLLBACK")


def _load(con: duckdb.DuckDBPyConnection, records: list[Record], load_id: int) -> None:
    by_type: dict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        by_type[type(record)].append(record)
    for kind, of_a_kind in by_type.items():
        rows = arrow_table(kind, of_a_kind)
        con.register("landed_rows", rows)
        con.execute(f"INSERT INTO raw.{kind.TABLE} BY NAME SELECT DISTINCT *, {load_id} AS load_id FROM landed_rows")
        con.unregister("landed_rows")


def _build(con: duckdb.DuckDBPyConnection, load_id: int) -> None:
    con.execute("DELETE FROM staging.this_run")
    con.execute("INSERT INTO staging.this_run VALUES (?, now(), ?, ?, '')", [f"r{load_id}", load_id - 1, load_id])
    build_tables(con, lambda _text: None, Stopwatch())
    check(con)


def _differing(by_and_by: duckdb.DuckDBPyConnection, at_once: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    columns = [
        # The order in which seconds are added up is DuckDB's affair.
        f"round({name}, 9) AS {name}" if kind == "DOUBLE" else name
        for name, kind, *_ in at_once.execute(f"DESCRIBE {table}").fetchall()
        if name != "run_id"
    ]
    select = f"SELECT {', '.join(columns)} FROM {table} ORDER BY ALL"
    found, wanted = (con.execute(select).fetchall() for con in (by_and_by, at_once))
    too_many = [f"by and by: {row}" for row in found if row not in wanted][:4]
    missing = [f"at once: {row}" for row in wanted if row not in found][:4]
    return too_many + missing or ([] if found == wanted else [f"{len(found)} rows for {len(wanted)}"])
