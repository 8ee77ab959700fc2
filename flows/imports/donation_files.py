"""Which file belongs to which donation source of a campaign."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.campaign.files import data_files
from connectors.campaign.models import COMMITTEE_NETWORKS, Campaign, PollConfig, SeriesConfig, SignupConfig
from connectors.donations.cells.labels import is_plain_territory
from connectors.donations.source import DonationSource

SIGNUPS = "signups"  # as a layout of rows
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".download", "~")  # as programs name what they still write


def donation_source(campaign: Campaign, config: SeriesConfig) -> DonationSource:
    """What the readers are told about one declared source."""
    return DonationSource(
        campaign_id=campaign.id,
        source_id=config.id,
        format=SIGNUPS if isinstance(config, SignupConfig) else config.format,
        candidate_id=config.candidate,
        roster=frozenset(candidate.id for candidate in campaign.candidates),
        precision=config.precision,
        timezone=ZoneInfo(config.timezone) if config.timezone else None,
        campaign_timezone=ZoneInfo(campaign.timezone),
        currency=config.currency or campaign.currency,
        committees={
            committee: candidate.id
            for candidate in campaign.candidates
            for network in COMMITTEE_NETWORKS
            for committee in candidate.accounts.get(network, ())
        },
        columns={str(word): headers for word, headers in config.columns.items()},
        dates=config.dates,
        territories=frozenset(one.territory for one in campaign.territories if not is_plain_territory(one.territory)),
        channels=frozenset(one.channel for one in campaign.channels),
        events=frozenset(event.event_id for event in campaign.events if isinstance(config, SignupConfig)),
    )


def reading_hash(source: DonationSource) -> str:
    """A hash of all that decides how a file is read: where it changes, the file is read anew."""
    told = (
        source.format,
        source.candidate_id,
        sorted(source.roster),
        source.precision,
        str(source.timezone),
        str(source.campaign_timezone),
        source.currency,
        sorted(source.committees.items()),
        sorted(source.columns.items()),
        source.dates,
        # Where none is declared the hash is what it was before any could be.
        *([sorted(source.territories)] if source.territories else []),
        *([sorted(source.channels)] if source.channels else []),
        *([sorted(source.events)] if source.events else []),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def declared_files(campaign: Campaign, config: SeriesConfig | PollConfig) -> list[Path]:
    """The whole files that a source's glob finds, in the order of their names."""
    return [path for path in data_files(campaign.folder, config.path) if not _is_unfinished(path)]


def settled_files(files: Sequence[Path], now: datetime, settle_s: float) -> list[Path]:
    """The files that nobody changed within the last `settle_s` seconds before `now`."""
    return [path for path in files if not 0 <= now.timestamp() - path.stat().st_mtime < settle_s]


def source_of_file(campaign: Campaign, path: Path) -> SeriesConfig | None:
    """The source that a given file belongs to: the one whose glob finds it, else the campaign's only one."""
    if len(campaign.series) == 1:
        return campaign.series[0]
    for config in campaign.series:
        if path.resolve() in {found.resolve() for found in declared_files(campaign, config)}:
            return config
    return None


def given_files(paths: Sequence[Path]) -> list[Path]:
    """The given files, and those that lie in the given folders."""
    return [
        file
        for path in paths
        for file in (sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path])
    ]


def _is_unfinished(path: Path) -> bool:
    return path.name.endswith(_UNFINISHED)
