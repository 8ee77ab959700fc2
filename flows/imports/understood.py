"""How the first rows of each data file were understood: for `check`, from a home into which they went on trial."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.campaign.models import ArchiveConfig, Campaign, PollConfig, SeriesConfig
from connectors.decoding import BYTE_BY_BYTE
from warehouse.landing.files import read_landed

_ROWS = 3
_TABLES = ("posts", "donations", "donation_totals", "ticker_readings", "signups", "polls")
_TIMES = ("posted_at", "occurred_at", "interval_start_at", "observed_at", "signed_up_at")
_TEXT_CHARS = 60
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
Row = Mapping[str, Any]


def tell_understood(campaign: Campaign, home: Path, heads: Mapping[str, bytes]) -> Iterator[str]:
    """One sentence for each file that was imported on trial; `heads` are the first bytes by source and file name.

    No giver is named: of a gift its time, its amount and its candidate are shown.
    """
    rows: dict[str, list[Row]] = defaultdict(list)
    for table in _TABLES:
        for row in read_landed(home, table):
            rows[row["file_sha256"]].append(row)
    zone = ZoneInfo(campaign.timezone)
    sources: dict[str, ArchiveConfig | SeriesConfig | PollConfig] = {
        archive.id: archive for archive in campaign.archives
    }
    sources |= {series.id: series for series in campaign.series}
    sources |= {polls.id: polls for polls in campaign.polls}
    for file in sorted(read_landed(home, "imported_files"), key=lambda one: (one["source_id"], one["file_name"])):
        config, found = sources[file["source_id"]], rows[file["file_sha256"]]
        head = heads.get(f"{config.id}/{file['file_name']}", b"")
        how = f"{_parted(head)}, {_zone_told(config)}, dates {config.dates}"
        span = f"{_at(file['rows_from_at'], zone)} to {_at(file['rows_to_at'], zone)}" if found else "no row understood"
        first = " | ".join(_told(row, zone) for row in _in_order(found)[:_ROWS])
        yield f"{config.id}: {file['file_name']} understood as {how}; {span} ({zone.key}){': ' * bool(first)}{first}"


def _zone_told(config: ArchiveConfig | SeriesConfig | PollConfig) -> str:
    """Whose times the file's are: nobody's, where the campaign declares no zone and they tell their own."""
    if isinstance(config, PollConfig) or (isinstance(config, SeriesConfig) and config.precision == "day"):
        return "days without a time"
    if config.timezone:
        return f"times of {config.timezone} where they tell no zone of their own"
    return "times with the zone that they tell themselves"


def _parted(head: bytes) -> str:
    first = head.decode("utf-8", BYTE_BY_BYTE).lstrip("\ufeff \r\n").partition("\n")[0]
    if first[:1] in tuple("{["):
        return "JSON"
    return f"columns parted by {_DELIMITERS[max(_DELIMITERS, key=first.count)]}"


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.get("line_number") or 0)


def _told(row: Row, zone: ZoneInfo) -> str:
    if "pollster" in row:
        days = f"{row['starts_on']} to {row['ends_on']}"
        return f"{days}, {row['pollster']}, {row['candidate_id']} {row['share']:.1%} of {row['sample']}"
    at = next((row[name] for name in _TIMES if row.get(name)), None)
    when = _at(at, zone) if at else str(row.get("occurred_on") or row["signed_up_on"])
    if "text" in row:
        text = " ".join(row["text"].split())
        return f'{when}, {row["post_type"]}, "{text[:_TEXT_CHARS]}"'
    if "what" in row:
        return f"{when}, {row['what']}, {row['candidate_id'] or 'ALL'}"
    amount = row["total"] if "total" in row else row["amount"]
    return f"{when}, {amount} {row['currency']}, {row['candidate_id'] or 'ALL'}"


def _at(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "?"
