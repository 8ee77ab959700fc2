"""The collecting steps, as commands and deployed flows take them: the campaign's own facts land first."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from connectors.campaign.facts import campaign_facts
from connectors.campaign.models import Campaign
from connectors.errors import SourceError
from connectors.fence import fenced
from connectors.records import CampaignFacts
from flows.collected import Collected, Tell
from flows.faults import UsageFault, said_of_disk
from flows.only_one import only_one
from flows.settings import Settings
from flows.state import open_state
from warehouse.landing.files import land, read_landed
from warehouse.landing.unreadable import LandedUnreadable, broken_files
from warehouse.store import DiskFault, StoreBroken, StoreBusy

_FACTS_SCHEMA = """
CREATE TABLE IF NOT EXISTS landed_facts (
    campaign_id TEXT PRIMARY KEY,
    campaign_hash TEXT NOT NULL,
    landed_at TEXT NOT NULL,
    files TEXT NOT NULL  -- of the landing zone, as JSON: state may outlive a landing zone that was emptied
)
"""


# A home that may not be written, a disk without room, and a build in the way.
_OF_ALL_STEPS = (UsageFault, PermissionError, DiskFault, StoreBroken, StoreBusy)


class Step(Protocol):
    """One collecting step: a batch of sources of one family."""

    def __call__(self, campaign: Campaign, settings: Settings, now: datetime, *, tell: Tell) -> Collected:
        """What the step landed, set aside and could not get."""


def take_step(
    step: Step, campaign: Campaign, settings: Settings, now: datetime, *, title: str, tell: Tell
) -> Collected:
    """What the step did, the campaign's facts included where they had changed.

    A step that cannot begin, or breaks off, is among the failed by its title: what follows it is done all the same.
    """
    collected = Collected()
    _take(f"facts of {campaign.id}", partial(land_facts, campaign, settings, now), collected, tell)
    _take(title, partial(step, campaign, settings, now, tell=tell), collected, tell)
    return collected


def _take(title: str, work: Callable[[], Collected], collected: Collected, tell: Tell) -> None:
    try:
        with fenced(title, tell, passing=(*_OF_ALL_STEPS, LandedUnreadable)), _disk_named():
            collected.add(work())
    except (SourceError, LandedUnreadable) as error:
        collected.failed[title] = str(error)


@contextmanager
def _disk_named() -> Iterator[None]:
    """Within, whatever the disk is at fault for comes out as that, with the words for it."""
    try:
        yield
    except Exception as error:
        if said := said_of_disk(error):
            raise DiskFault(said) from error
        raise


def land_facts(campaign: Campaign, settings: Settings, now: datetime) -> Collected:
    """What landed of the campaign's folder: nothing, where it stands as it did the last time and is still there whole.

    Facts are its roster, aliases, events, sources and spec. The last landed row of a campaign holds, so a folder
    that was changed and changed back lands again.
    """
    home = settings.home
    with only_one(home, "facts", waits=True), closing(open_state(home, _FACTS_SCHEMA)) as state:
        last = state.execute(
            "SELECT campaign_hash, files FROM landed_facts WHERE campaign_id = ?", [campaign.id]
        ).fetchone()
        landed = [home / name for name in json.loads(last[1])] if last and last[0] == campaign.campaign_hash else []
        broken = broken_files(landed)
        if landed and not broken:
            return Collected()
        for path in broken:
            # The same facts have the same name: the file that cannot be read makes room for a whole one.
            path.unlink(missing_ok=True)
        facts = campaign_facts(campaign, _after_last(home, campaign.id, now))
        # The campaign's own row last: once it is there, all that it speaks of is.
        files = land(home, sorted(facts, key=lambda fact: fact.TABLE == "campaigns"))
        state.execute(
            "INSERT OR REPLACE INTO landed_facts VALUES (?, ?, ?, ?)",
            [
                campaign.id,
                campaign.campaign_hash,
                now.isoformat(),
                json.dumps([path.relative_to(home).as_posix() for path in files]),
            ],
        )
    return Collected(files=files, landed=Counter(fact.TABLE for fact in facts))


def _after_last(home: Path, campaign_id: str, now: datetime) -> datetime:
    """Now, or a moment after the campaign's facts landed last, where the clock was set back: the last ones hold."""
    with suppress(LandedUnreadable):  # a torn file of facts must not keep whole ones from landing
        for row in read_landed(home, CampaignFacts.TABLE):
            if row["campaign_id"] == campaign_id and row["landed_at"] >= now:
                now = row["landed_at"] + timedelta(microseconds=1)
    return now
