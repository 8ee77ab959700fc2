"""Erasure: the only rewriting of the landing zone. What is left of a row is what an aggregate needs, and no person.

A file is rewritten in its place, under its name. The warehouse is then forgotten whole, because a database keeps
deleted rows in its pages; the next build makes it again from the landing zone.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.landing import read_landed
from warehouse.store import open_store

Row = dict[str, Any]
REDUCED = "≈ "  # begins a text of which only the names are left
_ALL_REDUCED = b"afterdebate.all_texts_reduced"
_MARK = ".erasing"
_JUDGED = ["source_key", "account", "observed_at", "text"]  # by which a text is too old


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """What an erasure changed in the landing zone."""

    rows: int = 0
    files: int = 0

    def __add__(self, other: "Rewritten") -> "Rewritten":
        return Rewritten(rows=self.rows + other.rows, files=self.files + other.files)


def count_rows(home: Path, table: str, wanted: Mapping[str, Sequence[str]]) -> int:
    """How many landed rows of `table` have one of the wanted values in one of the columns."""
    total = 0
    for path in sorted((home / "landing" / table).glob("[!.]*.parquet")):
        file = pq.ParquetFile(path)
        told = [column for column in wanted if column in file.schema_arrow.names]
        total += pc.sum(_mask(file.read(told), wanted)).as_py() or 0 if told else 0
    return total


def first_versions(home: Path, post_ids: Sequence[str]) -> set[str]:
    """The ids of the first versions of those landed posts that are edits."""
    first: set[str] = set()
    for path in sorted((home / "landing" / "posts").glob("[!.]*.parquet")):
        rows = pq.ParquetFile(path).read(["post_id", "edit_of"])
        first.update(filter(None, rows.filter(_mask(rows, {"post_id": post_ids}))["edit_of"].to_pylist()))
    return first


def is_unfinished(home: Path) -> bool:
    """Was an erasure begun that has not ended?"""
    return (home / _MARK).exists()


def rewrite_rows(
    home: Path, table: str, wanted: Mapping[str, Sequence[str]], change: Callable[[Row], Row]
) -> Rewritten:
    """Change every landed row of `table` that has one of the wanted values in one of the columns."""
    total = Rewritten()
    for path in sorted((home / "landing" / table).glob("[!.]*.parquet")):
        rows = pq.ParquetFile(path).read()
        mask = _mask(rows, wanted)
        count = pc.sum(mask).as_py() or 0
        if count:
            changed = [change(row) for row in rows.filter(mask).to_pylist()]
            kept = rows.filter(pc.invert(mask))
            _replace(path, pa.concat_tables([kept, pa.Table.from_pylist(changed, schema=rows.schema)]))
            total += Rewritten(rows=count, files=1)
    return total


def _mask(rows: pa.Table, wanted: Mapping[str, Sequence[str]]) -> pa.Array:
    mask = pa.repeat(pa.scalar(value=False), rows.num_rows)
    for column, values in wanted.items():
        if column in rows.column_names:
            found = pc.is_in(rows[column], pa.array(list(values), pa.string()))
            mask = pc.or_(mask, found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found)
    return mask


@contextmanager
def builder_kept_out(home: Path) -> Iterator[None]:
    """Nobody builds within; afterwards the warehouse is gone, so that the next build makes it from the landing zone.

    A mark stays in the home until `erasure_ended`: whoever asks again after a crash ends what was begun.

    Raises:
        StoreBusy: a build is running; nothing was changed.
    """
    with open_store(home):
        (home / _MARK).touch()
        yield
        (home / "warehouse.duckdb").unlink()
    for left in home.glob("warehouse.duckdb*"):
        left.unlink()


def erasure_ended(home: Path) -> None:
    """Take the mark away: what is published holds nothing any more of what was erased."""
    (home / _MARK).unlink(missing_ok=True)


def landed_phrases(home: Path) -> list[str]:
    """Every alias and excluded phrase of every campaign of the home."""
    return sorted({row["alias"] for row in read_landed(home, "aliases")})


def reduce_text(text: str, phrases: Iterable[str]) -> str:
    """Only the phrases that the text holds, the longest first: enough to count whom it names, and nothing else.

    "I met Hunter Biden and Joe Biden" is "≈ Hunter Biden | Joe Biden".
    """
    words = _folded(text)
    found = []
    for phrase in sorted(phrases, key=lambda p: (-len(_folded(p)), p)):
        folded = _folded(phrase)
        if folded.strip() and folded in words:
            found.append(phrase)
            # Taken out, so that "Biden" is not found again within "Hunter Biden".
            words = words.replace(folded, " | ")
    return f"{REDUCED}{' | '.join(found)}"


def expired_files(home: Path, before: Mapping[str, datetime], *, left_out: Collection[Path] = ()) -> list[Path]:
    """The landed files of posts that hold a whole text older than its campaign keeps texts, but for those `left_out`.

    `before`: campaign -> the instant before which a text that was observed is too old.
    """
    files = [path for path in sorted((home / "landing" / "posts").glob("[!.]*.parquet")) if path not in left_out]
    latest = max(before.values(), default=datetime.min.replace(tzinfo=UTC))
    waiting = [path for path in files if not _is_reduced(path) and not _is_younger(path, latest)]
    return [path for path in waiting if pc.any(_expired(pq.ParquetFile(path).read(_JUDGED), before)).as_py()]


def reduce_expired(paths: Iterable[Path], before: Mapping[str, datetime], phrases: Sequence[str]) -> Rewritten:
    """Reduce the expired texts of these files to whom they name; a candidate's own posts stay whole."""
    total = Rewritten()
    for path in paths:
        rows = pq.ParquetFile(path).read()
        mask = _expired(rows, before)
        texts = rows["text"].to_pylist()
        for index in pc.indices_nonzero(mask).to_pylist():
            texts[index] = reduce_text(texts[index], phrases)
        column = rows.schema.get_field_index("text")
        rows = rows.set_column(column, rows.schema.field(column), pa.array(texts, pa.string()))
        if pc.all(pc.or_(pc.is_valid(rows["account"]), pc.starts_with(rows["text"], REDUCED))).as_py():
            # Nothing more to do in this file, ever: later looks need not read its texts.
            rows = rows.replace_schema_metadata({**(rows.schema.metadata or {}), _ALL_REDUCED: b"1"})
        _replace(path, rows)
        total += Rewritten(rows=pc.sum(mask).as_py(), files=1)
    return total


