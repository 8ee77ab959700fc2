"""Archives as text and as JSON: inflated, in whatever encoding, as lines or as documents."""

import codecs
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from connectors.decoding import BYTE_BY_BYTE
from connectors.errors import SourceUnreadable
from connectors.packed_files import MOST_BYTES_IN_MEMORY, first_bytes, open_unpacked

_PACKED = (".gz", ".bz2", ".xz")
_LONGEST_LINE = 1 << 26  # characters: a page of posts has some hundred thousand
_NOT_READ = (".zip", ".zst", ".7z", ".rar", ".tar", ".tgz", ".xlsx", ".parquet")
_SCRIPT = re.compile(r"\s*window\.YTD\.\w+\.part\d+\s*=\s*")  # tweets.js, as X gives an account its own posts
_BETWEEN = re.compile(r"[\s;]*")


def open_archive(path: Path) -> IO[str]:
    """The file as text, inflated by its ending: UTF-8, or UTF-16 with its mark; other bytes are Windows-1252.

    Raises:
        SourceUnreadable: it is packed in a way that is not read here.
    """
    if path.suffix in _NOT_READ:
        raise SourceUnreadable(f"{path.suffix} is not read. Mend: unpack it, or pack it as {', '.join(_PACKED)}")
    begin = first_bytes(path, 2)
    encoding = "utf-16" if begin in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    return io.TextIOWrapper(open_unpacked(path), encoding=encoding, errors=BYTE_BY_BYTE, newline="")


def lines_of(file: IO[str]) -> Iterator[str]:
    """Yield the lines of a file.

    Raises:
        SourceUnreadable: one is longer than any line of posts.
    """
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise SourceUnreadable(f"it has a line of more than {_LONGEST_LINE:,} characters, which no post has")
        yield line


def first_object(path: Path) -> dict[str, Any]:
    """The first JSON object of JSON lines; empty where the first line is something else."""
    with open_archive(path) as file:
        for line in lines_of(file):
            if line.strip():
                try:
                    found = json.loads(line)
                except (ValueError, RecursionError):
                    return {}
                return found if isinstance(found, dict) else {}
    return {}


def is_json(path: Path) -> bool:
    """Whether the file begins as JSON does."""
    with open_archive(path) as file:
        return next(lines_of(file), "").lstrip()[:1] in ("{", "[")


def json_values(path: Path) -> Iterator[tuple[int, Any]]:
    """(line number, value) of JSON lines, or of documents that span lines; a string says why there is none."""
    with open_archive(path) as file:
        lines = lines_of(file)
        head = next(lines, "")
        is_script = _SCRIPT.match(head) is not None
        if is_script or head.lstrip()[:1] == "[" or not _is_json(head):
            yield from _documents(_SCRIPT.sub("", head, count=1) + _rest_of(file))
            return
        yield 1, json.loads(head)
        for line_number, line in enumerate(lines, 2):
            yield from _line(line_number, line)


def _rest_of(file: IO[str]) -> str:
    rest = file.read(MOST_BYTES_IN_MEMORY)
    if len(rest) == MOST_BYTES_IN_MEMORY:
        raise SourceUnreadable(f"one JSON document of more than {len(rest):,} characters. Mend: write one post a line")
    return rest


def _documents(text: str) -> Iterator[tuple[int, Any]]:
    """The documents one after the other; where one is broken, what can be read of the lines."""
    found: list[tuple[int, Any]] = []
    decoder = json.JSONDecoder()
    line_number, told = 1, 0
    try:
        while (at := _end_of_gap(text, told)) < len(text):
            line_number += text.count("\n", told, at)
            value, told = decoder.raw_decode(text, at)
            found.append((line_number, value))
            line_number += text.count("\n", at, told)
    except (ValueError, RecursionError):
        for number, line in enumerate(text.splitlines(), 1):
            yield from _line(number, line)
        return
    yield from found


def _end_of_gap(text: str, start: int) -> int:
    gap = _BETWEEN.match(text, start)
    return gap.end() if gap else start


def _line(line_number: int, line: str) -> Iterator[tuple[int, Any]]:
    if line.strip():
        yield line_number, json.loads(line) if _is_json(line) else "not JSON"


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
