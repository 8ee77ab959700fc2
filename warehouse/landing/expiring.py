"""Texts of posts that are older than their campaign keeps them: which these are, and what is left of them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.landing.erasing import Rewritten, rewrite_file
from warehouse.landing.files import landed_files
from warehouse.landing.reducing import Reduce

_ALL_REDUCED = b"afterdebate.all_texts_reduced"
_JUDGED = ["source_key", "account", "observed_at", "text"]  # by which a text is too old


def expired_files(home: Path, before: Mapping[str, datetime], *, left_out: Collection[Path] = ()) -> list[Path]:
    """The landed files of posts with a text older than its campaign keeps texts, reduced or not; but for `left_out`.

    `before`: campaign -> the instant before which a text that was observed is too old.
    """
    latest = max(before.values(), default=datetime.min.replace(tzinfo=UTC))
    files = [path for path in landed_files(home, "posts") if path not in left_out]
    waiting = [path for path in files if not _is_reduced(path) and not _is_younger(path, latest)]
    return [path for path in waiting if pc.any(_expired(pq.ParquetFile(path).read(_JUDGED), before)).as_py()]


def has_whole_texts(path: Path, before: Mapping[str, datetime], reduce: Reduce) -> bool:
    """Whether a file holds an expired text that reducing would change.

    How a text begins is no sign of it: anybody may begin a post so.
    """
    rows = pq.ParquetFile(path).read(_JUDGED)
    return _reduced(rows, before, reduce)[1] > 0


def reduce_expired(paths: Iterable[Path], before: Mapping[str, datetime], reduce: Reduce) -> Rewritten:
    """Reduce the expired texts of these files to the phrases in them; a candidate's own posts stay whole."""
    total = Rewritten()
    for path in paths:
        rows = pq.ParquetFile(path).read()
        texts, count = _reduced(rows, before, reduce)
        column = rows.schema.get_field_index("text")
        rows = rows.set_column(column, rows.schema.field(column), texts)
        if pc.all(pc.or_(pc.is_valid(rows["account"]), _expired(rows, before))).as_py():
            # Nothing more to do in this file, ever: later looks need not read its texts.
            rows = rows.replace_schema_metadata({**(rows.schema.metadata or {}), _ALL_REDUCED: b"1"})
        rewrite_file(path, rows)
        total += Rewritten(rows=count, files=1)
    return total


def _reduced(rows: pa.Table, before: Mapping[str, datetime], reduce: Reduce) -> tuple[pa.Array, int]:
    """The texts, the expired ones reduced, and how many that changed."""
    texts = rows["text"].to_pylist()
    expired = pc.indices_nonzero(_expired(rows, before)).to_pylist()
    whole = [texts[index] for index in expired]
    reduced = reduce(whole)
    for index, text in zip(expired, reduced, strict=True):
        texts[index] = text
    return pa.array(texts, pa.string()), sum(map(str.__ne__, whole, reduced))


def _is_reduced(path: Path) -> bool:
    return _ALL_REDUCED in (pq.ParquetFile(path).schema_arrow.metadata or {})


def _is_younger(path: Path, latest: datetime) -> bool:
    """By the file's own note of its oldest row: a build need not read the texts of a young archive."""
    file = pq.ParquetFile(path)
    column = file.schema_arrow.get_field_index("observed_at")
    notes = [file.metadata.row_group(group).column(column).statistics for group in range(file.num_row_groups)]
    return all(note is not None and note.has_min_max and note.min >= latest for note in notes)


def _expired(rows: pa.Table, before: Mapping[str, datetime]) -> pa.ChunkedArray:
    """Which rows hold somebody's text for longer than their campaign may hold a whole one."""
    too_old: Any = pa.chunked_array([pa.repeat(pa.scalar(value=False), rows.num_rows)])
    for campaign_id, instant in before.items():
        of_campaign = pc.starts_with(rows["source_key"], f"{campaign_id}/")
        is_old = pc.less(rows["observed_at"], pa.scalar(instant, pa.timestamp("us", tz="UTC")))
        too_old = pc.or_(too_old, pc.and_(of_campaign, is_old))
    return pc.and_(too_old, pc.is_null(rows["account"]))
