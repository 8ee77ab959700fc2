"""A database in which every table exists and is empty."""

from collections.abc import Iterator

import duckdb
import pytest

from warehouse.store import prepare
from warehouse.tables.models import create_tables


@pytest.fixture(scope="session")
def empty_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        prepare(con)
        create_tables(con)
        yield con


@pytest.fixture
def con(empty_warehouse: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The empty warehouse; whatever a test puts in is rolled back."""
    empty_warehouse.execute("BEGIN")
    yield empty_warehouse
    empty_warehouse.execute("ROLLBACK")
