"""`published/datapackage.json`: what is published, as a Data Package (datapackage.org, version 2.0).

Tables, columns and their words are those of the published database; other programs read them here without DuckDB. Each
file's SHA-256 stands beside it, so that a package of another moment is seen to be one.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb

from warehouse.publish.manifest import DATABASE, file_hash, parquet_name, put_in_place
from warehouse.publish.units import unit_of
from warehouse.sql_files import header_of
from warehouse.store import open_to_read

PACKAGE = "datapackage.json"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TERMS = (
    "These tables are counts, sums and estimates computed from the sources named here. Their terms go on to hold; no "
    "text, no author and no donor is among the rows. Whoever passes the package on names a licence of their own."
)
_MEDIA = {".parquet": "application/vnd.apache.parquet", ".duckdb": "application/vnd.duckdb"}
_TYPES = {
    "BIGINT": "integer", "INTEGER": "integer", "HUGEINT": "integer", "DOUBLE": "number", "BOOLEAN": "boolean",
    "DATE": "date", "TIMESTAMP WITH TIME ZONE": "datetime", "TIMESTAMP": "datetime", "VARCHAR[]": "array",
    "DOUBLE[]": "array", "TIMESTAMP WITH TIME ZONE[]": "array",
}  # fmt: skip

# A key with a column that may be empty is unique, and no primary key.
_MAY_BE_EMPTY = {"line_number", "event_kind", "source_id in series_breaks", "source_id in effect_placebos"}

# Where ids of a whole platform, of all events or of a sum of sources may stand, nothing is referred to.
_REFERENCES: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    (("campaign_id",), "campaigns", ("*",)),
    (("run_id",), "runs", ("*",)),
    (
        ("campaign_id", "candidate_id"),
        "candidates",
        ("buzz_by_interval", "buzz_decay", "buzz_makers", "own_voice", "share_of_voice"),
    ),
    (("campaign_id", "event_id"), "events", ("buzz_decay", "buzz_makers", "donation_timing", "share_of_voice")),
    (("campaign_id", "source_id"), "sources", ("coverage", "rejects", "source_health")),
)


def write_datapackage(folder: Path, tables: Mapping[str, Path], files: Mapping[str, str]) -> str:
    """Replace the package of what stands in `folder`, whole or not at all; returns its SHA-256.

    `tables` are the published tables, as schema.table, with their SQL files; `files` the SHA-256 of each file.
    """
    with open_to_read(folder / DATABASE) as con:
        package = _package(con, folder, tables, files)
    partial = folder / f".{PACKAGE}.partial"
    partial.write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sha256 = file_hash(partial)
    put_in_place(partial, folder / PACKAGE)
    return sha256


def _package(
    con: duckdb.DuckDBPyConnection, folder: Path, tables: Mapping[str, Path], files: Mapping[str, str]
) -> dict[str, Any]:
    [(run, built_at, program)] = con.execute(_RUN).fetchall()
    titles = con.execute("SELECT title FROM facts.campaigns ORDER BY campaign_id").fetchall()
    with_files = {name: path for name, path in tables.items() if parquet_name(name) in files}
    return {
        "$schema": _PROFILE,
        "name": "afterdebate",
        "title": "; ".join(str(title) for (title,) in titles),
        "description": f"What televised debates did to buzz and to donations, by afterdebate {program}. {_TERMS}",
        "version": run,
        "created": f"{built_at:%Y-%m-%dT%H:%M:%SZ}",
        "sources": _sources(con),
        "resources": [
            *(_table(con, folder, name, path, files[parquet_name(name)]) for name, path in sorted(with_files.items())),
            {
                "name": "database",
                "title": DATABASE,
                "description": "All of these tables, and views for sums, as one DuckDB file.",
                **_file(folder / DATABASE, files[DATABASE]),
                "holds_besides": _without_files(con, with_files),
            },
        ],
    }


def _table(con: duckdb.DuckDBPyConnection, folder: Path, name: str, path: Path, sha256: str) -> dict[str, Any]:
    schema, _, table = name.partition(".")
    header, fields = header_of(path), _fields(con, name)
    key = list(header.key)
    is_whole = not any(part in _MAY_BE_EMPTY or f"{part} in {table}" in _MAY_BE_EMPTY for part in key)
    return {
        "name": table,
        "type": "table",
        "title": name,
        "description": f"{header.tells} Grain: {header.grain}.",
        "units": header.units,
        "schema_in_database": schema,
        **_file(folder / parquet_name(name), sha256),
        "schema": {
            "fields": fields,
            **({"primaryKey": key} if is_whole else {"uniqueKeys": [key]}),
            "foreignKeys": _foreign_keys(table, {field["name"] for field in fields}),
        },
    }


def _without_files(con: duckdb.DuckDBPyConnection, with_files: Mapping[str, Path]) -> list[dict[str, Any]]:
    """What the database holds and no Parquet file does: views, and the row that says which build it is of."""
    return [
        {"name": name, "description": told, "fields": _fields(con, name)}
        for name, told in con.execute(_COMMENTS).fetchall()
        if name not in with_files
    ]


def _file(path: Path, sha256: str) -> dict[str, Any]:
    return {
        "path": path.name, "format": path.suffix.removeprefix("."), "mediatype": _MEDIA[path.suffix],
        "bytes": path.stat().st_size, "hash": f"sha256:{sha256}",
    }  # fmt: skip


def _fields(con: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    schema, _, table = name.partition(".")
    columns = con.execute(_COLUMNS, [schema, table]).fetchall()
    return [_field(table, column, kind, told) for column, kind, told in columns]


def _field(table: str, column: str, kind: str, told: str) -> dict[str, Any]:
    unit = unit_of(table, column, kind)
    described = {"description": told} if told else {}
    return {
        "name": column, "type": "number" if kind.startswith("DECIMAL") else _TYPES.get(kind, "string"), **described,
        **({"unit": unit} if unit else {}),
    }  # fmt: skip


def _foreign_keys(table: str, columns: set[str]) -> list[dict[str, Any]]:
    return [
        {"fields": list(fields), "reference": {"resource": target, "fields": list(fields)}}
        for fields, target, which in _REFERENCES
        if target != table and columns.issuperset(fields) and (which == ("*",) or table in which)
    ]


def _sources(con: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """What the numbers come from; an address only where it holds no name, password or question."""
    found = []
    for campaign_id, source_id, source_kind, key, is_synthetic in con.execute(_SOURCES).fetchall():
        address = urlsplit(key)
        is_public = address.scheme in {"http", "https"} and not address.query and "@" not in address.netloc
        made_up = ", synthetic" if is_synthetic else ""
        title = f"{campaign_id}: {source_id} ({source_kind}{made_up})"
        found.append({"title": title, **({"path": key} if is_public else {})})
    return found


_RUN = "SELECT run_id, built_at, version FROM facts.publication JOIN metrics.runs USING (run_id)"
_SOURCES = "SELECT campaign_id, source_id, source_kind, source_key, is_synthetic FROM facts.sources ORDER BY ALL"
_COMMENTS = """SELECT schema_name || '.' || table_name, coalesce(comment, '') FROM duckdb_tables()
WHERE NOT internal
UNION ALL
SELECT schema_name || '.' || view_name, coalesce(comment, '') FROM duckdb_views()
WHERE NOT internal
ORDER BY 1"""
_COLUMNS = """SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
WHERE schema_name = ? AND table_name = ? ORDER BY column_index"""
