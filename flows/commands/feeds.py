"""Commands on feeds: find those of a page, hand a campaign's list to other readers."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import CampaignArgument


def find(url: Annotated[str, typer.Argument(metavar="URL", help="A blog's page.")]) -> None:
    """Find the feeds of a web page, as tables to paste into campaign.toml.

    Example:
      afterdebate feeds find https://blog.example/
    """
    from connectors.errors import SourceError
    from flows.faults import UsageFault
    from flows.feeds.find import feed_table, find_feeds
    from flows.inputs import settings_for

    try:
        found = find_feeds(url, settings_for(None))
    except SourceError as error:
        raise UsageFault(f"{error}. Mend: open the page in a browser and give its address") from error
    for feed in found:
        typer.echo(feed_table(feed) + "\n")
    if not found:
        raise UsageFault(f"{url}: names no feed, and none is in the usual places. Mend: ask its owner")


def export(
    campaign: CampaignArgument,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Else it is printed.")] = None,
) -> None:
    """Write a campaign's feeds as OPML, which any feed reader imports and `feeds_from` reads.

    Example:
      afterdebate feeds export us-2020-general --output feeds.opml
    """
    from connectors.campaign.feed_lists import outlines_of
    from connectors.feeds.opml import write_opml
    from flows.inputs import campaign_named

    read = campaign_named(campaign)
    document = write_opml(read.title, outlines_of(read))
    if output is None:
        typer.echo(document.decode(), nl=False)
    else:
        output.write_bytes(document)
