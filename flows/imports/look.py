"""What `check` finds in a campaign's data files: the first rows of each, imported on trial into a home that goes again.

It is the import itself, so what it says of the first rows is what the import will say of them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeVar

from pydantic import SecretStr

from connectors.campaign.files import data_files
from connectors.campaign.folding import fold_text
from connectors.campaign.models import ArchiveConfig, Campaign, DonationConfig, PollConfig, SignupConfig
from connectors.donations.cells.tables import read_table
from connectors.donations.source import READ_RIGHTLY
from connectors.errors import SourceError
from connectors.foreign_errors import safely_told
from connectors.packed_files import check_unpacked, first_bytes
from flows.collected import Collected
from flows.imports.files import import_files_once
from flows.imports.understood import tell_understood
from flows.settings import Settings
from warehouse.landing.files import read_landed

_FILES = 10  # of a source: as many of its first and of its last files together
_BYTES = 1 << 18  # of a file of lines
_BYTES_OF_LINE = 1 << 14  # of a header
_BYTES_OF_DOCUMENT = 1 << 25  # of JSON that is one document: half of it cannot be read
Config = TypeVar("Config", ArchiveConfig, DonationConfig, SignupConfig, PollConfig)
_RECIPIENTS = ("recipient", "recipient_name", "committee_name", "candidate_name", "cand_nm", "campagne")
_PACKED = (".gz", ".bz2", ".xz")


class FilesSeen(NamedTuple):
    """What the trial said: sentences about each source, what failed, by source, and how each file was understood."""

    sentences: list[str]
    failed: dict[str, str]
    understood: list[str]


def look_at_files(campaign: Campaign, now: datetime) -> FilesSeen:
    """Import the first rows of the campaign's files on trial; the campaign's own home is not touched."""
    with TemporaryDirectory(prefix="afterdebate-check-") as name:
        folder, unread, sentences = Path(name), Collected(), list(_swapped(campaign))
        updates = {
            "folder": folder,
            "archives": tuple(_copied(campaign, config, folder, unread) for config in campaign.archives),
            "donations": tuple(_copied(campaign, config, folder, unread) for config in campaign.donations),
            "signups": tuple(_copied(campaign, config, folder, unread) for config in campaign.signups),
            "polls": tuple(_copied(campaign, config, folder, unread) for config in campaign.polls),
        }
        settings = Settings(home=folder / "home", donor_key=SecretStr("trial"), author_key=SecretStr("trial"))
        collected = import_files_once(campaign.model_copy(update=updates), settings, now)
        _tell_not_understood(settings.home, collected)
        understood = list(tell_understood(campaign, settings.home, _heads(folder)))
    sentences += [_sentence(source_id, rows, collected) for source_id, rows in collected.read.items() if rows]
    for source_id, reasons in unread.failed.items():
        for reason in reasons.splitlines():
            collected.tell_failed(source_id, reason)
    return FilesSeen(sentences, collected.failed, understood)


def _tell_not_understood(home: Path, collected: Collected) -> None:
    """Count among the failed each file of whose rows none was understood: it answers nothing, whatever it is."""
    reasons: dict[str, set[str]] = defaultdict(set)
    for reject in read_landed(home, "rejects"):
        reasons[reject["file_sha256"]].add(reject["reason"])
    for file in read_landed(home, "imported_files"):
        found, name = reasons[file["file_sha256"]], file["file_name"]
        told = collected.failed.get(file["source_id"], "").splitlines()
        is_told = any(line.startswith(f"{name}:") for line in told)
        if file["rows_landed"] == 0 and not is_told and not (found and found <= READ_RIGHTLY):
            why = f": {min(found)}" if found else ". Mend: export it again, or take it out if it is no data file"
            collected.tell_failed(file["source_id"], f"{name}: not one row of it was understood{why}")


def _heads(folder: Path) -> dict[str, bytes]:
    return {
        f"{path.parent.parent.name}/{path.name}": first_bytes(path, _BYTES_OF_LINE)
        for path in folder.glob("*/*/*")
        if path.is_file()
    }


def _swapped(campaign: Campaign) -> Iterator[str]:
    """A question for each file that names another candidate of the campaign than its source does."""
    for config in campaign.series:
        for path in _some(data_files(campaign.folder, config.path)) if config.candidate not in (None, "ALL") else ():
            named = _candidates_named(campaign, path)
            if named and config.candidate not in named:
                yield (
                    f"{config.id}: {path.name} names {' and '.join(sorted(named))}, and the source says "
                    f"{config.candidate}: are two exports swapped?"
                )


def _candidates_named(campaign: Campaign, path: Path) -> set[str]:
    """The candidates whose names stand in a file's name or in its columns of recipients."""
    told = {path.name}
    with suppress(SourceError, OSError):  # said where the file is read on trial
        table = read_table(first_bytes(path, _BYTES))
        told |= {row.cells[name] for row in table.rows for name in _RECIPIENTS if name in table.columns}
    text = " ".join(f" {fold_text(words)} " for words in told)
    return {
        candidate.id
        for candidate in campaign.candidates
        if any(f" {fold_text(alias)} " in text for alias in (*candidate.aliases, candidate.id))
    }


def _sentence(source_id: str, rows: int, collected: Collected) -> str:
    aside = collected.set_aside[source_id]
    read = f"{(rows - aside) / rows:.0%} of the first {rows} rows can be read"
    return "; ".join(filter(None, [f"{source_id}: {read}", collected.outside.get(source_id)]))


def _copied(campaign: Campaign, config: Config, folder: Path, unread: Collected) -> Config:
    """The source as declared, reading the heads of its files in a folder of their own."""
    (folder / config.id).mkdir()
    for number, path in enumerate(_some(data_files(campaign.folder, config.path))):
        try:
            check_unpacked(path)
            head = _head(path)
        except (SourceError, OSError) as error:
            unread.tell_failed(config.id, f"{path.name}: {safely_told(error)}")
            continue
        # Each in a folder of its own: two files may have one name, and a name may tell of what is in the file.
        (folder / config.id / str(number)).mkdir()
        name = path.name.removesuffix(path.suffix) if path.suffix in _PACKED else path.name
        (folder / config.id / str(number) / name).write_bytes(head)
    own = {"path": f"{config.id}/*/*"} | ({"api": False} if isinstance(config, DonationConfig) else {})
    return config.model_copy(update=own)


def _some(paths: list[Path]) -> Iterable[Path]:
    return paths if len(paths) <= _FILES else [*paths[: _FILES // 2], *paths[-_FILES // 2 :]]


def _head(path: Path) -> bytes:
    head = first_bytes(path, _BYTES)
    if len(head) < _BYTES:
        return head
    first, _, _ = head.partition(b"\n")
    if first.lstrip()[:1] in (b"{", b"[", b"w") and not _is_json(first):
        return first_bytes(path, _BYTES_OF_DOCUMENT)
    return head[: head.rfind(b"\n") + 1] or head


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
