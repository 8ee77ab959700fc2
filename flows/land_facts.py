"""Lands a campaign's own facts: roster, aliases, events, sources, spec."""

from collections import Counter
from datetime import datetime

from connectors.campaign import Campaign, campaign_facts
from flows.collected import Collected
from flows.settings import Settings
from flows.state import open_state
from warehouse.landing import land

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts_landed (
    campaign_id TEXT PRIMARY KEY,
    campaign_hash TEXT NOT NULL,
    landed_at TEXT NOT NULL,
    file TEXT NOT NULL  -- of landing/campaigns: state may outlive a landing zone that was emptied
)
"""


def land_facts(campaign: Campaign, settings: Settings, now: datetime) -> Collected:
    """What landed of the campaign's folder: nothing, where it stands as it did the last time.

    The last landed row of a campaign holds, so a folder that was changed and changed back lands again.
    """
    state = open_state(settings.home, _SCHEMA)
    try:
        last = state.execute(
            "SELECT campaign_hash, file FROM facts_landed WHERE campaign_id = ?", [campaign.id]
        ).fetchone()
        if last and last[0] == campaign.campaign_hash and (settings.home / last[1]).exists():
            return Collected()
        facts = campaign_facts(campaign, now)
        # The campaign's own row last: once it is there, all that it speaks of is.
        files = land(settings.home, sorted(facts, key=lambda fact: fact.TABLE == "campaigns"))
        file = next(path for path in files if path.parent.name == "campaigns").relative_to(settings.home)
        state.execute(
            "INSERT OR REPLACE INTO facts_landed VALUES (?, ?, ?, ?)",
            [campaign.id, campaign.campaign_hash, now.isoformat(), file.as_posix()],
        )
    finally:
        state.close()
    return Collected(files=files, landed=Counter(fact.TABLE for fact in facts))
