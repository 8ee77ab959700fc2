"""Archives of posts read object by object: any shape that people hold, what is no post set aside with its line."""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from connectors.archives.csv_layout import CSV_TYPES, CSV_WORDS, NUMBER, check_columns, text_id
from connectors.archives.files import json_values, lines_of, open_archive
from connectors.archives.presets import Columns, cells_of, fitting
from connectors.archives.times import read_time
from connectors.archives.twint import is_twint, read_twint_post
from connectors.archives.x_v1 import named_where_declared, read_v1_post, whole_number
from connectors.records import DateOrder, Post
from connectors.x.posts import Reading, read_post, references_of, text_of
from connectors.x.values import NotAPost, read_id, read_text

Row = tuple[int, Post | str]  # line number, and the post or why there is none
_LINES_BEFORE_HEADER = 30
FIRST_YEAR = 2006  # of X, then Twitter
_NOT_A_POST = (KeyError, TypeError, ValueError, OverflowError, AttributeError)


def read_json_archive(path: Path, archive_format: str, reading: Reading) -> Iterator[Row]:
    """Yield the posts of JSON lines or of one JSON document: posts, pages of posts, or posts under `data`."""
    for line_number, found in json_values(path):
        if isinstance(found, str):
            yield line_number, found
            continue
        for value in found if isinstance(found, list) else [found]:
            included = _included(value)
            for row in _posts_of(value):
                try:
                    post = check_year(_read_row(row, archive_format, reading, included))
                except _NOT_A_POST as error:
                    yield line_number, _reason(error)
                else:
                    yield line_number, post


def read_csv_archive(  # noqa: PLR0917 - what an archive declares
    path: Path,
    variants: Sequence[Columns],
    tool: str | None,
    zone: str | None,
    dates: DateOrder,
    reading: Reading,
) -> Iterator[Row]:
    """Yield the posts of a CSV; times without an offset are of `zone`.

    `variants` are the columns that the campaign declares, or the exports that `tool` is known to write.

    Raises:
        SourceUnreadable: the header has not the columns.
    """
    csv.field_size_limit(2**24)
    with open_archive(path) as file:
        text = lines_of(file)
        before, header, delimiter = _find_header(text, variants)
        columns = fitting(header, variants) or variants[0]
        check_columns(header, columns, tool)
        lines = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            try:
                cells = next(lines)
            except StopIteration:
                return
            except csv.Error:
                yield before + lines.line_num + 1, "quotes that do not fit; what stands between them is not read"
                continue
            number = before + lines.line_num + 1
            if len(cells) != len(header):
                yield number, f"{len(cells)} cells, the header has {len(header)}"
                continue
            row = dict(zip(header, cells, strict=True))
            try:
                yield number, check_year(_post_of_cells(row, columns, tool, zone, dates, reading))
            except _NOT_A_POST as error:
                yield number, _reason(error)


def _post_of_cells(  # noqa: PLR0917 - what an archive declares
    row: Mapping[str, str],
    columns: Columns,
    tool: str | None,
    zone: str | None,
    dates: DateOrder,
    reading: Reading,
) -> Post:
    if tool == "twint":
        return read_twint_post(row, reading)
    cells = cells_of(row, columns)
    return _read_csv_row(cells, read_time(cells["posted_at"], zone, dates), reading)


def check_year(post: Post) -> Post:
    """The post.

    Raises:
        NotAPost: it is older than X.
    """
    if post.posted_at.year < FIRST_YEAR:
        raise NotAPost(f"a time before {FIRST_YEAR}, when there was no X")
    return post


def _reason(error: Exception) -> str:
    """Why a row is no post, without a word of the row: rejects are not erased with the post."""
    if isinstance(error, NotAPost):
        return f"no post: {error}"
    if isinstance(error, KeyError):
        return f"no post: it has no {error.args[0]}"
    return "no post: a part of it is none that a post has, or of another kind"


