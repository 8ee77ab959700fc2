"""What rows rest on: where series, events and analysis are those of the last time, what was estimated stands."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

from warehouse.series.digests import digest_of


def sources_changed(con: duckdb.DuckDBPyConnection, campaign_id: str, inputs: Iterable[tuple[str, object]]) -> set[str]:
    """The sources of which anything differs from what was estimated last, those that are gone among them.

    `inputs` are pairs of a source and of all that its estimates rest on, several for a source. What is found is kept
    for the next time.
    """
    digests: dict[str, str] = {}
    for source_id, rested_on in inputs:
        told = f"{digests.get(source_id, code_hash())}|{digest_of(rested_on)}"
        digests[source_id] = hashlib.sha256(told.encode()).hexdigest()[:32]
    before = dict(
        con.execute(
            "SELECT source_id, inputs_hash FROM staging.estimated_inputs WHERE campaign_id = ?", [campaign_id]
        ).fetchall()
    )
    changed = {source_id for source_id, _ in digests.items() ^ before.items()}
    for source_id in changed:
        con.execute(
            "DELETE FROM staging.estimated_inputs WHERE campaign_id = ? AND source_id = ?", [campaign_id, source_id]
        )
        if source_id in digests:
            row = [campaign_id, source_id, digests[source_id]]
            con.execute("INSERT INTO staging.estimated_inputs VALUES (?, ?, ?)", row)
    return changed


def is_description_due(con: duckdb.DuckDBPyConnection, campaign_id: str, inputs: object) -> bool:
    """Whether anything differs from what the campaign was described from last; what is found is kept."""
    return is_due(con, "staging.described_inputs", campaign_id, inputs)


def is_due(con: duckdb.DuckDBPyConnection, table: str, campaign_id: str, inputs: object) -> bool:
    """Whether anything differs from the hash that the table keeps of a campaign; what is found is kept.

    No inputs at all (None) are kept as no row.
    """
    told = None if inputs is None else hashlib.sha256(f"{code_hash()}|{digest_of(inputs)}".encode()).hexdigest()[:32]
    [before] = con.execute(
        f"SELECT any_value(inputs_hash) FROM {table} WHERE campaign_id = ?", [campaign_id]
    ).fetchone() or [None]
    if before == told:
        return False
    con.execute(f"DELETE FROM {table} WHERE campaign_id = ?", [campaign_id])
    if told is not None:
        con.execute(f"INSERT INTO {table} VALUES (?, ?)", [campaign_id, told])
    return True


@cache
def code_hash() -> str:
    """A hash of the code that estimates: another version estimates everything anew."""
    texts = [path.read_bytes() for path in sorted(Path(__file__).parents[1].rglob("*.py"))]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()
