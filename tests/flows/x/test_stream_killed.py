"""The stream's process killed without warning: what had arrived is on disk within 5 s, and nothing of it is lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

from flows.state import open_state
from flows.x.purse import SCHEMA, spent_by_month
from tests.doubles.x_server import FakeX, running
from tests.flows.x.case import EVENTS, TOKEN, TOML, rows

ON_DISK_WITHIN_S = 5
A_POST = Decimal("0.005")
COMMAND = [sys.executable, "-c", "from flows.cli import main; main()", "collect", "stream"]


def post(number: int) -> dict[str, Any]:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {"id": str(1990000000000000000 + number), "text": "Quill", "author_id": "5", "created_at": at}


def test_killed_while_the_stream_is_open_nothing_that_came_is_lost(tmp_path: Path) -> None:
    over = Event()
    with running(FakeX(now=datetime.now(UTC))) as x:
        x.streams.extend([[*map(post, range(300)), over], [*map(post, range(300, 320)), over]])
        with streaming(x, tmp_path) as first:
            wait_until(lambda: any(asked.path.endswith("/stream") for asked in x.asked), within_s=60)
            wait_until(lambda: len(rows(tmp_path, "posts")) == 300, within_s=ON_DISK_WITHIN_S)
            os.kill(first.pid, signal.SIGKILL)
        with streaming(x, tmp_path):
            wait_until(lambda: len(rows(tmp_path, "posts")) == 320, within_s=60)
        over.set()
    assert sorted(int(row["post_id"]) - 1990000000000000000 for row in rows(tmp_path, "posts")) == list(range(320))
    # What was set apart for posts still under way stays spent: the ledger never says less than was charged.
    [spent] = spent_by_month(open_state(tmp_path / "home", SCHEMA), "race").values()
    assert spent >= 320 * A_POST


def test_what_came_has_landed_when_ctrl_c_ends_it(tmp_path: Path) -> None:
    over = Event()
    with running(FakeX(now=datetime.now(UTC))) as x:
        x.streams.append([*map(post, range(50)), over])
        with streaming(x, tmp_path) as process:
            wait_until(lambda: any(asked.path.endswith("/stream") for asked in x.asked), within_s=60)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
        over.set()
    [spent] = spent_by_month(open_state(tmp_path / "home", SCHEMA), "race").values() or [Decimal(0)]
    assert spent == len(rows(tmp_path, "posts")) * A_POST


@contextmanager
def streaming(x: FakeX, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The real command in a process of its own, killed at the end of the block."""
    folder = tmp_path / "race"
    folder.mkdir(exist_ok=True)
    (folder / "campaign.toml").write_text(TOML.replace("5.0", "50.0") + "stream = true\n")
    (folder / "events.csv").write_text(EVENTS)
    settings = {"AFTERDEBATE_X_API_URL": x.url, "AFTERDEBATE_X_BEARER_TOKEN": TOKEN, "AFTERDEBATE_AUTHOR_KEY": "a key"}
    with subprocess.Popen(
        [*COMMAND, str(folder), "--home", str(tmp_path / "home")],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(is_so: Callable[[], bool], *, within_s: float) -> None:
    ends_at = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < ends_at, f"not so after {within_s} s"
        time.sleep(0.05)
