"""Collect from Bluesky: the candidates' own accounts that are due, then what the stream kept since it was heard."""

import time
from collections.abc import Callable
from datetime import datetime

from connectors.campaign.models import Campaign
from flows.bluesky.own_posts import collect_own_feeds, has_own_feeds
from flows.bluesky.stream import follow_bluesky_once
from flows.clock import RunClock
from flows.collected import Collected, Tell, say_nothing
from flows.networks.run import opened_network_run
from flows.only_one import only_one
from flows.settings import Settings


def collect_bluesky_once(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    *,
    force: bool = False,
    follows: bool = True,
    tell: Tell = say_nothing,
    pause: Callable[[float], None] = time.sleep,
) -> Collected:
    """What came of the own accounts and, where `follows`, of the stream up to now; a source that fails stops no other.

    Called each hour it misses nothing: the server keeps a day and more of its stream.
    """
    bluesky = campaign.bluesky
    if bluesky is None:
        return Collected(notes=["Bluesky: nothing is asked (the campaign has no [bluesky] table)"])
    collected = Collected()
    clock = RunClock(now=now).instant
    if bluesky.own_accounts and has_own_feeds(campaign):
        with only_one(settings.home, f"bluesky-own-{campaign.id}") as is_alone:
            if is_alone:
                opened = opened_network_run(
                    "bluesky", campaign, settings, now, clock=clock, tell=tell, pause=pause, is_forced=force
                )
                with opened as run:
                    collect_own_feeds(run)
                    run.erase_gone()
                    collected.add(run.collected)
    if follows and bluesky.stream:
        collected.add(follow_bluesky_once(campaign, settings, None, clock, tell=tell, pause=pause))
    return collected
