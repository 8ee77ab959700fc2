"""The bearer token is nowhere in what a run wrote: files, databases, logs at DEBUG, Prefect's own database included."""

import base64
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.doubles.home_search import where_found
from tests.doubles.x_server import FakeX, problem, running
from tests.flows.x.case import EVENTS, TOML

TOKEN = "AAAAplantedAAAAtokenAAAA7f3a"
# The flow as it is deployed, with every library's DEBUG log in a file of its own.
RUN = """
import logging, pathlib, sys
import flows.deployed.deployments
folder, home, log = map(pathlib.Path, sys.argv[1:])
for name in ("tweepy", "urllib3", "requests"):
    logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger(name).addHandler(logging.FileHandler(log))
flows.deployed.deployments.collect_x(str(folder), home)
"""


def test_the_token_is_nowhere_in_what_a_run_wrote(tmp_path: Path) -> None:
    folder = tmp_path / "race"
    folder.mkdir()
    today = datetime.now(UTC).date()
    (folder / "campaign.toml").write_text(TOML.replace("2026-11-18", str(today)).replace("2026-11-30", str(today)))
    (folder / "events.csv").write_text(EVENTS)
    with running(FakeX(now=datetime.now(UTC))) as x:
        # One question is answered; the other is refused by a server that quotes the credentials.
        x.interrupted = lambda asked: (
            problem(401, "unauthorized", f"{asked.authorization} is unknown")
            if "Stone" in asked.params["query"]
            else None
        )
        ran = subprocess.run(
            [sys.executable, "-c", RUN, str(folder), str(tmp_path / "home"), str(tmp_path / "debug.log")],
            env=_environment(tmp_path, x.url),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    (tmp_path / "said.log").write_text(ran.stdout + ran.stderr)
    assert "debug.log" in where_found(tmp_path, "'Authorization': 'Bearer ")  # tweepy did log its headers
    assert {asked.authorization for asked in x.asked} == {f"Bearer {TOKEN}"}
    assert any("prefect.db" in place for place in where_found(tmp_path, "collect-x"))
    for form in (TOKEN, base64.b64encode(TOKEN.encode()).decode(), TOKEN.encode().hex()):
        assert where_found(tmp_path, form) == []


def _environment(tmp_path: Path, url: str) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "AFTERDEBATE_"))}
    return inherited | {
        "AFTERDEBATE_X_BEARER_TOKEN": TOKEN,
        "AFTERDEBATE_X_API_URL": url,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "DO_NOT_TRACK": "1",
    }
