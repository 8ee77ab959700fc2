"""Which landed rows were known at an instant: by the moment that each row carries, never by the age of its file.

Erasure and retention rewrite files, so a file's age says nothing. The facts of a campaign carry no moment of their own:
they were known with the state of the folder that they belong to.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.landing.files import landed_files
from warehouse.landing.unreadable import refuse_broken
from warehouse.sql_text import listed

KNOWN_AT = {
    "campaigns": "landed_at",
    "donation_totals": "known_at",
    "donations": "known_at",
    "entries": "fetched_at",
    "erasures": "erased_at",
    "feed_states": "polled_at",
    "fetch_attempts": "attempted_at",
    "imported_files": "imported_at",
    "polls": "known_at",
    "post_counts": "retrieved_at",
    "posts": "observed_at",
    "rejects": "seen_at",
    "signups": "known_at",
    "ticker_readings": "known_at",
    "withdrawals": "withdrawn_at",
}
# Of a state of a campaign's folder.
FACTS = ("aliases", "candidates", "channels", "events", "sources", "territories")


class NothingKnown(Exception):
    """Nothing had landed at that instant; the message says when the first did."""


def refuse_before_first(home: Path, by: datetime) -> None:
    """Pass where a campaign had landed in the home by then.

    Raises:
        NothingKnown: none had.
        LandedUnreadable: when campaigns landed cannot be read.
    """
    files = landed_files(home, "campaigns")
    refuse_broken(files)
    first = _first_landing(files)
    if first is None:
        raise NothingKnown(f"{home}: no campaign has landed here. Mend: `afterdebate run CAMPAIGN` first")
    if by < first:
        raise NothingKnown(
            f"{by:%Y-%m-%dT%H:%M:%SZ} is before the first landing in {home}. Mend: {first:%Y-%m-%dT%H:%M:%SZ} or later"
        )


def _first_landing(campaigns: Sequence[Path]) -> datetime | None:
    if not campaigns:
        return None
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        [first] = con.execute(f"SELECT min(landed_at) FROM read_parquet({listed(campaigns)})").fetchone() or (None,)
    return first if first is None else first.astimezone(UTC)


def files_known_by(con: duckdb.DuckDBPyConnection, paths: Iterable[Path], by: datetime) -> list[Path]:
    """Those of the landed files that hold a row which was known by then, in the order given."""
    by_table: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        by_table[path.parent.name].append(path)
    _keep_states_known(con, by_table.get("campaigns", []), by)
    found: set[str] = set()
    for table, files in by_table.items():
        rows = f"read_parquet({listed(files)}, union_by_name = true, filename = true)"
        names = con.execute(f"SELECT DISTINCT filename FROM {rows} WHERE {rows_known_by(table, by)}").fetchall()
        found.update(name for (name,) in names)
    return [path for files in by_table.values() for path in files if str(path) in found]


def _keep_states_known(con: duckdb.DuckDBPyConnection, campaigns: Sequence[Path], by: datetime) -> None:
    states = f"FROM read_parquet({listed(campaigns)}, union_by_name = true) WHERE {rows_known_by('campaigns', by)}"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE states_known AS "
        + (f"SELECT DISTINCT campaign_id, campaign_hash {states}" if campaigns else "SELECT '' AS a, '' AS b LIMIT 0")
    )


def rows_known_by(table: str, by: datetime) -> str:
    """The condition, as SQL, that a landed row of the table was known by then; of facts, after `files_known_by`."""
    if table in FACTS:
        return "(campaign_id, campaign_hash) IN (FROM states_known)"
    # A table that this version does not know is left to the loader, which says so.
    return f"{KNOWN_AT[table]} <= TIMESTAMPTZ '{by.isoformat()}'" if table in KNOWN_AT else "true"
