"""Kills commands at moments nobody chose, and compares what is left with a home that nobody disturbed.

One round: a copy of a campaign's folder grows by a file; a command is started on the home and ended by SIGKILL after a
random time, again and again; at last it is let through. Whatever moment it was, the published files can be read and
are of one build, no landed file is torn, and after the last command the tables equal those of the undisturbed home.
"""

import multiprocessing
import os
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import duckdb

from flows.cli import main
from tests.flows.small_campaign import write_small_campaign
from tests.warehouse.published import whole_parquet, whole_publication
from warehouse.landing.files import landed_files
from warehouse.landing.unreadable import look_at_all
from warehouse.publish.publishing import published_file

# Each command is a process of its own, with its libraries loaded: kills fall into its work, not into its start.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    ["flows.cli", "flows.commands.steps", "flows.commands.keeping", "flows.imports.files", "warehouse.build.phases"]
)
_START = datetime(2022, 4, 1, 19, tzinfo=UTC)
_COMMANDS = "import", "build", "rebuild", "run"


@dataclass
class Told:
    """What came of the kills."""

    kills: int = 0  # of a command that ran yet
    ended: int = 0  # the command was through before
    by_command: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def kill_many(folder: Path, kills: int, seed: int) -> Told:
    """Kill so many commands, spread over import, build, rebuild and run; what was found wrong."""
    chance = random.Random(seed)  # noqa: S311 - the same kills again
    campaign = write_small_campaign(folder)
    disturbed, calm, told = folder / "disturbed", folder / "calm", Told()
    number, long_s = 0, _seconds_of_a_run(campaign, calm)
    while told.kills < kills:
        number += 1
        _drop(campaign, number)
        for _ in range(min(8, kills - told.kills)):
            command = chance.choice(_COMMANDS)
            _kill(command, campaign, disturbed, told, after_s=chance.uniform(0.05, 0.9) * long_s)
            _look(disturbed, told)
        for home in (disturbed, calm):
            if done := _exit_code(_start("run", campaign, home)):
                told.wrong.append(f"after {told.kills} kills `run` ended with {done} in {home.name}")
        _compare(disturbed, calm, told)
    return told


def _seconds_of_a_run(campaign: Path, home: Path) -> float:
    began = time.monotonic()
    _exit_code(_start("run", campaign, home))
    return time.monotonic() - began


def _drop(campaign: Path, number: int) -> None:
    start = _START + timedelta(hours=number)
    parts = [(start + timedelta(minutes=minutes), number + minutes) for minutes in (0, 15, 30, 45)]
    rows = "".join(f"{at.isoformat()},15,{amount}.00,{amount},\n" for at, amount in parts)
    head = "interval_start_at,interval_minutes,amount,count,candidate\n"
    (campaign / "totals.csv").write_text(head + rows)
    os.utime(campaign / "totals.csv", (number, number))  # one that changed a moment ago would be left for the next run


def _start(command: str, campaign: Path, home: Path) -> ForkServerProcess:
    words = [campaign / "totals.csv"] if command == "import" else []
    given = [] if command in {"build", "rebuild"} else [campaign, *words]
    running = _PROCESSES.Process(target=_run_command, args=([command, *map(str, given), "--home", str(home)],))
    running.start()
    return running


def _run_command(words: list[str]) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    main(words)


def _exit_code(running: ForkServerProcess) -> int | None:
    running.join()
    return running.exitcode


def _kill(command: str, campaign: Path, home: Path, told: Told, *, after_s: float) -> None:
    running = _start(command, campaign, home)
    running.join(after_s)
    if running.exitcode is None:
        running.kill()
        told.kills += 1
        told.by_command[command] = told.by_command.get(command, 0) + 1
    else:
        told.ended += 1
    running.join()


def _look(home: Path, told: Told) -> None:
    """What a reader and the next build find at this moment."""
    for path, broken in look_at_all(landed_files(home)).items():
        told.wrong.append(f"after kill {told.kills}: {path.name} is torn: {broken.fault}")
    if not published_file(home).is_file():
        return
    try:
        with duckdb.connect(published_file(home), read_only=True) as con:
            here, last = con.execute(
                "SELECT (SELECT run_id FROM facts.publication), (SELECT max_by(run_id, built_at) FROM metrics.runs)"
            ).fetchone() or (None, None)
        if here != last:
            told.wrong.append(f"after kill {told.kills}: published is of {here}, and its list of runs ends with {last}")
        whole_parquet(home)
    except duckdb.Error as error:
        told.wrong.append(f"after kill {told.kills}: a reader gets {error}")


def _compare(disturbed: Path, calm: Path, told: Told) -> None:
    for what, read in (("database", whole_publication), ("Parquet", whole_parquet)):
        left, right = read(disturbed), read(calm)
        if left.keys() != right.keys():
            told.wrong.append(f"after {told.kills} kills: other tables in the {what}")
        for name in left.keys() & right.keys() - {"source_health", "rejects", "sources", "campaigns"}:
            if left[name] != right[name]:
                told.wrong.append(f"after {told.kills} kills: {name} of the {what} differs")
