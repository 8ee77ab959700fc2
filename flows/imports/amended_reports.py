"""A report that was filed again replaces its earlier version: the file that held that is taken back."""

from collections import defaultdict
from datetime import datetime

from connectors.campaign.models import SeriesConfig
from connectors.donations.formats.fec import report_of_file
from connectors.records import Withdrawal
from flows.imports.memory import Remembered, forget, remembered_files, standing_files
from flows.imports.run import Import

_LEAST_SHARE = 0.9  # of the earlier version's rows: a copy that was cut short replaces nothing


def replace_reports(run: Import, config: SeriesConfig) -> None:
    """Take back each file whose report this import read anew, as the files' names tell.

    The rows of both versions are known by their days, so a row that an amendment moves would else count twice, and
    one that it leaves out would stay.
    """
    imported_at = dict(standing_files(run.state, run.campaign.id, config.id))
    versions: dict[str, list[Remembered]] = defaultdict(list)
    for file in remembered_files(run.state, run.campaign.id):
        report = report_of_file(file.file_name)
        if report is not None and file.source_id == config.id and not file.is_withdrawn:
            versions[report].append(file)
    for files in versions.values():
        _replace(run, files, imported_at)


def _replace(run: Import, files: list[Remembered], imported_at: dict[str, datetime]) -> None:
    latest, *earlier = files
    if imported_at[latest.file_sha256] != run.now:
        return
    for file in earlier:
        if imported_at[file.file_sha256] == run.now:
            continue  # two versions at once: nobody says which is the later
        if latest.rows_read < _LEAST_SHARE * file.rows_read:
            run.collected.notes.append(
                f"{file.source_id}: {latest.file_name} has {latest.rows_read} rows where its earlier version has "
                f"{file.rows_read}: both count, each gift once"
            )
            continue
        run.land(
            [
                Withdrawal(
                    campaign_id=run.campaign.id,
                    source_id=file.source_id,
                    file_sha256=file.file_sha256,
                    withdrawn_at=run.now,
                )
            ]
        )
        forget(run.state, run.campaign.id, file, run.now)
        run.collected.notes.append(f"{file.source_id}: {latest.file_name} replaces the earlier version of its report")
