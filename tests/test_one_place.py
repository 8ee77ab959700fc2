"""Rules that stand in one file each, so that another file system or another store is a change of one file."""

import re
from collections.abc import Iterator
from pathlib import Path

import warehouse

_ROOT = Path(warehouse.__file__).parent.parent


def test_a_stored_database_is_opened_by_the_store_alone() -> None:
    # `duckdb.connect()` and one with settings alone are in memory: nothing is stored.
    assert set(_files_with(r"duckdb\.connect\((?!\)|config=)")) == {"warehouse/store.py"}


def test_the_files_of_the_landing_zone_are_listed_in_one_place() -> None:
    assert set(_files_with(r"\*\.parquet|\[!\.\]")) == {"warehouse/landing/files.py"}


def test_the_state_of_collectors_is_opened_in_one_place() -> None:
    assert set(_files_with(r"sqlite3\.connect\(")) == {"flows/state.py"}


def test_a_process_locks_a_home_in_one_place() -> None:
    assert set(_files_with(r"flock\(")) == {"flows/only_one.py"}


def _files_with(pattern: str) -> Iterator[str]:
    for part in ("flows", "connectors", "warehouse"):
        for path in sorted((_ROOT / part).rglob("*.py")):
            if re.search(pattern, path.read_text(encoding="utf-8")):
                yield path.relative_to(_ROOT).as_posix()


def test_every_room_is_on_the_map() -> None:
    drawn = (_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {
        path.parent.relative_to(_ROOT / part).as_posix() + "/"
        for part in ("flows", "connectors", "warehouse")
        for path in (_ROOT / part).glob("*/**/__init__.py")
    }
    assert {room for room in rooms if f"  {room} " not in drawn} == set()
