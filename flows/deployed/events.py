"""Our Prefect events: their names, and one function to emit each. prefect.yaml matches these names only.

Flows are chained by these and not by `prefect.flow-run.Completed`: for runs that the scheduler made, the server
holds that one back for a quarter of an hour.
"""

from typing import Literal

from prefect.events import emit_event

from flows.deployed.described import BUILT, LANDED

SILENT = "afterdebate.source.silent"
EXHAUSTED = "afterdebate.budget.exhausted"

Moment = Literal["opening", "started", "ended", "settled"]


def landed(campaign_id: str, *, rows: dict[str, int]) -> None:
    """Emit that rows landed, by table."""
    emit_event(LANDED, resource=_campaign(campaign_id), payload={"rows": rows})


def built(campaign_ids: list[str], *, run_id: str) -> None:
    """Emit, for each campaign in the home, that its tables were built and published."""
    for campaign_id in campaign_ids:
        emit_event(BUILT, resource=_campaign(campaign_id), payload={"run_id": run_id})


def reached(moment: Moment, campaign_id: str, event_id: str) -> None:
    """Emit that the clock passed a moment of a campaign's event."""
    emit_event(f"afterdebate.event.{moment}", resource=_campaign(campaign_id), payload={"event_id": event_id})


def silent(campaign_id: str, source_id: str, *, reason: str) -> None:
    """Emit that a source gives nothing for far longer than its habit."""
    resource = {"prefect.resource.id": f"afterdebate.source.{source_id}", "prefect.resource.name": source_id}
    emit_event(SILENT, resource=resource, related=[_related(campaign_id)], payload={"reason": reason})


def exhausted(campaign_id: str, *, reason: str) -> None:
    """Emit that the next request could cost more than is left."""
    emit_event(EXHAUSTED, resource=_campaign(campaign_id), payload={"reason": reason})


def _campaign(campaign_id: str) -> dict[str, str]:
    return {"prefect.resource.id": f"afterdebate.campaign.{campaign_id}", "prefect.resource.name": campaign_id}


def _related(campaign_id: str) -> dict[str, str]:
    return {**_campaign(campaign_id), "prefect.resource.role": "campaign"}
