"""What is said of an archive that was refused, or most of whose rows are no posts, and what its season is."""

import csv
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.archives.files import first_object, lines_of, open_archive
from connectors.archives.presets import PRESETS
from connectors.archives.rows import csv_header
from connectors.archives.times import likely_orders
from connectors.archives.twint import is_twint
from connectors.campaign.models import ArchiveConfig, Campaign
from connectors.campaign.times import midnight
from flows.imports.archives.post_files import declared_columns
from flows.imports.memory import remember_trouble, trouble_of
from flows.imports.run import Import

_ROWS_LOOKED_AT = 1000


def season_of(campaign: Campaign) -> tuple[datetime, datetime]:
    """The first moment of the campaign's season, and the first moment after it."""
    zone = ZoneInfo(campaign.timezone)
    return midnight(campaign.start, zone), midnight(campaign.end + timedelta(days=1), zone)


def likely_mend(path: Path, config: ArchiveConfig, campaign: Campaign) -> str:
    """A sentence that names the format, or the order of its dates, that the file likely has; empty where none is."""
    first = first_object(path)
    if first and not (config.format == "twint" and is_twint(first)):
        told = "x-v1" if "id_str" in first or "statuses" in first or "full_text" in first else "x-v2"
        return "" if told == config.format else f'. Mend: it looks like format = "{told}"'
    if config.format in PRESETS:
        return ""
    if config.format != "csv":
        return '. Mend: it is no JSON; of a table say format = "csv" and its columns'
    orders = likely_orders(_time_cells(path, config), campaign.start, campaign.end)
    if not orders or config.dates in orders:
        return ""
    likely = " or ".join(f'"{order}"' for order in orders)
    return f". Mend: its times look like dates = {likely}"


def land_refused(run: Import, config: ArchiveConfig, reasons: Sequence[str], *, has_read: bool) -> None:
    """Land the attempt that tells of refused files, or that none is any more; none where that was said before.

    `has_read`: another file of the archive was read now, which landed an attempt that went well.
    """
    is_whole = not run.is_named  # every file of the archive was tried, not some that were named
    said = "; ".join(reasons) or None
    before = trouble_of(run.state, run.campaign.id, config.id)
    if said or is_whole or has_read:
        remember_trouble(run.state, run.campaign.id, config.id, said)
    if said and (said != before or has_read):
        run.land([run.attempt(config, "unreadable", said, what="refused")])
    elif not said and before and is_whole and not has_read:
        run.land([run.attempt(config, "not_modified", None, what="well again")])


def _time_cells(path: Path, config: ArchiveConfig) -> list[str]:
    with open_archive(path) as file:
        lines = lines_of(file)
        header, delimiter = csv_header(next(lines, ""))
        place = header.index(declared_columns(config)["posted_at"])
        cells = []
        with suppress(csv.Error):  # what stands before a broken quote is enough to tell
            for row in csv.reader(islice(lines, _ROWS_LOOKED_AT), delimiter=delimiter):
                cells += row[place : place + 1]
    return cells
