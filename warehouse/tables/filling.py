"""Tables that are filled by hands other than SQL: the rows of some campaigns are replaced."""

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import pyarrow as pa

Row = Mapping[str, object]  # by column, without run_id


def fill_table(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Row], campaigns: Sequence[str]) -> None:
    """Put the rows in the place of those of the campaigns; columns by name, `run_id` added."""
    con.execute(f"DELETE FROM {table} WHERE list_contains(?, campaign_id)", [list(campaigns)])
    found = [dict(row) for row in rows]
    if found:
        con.register("filled", pa.Table.from_pylist(found))
        con.execute(
            f"INSERT INTO {table} BY NAME SELECT f.*, r.run_id FROM filled AS f CROSS JOIN staging.this_run AS r"
        )
        con.unregister("filled")