def _find_header(lines: Iterator[str], variants: Sequence[Columns]) -> tuple[int, list[str], str]:
    """The lines before the header, its names and the delimiter: some exports tell of themselves first."""
    first = list(islice(lines, 1))
    found = csv_header(first[0] if first else "")
    if fitting(found[0], variants) is None:
        for number, line in enumerate(islice(lines, _LINES_BEFORE_HEADER), 1):
            names, delimiter = csv_header(line)
            if fitting(names, variants) is not None:
                return number, names, delimiter
    return 0, *found


def csv_header(line: str) -> tuple[list[str], str]:
    """The header's names and the delimiter that gives the most of them."""
    delimiter = max(",;\t|", key=line.count)
    [names] = list(csv.reader([line.rstrip("\r\n")], delimiter=delimiter)) or [[]]
    return names, delimiter


def _posts_of(value: Any) -> list[Any]:
    """The posts in one object: itself, or those under `data`, `statuses` or `tweet`."""
    if not isinstance(value, dict):
        return [value]
    for name in ("data", "statuses", "tweet"):
        if name in value and "id" not in value and "id_str" not in value:
            inner = value[name]
            return inner if isinstance(inner, list) else [] if inner is None else [inner]
    # A page without results has only meta.
    return [] if set(value) <= {"meta", "includes", "errors", "__twarc"} and value else [value]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Included:
    """What a page tells beside its posts, by id."""

    handles: Mapping[str, str]
    posts: Mapping[str, Any]  # those that its own refer to


def _included(value: Any) -> _Included:
    includes = value.get("includes") if isinstance(value, dict) else None
    by_name = includes if isinstance(includes, dict) else {}
    users, tweets = by_name.get("users"), by_name.get("tweets") or by_name.get("posts")
    return _Included(
        handles={str(user.get("id")): str(user.get("username")) for user in _objects(users)},
        posts={str(post.get("id")): post for post in _objects(tweets)},
    )


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _read_row(row: Any, archive_format: str, reading: Reading, included: _Included) -> Post:
    if not isinstance(row, dict):
        raise NotAPost("no object")
    if is_twint(row):
        return read_twint_post(row, reading)
    return read_v1_post(row, reading) if archive_format == "x-v1" else _read_v2(row, reading, included)


def _read_v2(row: Any, reading: Reading, included: _Included) -> Post:
    if "id_str" in row:
        raise NotAPost("a status of version 1.1; declare format x-v1")
    author = row.get("author")
    handle = author.get("username") if isinstance(author, dict) else included.handles.get(str(row.get("author_id")))
    post = named_where_declared(read_post(row, reading), handle, reading, client=row.get("source"))
    if post.post_type != "repost":
        return post
    # A repost's own text is cut; the reposted one is whole, where the archive has it.
    [reposted] = [r for r in references_of(row) if r["type"] in ("retweeted", "reposted")][:1]
    whole = text_of(reposted) or text_of(included.posts.get(str(reposted.get("id")), {}))
    return replace(post, text=read_text(whole)) if whole else post


def _csv_id(cell: str | None) -> str | None:
    is_number = cell is not None and re.fullmatch(NUMBER, cell.strip(), re.ASCII)
    return read_id(cell) if is_number else cell and text_id(cell)


def _read_csv_row(cells: Mapping[str, str], posted_at: datetime, reading: Reading) -> Post:
    by_word = {word: cells.get(word) or None for word in CSV_WORDS}
    parts = (by_word["posted_at"], by_word["author"], by_word["text"])
    content = "\x1f".join(part for part in parts if part is not None)
    author = by_word["author"]
    post = Post(
        post_id=_csv_id(by_word["post_id"]) or f"row-{hashlib.sha256(content.encode()).hexdigest()[:24]}",
        source_key=reading.source_key,
        source_kind=reading.source_kind,
        author_key=reading.hash_author(author) if author else "",
        account=None,
        posted_at=posted_at,
        post_type=CSV_TYPES.get(by_word["post_type"] or "", "original"),
        text=read_text(by_word["text"]),
        edit_of=None,
        like_count=whole_number(by_word["likes"]),
        repost_count=whole_number(by_word["reposts"]),
        reply_count=whole_number(by_word["replies"]),
        quote_count=whole_number(by_word["quotes"]),
        observed_at=reading.observed_at,
        network=reading.network,
    )
    return named_where_declared(post, author, reading, client=by_word["client"])
