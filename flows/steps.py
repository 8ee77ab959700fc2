"""The collecting steps, as commands and deployed flows take them: the campaign's own facts land first."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from connectors.campaign.models import Campaign
from connectors.errors import SourceError
from connectors.fence import fenced
from flows.collected import Collected, Tell
from flows.faults import UsageFault
from flows.land_facts import land_facts
from flows.settings import Settings
from warehouse.landing.unreadable import LandedUnreadable
from warehouse.store import StoreBusy


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
        # A home that may not be written, and a build in the way, concern all steps alike.
        with fenced(title, tell, passing=(UsageFault, PermissionError, StoreBusy, LandedUnreadable)):
            collected.add(work())
    except (SourceError, LandedUnreadable) as error:
        collected.failed[title] = str(error)
