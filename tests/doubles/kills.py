"""Kills commands at moments nobody chose, and compares what is left with a home that nobody disturbed.

One round: a campaign's feeds, its file of gifts and its archive of posts grow; commands are started on a home and ended
by SIGKILL after a random time, one after the other; at last all is let through. Whatever moment it was, the published
files can be read and are of one build, no landed file is torn, and no process stays behind. After each round every
published table, in the database and as Parquet, equals that of the undisturbed home, row by row.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import duckdb

from tests.flows.feeds.loopback import Reply, Site, item, rss, served
from tests.flows.small_campaign import write_small_campaign
from tests.warehouse.published import published
from warehouse.landing.files import landed_files
from warehouse.landing.unreadable import broken_files
from warehouse.publish.publishing import published_file

_START = datetime(2022, 4, 1, 18, tzinfo=UTC)
_COMMANDS = "import", "feeds", "build", "rebuild", "run"
_A_ROUND = 20
_SHARES = {"import": 0.25, "build": 0.5, "rebuild": 0.5}  # of the time that a run takes, about
_LOOK_S, _ORPHANED_S = 0.02, 20.0
# Both homes hash people with one key, and ask our own server without pause.
_SET = {
    "AFTERDEBATE_ALLOW_PRIVATE_HOSTS": "true",
    "AFTERDEBATE_HOST_GAP_S": "0",
    "AFTERDEBATE_DONOR_KEY": "a key of this test",
    "AFTERDEBATE_AUTHOR_KEY": "a key of this test",
}
_ARCHIVE = '\n[[archives]]\nid = "old-posts"\npath = "archive/*.jsonl"\nformat = "x-v2"\n'
# Which build it was, and when and how often was asked, differ between any two homes.
_OF_BUILDS = "runs", "publication"
_OF_ATTEMPTS = {
    "campaigns": ("landed_at",),
    "source_health": (
        "last_attempt_at",
        "last_seen_at",
        "last_outcome",
        "last_reason",
        "failures_in_a_row",
        "attempts",
    ),
}
_FEEDS = "one", "two", "three"


@dataclass
class Told:
    """What came of the kills."""

    kills: int = 0  # of a command that ran yet
    ended: int = 0  # the command was through before
    by_command: Counter[str] = field(default_factory=Counter)
    while_writing: int = 0  # kills after the command had changed the home
    rounds: int = 0
    rows_compared: int = 0
    wrong: list[str] = field(default_factory=list)


def kill_many(folder: Path, kills: int, seed: int, tell: Callable[[str], object] = str) -> Told:
    """Kill so many commands, spread over import, feeds, build, rebuild and run; what was found wrong."""
    with served() as site:
        return _Rounds(folder, site, seed).play(kills, tell)


class _Rounds:
    def __init__(self, folder: Path, site: Site, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same kills again
        self.campaign = write_small_campaign(folder)
        toml = self.campaign / "campaign.toml"
        feeds = (f'\n[[feeds]]\nid = "{name}"\nurl = "{site.url(f"/{name}")}"\n' for name in _FEEDS)
        toml.write_text(toml.read_text() + _ARCHIVE + "".join(feeds))
        (self.campaign / "archive").mkdir()
        self.site, self.told = site, Told()
        self.disturbed, self.calm = folder / "disturbed", folder / "calm"
        self.said = folder / "said.log"  # by the last command
        self.looked_at: set[Path] = set()
        self.length_s: dict[str, float] = {}  # of each command, as it took last when it was let through

    def play(self, kills: int, tell: Callable[[str], object]) -> Told:
        told = self.told
        while told.kills < kills:
            told.rounds += 1
            self._grow(told.rounds)
            self._let_through(self.calm)
            for _ in range(min(_A_ROUND, kills - told.kills)):
                self._kill(self.chance.choice(_COMMANDS))
                self._look()
            self._let_through(self.disturbed)
            self._compare()
            tell(f"{told.kills} kills of {kills}, {told.rows_compared} rows compared, wrong: {told.wrong}")
        return told

    def _grow(self, number: int) -> None:
        """More of everything, all of the debate's evening: what is new when a command is killed."""
        at = _START + timedelta(minutes=15 * number)
        parts = [(_START + timedelta(minutes=5 * part), 1 + part % 7) for part in range(3 * number)]
        rows = "".join(f"{start.isoformat()},5,{amount}.00,{amount},\n" for start, amount in parts)
        head = "interval_start_at,interval_minutes,amount,count,candidate\n"
        _drop(self.campaign / "totals.csv", head + rows, number)
        posts = (
            {"id": f"{number}{post:03}", "author_id": str(post), "created_at": at.isoformat()} for post in range(20)
        )
        _drop(
            self.campaign / "archive" / f"{number}.jsonl",
            "".join(json.dumps(post | {"text": f"Jeanne Dupont, {post['id']}"}) + "\n" for post in posts),
            number,
        )
        for name in _FEEDS:
            entries = (
                item(entry, format_datetime(_START + timedelta(minutes=15 * entry)), title=f"Paul Martin {entry}")
                for entry in range(1, number + 1)
            )
            self.site.replies[f"/{name}"] = Reply(body=rss(*entries), headers={"ETag": f'"{number}"'})

    def _start(self, command: str, home: Path) -> subprocess.Popen[bytes]:
        words: dict[str, list[str | Path]] = {
            "import": ["import", self.campaign],
            "feeds": ["collect", "feeds", self.campaign, "--force"],
            "build": ["build"],
            "rebuild": ["rebuild"],
            "run": ["run", self.campaign],
        }
        with self.said.open("wb") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "flows.cli", *map(str, words[command]), "--home", str(home)],
                env=os.environ | _SET,
                cwd=Path(__file__).parents[2],
                stdout=said,
                stderr=said,
                start_new_session=True,  # so that who stays behind can be seen
            )

    def _let_through(self, home: Path) -> None:
        for command in ("feeds", "run"):
            began = time.monotonic()
            if done := self._start(command, home).wait():
                why = self.said.read_text(errors="replace").strip().rpartition("\n")[2]
                self.told.wrong.append(
                    f"after {self.told.kills} kills `{command}` ended with {done} in {home.name}: {why}"
                )
            self.length_s[command] = time.monotonic() - began
        for command, share in _SHARES.items():
            self.length_s[command] = self.length_s["run"] * share

    def _kill(self, command: str) -> None:
        """Half of the kills fall anywhere in the command, half of them after its first change of the home."""
        before, running = _state_of(self.disturbed), self._start(command, self.disturbed)
        left_s = self.chance.uniform(0, self.length_s[command])
        if self.chance.random() < 0.5:
            while running.poll() is None and _state_of(self.disturbed) == before:
                time.sleep(_LOOK_S)
            left_s = self.chance.uniform(0, self.length_s[command] / 3)
        try:
            running.wait(left_s)
            self.told.ended += 1
        except subprocess.TimeoutExpired:
            self.told.while_writing += _state_of(self.disturbed) != before
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
            self.told.kills += 1
            self.told.by_command[command] += 1
        if not _is_ended(running.pid):
            self.told.wrong.append(f"after kill {self.told.kills}: processes of `{command}` stay behind")
            os.killpg(running.pid, signal.SIGKILL)

    def _look(self) -> None:
        """What a reader and the next build find at this moment."""
        when = f"after kill {self.told.kills}"
        landed = set(landed_files(self.disturbed))
        for path, broken in broken_files(landed - self.looked_at).items():
            self.told.wrong.append(f"{when}: {path.name} is torn: {broken.fault}")
        self.looked_at |= landed  # nothing here rewrites them
        if not published_file(self.disturbed).is_file():
            return
        try:
            with duckdb.connect(published_file(self.disturbed), read_only=True) as con:
                here, last = con.execute(
                    "SELECT (SELECT run_id FROM facts.publication), (SELECT max_by(run_id, built_at) FROM metrics.runs)"
                ).fetchone() or (None, None)
            if here != last:
                self.told.wrong.append(f"{when}: published is of {here}, and its list of runs ends with {last}")
            _in_parquet(self.disturbed)
        except duckdb.Error as error:
            self.told.wrong.append(f"{when}: a reader gets {error}")

    def _compare(self) -> None:
        for what, read in (("database", _in_database), ("Parquet", _in_parquet)):
            left, right = read(self.disturbed), read(self.calm)
            if left.keys() != right.keys():
                self.told.wrong.append(f"after {self.told.kills} kills: other tables in the {what}")
            for name in sorted(left.keys() & right.keys()):
                self.told.rows_compared += len(right[name])
                if left[name] != right[name]:
                    self.told.wrong.append(f"after {self.told.kills} kills: {name} of the {what} differs")


