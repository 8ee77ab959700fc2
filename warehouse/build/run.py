"""One build: load what landed, build the models, check, publish. The only writer of the warehouse."""

import hashlib
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.build.loading import load_landed
from warehouse.build.stopwatch import Stopwatch
from warehouse.effects.spec import spec_hash, spec_with
from warehouse.publish.publishing import publish, published_file, tables_to_publish
from warehouse.publish.run_list import carry_over_runs, name_run, published_runs
from warehouse.store import StoreBroken, open_store, transaction
from warehouse.tables.checks import check
from warehouse.tables.models import create_tables, models, sql_hash

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a build is asked for: when it began, or the instant as of which all is to be told."""

    now: datetime
    version: str
    is_as_of: bool = False


@dataclass(kw_only=True)
class Built:
    """What one build did; `run_id` is None where nothing was new."""

    published: Path
    run_id: str | None = None
    files_loaded: int = 0
    rows_loaded: int = 0
    days_touched: int = 0
    tables_published: list[str] = field(default_factory=list)
    unreadable: dict[Path, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)  # by phase, in their order

    @property
    def seconds_building(self) -> float:
        """Seconds for everything but publishing."""
        return sum(self.seconds.values()) - self.seconds_publishing

    @property
    def seconds_publishing(self) -> float:
        """Seconds for rewriting what is published."""
        return self.seconds.get("publish", 0.0)


def build(home: Path, now: datetime, version: str, tell: Tell) -> Built:
    """Bring the published tables up to date with the landing zone; a second call changes nothing.

    A warehouse that turns out to be broken midway is forgotten, and all is built from the landing zone.

    Raises:
        StoreBusy: another build is running.
        ChecksFailed: a table would hold what must never be; nothing was kept.
        DiskFault: the disk is full or may not be written; what was published stands.
    """
    try:
        return _build(home, now, version, tell)
    except StoreBroken as broken:
        tell(f"warning: {broken}")
        return _build(home, now, version, tell)


def _build(home: Path, now: datetime, version: str, tell: Tell) -> Built:
    watch = Stopwatch()
    built = Built(published=published_file(home))
    watch.begin("load")
    with open_store(home) as con, ThreadPoolExecutor(1) as beside:
        tell("loading what landed")
        loaded = load_landed(con, home, now, on_news=partial(beside.submit, _load_libraries))
        built.files_loaded, built.rows_loaded = loaded.files, loaded.rows
        built.unreadable = {path: broken.fault for path, broken in loaded.broken.items()}
        last_load_id = _last_load_id(con)
        if last_load_id > _built_load_id(con):
            asked = Asked(now=now, version=version)
            built.run_id = build_in_one_transaction(con, asked, published_runs(home), loaded.rows, tell, watch)
            [built.days_touched] = con.execute("SELECT count(*) FROM staging.touched_days").fetchone() or (0,)
        watch.begin("publish")
        if last_load_id:
            built.tables_published = publish(con, home, tell)
        watch.begin("close")
    watch.end()
    built.seconds = dict(watch.seconds)
    return built


def _load_libraries() -> None:
    """Load what only a build with news needs. DuckDB leaves Python alone while it loads rows: time for both."""
    models()
    import warehouse.build.phases  # noqa: F401, PLC0415


def build_in_one_transaction(  # noqa: PLR0917 - each is of another type
    con: duckdb.DuckDBPyConnection,
    asked: Asked,
    known_runs: list[pa.Table],
    rows_loaded: int,
    tell: Tell,
    watch: Stopwatch,
) -> str:
    """Build every table from what is loaded, or nothing; returns the id of the run.

    Raises:
        ChecksFailed: a table would hold what must never be; nothing was kept.
    """
    watch.begin("libraries")
    # SciPy comes with it: half a second that a build without news can do without.
    from warehouse.build.phases import build_tables  # noqa: PLC0415

    started = time.monotonic()
    with transaction(con):
        last_built, load_id = _built_load_id(con), _last_load_id(con)
        if not last_built:
            create_tables(con)
        carry_over_runs(con, known_runs)
        run_id = name_run(con, asked.now, _inputs_hash(con), "as-of-" if asked.is_as_of else "")
        con.execute("DELETE FROM staging.this_run")
        con.execute(
            "INSERT INTO staging.this_run VALUES (?, ?, ?, ?, ?)",
            [run_id, asked.now, last_built, load_id, sql_hash()],
        )
        changed = build_tables(con, tell, watch)
        watch.begin("check")
        tell("checking")
        check(con)
        watch.begin("commit")
        _record_run(con, asked, rows_loaded, time.monotonic() - started)
        # Where all is made anew, a table that stayed empty is of this run as well.
        _record_changes(con, changed | {"metrics.runs"} if last_built else set(tables_to_publish()), run_id)
    return run_id


def _built_load_id(con: duckdb.DuckDBPyConnection) -> int:
    """The last load that was built by the SQL of this version; 0 where all must be built anew."""
    try:
        row = con.execute("SELECT load_id FROM staging.this_run WHERE sql_hash = ?", [sql_hash()]).fetchone()
    except duckdb.CatalogException:
        return 0
    return row[0] if row else 0


def _last_load_id(con: duckdb.DuckDBPyConnection) -> int:
    [load_id] = con.execute("SELECT coalesce(max(load_id), 0) FROM raw.landed_files").fetchone() or (0,)
    return int(load_id)


def _inputs_hash(con: duckdb.DuckDBPyConnection) -> str:
    files = con.execute(
        "SELECT table_name, file_name FROM raw.landed_files WHERE unreadable IS NULL ORDER BY ALL"
    ).fetchall()
    return hashlib.sha256(repr(files).encode()).hexdigest()[:16]


def _record_run(con: duckdb.DuckDBPyConnection, asked: Asked, rows: int, seconds: float) -> None:
    facts = con.execute("SELECT campaign_hash, spec FROM staging.campaigns ORDER BY campaign_id").fetchall()
    campaign_hash = "+".join(hash_ for hash_, _ in facts)
    # A hash of the whole analysis, defaults included: a product that estimates otherwise has another hash.
    spec_hashes = "+".join(spec_hash(spec_with(json.loads(overrides))) for _, overrides in facts)
    # How long it took would be another number each time; what is told as of an instant is the same each time.
    seconds, as_of = (0.0, asked.now) if asked.is_as_of else (round(seconds, 3), None)
    con.execute(
        "INSERT INTO metrics.runs SELECT run_id, built_at, ?, ?, ?, ?, ?, ?, ?::TIMESTAMPTZ FROM staging.this_run",
        [asked.version, campaign_hash, spec_hashes, _inputs_hash(con), rows, seconds, as_of],
    )


def _record_changes(con: duckdb.DuckDBPyConnection, changed: set[str], run_id: str) -> None:
    names = sorted(changed.intersection(tables_to_publish()))
    con.execute("DELETE FROM staging.changed_tables WHERE table_name IN (SELECT unnest(?))", [names])
    con.execute("INSERT INTO staging.changed_tables SELECT unnest(?), ?", [names, run_id])
