"""The `afterdebate` commands: signatures and help here, what a command does in a module of its own.

What is heavy (DuckDB, Arrow, pydantic, SciPy) is imported inside the commands, so that `--help` answers at once.
Nothing that a command calls imports Prefect, so that none starts an ephemeral Prefect server.
"""

from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from connectors.errors import CampaignFault
from flows.commands import campaign, erase, keep, machine, networks, read
from flows.commands import collect as cli_collect
from flows.commands import feeds as cli_feeds
from flows.faults import UsageFault, said_of_disk


class _Commands(TyperGroup):
    """All commands; a user's fault becomes its message and exit code 2."""

    # `ctx` is a Context of the Click that Typer carries inside; that class has no public name.
    def invoke(self, ctx: Any) -> Any:
        """What the command gives.

        Raises:
            typer.Exit: with code 2, where the user can mend what is wrong; with 1, where the disk fails.
        """
        try:
            return super().invoke(ctx)
        except (UsageFault, CampaignFault) as fault:
            typer.echo(str(fault), err=True)
        except PermissionError as error:
            typer.echo(f"{error.filename}: not allowed. Mend: choose another --home, or change its rights", err=True)
        except Exception as error:
            said = said_of_disk(error)
            if said is None:
                raise
            typer.echo(said, err=True)
            raise typer.Exit(1) from error
        raise typer.Exit(2)


class _SqlCommand(TyperCommand):
    """`sql`, whose query may begin with a comment."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """What is left after the options; a query that begins with `-- ` is not taken for one."""
        return super().parse_args(ctx, [f"\n{word}" if word.startswith(("-- ", "--\n")) else word for word in args])


main = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local values could show a token.
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""What a televised debate does to buzz and to donations.

    First steps:
      afterdebate demo
      afterdebate sql "SHOW TABLES" --home data/demo

    Exit codes: 0 done; 1 done, but a source failed (named); 2 bad usage or configuration, nothing touched.
    """,
)


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"afterdebate {version('afterdebate')}")
        raise typer.Exit


@main.callback()
def _afterdebate(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


feeds = typer.Typer(no_args_is_help=True, help="Find a page's feeds; export a campaign's list as OPML.")
collect = typer.Typer(no_args_is_help=True, help="Collect what is due: feeds, x, stream, bluesky, mastodon.")

main.command(rich_help_panel="Begin")(machine.demo)
main.command(rich_help_panel="Begin")(campaign.new)
main.command(rich_help_panel="Begin")(campaign.check)
main.command(rich_help_panel="Begin")(campaign.plan)
main.add_typer(feeds, name="feeds", rich_help_panel="Begin")
feeds.command("find")(cli_feeds.find)
feeds.command("export")(cli_feeds.export)
main.command(rich_help_panel="Collect and build")(cli_collect.run)
main.add_typer(collect, name="collect", rich_help_panel="Collect and build")
collect.command("feeds")(cli_collect.collect_feeds)
collect.command("x")(cli_collect.collect_x)
collect.command("stream")(cli_collect.collect_stream)
collect.command("bluesky")(networks.collect_bluesky)
collect.command("mastodon")(networks.collect_mastodon)
main.command("import", rich_help_panel="Collect and build")(cli_collect.import_files)
main.command(rich_help_panel="Collect and build")(cli_collect.build)
main.command(rich_help_panel="Collect and build")(machine.up)
main.command(rich_help_panel="Collect and build")(erase.erase)
main.command(rich_help_panel="Keep")(keep.rebuild)
main.command(rich_help_panel="Keep")(keep.backup)
main.command(rich_help_panel="Keep")(keep.restore)
main.command(rich_help_panel="Keep")(keep.doctor)
main.command(cls=_SqlCommand, rich_help_panel="Read")(read.sql)
main.command(rich_help_panel="Read")(read.report)
main.command(rich_help_panel="Read")(read.claim)
main.command(rich_help_panel="Read")(read.status)
main.command(rich_help_panel="Read")(read.digest)
main.command(rich_help_panel="Read")(read.diff)
main.command(rich_help_panel="Read")(read.effects)

if __name__ == "__main__":
    main()
