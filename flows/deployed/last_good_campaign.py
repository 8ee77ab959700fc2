"""The campaign that a deployed flow works with: the folder as it stands, or as it last landed while an edit is faulty.

A command that somebody typed refuses a faulty folder: that person is there to mend it. A schedule runs at night, and a
comma in `events.csv` must not cost the hours until morning.
"""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from connectors.campaign.facts import campaign_from_json
from connectors.campaign.folder import find_campaign, read_campaign
from connectors.campaign.models import Campaign
from connectors.errors import CampaignFault, SourceBroken
from connectors.fence import fenced
from flows.collected import Tell
from flows.inputs import CAMPAIGNS
from flows.troubles import note_troubles
from warehouse.landing.files import read_landed


class Found(NamedTuple):
    """A campaign to work with; `fault` says why its folder cannot be used as it is, None where it can."""

    campaign: Campaign
    fault: str | None


def campaign_or_last_good(name: str, home: Path, now: datetime, tell: Tell) -> Found:
    """The campaign of that name, and what is wrong with its folder, which is kept for `status`.

    Raises:
        CampaignFault: there is no such folder, or it has faults and none without them has landed in this home.
        SourceBroken: reading it raised what nobody foresaw, and nothing of it has landed.
        LandedUnreadable: the folder has faults, and what landed of it cannot be read.
    """
    folder = find_campaign(name, CAMPAIGNS)
    try:
        with fenced(str(folder), tell):
            campaign = read_campaign(folder)
    except (CampaignFault, SourceBroken) as fault:
        last = _last_landed(name, folder, home)
        if last is None:
            raise
        told = f"{fault}\nUntil it is mended, {last.id} goes on as it landed last"
        tell(f"warning: {told}")
        note_troubles(home, "campaign", {last.id: told}, now, among=last.id)
        return Found(last, str(fault))
    if home.is_dir():
        note_troubles(home, "campaign", {}, now, among=campaign.id)
    return Found(campaign, None)


def _last_landed(name: str, folder: Path, home: Path) -> Campaign | None:
    """The last state of the campaign that landed whole: by its id, or by the folder that it was read from."""
    rows = sorted(read_landed(home, "campaigns"), key=lambda row: row["landed_at"])
    landed = [campaign_from_json(row["settings"]) for row in rows if row.get("settings")]
    ours = [one for one in landed if one.id == name or _is_same(one.folder, folder)]
    return ours[-1].model_copy(update={"folder": folder}) if ours else None


def _is_same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
