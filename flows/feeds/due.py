"""When a campaign's feeds are asked next, without asking any: what a watch sleeps until, and `status` shows."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

from connectors.campaign.models import Campaign
from flows.feeds.state import SCHEMA, feeds_due
from flows.phases import next_change, phase, watched
from flows.state import open_state


def next_feed_due(campaign: Campaign, home: Path, now: datetime) -> datetime | None:
    """The earliest instant at which a feed can be due: `now` where one is; None where no feed is left to ask.

    Where a phase begins or ends before, that instant: what is due is another question then.
    """
    events = watched(campaign.events)
    with closing(open_state(home, SCHEMA)) as state:
        due = feeds_due(state, phase(now, events))
    instants = [due.get(feed.url, now) for feed in campaign.feeds]
    earliest = min((at for at in instants if at is not None), default=None)
    if earliest is None:
        return None
    changes_at = next_change(now, events)
    return max(now, min(earliest, changes_at or earliest))
