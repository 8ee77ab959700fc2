"""Which deployments are worth a run before their next minute: a file dropped, or a feed of a live event is due.

Schedules tick each minute, for those who run a worker of Prefect's own. This one looks for itself, so that a tick that
was just missed costs no minute of freshness.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from connectors.campaign.folder import find_campaign, read_campaign
from connectors.campaign.models import Campaign
from connectors.errors import CampaignFault, SourceBroken
from connectors.fence import fenced
from flows.collected import say_nothing
from flows.feeds.due import next_feed_due
from flows.imports.dropped import DropFolders
from flows.inputs import CAMPAIGNS
from flows.phases import phase, watched

SETTLE_S = 5.0  # a file that changed since may still be written: a later look takes it
_FEEDS_PAUSE = timedelta(seconds=10)  # between two runs that were asked for here: feeds due in a row go together
_FEEDS_ANEW = timedelta(seconds=30)  # what is due may have changed by another hand


@dataclass
class _Looked:
    """What is known of one campaign since the last look."""

    drops: DropFolders = field(default_factory=lambda: DropFolders(SETTLE_S))
    campaign: Campaign | None = None
    folder_stamp: tuple[object, ...] = ()
    due_at: datetime | None = None  # of feeds; None: to be asked anew
    asked_at: datetime | None = None
    was_at_work: bool = False


class EarlyRuns:
    """Looks at the folders and the feeds' state of a home's campaigns; costs some stats of files and little else."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._looked: dict[str, _Looked] = {}

    def wanted(self, names: Collection[str], at_work: Collection[str], now: datetime) -> Iterator[str]:
        """The deployments to run now, as `flow/campaign`, of the campaigns so named; none of those at work."""
        for name in names:
            looked = self._looked.setdefault(name, _Looked())
            campaign = _campaign(name, looked)
            if campaign is None:
                continue
            feeds, imports = f"collect-feeds/{campaign.id}", f"import-donations/{campaign.id}"
            if imports not in at_work and looked.drops.has_news(campaign, now):
                yield imports
            if feeds in at_work:
                looked.was_at_work = True
            elif phase(now, watched(campaign.events)) == "live" and self._has_due_feed(campaign, looked, now):
                looked.asked_at = now
                yield feeds

    def _has_due_feed(self, campaign: Campaign, looked: _Looked, now: datetime) -> bool:
        if looked.asked_at is not None and looked.asked_at <= now < looked.asked_at + _FEEDS_PAUSE:
            return False
        if looked.due_at is None or looked.was_at_work or now >= looked.due_at:
            due_at = next_feed_due(campaign, self._home, now)
            looked.due_at = min(due_at or now + _FEEDS_ANEW, now + _FEEDS_ANEW)
            looked.was_at_work = False
            return due_at is not None and due_at <= now
        return False


def _campaign(name: str, looked: _Looked) -> Campaign | None:
    """The campaign as its folder stands; as it stood before an edit that is faulty, which its flows tell."""
    with suppress(CampaignFault, SourceBroken), fenced(name, say_nothing):
        folder = find_campaign(name, CAMPAIGNS)
        stamp = tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.iterdir()) if path.is_file())
        if stamp != looked.folder_stamp:
            looked.folder_stamp = stamp
            looked.campaign = read_campaign(folder)
            looked.due_at = None
    return looked.campaign
