"""Tables that are filled by hands other than SQL: the rows of the touched campaigns are replaced."""

from collections.abc import Iterable, Mapping

import duckdb
import pyarrow as pa

Row = Mapping[str, object]  # by column, without run_id


def fill_table(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Row]) -> str:
    """Replace the rows of the touched campaigns; columns by name, `run_id` added; returns the table's name."""
    con.execute(f"DELETE FROM {table} WHERE campaign_id IN (SELECT campaign_id FROM staging.touched_days)")
    found = [dict(row) for row in rows]
    if found:
        con.register("filled", pa.Table.from_pylist(found))
        con.execute(
            f"INSERT INTO {table} BY NAME SELECT f.*, r.run_id FROM filled AS f CROSS JOIN staging.this_run AS r"
        )
        con.unregister("filled")
    return table