def _is_reduced(path: Path) -> bool:
    return _ALL_REDUCED in (pq.ParquetFile(path).schema_arrow.metadata or {})


def _is_younger(path: Path, latest: datetime) -> bool:
    """By the file's own note of its oldest row: a build need not read the texts of a young archive."""
    file = pq.ParquetFile(path)
    column = file.schema_arrow.get_field_index("observed_at")
    notes = [file.metadata.row_group(group).column(column).statistics for group in range(file.num_row_groups)]
    return all(note is not None and note.has_min_max and note.min >= latest for note in notes)


def _expired(rows: pa.Table, before: Mapping[str, datetime]) -> pa.ChunkedArray:
    """Which rows hold somebody's whole text for longer than their campaign may."""
    too_old: Any = pa.chunked_array([pa.repeat(pa.scalar(value=False), rows.num_rows)])
    for campaign_id, instant in before.items():
        of_campaign = pc.starts_with(rows["source_key"], f"{campaign_id}/")
        is_old = pc.less(rows["observed_at"], pa.scalar(instant, pa.timestamp("us", tz="UTC")))
        too_old = pc.or_(too_old, pc.and_(of_campaign, is_old))
    is_whole = pc.invert(pc.starts_with(rows["text"], REDUCED))
    return pc.and_(too_old, pc.and_(is_whole, pc.is_null(rows["account"])))


def _folded(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    found = re.findall(r"[^\W_]+", bare)
    return f" {' '.join(found)} "


def _replace(path: Path, rows: pa.Table) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("wb") as file:
        pq.write_table(rows, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
