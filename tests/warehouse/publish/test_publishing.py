"""What is published is what the warehouse holds, whatever was lost, broken or brought back, and the runs are whole."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.warehouse.homes import NOW, START_AT, land_campaign, land_poll, land_ticker, steady_totals
from tests.warehouse.published import run_list, runs_in_rows, whole_parquet, whole_publication
from warehouse.build.run import Built, build
from warehouse.landing.files import landed_files
from warehouse.publish.publishing import published_file, tables_to_publish

LOADS = 3
EVERY_TABLE = sorted(tables_to_publish())


@dataclass(frozen=True)
class Past:
    """A home of several loads, a copy of it as it stood before the last, and what it must publish."""

    home: Path
    before: Path
    publication: dict[str, list[str]]


def build_at(home: Path, hour: int) -> Built:
    return build(home, NOW + timedelta(hours=hour), "test", lambda _text: None)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    home, before = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("copy") / "before"
    land_campaign(home)
    land_ticker(home, "first.csv", steady_totals(range(24)))
    build_at(home, 1)
    land_poll(home, START_AT + timedelta(hours=2), START_AT, {"Ada speaks": START_AT + timedelta(minutes=30)})
    build_at(home, 2)
    shutil.copytree(home, before)
    land_ticker(home, "second.csv", steady_totals(range(24, 48)))
    build_at(home, 3)
    return Past(home, before, published_afresh(home, tmp_path_factory.mktemp("fresh")))


def published_afresh(home: Path, fresh: Path) -> dict[str, list[str]]:
    """What a home that never built before publishes of the same landing zone."""
    shutil.copytree(home / "landing", fresh / "landing")
    build_at(fresh, 9)
    return whole_publication(fresh)


@pytest.fixture
def home(past: Past, tmp_path: Path) -> Path:
    return Path(shutil.copytree(past.home, tmp_path / "home"))


def assert_whole(home: Path, publication: dict[str, list[str]]) -> None:
    assert whole_publication(home) == publication
    assert whole_parquet(home) == publication
    assert runs_in_rows(home) <= set(run_list(home))
    assert len(run_list(home)) == len(set(run_list(home)))
    assert not list((home / "published").glob(".*"))


def test_what_several_loads_publish_is_what_one_load_of_all_publishes(home: Path, past: Past) -> None:
    assert_whole(home, past.publication)
    assert len(run_list(home)) == LOADS
    assert build_at(home, 4).tables_published == []


def test_a_lost_warehouse_publishes_every_table_and_keeps_the_runs(home: Path, past: Past) -> None:
    known = run_list(home)
    (home / "warehouse.duckdb").unlink()
    assert sorted(build_at(home, 4).tables_published) == EVERY_TABLE
    assert_whole(home, past.publication)
    assert [run for run in run_list(home) if run in known] == known
    assert len(run_list(home)) == LOADS + 1
    assert build_at(home, 5).tables_published == []


def test_what_landed_after_the_warehouse_was_lost_is_published(home: Path, tmp_path: Path) -> None:
    (home / "warehouse.duckdb").unlink()
    land_ticker(home, "third.csv", steady_totals(range(48, 60)))
    build_at(home, 4)
    assert_whole(home, published_afresh(home, tmp_path / "fresh"))


def test_a_warehouse_made_anew_in_the_second_of_the_build_before_has_a_run_of_its_own(home: Path, past: Past) -> None:
    (home / "warehouse.duckdb").unlink()
    assert sorted(build_at(home, LOADS).tables_published) == EVERY_TABLE
    assert_whole(home, past.publication)
    assert len(run_list(home)) == LOADS + 1


def test_rows_that_went_from_the_landing_zone_are_not_published_any_more(home: Path, past: Past) -> None:
    """As after an erasure: the published file keeps nothing of the warehouse before."""
    for path in landed_files(home, "entries"):
        path.unlink()
    (home / "warehouse.duckdb").unlink()
    build_at(home, 4)
    assert whole_publication(home) != past.publication
    assert b"Ada speaks" not in published_file(home).read_bytes()
    assert whole_parquet(home) == whole_publication(home)


def test_a_warehouse_that_was_brought_back_from_before_publishes_what_it_makes(home: Path, past: Past) -> None:
    known = run_list(home)
    shutil.copyfile(past.before / "warehouse.duckdb", home / "warehouse.duckdb")
    build_at(home, 4)
    assert_whole(home, past.publication)
    assert run_list(home)[:LOADS] == known


def test_a_publication_that_was_brought_back_from_before_is_made_up_to_date(home: Path, past: Past) -> None:
    shutil.rmtree(home / "published")
    shutil.copytree(past.before / "published", home / "published")
    assert build_at(home, 4).run_id is None
    assert_whole(home, past.publication)
    assert len(run_list(home)) == LOADS


def test_a_lost_publication_comes_back_with_its_runs(home: Path, past: Past) -> None:
    shutil.rmtree(home / "published")
    assert sorted(build_at(home, 4).tables_published) == EVERY_TABLE
    assert_whole(home, past.publication)
    assert len(run_list(home)) == LOADS


@pytest.mark.parametrize(
    "lost", [["afterdebate.duckdb"], ["runs.parquet"], ["manifest.json"], ["afterdebate.duckdb", "manifest.json"]]
)
def test_one_copy_of_the_runs_is_enough_where_the_warehouse_is_lost_too(
    home: Path, past: Past, lost: list[str]
) -> None:
    known = run_list(home)
    for name in ["warehouse.duckdb", *(f"published/{name}" for name in lost)]:
        (home / name).unlink()
    build_at(home, 4)
    assert_whole(home, past.publication)
    assert run_list(home)[:LOADS] == known


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def overwrite(path: Path) -> None:
    path.write_text("no table at all")


@pytest.mark.parametrize("harm", [Path.unlink, cut, flip_a_bit])
def test_a_published_table_that_is_lost_or_broken_is_mended_by_a_build_without_news(
    home: Path, past: Past, harm: Callable[[Path], None]
) -> None:
    harm(home / "published" / "coverage.parquet")
    assert build_at(home, 4).tables_published == ["metrics.coverage"]
    assert_whole(home, past.publication)


@pytest.mark.parametrize("harm", [Path.unlink, flip_a_bit, overwrite])
@pytest.mark.parametrize("name", ["afterdebate.duckdb", "manifest.json"])
def test_a_published_database_that_is_lost_or_broken_is_made_anew(
    home: Path, past: Past, name: str, harm: Callable[[Path], None]
) -> None:
    harm(home / "published" / name)
    assert build_at(home, 4).run_id is None
    assert_whole(home, past.publication)
    assert len(run_list(home)) == LOADS


def test_a_crash_between_the_files_and_the_manifest_is_mended(home: Path, past: Past) -> None:
    """The files are those of the last build, the manifest that of the one before."""
    shutil.copyfile(past.before / "published" / "manifest.json", home / "published" / "manifest.json")
    build_at(home, 4)
    assert_whole(home, past.publication)


def test_a_crash_between_the_files_and_the_database_is_mended_even_if_the_warehouse_goes_then(
    home: Path, past: Past
) -> None:
    known = run_list(home)
    for name in ("afterdebate.duckdb", "manifest.json"):
        shutil.copyfile(past.before / "published" / name, home / "published" / name)
    (home / "warehouse.duckdb").unlink()
    build_at(home, 4)
    assert_whole(home, past.publication)
    assert run_list(home)[:LOADS] == known


def test_the_file_of_a_table_that_is_no_more_goes_and_a_file_of_somebody_else_stays(home: Path, past: Past) -> None:
    folder = home / "published"
    for name in ("a_table_of_before.parquet", "a_reader's_own.parquet"):
        shutil.copyfile(folder / "coverage.parquet", folder / name)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["a_table_of_before.parquet"] = "of another version"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    land_ticker(home, "third.csv", steady_totals(range(48, 60)))
    build_at(home, 4)
    assert not (folder / "a_table_of_before.parquet").exists()
    assert (folder / "a_reader's_own.parquet").exists()
