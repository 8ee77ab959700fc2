"""Commands that collect from the open networks: Bluesky and Mastodon."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import CampaignArgument, ForceOption, HomeOption

if TYPE_CHECKING:
    from connectors.campaign.models import Campaign
    from flows.steps import Step


def collect_bluesky(
    campaign: CampaignArgument,
    minutes: Annotated[
        int, typer.Option(min=0, metavar="N", help="Follow the stream so long; 0: what was kept since it was heard.")
    ] = 0,
    force: ForceOption = False,
    home: HomeOption = None,
) -> None:
    """Read the candidates' accounts on Bluesky that are due, then the stream for posts that name a candidate.

    Needs no account and costs nothing. The stream goes on where it was heard last: an outage of hours is made up for, a
    longer one is a gap. Ctrl-C ends it; what came has landed.

    Examples:
      afterdebate collect bluesky us-2020-general
      afterdebate collect bluesky us-2020-general --minutes 240
    """
    from flows.commands.steps import take_and_finish
    from flows.faults import UsageFault
    from flows.inputs import campaign_named, settings_for

    read, settings = campaign_named(campaign), settings_for(home)
    if read.bluesky is None:
        raise UsageFault(f"{read.folder / 'campaign.toml'}: nothing is read of Bluesky. Mend: add a [bluesky] table")
    take_and_finish(read, settings, _bluesky_steps(minutes, force=force))


def _bluesky_steps(minutes: int, *, force: bool) -> "dict[str, Step]":
    from flows.bluesky.collect import collect_bluesky_once
    from flows.bluesky.stream import follow_bluesky_once
    from flows.collected import Collected, Tell
    from flows.settings import Settings

    if not minutes:
        return {"bluesky": partial(collect_bluesky_once, force=force)}

    def follow(campaign: "Campaign", settings: Settings, now: datetime, *, tell: Tell) -> Collected:
        until_at = now + timedelta(minutes=minutes)
        return follow_bluesky_once(campaign, settings, until_at, lambda: datetime.now(UTC), tell=tell)

    own = partial(collect_bluesky_once, force=force, follows=False)
    return {"bluesky accounts": own, "bluesky stream": follow}


def collect_mastodon(campaign: CampaignArgument, force: ForceOption = False, home: HomeOption = None) -> None:
    """Read the candidates' accounts on Mastodon, and the roster's hashtags on the servers that the campaign names.

    Needs no account and costs nothing, where a server shows its timelines to anybody.

    Example:
      afterdebate collect mastodon us-2020-general
    """
    from flows.commands.steps import take_and_finish
    from flows.faults import UsageFault
    from flows.inputs import campaign_named, settings_for
    from flows.mastodon.collect import collect_mastodon_once

    read, settings = campaign_named(campaign), settings_for(home)
    if read.mastodon is None:
        raise UsageFault(f"{read.folder / 'campaign.toml'}: nothing is read of Mastodon. Mend: add a [mastodon] table")
    take_and_finish(read, settings, {"mastodon": partial(collect_mastodon_once, force=force)})
