"""Commands that bring a whole machine up: the demo, and the server with its worker."""

from typing import Annotated

import typer

from flows.commands.options import HomeOption


def demo(
    campaign: Annotated[
        str, typer.Argument(metavar="CAMPAIGN", help="A shipped campaign: us-2020-general, us-2012-general ...")
    ] = "us-2020-general",
    tables: Annotated[bool, typer.Option("--tables", help="Print the long tables, not one screen.")] = False,
    home: HomeOption = None,
) -> None:
    """Run a shipped campaign through every step, offline, in ./data/demo (emptied first), and write its pages.

    The clock is injected: the season is the campaign's own. The feeds of 2020 are synthetic, the rest is real.
    With --home DIR the demo goes to DIR/demo.

    Example:
      afterdebate demo
      afterdebate demo us-2012-general
      afterdebate sql "FROM buzz_by_interval LIMIT 5" --home data/demo
    """
    from flows.demo.run import run_demo
    from flows.inputs import settings_for

    run_demo(settings_for(home).home / "demo", name=campaign, has_tables=tables)


def up(
    campaigns: Annotated[
        list[str] | None,
        typer.Argument(metavar="CAMPAIGN...", help="Ids or folders.", show_default="those of the last time"),
    ] = None,
    port: Annotated[
        int, typer.Option(metavar="PORT", min=1, max=65535, help="Of the Prefect server, on 127.0.0.1.")
    ] = 4200,
    home: HomeOption = None,
) -> None:
    """Watch campaigns day and night: a Prefect server, the deployments of these campaigns and a worker; Ctrl-C ends it.

    Where it runs already, name the campaigns anew to add one or to take one away.
    Its page asks for a password: the line in keys/server.key of the home, made on the first start.

    Example:
      afterdebate up us-2020-general
    """
    from flows.deployed.up.server import run_server
    from flows.inputs import settings_for

    run_server(settings_for(home), port, campaigns or [])
