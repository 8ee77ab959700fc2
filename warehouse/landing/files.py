"""The landing zone: immutable Parquet files, one folder a record.

A file's name is the hash of its rows, so the same batch landed twice is one file. A file appears whole or not
at all: it is written beside its place, flushed to disk and renamed. Erasure and retention are the only rewrites.
"""

import hashlib
import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, Protocol, Union, get_args, get_origin, get_type_hints

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.landing.unreadable import LandedUnreadable, refuse_broken
from warehouse.sql_files import table_files

_SCALARS: dict[object, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
    Decimal: pa.decimal128(18, 2),
}


class Record(Protocol):
    """Any frozen dataclass that names its table."""

    TABLE: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


Landable = Mapping[str, pa.Table]  # by table, whole enough to be written


def land(home: Path, records: Iterable[Record]) -> list[Path]:
    """Write the records to the landing zone; returns the files that hold them, one a table.

    Raises:
        TypeError: a record has a field of a type that has no Arrow counterpart.
        ValueError: a time without a zone.
    """
    return land_all(home, as_landable(records))


def as_landable(records: Iterable[Record]) -> Landable:
    """The records as they will be written, one Arrow table each; nothing is written.

    Raises:
        TypeError: a record has a field of a type that has no Arrow counterpart.
        ValueError: a time without a zone, or a text that is none.
    """
    by_type: dict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        by_type[type(record)].append(record)
    return {kind.TABLE: arrow_table(kind, rows) for kind, rows in by_type.items()}


def land_all(home: Path, tables: Landable) -> list[Path]:
    """Write the tables in their order; returns the files that hold them."""
    return [land_table(home, name, rows) for name, rows in tables.items()]


def land_table(home: Path, table_name: str, rows: pa.Table, *, repeating: Sequence[str] | None = None) -> Path:
    """Write one Arrow table as one file of `landing/<table_name>`; returns its path.

    A dictionary is kept of the `repeating` columns, of all of them where none is named.
    """
    folder = home / "landing" / table_name
    folder.mkdir(parents=True, exist_ok=True)
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd", use_dictionary=True if repeating is None else list(repeating))
    content = sink.getvalue()
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.parquet"
    if path.exists():
        return path
    partial = partial_file(home, table_name, path.name)
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        partial.unlink(missing_ok=True)  # where the disk is full, it takes room
        # The system names no file where a write fails.
        raise OSError(error.errno, error.strerror, str(path)) from error
    partial.replace(path)
    return path


def partial_file(home: Path, table_name: str, name: str) -> Path:
    """Where this thread may write a file of `landing/<table_name>` that is not whole yet; it ends with the process."""
    folder = home / "landing" / table_name
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f".{name}.{threading.get_native_id()}.{os.getpid()}"


def land_file(partial: Path, content_name: str) -> Path:
    """Give a whole Parquet file, written beside its place, its name; returns its path.

    `content_name` is a hash of all that decides its rows, so the same file landed twice is one file.
    """
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    return partial.replace(partial.with_name(f"{content_name}.parquet"))


def landed_files(home: Path, table_name: str = "*") -> list[Path]:
    """Every whole file of the landing zone, or of one table of it, in the order of its name."""
    return sorted((home / "landing").glob(f"{table_name}/[!.]*.parquet"))


def landed_tables() -> set[str]:
    """The tables of the landing zone that this version knows."""
    return {path.stem for path in table_files("raw")} - {"landed_files"}


def read_landed_file(path: Path) -> list[dict[str, Any]]:
    """The rows of one landed file, by column name.

    Raises:
        LandedUnreadable: it is no whole Parquet file, or its rows cannot be decoded.
    """
    refuse_broken([path])
    return _rows_of(path)


def read_landed(home: Path, table_name: str) -> list[dict[str, Any]]:
    """Every landed row of one table, in the order of the files' names; for tables of few rows.

    Raises:
        LandedUnreadable: one of the files cannot be read; what it holds may matter.
    """
    files = landed_files(home, table_name)
    refuse_broken(files)
    return [row for path in files for row in _rows_of(path)]


def landed_values(home: Path, table_name: str, column: str, *, without: str | None = None) -> set[str]:
    """Every value of one column of one landed table; a file from before the column was there holds none.

    With `without`, of the rows alone that have nothing in that column.

    Raises:
        LandedUnreadable: one of the files cannot be read.
    """
    files = landed_files(home, table_name)
    refuse_broken(files)
    found: set[str] = set()
    for path in files:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
        if column in names:
            apart = [without] if without is not None and without in names else []
            rows = file.read([column, *apart])
            for other in apart:
                rows = rows.filter(pc.is_null(rows[other]))
            found.update(rows[column].unique().to_pylist())
    return found


def _rows_of(path: Path) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = pq.ParquetFile(path).read().to_pylist()
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise LandedUnreadable(path, type(error).__name__) from None
    return rows


def arrow_table(kind: type[Record], records: Sequence[Record]) -> pa.Table:
    """The records as an Arrow table of the schema that `kind`'s annotations say."""
    columns = {}
    schema = arrow_schema(kind)
    for column in schema:
        values = [getattr(record, column.name) for record in records]
        if pa.types.is_timestamp(column.type) and any(v is not None and v.tzinfo is None for v in values):
            raise ValueError(f"{kind.__name__}.{column.name}: a time without a zone")
        columns[column.name] = pa.array(values, type=column.type)
    return pa.table(columns, schema=schema)


@cache
def arrow_schema(kind: type[Record]) -> pa.Schema:
    """The Arrow schema of a record, derived from its annotations; `X | None` is nullable, all else is not."""
    hints = get_type_hints(kind, include_extras=True)
    return pa.schema([_arrow_field(kind, f.name, hints[f.name]) for f in fields(kind)])


def _arrow_field(kind: type[Record], name: str, hint: object) -> pa.Field:
    is_nullable = False
    if get_origin(hint) in (Union, UnionType):
        options = [option for option in get_args(hint) if option is not NoneType]
        is_nullable = len(options) < len(get_args(hint))
        hint = options[0] if len(options) == 1 else hint
    return pa.field(name, _arrow_type(kind, name, hint), nullable=is_nullable)


def _arrow_type(kind: type[Record], name: str, hint: object) -> pa.DataType:
    if hint in _SCALARS:
        return _SCALARS[hint]
    if get_origin(hint) is Annotated:
        return pa.decimal128(18, hint.__metadata__[0])  # type: ignore[attr-defined]  # Annotated[Decimal, decimals]
    if get_origin(hint) is Literal:
        return pa.string()
    if get_origin(hint) is tuple:
        return pa.list_(_arrow_type(kind, name, get_args(hint)[0]))
    raise TypeError(f"{kind.__name__}.{name}: no Arrow type for {hint}")
