"""The warehouse of an earlier version is opened as it is, and lacks nothing."""

from pathlib import Path

from warehouse.store import open_store


def test_a_raw_table_of_an_earlier_version_gets_the_columns_that_came_since(tmp_path: Path) -> None:
    with open_store(tmp_path) as con:
        con.execute("ALTER TABLE raw.sources DROP COLUMN summed_as")
    with open_store(tmp_path) as con:
        columns = dict(con.execute("SELECT column_name, column_type FROM (DESCRIBE raw.sources)").fetchall())
    assert columns["summed_as"] == "VARCHAR"
