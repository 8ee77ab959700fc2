"""A TOML file with the line of everything in it: the parser of the standard library gives values without places."""

import re
import tomllib
from bisect import bisect_right
from pathlib import Path
from typing import Any

from connectors.errors import CampaignFault, Fault

Place = tuple[str | int, ...]  # ("candidates", 0, "aliases", 2): the way from the file's top to a value

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_SCALAR = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'  # the closing quotes may follow one or two that are text
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*"
    r"|[^\s,\]}#]+",
    re.DOTALL,
)


class TomlFile:
    """One parsed file: its `values`, and a `fault` that knows the line."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        try:
            self.values: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise CampaignFault([_syntax_fault(path, text, str(error))]) from error
        self._lines = locate(text)

    def line_of(self, place: Place) -> int:
        """The line of the value, or of the nearest thing around it that the file has: at the top, line 1."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def fault(self, place: Place, fault: str, mend: str) -> Fault:
        """A fault of this file, with its line."""
        return Fault(file=self.path, line=self.line_of(place), fault=fault, mend=mend)


def _syntax_fault(path: Path, text: str, message: str) -> Fault:
    at = re.search(r" \(at line (\d+), column \d+\)$", message)
    return Fault(
        file=path,
        line=int(at[1]) if at else text.count("\n") + 1,
        fault=f"not TOML: {message[: at.start()] if at else message}",
        mend="write key = value, text in double quotes, dates and numbers without, lists in [ ]",
    )


def locate(text: str) -> dict[Place, int]:
    """The line of each table, key and list element of a TOML text that `tomllib` accepts."""
    return _Locator(text.replace("\r\n", "\n")).lines


class _Locator:
    """Walks the text once. It checks nothing: `tomllib` has already said that the text is good."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._last_of: dict[Place, int] = {}  # array of tables -> index of its last table
        self.lines: dict[Place, int] = {}
        self._walk()

    def _walk(self) -> None:
        table: Place = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            table = self._header() if self._text[self._at] == "[" else self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> Place:
        line, is_array = self._line(), self._text.startswith("[[", self._at)
        self._at += 1 + is_array
        *parents, name = self._keys()
        self._at += 1 + is_array
        place: Place = ()
        for parent in parents:
            place = self._inside((*place, parent), line)
        place = (*place, name)
        if is_array:
            self._last_of[place] = self._last_of.get(place, -1) + 1
        return self._inside(place, line)

    def _inside(self, place: Place, line: int) -> Place:
        self.lines.setdefault(place, line)
        if place in self._last_of:
            place = (*place, self._last_of[place])
            self.lines.setdefault(place, line)
        return place

    def _pair(self, table: Place) -> Place:
        line, place = self._line(), table
        for key in self._keys():
            place = (*place, key)
            self.lines.setdefault(place, line)
        self._at += 1  # the equals sign
        self._skip(_BLANK)
        self._value(place)
        return table

    def _value(self, place: Place) -> None:
        opening = self._text[self._at]
        if opening not in "[{":
            self._skip(_SCALAR)
            return
        self._at += 1
        index = 0
        while self._next_in_brackets():
            if opening == "[":
                self.lines[(*place, index)] = self._line()
                self._value((*place, index))
            else:
                self._pair(place)
            index += 1
        self._at += 1

    def _next_in_brackets(self) -> bool:
        self._skip(_BLANK)
        if self._text[self._at] == ",":
            self._at += 1
            self._skip(_BLANK)
        return self._text[self._at] not in "]}"

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(_BLANK)
            written = self._skip(_KEY)
            keys.append(tomllib.loads(f"key = {written}")["key"] if written[0] in "\"'" else written)
            self._skip(_BLANK)
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        assert match, f"tomllib accepted what the locator cannot read at offset {self._at}"  # noqa: S101 - our own slip
        self._at = match.end()
        return match[0]

    def _line(self) -> int:
        return bisect_right(self._line_starts, self._at)
