"""Lands a campaign's own facts: roster, aliases, events, sources, spec."""

import json
from collections import Counter
from contextlib import closing
from datetime import datetime

from connectors.campaign.facts import campaign_facts
from connectors.campaign.models import Campaign
from flows.collected import Collected
from flows.settings import Settings
from flows.state import open_state
from warehouse.landing.files import land
from warehouse.landing.unreadable import broken_files

_SCHEMA = """
CREATE TABLE IF NOT EXISTS landed_facts (
    campaign_id TEXT PRIMARY KEY,
    campaign_hash TEXT NOT NULL,
    landed_at TEXT NOT NULL,
    files TEXT NOT NULL  -- of the landing zone, as JSON: state may outlive a landing zone that was emptied
)
"""


def land_facts(campaign: Campaign, settings: Settings, now: datetime) -> Collected:
    """What landed of the campaign's folder: nothing, where it stands as it did the last time and is still there whole.

    The last landed row of a campaign holds, so a folder that was changed and changed back lands again.
    """
    home = settings.home
    with closing(open_state(home, _SCHEMA)) as state:
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
        facts = campaign_facts(campaign, now)
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
