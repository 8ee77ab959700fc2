"""Commands that collect, import and build."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import CampaignArgument, ForceOption, HomeOption


def run(campaign: CampaignArgument, force: ForceOption = False, home: HomeOption = None) -> None:
    """Collect what is due, import what dropped, build and publish; once, without a server.

    Example:
      afterdebate run us-2020-general
    """
    from flows.commands.steps import run_all

    run_all(campaign, home, force=force)


def collect_feeds(campaign: CampaignArgument, force: ForceOption = False, home: HomeOption = None) -> None:
    """Poll the campaign's feeds that are due, and land what came.

    Example:
      afterdebate collect feeds us-2020-general --force
    """
    from flows.commands.steps import run_collect_feeds

    run_collect_feeds(campaign, home, force=force)


def collect_x(campaign: CampaignArgument, force: ForceOption = False, home: HomeOption = None) -> None:
    """Ask X for the counts that are due, within the campaign's budget, and land what came.

    Needs AFTERDEBATE_X_BEARER_TOKEN in the environment or in .env.

    Example:
      afterdebate collect x us-2020-general
    """
    from flows.commands.steps import run_collect_x

    run_collect_x(campaign, home, force=force)


def collect_stream(
    campaign: CampaignArgument,
    minutes: Annotated[int, typer.Option(min=1, metavar="N", help="How long to follow the stream.")] = 240,
    home: HomeOption = None,
) -> None:
    """Follow X's filtered stream on a debate night; the campaign must say `stream = true`.

    Needs AFTERDEBATE_X_BEARER_TOKEN in the environment or in .env. Ctrl-C ends it; what came has landed.

    Example:
      afterdebate collect stream us-2020-general --minutes 180
    """
    from flows.commands.steps import run_collect_stream

    run_collect_stream(campaign, home, minutes=minutes)


def import_files(
    campaign: CampaignArgument,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Files to import.", show_default="what campaign.toml names"),
    ] = None,
    withdraw: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take this imported file back; metrics are restated.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Import donation files, or take an imported one back.

    The same file twice changes nothing: files are known by their content. A source with `api = true` is asked for its
    exports too; that needs AFTERDEBATE_ACTBLUE_UUID and AFTERDEBATE_ACTBLUE_SECRET in the environment or in .env.

    Examples:
      afterdebate import us-2020-general
      afterdebate import us-2020-general gifts/october.csv
      afterdebate import us-2020-general --withdraw gifts/wrong.csv
    """
    from flows.commands.steps import run_import, run_withdraw

    if withdraw is not None:
        run_withdraw(campaign, home, withdraw, also_given=paths or [])
    else:
        run_import(campaign, home, paths or [])


def build(
    as_of: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="Only what had landed by then; with --into.", show_default=False),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Where that is published: a folder that is not there yet.", show_default=False
        ),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Load what landed, build every table of every campaign in the home, check and publish.

    With --as-of the tables are told as the data stood at an instant, campaign facts as well, in a folder of their own;
    the home stays as it is. What was erased since is gone there too. The Parquet files are the same byte for byte each
    time, by one version of afterdebate and its packages, until something is erased or reduced; the last line is one
    hash of them all.

    Examples:
      afterdebate build --home data
      afterdebate build --as-of 2020-10-08T12:00Z --into then
      afterdebate sql "FROM runs" --home then
    """
    from flows.commands.steps import run_build, run_build_as_of
    from flows.faults import UsageFault

    if as_of is not None and into is not None:
        run_build_as_of(home, as_of, into)
    elif as_of is None and into is None:
        run_build(home)
    else:
        raise UsageFault("--as-of and --into go together. Mend: give both, or none")
