"""`afterdebate run --watch`, as a process of its own: what drops is published, and Ctrl-C ends it well."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.flows.small_campaign import write_small_campaign
from warehouse.publish.reading import NothingPublished, query_published

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
AMOUNTS = (
    "SELECT amount::VARCHAR FROM donation_by_interval WHERE interval_minutes = 60 AND amount > 0"
    " ORDER BY interval_start_at"
)


def published_amounts(home: Path, number: int) -> list[str]:
    ends_at, amounts = time.monotonic() + 240, list[str]()
    while len(amounts) < number and time.monotonic() < ends_at:
        with suppress(NothingPublished):
            amounts = [str(amount) for (amount,) in query_published(home, AMOUNTS).rows]
        time.sleep(0.3)
    return amounts


def test_what_drops_is_published_until_ctrl_c(tmp_path: Path) -> None:
    folder, home = write_small_campaign(tmp_path), tmp_path / "home"
    own = {key: value for key, value in os.environ.items() if not key.startswith("AFTERDEBATE_")}
    words = [sys.executable, "-m", "flows.cli", "run", str(folder), "--watch", "--home", str(home)]
    watching = subprocess.Popen(words, cwd=ROOT, env=own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert published_amounts(home, 1) == ["250.00"]
        with (folder / "totals.csv").open("a") as file:
            file.write("2022-04-01T22:00+02:00,60,99.00,1,\n")
        assert published_amounts(home, 2) == ["250.00", "99.00"]
    finally:
        watching.send_signal(signal.SIGINT)
        said, _ = watching.communicate(timeout=60)

    assert watching.returncode == 0, said
    assert "s after it landed" in said
    assert "ended; what landed has landed" in said
