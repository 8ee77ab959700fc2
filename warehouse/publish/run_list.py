"""The list of runs: it outlives the warehouse, because what is published keeps a copy of it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.publish.manifest import parquet_name
from warehouse.publish.publishing import published_file
from warehouse.store import StoreBusy, open_to_read

_COLUMNS = "run_id, built_at, version, campaign_hash, spec_hash, inputs_hash, rows_loaded, seconds"


def published_runs(home: Path) -> list[pa.Table]:
    """The runs that the published database knows, and those that the Parquet file knows.

    They differ after a crash between the two, and either may be lost.
    """
    return list(_readable_runs(published_file(home)))


def carry_over_runs(con: duckdb.DuckDBPyConnection, known: list[pa.Table]) -> None:
    """Add to `metrics.runs` those of the runs that it lacks: the warehouse may be younger than they are."""
    for runs in known:
        con.register("known_runs", runs)
        con.execute(
            f"INSERT INTO metrics.runs BY NAME SELECT {_COLUMNS} FROM known_runs ANTI JOIN metrics.runs USING (run_id)"
        )
        con.unregister("known_runs")


def name_run(con: duckdb.DuckDBPyConnection, now: datetime, inputs_hash: str, kind: str = "") -> str:
    """A run_id that no run in the list has: kind, time, inputs and, where two builds share all, a number."""
    taken = {run_id for (run_id,) in con.execute("SELECT run_id FROM metrics.runs").fetchall()}
    name = f"{kind}{now:%Y%m%dT%H%M%SZ}-{inputs_hash[:8]}"
    numbered = (f"{name}-{number}" for number in count(2))
    return name if name not in taken else next(other for other in numbered if other not in taken)


def _readable_runs(database: Path) -> Iterator[pa.Table]:
    # What cannot be read has nothing to carry over, and is published anew by this build.
    if database.is_file():
        with suppress(duckdb.Error, StoreBusy), open_to_read(database) as con:
            yield con.execute(f"SELECT {_COLUMNS} FROM metrics.runs").to_arrow_table()
    with suppress(duckdb.Error), duckdb.connect() as con:
        parquet = database.with_name(parquet_name("metrics.runs"))
        yield con.execute(f"SELECT {_COLUMNS} FROM read_parquet(?)", [str(parquet)]).to_arrow_table()
