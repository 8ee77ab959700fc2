"""When an entry appeared: the date that was seen first, whatever its feed makes of it later."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from connectors.records import Entry, TimeQuality
from warehouse.landing.files import arrow_table
from warehouse.sql_files import statement_of
from warehouse.store import prepare
from warehouse.tables.models import create_tables, models

START = datetime(2026, 9, 24, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        prepare(con)
        create_tables(con)
        yield con


def version(
    fetched: float,
    published: float | None,
    title: str = "T",
    *,
    entry_id: str = "e",
    feed: str = "a",
    quality: TimeQuality | None = None,
) -> Entry:
    """An entry as it stood at an hour, with the hour that it then claimed."""
    return Entry(
        entry_id=entry_id,
        feed_url=feed,
        guid=None,
        link=None,
        title=title,
        author=None,
        summary="",
        published_at=None if published is None else START + published * HOUR,
        updated_at=None,
        time_quality=quality or ("missing" if published is None else "exact"),
        fetched_at=START + fetched * HOUR,
    )


def times(con: duckdb.DuckDBPyConnection, *versions: Entry) -> list[tuple[str, float | None, str]]:
    """Title, hour and quality of each entry, by its id."""
    con.execute("DELETE FROM raw.entries")
    con.register("landed_rows", arrow_table(Entry, versions))
    con.execute("INSERT INTO raw.entries BY NAME SELECT *, 1 AS load_id FROM landed_rows")
    con.execute("DELETE FROM staging.touched_entries")
    con.execute("INSERT INTO staging.touched_entries SELECT DISTINCT entry_id FROM raw.entries")
    [model] = [model for model in models() if model.name == "staging.entries"]
    hours = "date_diff('minute', TIMESTAMPTZ '2026-09-24 00:00:00+00', published_at) / 60"
    return con.execute(
        f"SELECT title, {hours}, time_quality FROM ({statement_of(model.path)}) ORDER BY entry_id"
    ).fetchall()


def test_an_edit_moves_no_article(con: duckdb.DuckDBPyConnection) -> None:
    """Ten articles of a feed that says only when it changed; a slip in each is mended at hour 61."""
    ids = [f"e{n}" for n in range(10)]
    first = [version(n + 1.5, n + 1, "Ada speeks", entry_id=one) for n, one in enumerate(ids)]
    edited = [version(62, 61, "Ada speaks", entry_id=one) for one in ids]
    assert times(con, *first, *edited) == [("Ada speaks", n + 1, "exact") for n in range(10)]


def test_the_order_in_which_versions_land_changes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    told = [version(2, 1, "first"), version(9, 8, "second"), version(70, 61, "third")]
    assert times(con, *told) == times(con, *told[::-1]) == [("third", 1, "exact")]


def test_a_date_that_comes_after_the_entry_must_lie_before_its_first_sight(con: duckdb.DuckDBPyConnection) -> None:
    assert times(con, version(5, None), version(9, 4)) == [("T", 4, "exact")]
    assert times(con, version(5, None), version(9, 8)) == [("T", 8, "suspect")]


def test_clocks_differ_by_minutes(con: duckdb.DuckDBPyConnection) -> None:
    assert times(con, version(5, 5.1)) == [("T", 5.1, "exact")]
    assert times(con, version(5, 5.2)) == [("T", 5.2, "suspect")]


def test_a_first_date_that_cannot_be_believed_is_not_mended_by_a_later_one(con: duckdb.DuckDBPyConnection) -> None:
    assert times(con, version(5, 300, quality="suspect"), version(9, 4)) == [("T", 300, "suspect")]


def test_an_article_without_any_date_is_missing_one(con: duckdb.DuckDBPyConnection) -> None:
    assert times(con, version(5, None), version(9, None, "U")) == [("U", None, "missing")]


def test_the_feed_that_had_an_article_first_says_when(con: duckdb.DuckDBPyConnection) -> None:
    told = [version(5, 4, "A"), version(6, 5, "B", feed="b"), version(70, 61, "A2"), version(71, 62, "B2", feed="b")]
    assert times(con, *told) == [("A2", 4, "exact")]
