"""Imports donation files that are read row by row, and the exports that an API gives in their stead."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from connectors.campaign.models import SeriesConfig
from connectors.donations.formats.actblue import read_actblue
from connectors.donations.formats.cumulative import read_cumulative
from connectors.donations.formats.generic import read_generic
from connectors.donations.formats.helloasso import read_helloasso
from connectors.donations.formats.signups import read_signups
from connectors.donations.formats.totals import read_totals
from connectors.donations.source import DonationFile, DonationRow, DonationSource, DonorKey, ReadDonations
from connectors.errors import SourceBroken, SourceError, SourceUnreadable
from connectors.fence import fenced
from connectors.foreign_errors import safely_told
from connectors.packed_files import read_whole
from connectors.records import Donation, Signup
from flows.attempts import outcome_of_failure
from flows.imports.donation_files import SIGNUPS
from flows.imports.exports import Pause, fetch_exports, why_not_asked
from flows.imports.ledger import FileRead, Span, span_of_rows
from flows.imports.run import Import
from flows.people.keys import keyed_hash
from flows.settings import Settings

READERS: dict[str, Callable[[DonationFile, DonationSource, DonorKey], ReadDonations]] = {
    "cumulative": lambda file, source, _key: read_cumulative(file, source),
    "totals": lambda file, source, _key: read_totals(file, source),
    "generic": read_generic,
    "actblue": read_actblue,
    "helloasso": read_helloasso,
    SIGNUPS: read_signups,
}


def import_file(run: Import, path: Path, config: SeriesConfig) -> None:
    """Import one file whose content is not yet imported; one that cannot be read is the source's failure."""
    try:
        content = read_whole(path)
    except (OSError, SourceUnreadable) as error:
        run.fail(config, "unavailable", f"{path.name}: {safely_told(error)}")
        return
    try:
        with fenced(path.name, run.tell):
            _import_content(run, DonationFile(name=path.name, content=content, known_at=run.now), config)
    except SourceBroken as error:
        run.fail(config, "unreadable", str(error))


def import_exports(run: Import, config: SeriesConfig, settings: Settings, pause: Pause) -> None:
    """Import what is due of a source whose API gives exports; what came before it failed has landed."""
    source = run.source(config)
    if said := why_not_asked(settings):
        run.collected.notes.append(f"{config.id}: {said}")
        return
    try:
        with fenced(config.id, run.tell):
            _import_due_exports(run, config, source, settings, pause)
    except SourceError as error:
        run.fail(config, outcome_of_failure(error), str(error))


def _import_due_exports(
    run: Import, config: SeriesConfig, source: DonationSource, settings: Settings, pause: Pause
) -> None:
    for export in fetch_exports(run.campaign, source, settings, run.state, run.now, pause=pause):
        run.tell(f"{config.id}: fetched {export.name}")
        file = DonationFile(name=export.name, content=export.content, known_at=run.now)
        shown = export.span(source.timezone or source.campaign_timezone, run.now)
        _import_content(run, file, config, sha256=export.sha256, shown=shown)
        if config.id in run.collected.failed:  # it came and could not be read: it is to be fetched again
            return


def _import_content(
    run: Import, file: DonationFile, config: SeriesConfig, *, sha256: str = "", shown: Span | None = None
) -> None:
    source = run.source(config)
    sha256 = sha256 or file.sha256
    if not run.is_wanted(sha256, file.name, config):
        return
    try:
        read = READERS[source.format](file, source, keyed_hash(run.secret, run.campaign.id))
    except SourceError as error:
        run.fail(config, "unreadable", f"{file.name}: {error}")
        return
    records = [replace(_without_erased(run, record), file_sha256=sha256) for record in read.records]
    run.land(records)
    from_at, to_at = span_of_rows(records, source.campaign_timezone)
    booked = FileRead(
        name=file.name,
        sha256=sha256,
        table=records[0].TABLE if records else "",
        rows_landed=len(records),
        set_aside=read.set_aside,
        from_at=from_at,
        to_at=to_at,
        shown=shown,
    )
    run.book([booked], config)
    if read.rounded:
        run.collected.notes.append(
            f"{config.id}: {file.name}: {read.rounded} sums with more than two decimals were rounded to the cent"
        )


def _without_erased(run: Import, record: DonationRow) -> DonationRow:
    if run.erased and isinstance(record, Donation) and record.donor_key and run.is_erased(record.donor_key):
        return replace(record, donor_key=None)
    if run.erased and isinstance(record, Signup) and record.person_key and run.is_erased(record.person_key):
        return replace(record, person_key=None)
    return record
