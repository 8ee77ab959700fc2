"""Which file belongs to which archive of a campaign, and how it is read."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from connectors.archives.csv_layout import csv_layout
from connectors.archives.files import first_object, is_json, lines_of, open_archive
from connectors.archives.layouts import PostLayout, v1_layout, v2_layout
from connectors.archives.presets import PRESETS
from connectors.archives.rows import Row, csv_header, read_csv_archive, read_json_archive
from connectors.campaign.files import data_files
from connectors.campaign.models import ArchiveConfig, Campaign
from connectors.handles import plain_author
from connectors.x.posts import Reading
from warehouse.landing.bulk_posts import NotPlainPosts


def archive_files(campaign: Campaign, config: ArchiveConfig, given: Sequence[Path] = ()) -> list[Path]:
    """The files of one archive: those its glob finds, or those of the given that are its own.

    A given file that no glob finds belongs to the only archive of a campaign without donation files.
    """
    found = data_files(campaign.folder, config.path)
    if not given:
        return found
    resolved = {path.resolve() for path in found}
    is_only_one = len(campaign.archives) == 1 and not campaign.series
    return [path for path in given if path.resolve() in resolved or is_only_one]


def declared_handles(campaign: Campaign, network: str = "x") -> tuple[str, ...]:
    """The candidates' own accounts on a network, lower case: the authors who are kept by name."""
    handles = (handle for candidate in campaign.candidates for handle in candidate.accounts.get(network, ()))
    return tuple(sorted(set(map(plain_author, handles))))


def declared_hash(campaign: Campaign, config: ArchiveConfig) -> str:
    """A hash of all that decides how an archive is read: where it changes, its files are read anew."""
    # What nobody declared leaves the hash as it was: files of old homes are not read anew for it.
    order = () if config.dates == "iso" else (config.dates,)
    span = (config.covers_from, config.covers_to, campaign.timezone) if config.covers_from else ()
    kind = () if config.source_kind == "x_archive" else (config.source_kind,)
    handles = declared_handles(campaign, config.network)
    told = (config.format, config.timezone, sorted(config.columns.items()), handles, *order, *span, *kind)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def layout_of(path: Path, config: ArchiveConfig) -> PostLayout:
    """The layout of one file, by its declared format and its first line.

    Raises:
        SourceUnreadable: a declared column is not in the header.
        NotPlainPosts: the format has none.
    """
    if config.format in PRESETS:
        raise NotPlainPosts("an export that may tell of itself before its header")
    if config.format == "csv":
        with open_archive(path) as file:
            header, delimiter = csv_header(next(lines_of(file), ""))
        return csv_layout(header, delimiter, declared_columns(config), config.timezone, config.dates)
    return v1_layout() if config.format == "x-v1" else v2_layout(first_object(path))


def rows_of(path: Path, config: ArchiveConfig, reading: Reading) -> Iterator[Row]:
    """The posts of one file, row by row."""
    if config.format == "csv":
        return read_csv_archive(path, [declared_columns(config)], None, config.timezone, config.dates, reading)
    if config.format in PRESETS and not (config.format == "twint" and is_json(path)):
        variants = PRESETS[config.format]
        return read_csv_archive(path, variants, config.format, config.timezone, config.dates, reading)
    return read_json_archive(path, config.format, reading)


def declared_columns(config: ArchiveConfig) -> dict[str, str]:
    """Our word -> its header, as the campaign declares them."""
    return {str(word): header for word, header in config.columns.items()}
