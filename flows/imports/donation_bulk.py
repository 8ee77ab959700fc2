"""Imports bulk donation files: those of one shape together and at full speed, the odd ones line by line."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

from connectors.campaign.models import SeriesConfig
from connectors.donations.bulk.careful import LayoutOf, read_carefully
from connectors.donations.bulk.layout import BulkLayout, match_columns
from connectors.donations.bulk.look import Look, look_at
from connectors.donations.formats.fec import fec_layout_of
from connectors.donations.source import DonationSource, SetAside
from connectors.errors import SourceError
from connectors.foreign_errors import safely_told
from connectors.packed_files import read_whole
from connectors.records import Donation
from flows.imports.ledger import FileRead, span_of_days
from flows.imports.memory import hashes_known, remember_hashes
from flows.imports.run import Import
from warehouse.landing.bulk_gifts import BulkLanded, NotPlain, land_bulk, land_cells
from warehouse.landing.bulk_rows import BulkFile, Target
from warehouse.landing.bulk_sql import Shape

BULK_FORMATS: dict[str, Callable[[Sequence[str], DonationSource], BulkLayout | None]] = {
    "fec-schedule-a": fec_layout_of,
}
_ROWS_A_JOB = 250_000  # bounds the memory of a job; planning a statement is worth some ten thousand rows
_WORKERS = min(4, os.cpu_count() or 1)


class _Seen(NamedTuple):
    path: Path
    look: Look


def import_bulk_files(run: Import, paths: Sequence[Path], config: SeriesConfig) -> None:
    """Import the files whose content is not yet imported; files of one shape are landed and booked together."""
    source = run.source(config)
    find_layout = BULK_FORMATS[source.format]

    def layout_of(header: Sequence[str]) -> BulkLayout | None:
        return find_layout(header, source)

    target = _target(run, source)
    seen, copies = _looks(run, paths, config)
    jobs = _jobs([file for file in seen if file.look.is_plain and layout_of(file.look.header)])
    odd = [file for file in seen if not any(file in job for job in jobs)]
    with ThreadPoolExecutor(_WORKERS) as workers:
        land = partial(_land_plain, layout_of=layout_of, target=target)
        for job, landed in zip(jobs, workers.map(land, jobs), strict=True):
            if landed is None:
                odd += job
            else:
                _book(run, config, job, landed)
    for file in odd:
        _import_odd(run, file, layout_of, config)
    for file in copies:
        run.is_wanted(file.look.sha256, file.path.name, config)  # it is not: its rows are counted as duplicates


def _looks(run: Import, paths: Sequence[Path], config: SeriesConfig) -> tuple[list[_Seen], list[_Seen]]:
    """A look at each file whose content is wanted, and at the copies of those files.

    A file that did not change since it was hashed is not opened.
    """
    hashes = hashes_known(run.state, paths)
    unread = [path for path in paths if path not in hashes or run.is_wanted(hashes[path], path.name, config)]
    with ThreadPoolExecutor(_WORKERS) as workers:
        seen = dict(zip(unread, workers.map(_look, unread), strict=True))
    looks = {path: look for path, look in seen.items() if isinstance(look, Look)}
    for path, reason in seen.items():
        if isinstance(reason, str):
            run.fail(config, "unreadable", f"{path.name}: {reason}")
    remember_hashes(run.state, {path: look.sha256 for path, look in looks.items()})
    wanted: dict[str, _Seen] = {}
    copies = []
    for path, look in looks.items():
        if look.sha256 in wanted:
            copies.append(_Seen(path, look))
            run.collected.notes.append(f"{config.id}: {path.name} is a copy of {wanted[look.sha256].path.name}")
        elif path in hashes or run.is_wanted(look.sha256, path.name, config):
            wanted[look.sha256] = _Seen(path, look)
    return list(wanted.values()), copies


def _look(path: Path) -> Look | str:
    """A look at the file, or why there is none."""
    try:
        return look_at(path)
    except (SourceError, OSError) as error:
        return safely_told(error)


def _jobs(files: Iterable[_Seen]) -> list[list[_Seen]]:
    """The files of one shape together, up to so many rows; the largest jobs first, so that workers end at one time."""
    by_shape: dict[tuple[object, ...], list[_Seen]] = defaultdict(list)
    for file in files:
        by_shape[(*file.look.header, file.look.delimiter, file.look.width)].append(file)
    jobs: list[list[_Seen]] = []
    for alike in by_shape.values():
        jobs.append([])
        for file in alike:
            if jobs[-1] and _lines(jobs[-1]) + file.look.lines > _ROWS_A_JOB:
                jobs.append([])
            jobs[-1].append(file)
    return sorted(jobs, key=_lines, reverse=True)


def _lines(job: Iterable[_Seen]) -> int:
    return sum(file.look.lines for file in job)


def _land_plain(job: Sequence[_Seen], layout_of: LayoutOf, target: Target) -> BulkLanded | None:
    """What landed; None where a row would have been lost."""
    look = job[0].look
    layout = layout_of(look.header)
    # Rows that are longer than their header may be of another edition: which one is told row by row.
    if layout is None or (look.width > len(look.header) and layout.editions.of_header(look.header)):
        return None
    has_header = not layout.unheaded
    header = look.header if has_header else list(layout.unheaded)
    found = match_columns(layout, header) or {}
    shape = Shape(
        delimiter=look.delimiter,
        width=look.width,
        named=len(header),
        positions={ours: header.index(theirs) for ours, theirs in found.items()},
        has_header=has_header,
    )
    files = [BulkFile(path=f.path, sha256=f.look.sha256, rows=f.look.lines - has_header) for f in job]
    try:
        return land_bulk(files, shape, layout, target)
    except NotPlain:
        return None


def _import_odd(run: Import, file: _Seen, layout_of: LayoutOf, config: SeriesConfig) -> None:
    """Import one file that could not go with the others: alone at full speed if that works, else line by line."""
    source = run.source(config)
    target = _target(run, source)
    landed = _land_plain([file], layout_of, target) if file.look.is_plain else None
    if landed is None:
        landed = BulkLanded()
        try:
            read = read_carefully(read_whole(file.path), layout_of)
            if read.layout is not None and read.rows:
                landed = land_cells(read.rows, file.look.sha256, read.layout, target)
        except (SourceError, NotPlain, OSError) as error:
            run.fail(config, "unreadable", f"{file.path.name}: {safely_told(error)}")
            return
        landed.set_aside[file.look.sha256] += [(row.line_number, row.reason) for row in read.set_aside]
    _book(run, config, [file], landed)


def _book(run: Import, config: SeriesConfig, files: Iterable[_Seen], landed: BulkLanded) -> None:
    zone = run.source(config).campaign_timezone
    run.collected.files += landed.files
    booked = []
    for path, look in files:
        first_on, last_on = landed.days.get(look.sha256, (None, None))
        from_at, to_at = span_of_days(first_on, last_on, zone)
        booked.append(
            FileRead(
                name=path.name,
                sha256=look.sha256,
                table=Donation.TABLE,
                rows_landed=landed.rows[look.sha256],
                set_aside=[SetAside(*row) for row in sorted(landed.set_aside[look.sha256])],
                from_at=from_at,
                to_at=to_at,
            )
        )
    run.book(booked, config)


def _target(run: Import, source: DonationSource) -> Target:
    return Target(
        home=run.home,
        kind=Donation,
        campaign_id=source.campaign_id,
        source_id=source.source_id,
        known_at=run.now,
        secret=run.secret,
        salt=run.campaign.id,
        is_erased=run.is_erased if run.erased else None,
    )
