"""A warehouse whose pages are broken costs a build its time, and nobody a row."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.homes import NOW, land_campaign, land_ticker, steady_totals
from tests.warehouse.published import whole_publication
from warehouse.build.run import Built, build
from warehouse.store import StoreBroken, open_store

PAGE, HEADERS, BLOCK = 4096, 3, 262_144  # of a DuckDB file


def build_at(home: Path, hour: int) -> Built:
    return build(home, NOW + timedelta(hours=hour), "test", lambda _text: None)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("built")
    land_campaign(home)
    land_ticker(home, "1.csv", steady_totals(range(24)))
    build_at(home, 0)
    return home


def cut_the_end(file: Path) -> None:
    with file.open("r+b") as pages:
        pages.truncate(file.stat().st_size * 99 // 100)


def cut_half(file: Path) -> None:
    with file.open("r+b") as pages:
        pages.truncate(file.stat().st_size // 2)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def garble_every_page_of_rows(file: Path) -> None:
    with file.open("r+b") as pages:
        for place in range(file.stat().st_size // 2, file.stat().st_size - PAGE, 8 * PAGE):
            pages.seek(place)
            pages.write(b"\x5a" * PAGE)


def garble_block(file: Path, block_id: int) -> None:
    with file.open("r+b") as blocks:
        blocks.seek(HEADERS * PAGE + block_id * BLOCK + PAGE)
        blocks.write(b"\x5a" * PAGE)


@pytest.mark.parametrize("harm", [cut_the_end, cut_half, empty, garble_every_page_of_rows])
def test_the_build_that_finds_it_makes_everything_anew(
    built: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    home, calm = (shutil.copytree(built, tmp_path / name) for name in ("home", "calm"))
    harm(home / "warehouse.duckdb")
    for each in (home, calm):
        land_ticker(each, "2.csv", steady_totals(range(24, 48)))
        assert build_at(each, 1).tables_published
    assert whole_publication(home) == whole_publication(calm)


def test_a_page_that_is_found_broken_midway_ends_with_a_warehouse_that_is_forgotten(
    built: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(built, tmp_path / "home")
    with open_store(home) as con:  # rows enough to fill blocks that hold no word of the catalog
        con.execute("CREATE TABLE raw.many AS SELECT hash(i) AS one FROM range(400000) AS r(i)")
    with open_store(home) as con:
        [(block_id,)] = con.execute(
            "SELECT max(block_id) FROM pragma_storage_info('raw.many') WHERE persistent"
        ).fetchall()
    garble_block(home / "warehouse.duckdb", block_id)
    with pytest.raises(StoreBroken, match="made anew"), open_store(home) as con:
        for schema, table in con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
            con.execute(f"SELECT sum(hash(t)) FROM {schema}.{table} AS t").fetchall()
    assert not (home / "warehouse.duckdb").exists()


def test_a_fault_of_our_own_sql_forgets_nothing(built: Path, tmp_path: Path) -> None:
    home = shutil.copytree(built, tmp_path / "home")
    with pytest.raises(duckdb.CatalogException), open_store(home) as con:
        con.execute("FROM no_such_table")
    assert (home / "warehouse.duckdb").is_file()


def test_a_landed_file_that_is_cut_short_is_not_taken_for_the_warehouse(built: Path, tmp_path: Path) -> None:
    home = shutil.copytree(built, tmp_path / "home")
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(next((home / "landing").glob("events/*.parquet")).read_bytes()[:-20])
    with pytest.raises(duckdb.Error) as error, open_store(home) as con:
        con.execute(f"FROM read_parquet('{torn}')").fetchall()
    assert not isinstance(error.value, StoreBroken)
    assert (home / "warehouse.duckdb").is_file()
