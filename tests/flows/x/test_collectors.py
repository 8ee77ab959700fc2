"""Two real processes of `afterdebate collect x`: nothing is bought twice, and the ledger says what X charged."""

import os
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

from flows.state import open_state
from flows.x.purse import SCHEMA, spent_by_month
from tests.doubles.x_server import Answer, Asked, FakeX, running
from tests.flows.x.case import EVENTS, TOKEN, TOML, rows

COMMAND = [sys.executable, "-c", "from flows.cli import main; main()", "collect", "x"]
NOW = datetime.now(UTC)
SAMPLED = (
    TOML.replace("2026-11-18", f"{NOW - timedelta(days=3):%Y-%m-%d}").replace(
        "2026-11-30", f"{NOW + timedelta(days=9):%Y-%m-%d}"
    )
    + "posts_per_event = 400\n"
)


def server() -> FakeX:
    debate = NOW - timedelta(days=2)
    posts: list[dict[str, Any]] = [
        {"id": str(1000 + n), "text": "Quill", "author_id": "5", "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.000Z"}
        for n in range(360)
        for at in [debate + timedelta(seconds=20 * n)]
    ]
    return FakeX(now=NOW, posts=posts)


def collecting(x: FakeX, tmp_path: Path) -> subprocess.Popen[str]:
    folder = tmp_path / "race"
    folder.mkdir(exist_ok=True)
    (folder / "campaign.toml").write_text(SAMPLED)
    debate = f"{NOW - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    (folder / "events.csv").write_text(EVENTS.replace("2026-11-20T01:00:00Z", debate))
    settings = {"AFTERDEBATE_X_API_URL": x.url, "AFTERDEBATE_X_BEARER_TOKEN": TOKEN, "AFTERDEBATE_AUTHOR_KEY": "a key"}
    return subprocess.Popen(
        [*COMMAND, str(folder), "--home", str(tmp_path / "home")],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ledger(tmp_path: Path) -> Decimal:
    return sum(spent_by_month(open_state(tmp_path / "home", SCHEMA), "race").values(), Decimal(0))


def test_while_one_collector_is_at_it_a_second_buys_nothing_and_says_why(tmp_path: Path) -> None:
    may_answer, was_asked = Event(), Event()

    def hold_the_first(_: Asked) -> Answer | None:
        if not was_asked.is_set():
            was_asked.set()
            may_answer.wait(60)
        return None

    x = server()
    x.interrupted = hold_the_first
    with running(x), collecting(x, tmp_path) as first:
        assert was_asked.wait(60)
        with collecting(x, tmp_path) as second:
            said, _ = second.communicate(timeout=60)
        may_answer.set()
        first.communicate(timeout=60)
    assert "X: nothing is asked, another process of this home asks for race" in said
    assert (first.returncode, second.returncode) == (0, 0)
    bought = [(asked.path, *sorted(asked.params.items())) for asked in x.asked]
    assert len(bought) == len(set(bought))
    assert ledger(tmp_path) == x.billed


def test_collectors_that_start_at_once_are_charged_once(tmp_path: Path) -> None:
    x = server()
    with running(x), ExitStack() as stack:
        started = [stack.enter_context(collecting(x, tmp_path)) for _ in range(2)]
        for process in started:
            process.communicate(timeout=120)
    posts = [row["post_id"] for row in rows(tmp_path, "posts")]
    assert len(posts) == len(set(posts)) > 0
    assert ledger(tmp_path) == x.billed <= Decimal(5)
