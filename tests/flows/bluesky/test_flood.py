"""A flood through the stream, and the follower killed in the middle of it: nothing is lost, nothing counted twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from flows.build import build_warehouse_once
from flows.steps import land_facts
from tests.doubles.jetstream_server import FakeJetstream, jetstream, post
from tests.flows.bluesky.case import NOW, catch_up, race, settings_of

POSTS, EACH = 24_000, 6  # one in six names a candidate
FOLLOWER = """
import sys
from datetime import timedelta
from pathlib import Path
from flows.bluesky.stream import follow_bluesky_once
from tests.doubles.jetstream_server import FakeJetstream
from tests.flows.bluesky import case
import flows.bluesky.listening as listening
listening.FLUSH_CALM_S = 0.5  # so that much has landed when it is killed
server, tmp_path = FakeJetstream(port=int(sys.argv[1])), Path(sys.argv[2])

settings = case.settings_of(tmp_path, server)
follow_bluesky_once(case.race(tmp_path), settings, case.NOW + timedelta(days=1), lambda: case.NOW)
"""


@pytest.fixture
def server() -> Iterator[FakeJetstream]:
    with jetstream() as fake:
        yield fake


def flood(server: FakeJetstream) -> None:
    """Some 2,000 posts a second, for as long as it takes."""
    for number in range(POSTS):
        text = f"Ada Quill {number}" if number % EACH == 0 else f"my cat {number}"
        at = NOW + timedelta(seconds=number / 2000)
        server.events.append(post(at, text, rkey=str(number), heard_at=at))
        if number % 100 == 0:
            time.sleep(0.05)  # the pace of the flood itself, not a wait for anything


@pytest.mark.slow
def test_a_follower_that_is_killed_in_a_flood_loses_nothing(tmp_path: Path, server: FakeJetstream) -> None:
    campaign, settings = race(tmp_path), settings_of(tmp_path, server)
    land_facts(campaign, settings, NOW)
    catch_up(tmp_path, server)
    flooding = threading.Thread(target=flood, args=(server,))
    flooding.start()
    landed = tmp_path / "home" / "landing" / "posts"
    for _ in range(2):
        follower = subprocess.Popen([sys.executable, "-c", FOLLOWER, str(server.port), str(tmp_path)])
        before = len(list(landed.glob("*.parquet")))
        while len(list(landed.glob("*.parquet"))) < before + 2 and follower.poll() is None:
            time.sleep(0.05)
        os.kill(follower.pid, signal.SIGKILL)
        follower.wait()
    flooding.join()
    collected = catch_up(tmp_path, server, NOW + timedelta(seconds=60))
    assert not collected.failed
    build_warehouse_once(tmp_path / "home", NOW + timedelta(minutes=10))
    with duckdb.connect(tmp_path / "home" / "warehouse.duckdb", read_only=True) as con:
        mentions, items = con.execute(
            "SELECT count(*), count(DISTINCT item_id) FROM staging.mentions WHERE candidate_id = 'ada'"
        ).fetchone() or (0, 0)
    assert (mentions, items) == (POSTS // EACH, POSTS // EACH)
