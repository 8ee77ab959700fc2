"""The collecting steps, as commands and deployed flows take them: the campaign's own facts land first."""

from datetime import datetime
from typing import Protocol

from connectors.campaign import Campaign
from flows.collected import Collected, Tell
from flows.land_facts import land_facts
from flows.settings import Settings


class Step(Protocol):
    """One collecting step: a batch of sources of one family."""

    def __call__(self, campaign: Campaign, settings: Settings, now: datetime, *, tell: Tell) -> Collected:
        """What the step landed, set aside and could not get."""


def take_step(step: Step, campaign: Campaign, settings: Settings, now: datetime, tell: Tell) -> Collected:
    """What the step did, the campaign's facts included where they had changed."""
    collected = land_facts(campaign, settings, now)
    collected.add(step(campaign, settings, now, tell=tell))
    return collected
