"""What is deployed for a set of campaigns, in the words of `prefect.yaml`: `afterdebate up` makes it from here.

The file in the repository says the same for one campaign, for those who run a Prefect of their own; a test compares.
Every flow asks the home's own state what is due, so a schedule only says how often to ask.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

LANDED, BUILT = "afterdebate.landed", "afterdebate.built"  # our own events, which deployments wait for
POOL = "afterdebate"
FLOWS_FILE = "flows/deployed/deployments.py"
_EACH_MINUTE, _EACH_5_MINUTES, _DAILY = "* * * * *", "*/5 * * * *", "10 5 * * *"
_EACH_MORNING = "0 7 * * *"
DIGEST = "send-digest"


class Watched(NamedTuple):
    """A campaign to deploy: its id, how a flow finds its folder, and its zone."""

    campaign_id: str
    found_as: str
    timezone: str


class _Flow(NamedTuple):
    name: str
    cron: str
    description: str
    is_of_campaign: bool = True
    waits: bool = False
    trigger: tuple[str, str] | None = None  # an event, and the name of the automation that starts it then


_FLOWS = (
    _Flow("announce-events", _EACH_5_MINUTES, "Says when the clock passes a moment of an event."),
    _Flow("collect-feeds", _EACH_MINUTE, "Polls the feeds that are due: each minute or so while an event is live."),
    _Flow("collect-x", _EACH_MINUTE, "Asks X for the counts and posts that are due, within the campaign's budget."),
    _Flow("stream-x", _EACH_5_MINUTES, "Follows X's stream through an event that is on, where the campaign wants it."),
    _Flow(
        "collect-networks",
        _EACH_5_MINUTES,
        "Reads the accounts and hashtags on Bluesky and Mastodon that are due, where the campaign wants them.",
    ),
    _Flow(
        "stream-bluesky",
        _EACH_5_MINUTES,
        "Follows Bluesky's stream, where the campaign wants it; each run goes on where the last one ended.",
    ),
    _Flow("import-donations", _EACH_MINUTE, "Imports the donation files that dropped, and reads tickers."),
    _Flow(DIGEST, _EACH_MORNING, "Sends what is known of each event to the channels of AFTERDEBATE_ALERTS, if any."),
    _Flow("check-compliance", _DAILY, "Asks X which posts we hold must go, and erases them.", is_of_campaign=False),
    _Flow(
        "build-warehouse",
        _EACH_MINUTE,
        "Loads what landed, builds, checks and publishes; the only writer, so one at a time.",
        is_of_campaign=False,
        waits=True,
        trigger=(LANDED, "build what landed"),
    ),
    _Flow(
        "write-pages",
        _DAILY,  # what no build brings: another version's looks, a page that somebody removed
        "Writes the pages that a build changed; apart from the build, so that the next one need not wait.",
        is_of_campaign=False,
        waits=True,
        trigger=(BUILT, "write the pages of what was built"),
    ),
)
HOME = "home"  # the name of what is deployed once for all campaigns


def described(campaigns: Sequence[Watched]) -> list[dict[str, Any]]:
    """The deployments of these campaigns, and those that a home has once; in the words of prefect.yaml."""
    return [*_of_campaigns(campaigns), *(_deployment(flow, HOME, campaigns[0].timezone, {}) for flow in _of_home())]


def entrypoint_of(flow_name: str) -> str:
    """Where a flow is found, as Prefect writes it."""
    return f"{FLOWS_FILE}:{flow_name.replace('-', '_')}"


def _of_campaigns(campaigns: Sequence[Watched]) -> Iterator[dict[str, Any]]:
    for campaign in campaigns:
        for flow in _FLOWS:
            if flow.is_of_campaign:
                yield _deployment(flow, campaign.campaign_id, campaign.timezone, {"campaign": campaign.found_as})


def _of_home() -> list[_Flow]:
    return [flow for flow in _FLOWS if not flow.is_of_campaign]


def _deployment(flow: _Flow, name: str, timezone: str, parameters: dict[str, str]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": name,
        "entrypoint": entrypoint_of(flow.name),
        "description": flow.description,
        "work_pool": {"name": POOL},
        "schedules": [{"cron": flow.cron, "timezone": timezone}],
        # A tick that finds the last one at work is not needed; a build that waits is, for what landed meanwhile.
        "concurrency_limit": {"limit": 1, "collision_strategy": "ENQUEUE" if flow.waits else "CANCEL_NEW"},
    }
    if parameters:
        described["parameters"] = parameters
    if flow.trigger:
        event, named = flow.trigger
        described["triggers"] = [
            {
                "type": "event",
                "name": named,
                "match": {"prefect.resource.id": "afterdebate.campaign.*"},
                "expect": [event],
            }
        ]
    return described
