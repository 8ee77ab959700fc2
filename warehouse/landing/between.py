"""What landed between two instants, by campaign and cause: what a published number may have changed by."""

from collections import defaultdict
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.landing.files import landed_files
from warehouse.landing.known_by import KNOWN_AT
from warehouse.landing.unreadable import refuse_broken
from warehouse.sql_text import listed

MONEY, BUZZ, ANY = "money", "buzz", "any"
ALL_CAMPAIGNS = ""  # where a row does not say of which campaign it is


def _late(when: str) -> str:
    return f"CASE WHEN {when} < $from THEN 'late data' ELSE 'new data' END"


# Of each table: what it moves, of which campaign it is, and the cause of a row. `$from` is when the first build was.
_CAUSES = {
    "donations": (MONEY, "campaign_id", """CASE WHEN refunded_at IS NOT NULL OR amount < 0 THEN 'refunds'
        WHEN version > 0 THEN 'amended filings' WHEN occurred_on < $from::DATE THEN 'late data' ELSE 'new data' END"""),
    "donation_totals": (MONEY, "campaign_id", _late("interval_start_at")),
    "ticker_readings": (MONEY, "campaign_id", _late("observed_at")),
    "entries": (BUZZ, "''", _late("published_at")),
    "posts": (BUZZ, "split_part(source_key, '/', 1)", _late("posted_at")),
    "post_counts": (BUZZ, "campaign_id", _late("interval_start_at")),
    "fetch_attempts": (ANY, "''", "'what was asked since'"),
    "withdrawals": (ANY, "campaign_id", "'a file taken back'"),
    "erasures": (ANY, "''", "CASE WHEN what = 'retention' THEN 'texts reduced' ELSE 'erasure' END"),
}  # fmt: skip


def causes_between(home: Path, from_at: datetime, to_at: datetime) -> dict[tuple[str, str], set[str]]:
    """The causes that landed after the first instant and by the second, by campaign and by what they move.

    Raises:
        LandedUnreadable: a landed file cannot be read; it might be the cause.
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        for table, (moved, campaign, cause) in _CAUSES.items():
            files = landed_files(home, table)
            refuse_broken(files)
            if not files:
                continue
            rows = con.execute(
                f"SELECT DISTINCT {campaign}, {cause} FROM read_parquet({listed(files)}, union_by_name = true)"
                f" WHERE {KNOWN_AT[table]} > $from AND {KNOWN_AT[table]} <= $to",
                {"from": from_at, "to": to_at},
            ).fetchall()
            for campaign_id, told in rows:
                found[campaign_id, moved].add(told)
    return dict(found)
