"""Archives of posts read object by object: any shape that people hold, what is no post set aside with its line."""

import bz2
import csv
import gzip
import hashlib
import json
import lzma
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from connectors.records import Post, PostType
from connectors.x_archive_layouts import CSV_WORDS, check_columns
from connectors.x_posts import Reading, read_post
from connectors.x_v1_posts import named_where_declared, read_v1_post, whole_number

Row = tuple[int, Post | str]  # line number, and the post or why there is none
_OPENERS = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
_POST_TYPES: dict[str, PostType] = {"original": "original", "reply": "reply", "repost": "repost", "quote": "quote"}
_NOT_A_POST = (KeyError, TypeError, ValueError, OverflowError, AttributeError)


def open_archive(path: Path) -> IO[str]:
    """The file as text, inflated by its ending; bytes that are no UTF-8 become replacement characters."""
    opener: Any = _OPENERS.get(path.suffix, open)
    file: IO[str] = opener(path, "rt", encoding="utf-8-sig", errors="replace", newline="")
    return file


def first_object(path: Path) -> dict[str, Any]:
    """The first JSON object of JSON lines; empty where the first line is something else."""
    with open_archive(path) as file:
        for line in file:
            if line.strip():
                try:
                    found = json.loads(line)
                except ValueError:
                    return {}
                return found if isinstance(found, dict) else {}
    return {}


def read_json_archive(path: Path, archive_format: str, reading: Reading) -> Iterator[Row]:
    """Yield the posts of JSON lines or of one JSON document: posts, pages of posts, or posts under `data`."""
    for line_number, value in _json_values(path):
        if isinstance(value, str):
            yield line_number, value
            continue
        handles = _included_handles(value)
        for row in _posts_of(value):
            try:
                post = read_v1_post(row, reading) if archive_format == "x-v1" else _read_v2(row, reading, handles)
            except _NOT_A_POST as error:
                yield line_number, f"no post ({type(error).__name__})"
            else:
                yield line_number, post


def read_csv_archive(path: Path, columns: Mapping[str, str], zone: str | None, reading: Reading) -> Iterator[Row]:
    """Yield the posts of a CSV whose columns are declared; times without an offset are of `zone`.

    Raises:
        SourceUnreadable: a declared column is not in the header.
    """
    csv.field_size_limit(2**24)
    with open_archive(path) as file:
        header, delimiter = csv_header(file.readline())
        check_columns(header, columns)
        lines = csv.reader(file, delimiter=delimiter)
        for cells in lines:
            number = lines.line_num + 1
            if len(cells) != len(header):
                yield number, f"{len(cells)} cells, the header has {len(header)}"
                continue
            row = dict(zip(header, cells, strict=True))
            try:
                yield number, _read_csv_row({word: row.get(name, "") for word, name in columns.items()}, zone, reading)
            except _NOT_A_POST as error:
                yield number, f"no post ({error})"[:120]


def csv_header(line: str) -> tuple[list[str], str]:
    """The header's names and the delimiter that gives the most of them."""
    delimiter = max(",;\t|", key=line.count)
    [names] = list(csv.reader([line.rstrip("\r\n")], delimiter=delimiter)) or [[]]
    return names, delimiter


def _json_values(path: Path) -> Iterator[tuple[int, Any]]:
    """(line number, object) of JSON lines, or of one document that spans lines; a string says why there is none."""
    with open_archive(path) as file:
        head = file.readline()
        if head.lstrip()[:1] == "[" or not _is_json(head):
            yield from _document(head + file.read())
            return
        yield 1, json.loads(head)
        for line_number, line in enumerate(file, 2):
            if line.strip():
                try:
                    yield line_number, json.loads(line)
                except (ValueError, RecursionError):
                    yield line_number, "not JSON"


def _document(text: str) -> Iterator[tuple[int, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        # Lines after all, the first of which is broken.
        for line_number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield line_number, json.loads(line) if _is_json(line) else "not JSON"
        return
    yield from ((1, value) for value in (found if isinstance(found, list) else [found]))


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _posts_of(value: Any) -> list[Any]:
    """The posts in one object: itself, or those under `data`, `statuses` or `tweet`."""
    if not isinstance(value, dict):
        return [value]
    for name in ("data", "statuses", "tweet"):
        if name in value and "id" not in value and "id_str" not in value:
            inner = value[name]
            return inner if isinstance(inner, list) else [inner]
    # A page without results has only meta.
    return [] if set(value) <= {"meta", "includes", "errors", "__twarc"} and value else [value]


def _included_handles(value: Any) -> dict[str, str]:
    included = value.get("includes") if isinstance(value, dict) else None
    users = included.get("users") if isinstance(included, dict) else None
    return {
        str(user.get("id")): str(user.get("username"))
        for user in (users if isinstance(users, list) else [])
        if isinstance(user, dict)
    }


def _read_v2(row: Any, reading: Reading, handles: Mapping[str, str]) -> Post:
    author = row.get("author")
    handle = author.get("username") if isinstance(author, dict) else handles.get(str(row.get("author_id")))
    return named_where_declared(read_post(row, reading), handle, reading)


def _read_csv_row(cells: Mapping[str, str], zone: str | None, reading: Reading) -> Post:
    told = {word: cells.get(word) or None for word in CSV_WORDS}
    parts = (told["posted_at"], told["author"], told["text"])
    content = "\x1f".join(part for part in parts if part is not None)
    author = told["author"]
    if told["text"] is None:
        raise ValueError("no text")
    post = Post(
        post_id=told["post_id"] or f"row-{hashlib.sha256(content.encode()).hexdigest()[:24]}",
        source_key=reading.source_key,
        source_kind=reading.source_kind,
        author_key=reading.hash_author(author) if author else "",
        account=None,
        posted_at=_csv_instant(told["posted_at"] or "", zone),
        post_type=_POST_TYPES.get(told["post_type"] or "", "original"),
        text=told["text"],
        edit_of=None,
        like_count=whole_number(told["likes"]),
        repost_count=whole_number(told["reposts"]),
        reply_count=whole_number(told["replies"]),
        quote_count=whole_number(told["quotes"]),
        observed_at=reading.observed_at,
    )
    return named_where_declared(post, author, reading)


def _csv_instant(text: str, zone: str | None) -> datetime:
    if text.replace(".", "", 1).isdigit() and len(text.split(".", maxsplit=1)[0]) in (10, 13):
        seconds = float(text) if len(text.split(".", maxsplit=1)[0]) == 10 else float(text) / 1000  # noqa: PLR2004
        return datetime.fromtimestamp(seconds, UTC)
    instant = datetime.fromisoformat(text.strip())
    if instant.tzinfo is None:
        if zone is None:
            raise ValueError("a time without an offset, and no timezone is declared")
        instant = instant.replace(tzinfo=ZoneInfo(zone))
    return instant.astimezone(UTC)
