"""The warehouse of an earlier version is opened as it is, and lacks nothing; who only reads it blocks no builder."""

import subprocess
import sys
from pathlib import Path

import pytest

from warehouse import store
from warehouse.store import StoreBusy, open_store

_READER = """import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=True):
    print("reading", flush=True)
    sys.stdin.readline()
"""


def test_a_raw_table_of_an_earlier_version_gets_the_columns_that_came_since(tmp_path: Path) -> None:
    with open_store(tmp_path) as con:
        con.execute("ALTER TABLE raw.sources DROP COLUMN summed_as")
    with open_store(tmp_path) as con:
        columns = dict(con.execute("SELECT column_name, column_type FROM (DESCRIBE raw.sources)").fetchall())
    assert columns["summed_as"] == "VARCHAR"


@pytest.fixture
def reader(tmp_path: Path) -> "subprocess.Popen[str]":
    """Another process that has the warehouse open to read, until it is told to end."""
    with open_store(tmp_path):
        pass
    process = subprocess.Popen(
        [sys.executable, "-c", _READER, str(tmp_path / "warehouse.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    return process


def test_a_builder_waits_for_a_reader_to_end(
    tmp_path: Path, reader: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        reader.communicate("\n")

    monkeypatch.setattr(store, "sleep", wait)
    with open_store(tmp_path) as con:
        con.execute("CREATE TABLE raw.written AS SELECT 1")
    assert len(waited) == 1


def test_a_builder_does_not_wait_for_ever(
    tmp_path: Path, reader: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(store, "sleep", waited.append)
    with pytest.raises(StoreBusy, match="another build is running"), open_store(tmp_path):
        pass
    reader.communicate("\n")
    assert sum(waited) == pytest.approx(5)
