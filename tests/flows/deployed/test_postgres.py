"""`afterdebate up` on a real PostgreSQL, where the machine has one."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.machine import afterdebate_up, free_port
from tests.flows.small_campaign import write_small_campaign

pytestmark = pytest.mark.slow


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    given = shutil.which("initdb")
    return found[-1].parent if found else Path(given).parent if given else None


def who_may_run_it() -> str | None:
    """PostgreSQL refuses to run as root: Debian's package brings an account for it."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    return "postgres" if any(one.pw_name == "postgres" for one in pwd.getpwall()) else None


@pytest.fixture
def database() -> Iterator[str]:
    """The URL of an empty database in a cluster of its own."""
    folder, account = programs(), who_may_run_it()
    if folder is None or account is None:
        pytest.skip(
            "this machine has no PostgreSQL, or no account that may run it (Debian: `apt-get install postgresql`)"
        )
    home = Path(tempfile.mkdtemp(prefix="afterdebate-pg-"))
    shutil.chown(home, account)
    port = free_port()

    def run(*words: str) -> None:
        subprocess.run([str(folder / words[0]), *words[1:]], user=account, cwd=home, check=True, capture_output=True)

    run("initdb", "-D", str(home / "cluster"), "-A", "trust", "-U", "prefect")
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1"
    run("pg_ctl", "-D", str(home / "cluster"), "-o", options, "-l", str(home / "log"), "-w", "start")
    try:
        run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "prefect", "prefect")
        yield f"postgresql+asyncpg://prefect:unused@127.0.0.1:{port}/prefect"
    finally:
        run("pg_ctl", "-D", str(home / "cluster"), "-m", "immediate", "stop")
        shutil.rmtree(home)


def test_a_machine_keeps_its_runs_in_postgresql(database: str, tmp_path: Path) -> None:
    campaign = write_small_campaign(tmp_path)

    with afterdebate_up(tmp_path / "home", str(campaign), AFTERDEBATE_PREFECT_DATABASE=database) as machine:
        machine.wait_for("COMPLETED", "import-donations", within_s=240)
        machine.stop()

    assert machine.process.returncode == 0
    assert not (tmp_path / "home" / "prefect" / "prefect.db").exists()
    # Its password is in no log.
    assert all("unused" not in log.read_text() for log in (tmp_path / "home" / "prefect").glob("*.log"))
