"""The data package says of every published table what the database says, and is valid by the standard's own library."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from frictionless import Package

from tests.demo_run import Demo
from tests.warehouse.homes import NOW, land_campaign, land_ticker, steady_totals
from warehouse.build.run import build
from warehouse.publish.datapackage import PACKAGE
from warehouse.publish.manifest import file_hash, read_manifest
from warehouse.publish.publishing import published_file, tables_to_publish
from warehouse.publish.units import unit_of

NUMBERS = {"integer", "number"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    land_campaign(tmp_path)
    land_ticker(tmp_path, "first.csv", steady_totals(range(24)))
    build_again(tmp_path)
    return tmp_path


def build_again(home: Path) -> list[str]:
    return build(home, NOW, "test", lambda _text: None).tables_published


def package_of(home: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((home / "published" / PACKAGE).read_text(encoding="utf-8"))
    return told


def tables_of(home: Path) -> list[dict[str, Any]]:
    return [resource for resource in package_of(home)["resources"] if resource.get("type") == "table"]


def test_the_standards_own_library_finds_no_fault(demo: Demo) -> None:
    report = Package.validate_descriptor(package_of(demo.home))
    assert report.flatten(["type", "note"]) == []


def test_the_library_would_find_a_fault(demo: Demo) -> None:
    package = package_of(demo.home)
    package["resources"][0]["schema"]["fields"][0]["type"] = "no such type"
    assert not Package.validate_descriptor(package).valid


def test_every_published_table_stands_in_it_with_every_column(demo: Demo) -> None:
    with duckdb.connect(published_file(demo.home), read_only=True) as con:
        columns = con.execute(
            "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
            " WHERE NOT internal GROUP BY 1"
        ).fetchall()
    [database] = [one for one in package_of(demo.home)["resources"] if one["name"] == "database"]
    told = {one["title"]: [field["name"] for field in one["schema"]["fields"]] for one in tables_of(demo.home)}
    told |= {one["name"]: [field["name"] for field in one["fields"]] for one in database["holds_besides"]}
    assert told == dict(columns)
    assert {one["name"] for one in tables_of(demo.home)} == {name.partition(".")[2] for name in tables_to_publish()}


def test_only_texts_are_told_to_be_texts(demo: Demo) -> None:
    kinds = {
        (table, column): kind
        for table, column, kind in demo.rows("SELECT table_name, column_name, data_type FROM duckdb_columns()")
    }
    texts = [
        (t["name"], f["name"]) for t in tables_of(demo.home) for f in t["schema"]["fields"] if f["type"] == "string"
    ]
    assert {kinds[place] for place in texts} == {"VARCHAR"}


def test_every_column_is_described_and_every_number_has_its_unit(demo: Demo) -> None:
    fields = [(one["name"], field) for one in tables_of(demo.home) for field in one["schema"]["fields"]]
    assert [(table, field["name"]) for table, field in fields if not field.get("description")] == []
    assert [(table, f["name"]) for table, f in fields if f["type"] in NUMBERS and not f.get("unit")] == []


@pytest.mark.parametrize(
    ("table", "column", "kind", "unit"),
    [
        ("coverage", "observed", "BIGINT", "second"),
        ("debate_buzz_effect", "observed", "DOUBLE", "mention"),
        ("share_of_voice", "change", "DOUBLE", "difference of log odds"),
        ("buzz_decay", "ci_low", "DOUBLE", "hour"),
        ("coverage", "interval_start_at", "TIMESTAMP WITH TIME ZONE", "UTC"),
        ("coverage", "local_on", "DATE", "local day"),
        ("coverage", "flags", "VARCHAR[]", None),
    ],
)
def test_a_name_means_one_unit_but_where_a_table_says_other(
    table: str, column: str, kind: str, unit: str | None
) -> None:
    assert unit_of(table, column, kind) == unit


def test_every_key_is_one_in_the_files_themselves(demo: Demo) -> None:
    for table in tables_of(demo.home):
        schema = table["schema"]
        [key] = schema.get("uniqueKeys", [schema.get("primaryKey")])
        file, columns = demo.home / "published" / table["path"], ", ".join(key)
        twice = demo.rows(f"SELECT {columns} FROM '{file}' GROUP BY ALL HAVING count(*) > 1")
        assert (table["name"], twice) == (table["name"], [])
        if "primaryKey" in schema:
            empty = demo.rows(f"SELECT * FROM '{file}' WHERE {' IS NULL OR '.join(key)} IS NULL")
            assert (table["name"], empty) == (table["name"], [])


def test_what_refers_to_another_table_is_found_there(demo: Demo) -> None:
    paths = {one["name"]: demo.home / "published" / one["path"] for one in tables_of(demo.home)}
    followed = 0
    for table in tables_of(demo.home):
        for key in table["schema"]["foreignKeys"]:
            columns, target = key["fields"], key["reference"]["resource"]
            filled = " AND ".join(f"{column} IS NOT NULL" for column in columns)
            lost = demo.rows(
                f"SELECT DISTINCT {', '.join(columns)} FROM '{paths[table['name']]}'"
                f" ANTI JOIN '{paths[target]}' USING ({', '.join(columns)}) WHERE {filled}"
            )
            assert (table["name"], target, lost) == (table["name"], target, [])
            followed += 1
    assert followed > len(paths)


def test_it_names_the_run_the_sources_and_whose_terms_hold(demo: Demo) -> None:
    package = package_of(demo.home)
    [(run_id,)] = demo.rows("SELECT run_id FROM facts.publication")
    sources = {source["title"] for source in package["sources"]}
    assert package["version"] == run_id
    assert "us-2020-general: actblue-ticker (donations)" in sources
    assert "us-2020-general: synthetic-blog-capitol (blog, synthetic)" in sources
    assert "Their terms go on to hold" in package["description"]


def test_every_file_is_the_one_that_the_package_means(home: Path) -> None:
    for resource in package_of(home)["resources"]:
        path = home / "published" / resource["path"]
        assert resource["hash"] == f"sha256:{file_hash(path)}"
        assert resource["bytes"] == path.stat().st_size
    assert read_manifest(home / "published").files[PACKAGE] == file_hash(home / "published" / PACKAGE)


def test_a_build_that_changes_a_table_changes_the_package_with_it(home: Path) -> None:
    before = package_of(home)
    land_ticker(home, "second.csv", steady_totals(range(24, 48)))
    build_again(home)
    after = package_of(home)
    assert before["version"] != after["version"]
    test_every_file_is_the_one_that_the_package_means(home)


def spoil(path: Path) -> None:
    path.write_text("{}")


@pytest.mark.parametrize("harm", [Path.unlink, spoil])
def test_a_package_that_is_lost_or_changed_is_made_again_and_nothing_else(
    home: Path, harm: Callable[[Path], None]
) -> None:
    package = home / "published" / PACKAGE
    before, database = package.read_bytes(), published_file(home).stat().st_mtime_ns
    harm(package)
    assert build_again(home) == []
    assert package.read_bytes() == before
    assert published_file(home).stat().st_mtime_ns == database


def test_a_build_without_news_leaves_the_package_as_it_is(home: Path) -> None:
    before = (home / "published" / PACKAGE).stat().st_mtime_ns
    build_again(home)
    assert (home / "published" / PACKAGE).stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("address", "is_named"),
    [
        ("https://blog.example/feed", True),
        ("https://somebody:secret@blog.example/feed", False),
        ("https://blog.example/feed?token=secret", False),
    ],
)
def test_an_address_that_may_hold_a_secret_is_not_repeated(tmp_path: Path, address: str, is_named: bool) -> None:
    land_campaign(tmp_path, feed=address)
    build_again(tmp_path)
    [source] = [one for one in package_of(tmp_path)["sources"] if "blog" in one["title"]]
    assert (source.get("path") == address) is is_named
    assert is_named or "secret" not in json.dumps(package_of(tmp_path))
