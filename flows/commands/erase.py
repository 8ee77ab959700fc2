"""The command that removes people, posts and feeds."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.commands.options import HomeOption


def erase(  # noqa: PLR0917  # options: they are given by name
    author: Annotated[
        str | None,
        typer.Option(metavar="AUTHOR", help="An author's id on X, handle, or name as a file has it."),
    ] = None,
    donor: Annotated[
        str | None, typer.Option(metavar="DONOR", help="A donor, as the donation file has the name.")
    ] = None,
    post: Annotated[list[str] | None, typer.Option(metavar="ID", help="A post's id; may be given again.")] = None,
    feed: Annotated[str | None, typer.Option(metavar="URL", help="A feed's address.")] = None,
    compliance: Annotated[bool, typer.Option("--compliance", help="What X wants gone of the posts held.")] = False,
    asked_at: Annotated[
        datetime | None, typer.Option(metavar="TIME", help="When it was asked for, in UTC.", show_default="this moment")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many rows would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before erasing.")] = False,
    home: HomeOption = None,
) -> None:
    """Remove someone or something everywhere, log it, and say how long it took. Sums and counts stay.

    It asks before it acts; without a terminal it wants --yes. What is not held here ends with code 1 and what may have
    been meant; it is logged all the same, and kept out if it comes in later.

    Examples:
      afterdebate erase --author @somebody --dry-run
      afterdebate erase --author 12345
      afterdebate erase --post 1318944772183281664 --asked-at 2026-11-20T09:00
      afterdebate erase --compliance
    """
    from flows.commands.erase_people import Wanted, run_erase

    wanted = Wanted(author=author, donor=donor, posts=post or [], feed=feed, is_compliance=compliance)
    at = asked_at.replace(tzinfo=asked_at.tzinfo or UTC) if asked_at else None
    run_erase(wanted, at, home, is_rehearsal=dry_run, is_sure=yes)
