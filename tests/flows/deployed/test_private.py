"""What `afterdebate up` and its flows write is for one account only; the secret is in one file."""

import base64
from pathlib import Path

from tests.doubles.home_search import where_found
from tests.doubles.machine import Machine


def test_home_and_files_are_closed_to_other_accounts_whatever_the_umask(machine: Machine) -> None:
    machine.wait_for("COMPLETED", "build-warehouse", within_s=60)
    modes = {path.relative_to(machine.home): path.lstat().st_mode & 0o777 for path in machine.home.rglob("*")}

    assert machine.home.stat().st_mode & 0o777 == 0o700
    assert {Path("published/afterdebate.duckdb"), Path("prefect/prefect.db"), Path("prefect/worker.log")} <= set(modes)
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


def test_the_secret_is_in_its_own_file_and_nowhere_else(machine: Machine) -> None:
    machine.wait_for("COMPLETED", "build-warehouse", within_s=60)
    word = machine.secret.removeprefix("afterdebate:")
    as_sent = base64.b64encode(machine.secret.encode()).decode()

    assert len(word) == 64
    assert where_found(machine.home, word) == ["keys/server.key"]
    assert where_found(machine.home, as_sent) == []
    assert [line for line in machine.processes() if word in line or as_sent in line] == []
    assert word not in "".join(machine.said)


def test_the_operator_is_told_how_to_open_the_page(machine: Machine) -> None:
    said = "".join(machine.said)

    assert f"http://127.0.0.1:{machine.port}" in said
    assert str(machine.home / "keys" / "server.key") in said
