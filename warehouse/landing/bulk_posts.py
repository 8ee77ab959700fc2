"""Archives of posts, read by DuckDB at its own speed into one file of the landing zone.

Only the columns that a layout names are read, and an author is there only as a keyed hash or, where he is a declared
public figure, by his handle. What does not fit at full speed is left to the reader of single lines.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import duckdb

from warehouse.landing.files import land_file, partial_file
from warehouse.sql_text import quoted


class Layout(Protocol):
    """What a shape of archive says of itself; see the connectors' `PostLayout`."""

    @property
    def rows(self) -> str:
        """SQL that yields the posts; {path} is the file."""
        ...

    @property
    def fields(self) -> Mapping[str, str]:
        """Field of the record, and `author` and `handle`, -> SQL."""
        ...

    @property
    def users(self) -> str | None:
        """SQL that yields id and username of authors told beside the posts."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTarget:
    """Where posts go, and what every one of them carries."""

    home: Path
    source_key: str
    source_kind: str
    file_sha256: str
    observed_at: datetime
    author_key: bytes
    handles: Sequence[str]  # lower case, of declared public figures
    season: tuple[datetime, datetime]  # first moment of it, and first moment after it
    first_year: int  # in which a post may be made: a time before it was read in the wrong way
    network: str | None = None  # None: X; else its name is hashed with each author's
    erased: Sequence[str] = ()  # hashes of authors and posts that must not come in again


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsLanded:
    """What landed of one archive."""

    file: Path | None  # None: nothing to land
    rows: int
    in_season: int  # of the rows
    first_at: datetime | None
    last_at: datetime | None


class NotPlainPosts(Exception):
    """The file cannot be read at full speed without losing a row: read it line by line. Nothing landed."""


def land_posts(path: Path, layout: Layout, target: PostTarget) -> PostsLanded:
    """Land the posts of one file of one layout.

    Raises:
        NotPlainPosts: a row does not fit the layout.
    """
    partial = partial_file(target.home, "posts", f"{target.file_sha256[:32]}.parquet")
    try:
        with duckdb.connect() as con:
            con.execute("SET TimeZone = 'UTC'")
            con.execute("SET enable_progress_bar = false")
            return _copy(con, path, layout, target, partial)
    except duckdb.Error as error:
        # The file's own text may stand in the message: it goes no further.
        raise NotPlainPosts(type(error).__name__) from None
    finally:
        partial.unlink(missing_ok=True)


def _copy(con: duckdb.DuckDBPyConnection, path: Path, layout: Layout, target: PostTarget, partial: Path) -> PostsLanded:
    file = quoted(path)
    accounts = _declared_authors(con, layout, file, target)
    columns = ", ".join(f"{sql} AS {field}" for field, sql in layout.fields.items())
    known = " AND ".join(f"{_subject_hash(who)} NOT IN (SELECT unnest($erased))" for who in ("author_key", "post_id"))
    # Zstd at its lowest level costs no more time than LZ4, for half the file. What all rows share is an enumeration:
    # it is written as it is, not looked for in every row.
    con.execute(
        f"""
        COPY (
            SELECT
                post_id, {_same(target.source_key)} AS source_key, {_same(target.source_kind)} AS source_kind,
                CASE WHEN author IS NULL THEN ''
                    ELSE left(sha256($key || encode({_of_network(target)} || lower(trim(author)))), 32) END
                    AS author_key,
                {_account(accounts, target)} AS account,
                posted_at, post_type, text, edit_of, like_count, repost_count, reply_count, quote_count,
                $observed_at::TIMESTAMPTZ AS observed_at, {_same(target.file_sha256)} AS file_sha256,
                {_same(target.network) if target.network else "CAST(NULL AS VARCHAR)"} AS network,
                CAST(NULL AS VARCHAR) AS time_quality,
                CASE WHEN account IS NOT NULL THEN client END AS client
            FROM (SELECT {columns} FROM ({layout.rows.format(path=file)}))
            {f"WHERE {known}" if target.erased else ""}
        ) TO {quoted(partial)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)
        """,
        {"key": target.author_key, "observed_at": target.observed_at}
        | ({"erased": list(target.erased)} if target.erased else {}),
    )
    # Of the texts, the dear part of the file, only the note is read of how many are missing.
    rows, whole, in_season, first_at, last_at = _row(
        con,
        "SELECT count(*),"
        " count(*) FILTER (WHERE year(posted_at) >= $first_year AND regexp_full_match(post_id, '\\d{1,19}|row-\\w+'))"
        " - (SELECT coalesce(sum(stats_null_count), 0) FROM parquet_metadata($file) WHERE path_in_schema = 'text'),"
        " count(*) FILTER (WHERE posted_at >= $start_at AND posted_at < $after_at),"
        " min(posted_at), max(posted_at) FROM read_parquet($file)",
        {"file": str(partial), "first_year": target.first_year}
        | dict(zip(("start_at", "after_at"), target.season, strict=True)),
    )
    if whole != rows:
        raise NotPlainPosts(f"{rows - whole} rows without id, text or a time since {target.first_year}")
    decided_by = f"{target.source_key} {target.file_sha256} {target.observed_at.isoformat()}"
    name = hashlib.sha256(decided_by.encode()).hexdigest()[:32]
    return PostsLanded(
        file=land_file(partial, name) if rows else None,
        rows=rows,
        in_season=in_season,
        first_at=first_at,
        last_at=last_at,
    )


def _declared_authors(con: duckdb.DuckDBPyConnection, layout: Layout, file: str, target: PostTarget) -> dict[str, str]:
    """Handle by author id of the declared figures whom the file names beside its posts."""
    if layout.users is None or not target.handles:
        return {}
    users = con.execute(
        f"SELECT DISTINCT id, lower(username) FROM ({layout.users.format(path=file)}) WHERE lower(username) IN "
        "(SELECT unnest($handles))",
        {"handles": list(target.handles)},
    ).fetchall()
    return {author_id: handle for author_id, handle in users if author_id}


def _account(accounts: Mapping[str, str], target: PostTarget) -> str:
    """SQL: the handle of a declared figure, else NULL."""
    whens = [f"WHEN author = {quoted(author_id)} THEN {quoted(handle)}" for author_id, handle in accounts.items()]
    told = "regexp_replace(lower(trim(handle)), '^@', '')"
    whens += [f"WHEN {told} = {quoted(handle)} THEN {quoted(handle)}" for handle in target.handles]
    return f"CASE {' '.join(whens)} END" if whens else "CAST(NULL AS VARCHAR)"


def _of_network(target: PostTarget) -> str:
    """SQL: what stands before an author where it is hashed."""
    return quoted(f"{target.network}:" if target.network else "")


def _same(value: str) -> str:
    """SQL: a text that is the same in every row."""
    return f"CAST({quoted(value)} AS ENUM ({quoted(value)}))"


def _subject_hash(column: str) -> str:
    """SQL: what the log of erasures keeps of an id or a key."""
    return f"left(sha256('erased: ' || {column}), 32)"


def _row(con: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, object]) -> tuple[Any, ...]:
    return con.execute(query, dict(values)).fetchone() or ()
