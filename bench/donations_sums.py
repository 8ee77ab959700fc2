"""The FEC's files through the tables, against an independent reading of the same files: per committee and month.

The other reading is plain Python: `csv`, the amount as it stands, memo rows left out, Schedule B turned round.
"""

import csv
import gzip
import os
import tempfile
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

from connectors.campaign.csv_files.events_csv import COLUMNS
from connectors.campaign.folder import read_campaign
from flows.imports.donations import import_donations_once
from flows.settings import Settings

_TOML = """
id = "fec"
title = "FEC itemised receipts"
timezone = "America/New_York"
currency = "USD"
start = 2011-01-01
end = 2016-12-31
[[candidates]]
id = "one"
name = "Candidate One"
[[donations]]
id = "fec"
format = "fec-schedule-a"
path = "*.csv*"
candidate = "ALL"
precision = "day"
"""


class Sums(NamedTuple):
    """Gifts and what went back, of one committee in one month."""

    gifts: int
    amount: Decimal
    refunds: int
    refunded_amount: Decimal


NOTHING = Sums(0, Decimal(0), 0, Decimal(0))


def sums_by_csv(files: list[Path]) -> dict[tuple[str, str], Sums]:
    found: dict[tuple[str, str], Sums] = defaultdict(lambda: NOTHING)
    seen: set[bytes] = set()
    for path in files:
        content = gzip.decompress(path.read_bytes())
        if content in seen:
            continue
        seen.add(content)
        for row in csv.DictReader(content.decode("utf-8", errors="replace").splitlines()):
            cells = {name: (cell or "").strip(' "') for name, cell in row.items() if name}
            is_refund = "expenditure_amount" in cells
            day = cells["expenditure_date" if is_refund else "contribution_date"]
            amount = Decimal(cells["expenditure_amount" if is_refund else "contribution_amount"])
            if cells["memo_code"].upper() != "X":
                key = cells["filer_committee_id_number"], day[:6]
                found[key] = _with(found[key], -amount if is_refund else amount, is_refund=is_refund)
    return {key: sums for key, sums in found.items() if sums != NOTHING}


def _with(sums: Sums, amount: Decimal, *, is_refund: bool) -> Sums:
    if amount < 0:
        return sums._replace(refunds=sums.refunds + 1, refunded_amount=sums.refunded_amount - amount)
    if amount > 0 and not is_refund:
        return sums._replace(gifts=sums.gifts + 1, amount=sums.amount + amount)
    return sums


def sums_by_import(folder: Path, files: list[Path]) -> dict[tuple[str, str], Sums]:
    (folder / "campaign.toml").write_text(_TOML, encoding="utf-8")
    (folder / "events.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    settings = Settings(home=folder / "home")
    collected = import_donations_once(read_campaign(folder), settings, datetime.now(UTC), files)
    print({name: sum(getattr(collected, name).values()) for name in ("read", "told_anew", "set_aside", "duplicates")})
    landed = settings.home / "landing" / "donations" / "*.parquet"
    with duckdb.connect() as con:
        rows = con.execute(
            f"""
            WITH once AS (
                SELECT * FROM '{landed}'
                QUALIFY row_number() OVER (PARTITION BY donation_id ORDER BY version DESC, file_sha256) = 1
            )
            SELECT split_part(donation_id, '/', 1), strftime(occurred_on, '%Y%m'),
                count(*) FILTER (amount > 0 AND NOT list_contains(flags, 'refund')),
                coalesce(sum(amount) FILTER (amount > 0 AND NOT list_contains(flags, 'refund')), 0),
                count(*) FILTER (amount < 0), coalesce(-sum(amount) FILTER (amount < 0), 0)
            FROM once WHERE NOT is_memo GROUP BY ALL
            """
        ).fetchall()
    return {(committee, month): Sums(*sums) for committee, month, *sums in rows if Sums(*sums) != NOTHING}


def run(data: Path) -> None:
    files = sorted((data / "fec_itemised" / "data").rglob("*.csv.gz"))
    with tempfile.TemporaryDirectory() as scratch:
        ours, theirs = sums_by_import(Path(scratch), files), sums_by_csv(files)
    differ = [key for key in sorted(ours.keys() | theirs.keys()) if ours.get(key) != theirs.get(key)]
    for key in differ:
        print(f"{key}: {ours.get(key)} here, {theirs.get(key)} by csv")
    gifts, amount = sum(sums.gifts for sums in theirs.values()), sum(sums.amount for sums in theirs.values())
    print(f"{len(files)} files, {len(theirs)} committee-months, {gifts} gifts, {amount} USD: {len(differ)} differ")


def main() -> None:
    data = os.environ.get("AFTERDEBATE_BENCH_DATA")
    if not data or not (Path(data) / "fec_itemised").is_dir():
        print("skipped: AFTERDEBATE_BENCH_DATA names no folder with fec_itemised")
        return
    run(Path(data))


if __name__ == "__main__":
    main()
