"""The demo, run once for all tests that look at what came of it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest


class Demo(NamedTuple):
    home: Path
    stdout: str
    stderr: str

    def rows(self, sql: str, *parameters: object) -> list[tuple[object, ...]]:
        with duckdb.connect(self.home / "published" / "afterdebate.duckdb", read_only=True) as con:
            con.execute("SET TimeZone = 'UTC'")
            return con.execute(sql, list(parameters)).fetchall()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("data")
    words = [sys.executable, "-m", "flows.cli", "demo", "--home", str(folder)]
    # A proxy that nobody answers: the demo is offline, and loopback needs none.
    environment = {**os.environ, "HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return Demo(folder / "demo", done.stdout, done.stderr)
