"""Reads a campaign folder: its settings, its roster, its events and its sources."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from connectors.campaign.checks import check_tables
from connectors.campaign.csv_files.channels_csv import ReadChannels, read_channels
from connectors.campaign.csv_files.claims_csv import ReadClaims, read_claims
from connectors.campaign.csv_files.events_csv import HEADER, EventFile, ReadEvents
from connectors.campaign.csv_files.territories_csv import ReadTerritories, read_territories
from connectors.campaign.facts import hash_campaign, hash_spec
from connectors.campaign.feed_lists import with_listed
from connectors.campaign.files import read_text, text_of_windows
from connectors.campaign.models import (
    Campaign,
    FeedConfig,
)
from connectors.campaign.tables import LISTS, Tables, read_tables
from connectors.campaign.toml import TomlFile
from connectors.campaign.values import mend_from
from connectors.errors import CampaignFault, Fault

_HORIZONS = (180, 1440, 4320)  # minutes, unless [spec] says otherwise
_NEW = "`afterdebate new ID` writes a folder to fill in"


def find_campaign(name: str, root: Path) -> Path:
    """The folder of a campaign: an id under `root` (`campaigns/`), or a path to a folder.

    The folder's own name works too, so that a folder whose id cannot be read is still found.

    Raises:
        CampaignFault: there is none, or two folders claim the id.
    """
    by_id = _folders_by_id(root)
    match by_id.get(name, []):
        case [folder]:
            return folder
        case [_, _, *_] as folders:
            listed = " and ".join(str(folder) for folder in folders)
            raise _not_found(root, f"two folders have the id {name!r}: {listed}", "give the path of the one you mean")
    for folder in (Path(name), root / name) if name else ():
        if folder.is_dir():
            return folder
    if Path(name).name == "campaign.toml" and Path(name).is_file():
        return Path(name).parent
    if not by_id:
        raise _not_found(root, f"no campaign {name!r}: no campaign folder is here", f"give a path to a folder; {_NEW}")
    meant = mend_from(name, by_id)
    mend = f"{meant}{'' if meant.endswith('?') else '.'} A path to a folder works too; {_NEW}"
    raise _not_found(root, f"no campaign {name!r}", mend)


def _folders_by_id(root: Path) -> dict[str, list[Path]]:
    folders: dict[str, list[Path]] = {}
    for path in sorted(root.glob("*/campaign.toml")):
        try:
            campaign_id = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("id")
        except (OSError, ValueError):  # said when that campaign is asked for by its folder
            campaign_id = None
        folders.setdefault(campaign_id if isinstance(campaign_id, str) else path.parent.name, []).append(path.parent)
    return folders


def _not_found(root: Path, fault: str, mend: str) -> CampaignFault:
    return CampaignFault([Fault(file=root, line=None, fault=fault, mend=mend)])


def read_campaign(folder: Path) -> Campaign:
    """The campaign that the folder describes.

    Raises:
        CampaignFault: what is wrong with the folder, all of it at once.
    """
    if not folder.is_dir():
        raise _not_found(folder, "there is no such folder", _NEW)
    tables, faults = _read_toml(folder)
    feeds, feed_faults = _read_feeds(folder, tables)
    events, event_faults = _read_events(folder, tables)
    territories, territory_faults = _read_territories(folder, tables)
    claims, claim_faults = _read_claims(folder, tables)
    channels, channel_faults = _read_channels(folder)
    faults += [*feed_faults, *event_faults, *territory_faults, *claim_faults, *channel_faults]
    if faults or tables.head is None:
        raise CampaignFault(sorted(faults, key=lambda fault: (fault.file, fault.line or 0)))
    lists = {name: tuple(getattr(tables, name).values()) for name in LISTS}
    facts = {
        "feeds": feeds,
        "events": tuple(events),
        "territories": tuple(territories),
        "channels": channels,
        "claims": tuple(claims),
    }
    return _assemble(folder, {**dict(tables.head), **lists, **facts})


def _read_toml(folder: Path) -> tuple[Tables, list[Fault]]:
    path = folder / "campaign.toml"
    try:
        toml = TomlFile(path, read_text(path, mend_missing=_NEW))
    except CampaignFault as unreadable:
        return Tables(), unreadable.faults
    tables = read_tables(toml)
    return tables, [*tables.faults, *check_tables(toml, tables, folder)]


def _read_feeds(folder: Path, tables: Tables) -> tuple[tuple[FeedConfig, ...], list[Fault]]:
    own = tuple(tables.feeds.values())
    path = folder / (tables.head.feeds_from or "") if tables.head else folder
    if not path.is_file():  # none is named, or its absence is already said with the line that names it
        return own, []
    try:
        return with_listed(own, path), []
    except CampaignFault as wrong:
        return own, wrong.faults


def _read_events(folder: Path, tables: Tables) -> ReadEvents:
    path = folder / "events.csv"
    text: str | None
    try:
        text = read_text(path, mend_missing=f"write the file; its header line alone is enough: {HEADER}")
        faults = []
    except CampaignFault as unreadable:
        faults = unreadable.faults
        text = text_of_windows(path)
    if text is None:
        return ReadEvents([], faults)
    # Where the settings are at fault, the events are still read as far as they can be without them.
    campaign_id = tables.head.id if tables.head else ""
    roster = {candidate.id for candidate in tables.candidates.values()} if tables.is_roster_whole else None
    roster = roster or None  # an empty one is its own fault
    read = EventFile(path, campaign_id=campaign_id, timezone=tables.timezone, roster=roster).read(text)
    return ReadEvents(read.events, [*faults, *read.faults])


def _read_territories(folder: Path, tables: Tables) -> ReadTerritories:
    path = folder / "territories.csv"
    if not path.exists():
        return ReadTerritories([], [])
    try:
        text = read_text(path, mend_missing="put the file back")
    except CampaignFault as unreadable:
        return ReadTerritories([], unreadable.faults)
    return read_territories(path, text, tables.head.id if tables.head else "")


def _read_claims(folder: Path, tables: Tables) -> ReadClaims:
    path = folder / "claims.csv"
    if not path.exists():
        return ReadClaims([], [])
    try:
        text = read_text(path, mend_missing="put the file back")
    except CampaignFault as unreadable:
        return ReadClaims([], unreadable.faults)
    roster = [candidate.id for candidate in tables.candidates.values()] if tables.is_roster_whole else []
    horizons = tables.head.spec.get("horizons", _HORIZONS) if tables.head else _HORIZONS
    sources = [series.id for series in tables.donations.values()]
    return read_claims(path, text, roster=roster, sources=sources, horizons=horizons)


def _read_channels(folder: Path) -> ReadChannels:
    path = folder / "channels.csv"
    if not path.exists():
        return ReadChannels((), [])
    try:
        return read_channels(path, read_text(path, mend_missing="put the file back"))
    except CampaignFault as unreadable:
        return ReadChannels((), unreadable.faults)


def _assemble(folder: Path, facts: dict[str, Any]) -> Campaign:
    unhashed = Campaign(folder=folder, campaign_hash="", spec_hash=hash_spec(facts["spec"], facts["claims"]), **facts)
    campaign_hash = hash_campaign(unhashed)
    events = tuple(replace(event, campaign_hash=campaign_hash) for event in unhashed.events)
    territories = tuple(replace(one, campaign_hash=campaign_hash) for one in unhashed.territories)
    update = {"campaign_hash": campaign_hash, "events": events, "territories": territories}
    return unhashed.model_copy(update=update)
