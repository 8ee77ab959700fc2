"""A disk that takes no more is said in one line, without a traceback; what stood before stands."""

import errno
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from flows.faults import said_of_disk
from tests.flows.small_campaign import write_small_campaign
from tests.warehouse.published import whole_publication


def run_with_room(most_bytes: int | None, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in a process that may write no file larger than that: to it the disk looks full."""

    def limit() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    command = [sys.executable, "-m", "flows.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit)


@pytest.mark.parametrize("command", ["build", "import", "rebuild"])
def test_a_command_without_room_says_so_and_the_next_with_room_does_it_all(tmp_path: Path, command: str) -> None:
    campaign, home = write_small_campaign(tmp_path), tmp_path / "home"
    run_with_room(None, "import", campaign, "--home", home)
    run_with_room(None, "build", "--home", home)
    before = whole_publication(home)
    (home / "warehouse.duckdb").unlink()
    words = [campaign] if command == "import" else []
    full = run_with_room(2000, command, *words, "--home", home)
    assert full.returncode == 1, full.stderr + full.stdout
    assert "Traceback" not in full.stderr + full.stdout
    assert "Mend: " in full.stderr + full.stdout
    assert whole_publication(home) == before
    assert run_with_room(None, command, *words, "--home", home).returncode == 0
    assert run_with_room(None, "build", "--home", home).returncode == 0
    assert whole_publication(home) == before


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EIO])
def test_what_the_system_says_of_a_disk_names_the_file(code: int) -> None:
    said = said_of_disk(OSError(code, "it is so", "home/landing/posts"))
    assert said is not None
    assert said.startswith("home/landing/posts: it is so. ")


def test_a_state_that_another_process_holds_is_named() -> None:
    held = sqlite3.OperationalError("database is locked")
    held.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert "another process has held it" in str(said_of_disk(held))


@pytest.mark.parametrize("error", [ValueError("no disk"), FileNotFoundError(errno.ENOENT, "gone", "x")])
def test_any_other_error_is_left_to_be_a_traceback(error: Exception) -> None:
    assert said_of_disk(error) is None
