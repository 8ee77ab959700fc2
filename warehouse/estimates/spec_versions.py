"""Since when a campaign's pre-specified analysis is what it is."""

import json
from datetime import datetime

import duckdb

from warehouse.effects.spec import spec_hash, spec_with


def spec_changed_at(con: duckdb.DuckDBPyConnection, campaign_id: str) -> datetime | None:
    """When the analysis in force replaced another one; None where there never was another.

    What an event did is exploratory where this is later than its start: the choice may have been made with its
    outcome in sight.
    """
    rows = con.execute(
        "SELECT spec, landed_at FROM raw.campaigns WHERE campaign_id = ? ORDER BY landed_at DESC, campaign_hash",
        [campaign_id],
    ).fetchall()
    hashes = [(spec_hash(spec_with(json.loads(spec))), landed_at) for spec, landed_at in rows]
    since: datetime | None = None
    for found, landed_at in hashes:
        if found != hashes[0][0]:
            return since
        since = landed_at
    return None
