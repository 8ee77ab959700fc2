"""A record and its raw table are one thing told twice: same fields, same order, same types."""

import duckdb
import pyarrow as pa
import pytest

from connectors import records
from warehouse.landing.files import Record, arrow_schema
from warehouse.sql_files import table_files
from warehouse.store import prepare

_RECORDS: list[type[Record]] = [kind for kind in vars(records).values() if hasattr(kind, "TABLE")]


@pytest.mark.parametrize("kind", _RECORDS, ids=lambda kind: kind.__name__)
def test_a_record_has_the_fields_that_its_raw_table_has_columns(kind: type[Record]) -> None:
    fields = {field.name: (_duckdb_type(field.type), not field.nullable) for field in arrow_schema(kind)}
    assert fields | {"load_id": ("BIGINT", True)} == _columns(kind.TABLE)


def test_every_raw_table_is_of_a_record_or_of_the_loader() -> None:
    assert {path.stem for path in table_files("raw")} - {kind.TABLE for kind in _RECORDS} == {"landed_files"}


def _columns(table: str) -> dict[str, tuple[str, bool]]:
    with duckdb.connect() as con:
        prepare(con)
        rows = con.execute(
            "SELECT column_name, data_type, NOT is_nullable FROM duckdb_columns()"
            " WHERE schema_name = 'raw' AND table_name = ? ORDER BY column_index",
            [table],
        ).fetchall()
    return {name: (kind, is_needed) for name, kind, is_needed in rows}


def _duckdb_type(kind: pa.DataType) -> str:
    with duckdb.connect() as con:
        con.register("rows", pa.table({"value": pa.array([], type=kind)}))
        [name] = con.execute("SELECT column_type FROM (DESCRIBE rows)").fetchone() or ("",)
    return str(name)
