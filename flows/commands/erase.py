"""The command that removes people, posts and feeds."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import HomeOption
from flows.faults import UsageFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.erase import Erased, Request
    from flows.settings import Settings


def erase(  # noqa: PLR0917  # options: they are given by name
    author: Annotated[
        str | None, typer.Option(metavar="ID", help="An author's numeric id on X, or a declared @handle.")
    ] = None,
    donor: Annotated[str | None, typer.Option(metavar="DONOR", help="As the donation file names them.")] = None,
    post: Annotated[list[str] | None, typer.Option(metavar="ID", help="A post's id; may be given again.")] = None,
    feed: Annotated[str | None, typer.Option(metavar="URL", help="A feed's address.")] = None,
    compliance: Annotated[bool, typer.Option("--compliance", help="What X wants gone of the posts held.")] = False,
    asked_at: Annotated[
        datetime | None, typer.Option(metavar="TIME", help="When it was asked for, in UTC.", show_default="this moment")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Remove someone or something everywhere, log it, and say how long it took. Sums and counts stay.

    Examples:
      afterdebate erase --author 12345
      afterdebate erase --post 1318944772183281664 --asked-at 2026-11-20T09:00
      afterdebate erase --compliance
    """
    from flows.erase import erase_author, erase_donor, erase_feed, erase_posts
    from flows.inputs import settings_for
    from flows.x.compliance import check_compliance_once

    if sum(map(bool, [author, donor, post, feed, compliance])) != 1:
        raise UsageFault("erase one thing at a time. Mend: --author, --donor, --post, --feed or --compliance")
    settings = settings_for(home)

    def remove(request: "Request") -> "Erased | None":
        if author:
            return erase_author(settings, author, request)
        if donor:
            return erase_donor(settings, donor, request)
        if feed:
            return erase_feed(settings, feed, request)
        if post:
            return erase_posts(settings, post, request)
        return check_compliance_once(settings, request.clock, tell=request.tell)

    _run(remove, settings, asked_at.replace(tzinfo=asked_at.tzinfo or UTC) if asked_at else None)


def _run(remove: "Callable[[Request], Erased | None]", settings: "Settings", asked_at: datetime | None) -> None:
    """Remove it, and say how much and how fast.

    Raises:
        UsageFault: the home holds nothing, or a build is running.
        typer.Exit: with code 1, where a source has to be asked and did not answer.
    """
    from connectors.errors import SourceError
    from flows.erase import Request
    from flows.private_home import keep_private
    from flows.screen.console import progress
    from warehouse.store import StoreBusy

    if not (settings.home / "landing").is_dir():
        raise UsageFault(f"{settings.home}: nothing has landed here. Mend: name the right home with --home")
    keep_private(settings.home, settings.readers)
    try:
        with progress("erase") as tell:
            erased = remove(Request(asked_at=asked_at or datetime.now(UTC), clock=lambda: datetime.now(UTC), tell=tell))
    except StoreBusy as error:
        raise UsageFault(f"{error}. Nothing is published anew; ask again") from error
    except SourceError as error:
        typer.echo(f"not done: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(
        f"erased: {erased.rows} rows in {erased.files} files, {erased.hours_elapsed:.2f} hours after it was asked for"
        if erased
        else "no post of X is held"
    )
