"""Which campaigns the `up` of a home watches, and what a second `afterdebate up` asks of the first."""

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from flows.deployed.described import Watched
from flows.faults import UsageFault
from flows.inputs import CAMPAIGNS, campaign_named

_LOOKS_EVERY_S = 0.2


def campaigns_watched(names: Iterable[str]) -> list[Watched]:
    """These campaigns as they are deployed, each folder found right.

    Raises:
        CampaignFault: there is no such campaign, or its folder has faults.
        UsageFault: two folders are of one campaign.
    """
    watched = []
    for name in dict.fromkeys(names):
        campaign = campaign_named(name)
        # A flow may run elsewhere than the command that named a folder.
        found_as = name if (CAMPAIGNS / name).is_dir() else str(campaign.folder.resolve())
        watched.append(Watched(campaign.id, found_as, campaign.timezone))
    twice = {one.campaign_id for one in watched if sum(other.campaign_id == one.campaign_id for other in watched) > 1}
    if twice:
        raise UsageFault(f"two folders say that they are {', '.join(sorted(twice))}. Mend: give each its own id")
    return watched


def remembered(home: Path) -> list[str]:
    """The campaigns that were watched last; none where `up` never ran."""
    return _read(_watched_file(home))


def remember(home: Path, watched: Sequence[Watched]) -> None:
    """Keep what is watched: for an `up` without names, and for one that finds another at work."""
    _write(_watched_file(home), [one.found_as for one in watched])


def ask(home: Path, watched: Sequence[Watched], *, within_s: float) -> bool:
    """Ask the `up` that runs to watch these campaigns; returns whether it does within the time."""
    _write(_asked_file(home), [one.found_as for one in watched])
    ends_at = time.monotonic() + within_s
    while _asked_file(home).exists():
        if time.monotonic() > ends_at:
            return False
        time.sleep(_LOOKS_EVERY_S)
    return True


def asked(home: Path) -> list[str]:
    """What a second `up` asks for; nothing where none does."""
    return _read(_asked_file(home))


def answer(home: Path) -> None:
    """Say that what was asked for is done."""
    _asked_file(home).unlink(missing_ok=True)


def _watched_file(home: Path) -> Path:
    return home / "prefect" / "watched.json"


def _asked_file(home: Path) -> Path:
    return home / "prefect" / "asked.json"


def _read(file: Path) -> list[str]:
    try:
        return [str(name) for name in json.loads(file.read_text(encoding="utf-8"))]
    except (FileNotFoundError, ValueError):
        return []


def _write(file: Path, names: Sequence[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(json.dumps(list(names)), encoding="utf-8")
    partial.replace(file)