def _in_database(home: Path) -> dict[str, list[str]]:
    told = published(home, "SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL")
    return {name: _rows(home, name, f"{schema}.{name}") for schema, name in told if name not in _OF_BUILDS}


def _in_parquet(home: Path) -> dict[str, list[str]]:
    files = (home / "published").glob("*.parquet")
    return {path.stem: _rows(home, path.stem, f"'{path}'") for path in files if path.stem not in _OF_BUILDS}


def _rows(home: Path, table: str, source: str) -> list[str]:
    left_out = ["run_id", *_OF_ATTEMPTS.get(table, ())]
    return sorted(map(str, published(home, f"SELECT COLUMNS(c -> c NOT IN {tuple(left_out)}) FROM {source}")))


def _drop(path: Path, text: str, number: int) -> None:
    path.write_text(text)
    os.utime(path, (number, number))  # one that changed a moment ago would be left for the next run


def _state_of(home: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for folder, _, names in os.walk(home):
        for name in names:
            try:
                told = Path(folder, name).stat()
            except FileNotFoundError:  # moved to its place meanwhile
                continue
            found[f"{folder}/{name}"] = (told.st_mtime_ns, told.st_size)
    return found


def _is_ended(group: int) -> bool:
    """Does every process of the group end by itself within a while?"""
    until = time.monotonic() + _ORPHANED_S
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(_LOOK_S)
    return False
