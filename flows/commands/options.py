"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        envvar="AFTERDEBATE_HOME",
        help="Where landing zone, warehouse and published tables live.",
        show_default="./data",
    ),
]
CampaignArgument = Annotated[
    str, typer.Argument(metavar="CAMPAIGN", help="An id under ./campaigns, or a path to a campaign folder.")
]
LanguageOption = Annotated[
    str | None,
    typer.Option(metavar="LANGUAGE", help="Of the pages: en or fr.", show_default="what campaign.toml says"),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Ask every source, due or not.")]
