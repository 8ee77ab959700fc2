"""Commands on a campaign folder: begin one, check one."""

from typing import Annotated

import typer

from flows.commands.options import CampaignArgument, HomeOption


def new(
    campaign_id: Annotated[str, typer.Argument(metavar="ID", help="Letters, digits, '-', '_' and '.'.")],
    _home: HomeOption = None,
) -> None:
    """Write a commented campaign folder, ./campaigns/ID, to fill in.

    Example:
      afterdebate new fr-2027
      afterdebate check fr-2027
    """
    from flows.commands.new import write_new_campaign

    folder = write_new_campaign(campaign_id)
    typer.echo(f"{folder}: fill in campaign.toml and events.csv, then `afterdebate check {campaign_id}`")


def check(
    campaign: CampaignArgument,
    matches: Annotated[int, typer.Option(min=0, metavar="N", help="Show N hits of each alias in what was built.")] = 0,
    home: HomeOption = None,
) -> None:
    """Say every fault of a campaign folder, or what its sources can and cannot answer.

    Nothing is fetched and nothing is written to a home. The first rows of the data files are read on trial; where a
    file cannot be read as it is declared, the exit code is 1.

    Examples:
      afterdebate check us-2020-general
      afterdebate check us-2020-general --matches 3 --home data/demo
    """
    from flows.inputs import campaign_named, settings_for
    from flows.screen.check import check_campaign

    check_campaign(campaign_named(campaign), settings_for(home), matches=matches)


def plan(campaign: CampaignArgument, home: HomeOption = None) -> None:
    """Say what would be collected, when, and at what price on X; nothing is called.

    Example:
      afterdebate plan us-2020-general
    """
    from flows.inputs import campaign_named, settings_for
    from flows.screen.plan import plan_campaign

    plan_campaign(campaign_named(campaign), settings_for(home))
