"""The shell of `sql`, at a terminal of its own."""

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.screen.sql_shell import is_complete
from tests.flows.commands.commands import published_home

__all__ = ["published_home"]

_WAITS_S = 60
_TAB, _ENTER, _UP, _CTRL_C, _CTRL_D = "\t", "\r", "\x1b[A", "\x03", "\x04"
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]")


class Terminal:
    """A terminal with `afterdebate sql` in it."""

    def __init__(self, home: Path) -> None:
        self._ours, theirs = pty.openpty()
        self.shown = ""
        environment = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "100", "LINES": "40"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "sql", "--home", str(home)],
            stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self.wait_for("afterdebate>")

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def wait_for(self, text: str) -> str:
        """What was shown since the last call, up to and with the text."""
        while text not in self.shown:
            ready, _, _ = select.select([self._ours], [], [], _WAITS_S)
            assert ready, f"{text!r} was not shown: {self.shown!r}"
            self.shown += _COLOURS.sub("", os.read(self._ours, 65536).decode(errors="replace"))
        before, _, self.shown = self.shown.partition(text)
        return before + text

    def answer_with(self, text: str) -> str:
        """What was shown up to the text; the next prompt is there then, so that nothing is typed ahead of it."""
        shown = self.wait_for(text)
        self.wait_for("afterdebate>")
        return shown

    def end(self) -> int:
        """The exit code, once it was left by Ctrl-D."""
        self.type(_CTRL_D)
        return self.process.wait(_WAITS_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)


@pytest.fixture
def at_terminal() -> Iterator[Callable[[Path], Terminal]]:
    opened: list[Terminal] = []

    def open_one(home: Path) -> Terminal:
        opened.append(Terminal(home))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()


Open = Callable[[Path], Terminal]


def test_a_table_is_completed_and_a_statement_may_take_several_lines(published_home: Path, at_terminal: Open) -> None:
    terminal = at_terminal(published_home)
    terminal.type(f"SELECT source_id || '!' AS who{_ENTER}")
    terminal.wait_for("...>")
    terminal.type(f"FROM cov{_TAB}")
    terminal.wait_for("erage")
    terminal.type(f" ORDER BY 1 LIMIT 1;{_ENTER}")
    assert "who" in terminal.answer_with("blog-a!")
    assert terminal.end() == 0


def test_a_faulty_statement_is_told_and_the_shell_goes_on(published_home: Path, at_terminal: Open) -> None:
    terminal = at_terminal(published_home)
    terminal.type(f"SELECT nothing FROM coverage;{_ENTER}")
    terminal.answer_with('Referenced column "nothing" not found')
    terminal.type(f"SELECT 1 +{_ENTER}")
    terminal.wait_for("...>")
    terminal.type(_CTRL_C)
    terminal.wait_for("afterdebate>")
    terminal.type(f"SELECT 6 * 7 AS n;{_ENTER}")
    terminal.answer_with("42")
    assert terminal.end() == 0


def test_commands_tell_the_tables_and_their_columns(published_home: Path, at_terminal: Open) -> None:
    terminal = at_terminal(published_home)
    terminal.type(f".tables{_ENTER}")
    terminal.answer_with("metrics.coverage")
    terminal.type(f".schema coverage{_ENTER}")
    terminal.answer_with("interval_start_at")
    terminal.type(f".nothing{_ENTER}")
    terminal.answer_with("Mend: .help")
    terminal.type(f".help{_ENTER}")
    terminal.answer_with(".examples")
    terminal.type(f".quit{_ENTER}")
    assert terminal.process.wait(_WAITS_S) == 0


def test_what_was_typed_is_there_the_next_time_and_its_owners_alone(published_home: Path, at_terminal: Open) -> None:
    first = at_terminal(published_home)
    first.type(f"SELECT 40 + 2 AS n;{_ENTER}")
    first.answer_with("42")
    first.end()
    kept = published_home / "sql_history"
    assert kept.stat().st_mode & 0o777 == 0o600

    second = at_terminal(published_home)
    second.type(_UP)
    second.wait_for("SELECT 40 + 2 AS n;")
    second.type(_ENTER)
    second.answer_with("42")
    assert second.end() == 0


@pytest.mark.parametrize(
    ("typed", "ends"),
    [("", True), (".tables", True), ("SELECT 1;", True), ("SELECT 1; \n", True), ("SELECT 1", False), ("-- .x", False)],
)
def test_enter_ends_what_is_whole(typed: str, ends: bool) -> None:
    assert is_complete(typed) is ends
