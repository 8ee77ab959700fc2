"""What `erase` does: one kind of request at a time, and what it says."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from connectors.errors import SourceError
from flows.erase import Erased, Request, erase_author, erase_donor, erase_feed, erase_posts
from flows.faults import UsageFault
from flows.inputs import settings_for
from flows.private_home import keep_private
from flows.screen.console import progress
from flows.settings import Settings
from flows.x.compliance import check_compliance_once
from warehouse.landing.unreadable import LandedUnreadable
from warehouse.store import StoreBusy


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks to remove."""

    author: str | None
    donor: str | None
    posts: list[str]
    feed: str | None
    is_compliance: bool


def run_erase(wanted: Wanted, asked_at: datetime | None, home: Path | None) -> None:
    """Remove it, and say how much and how fast.

    Raises:
        UsageFault: not exactly one thing is asked for, the home holds nothing, or a build is running.
    """
    asked = [wanted.author, wanted.donor, wanted.posts, wanted.feed, wanted.is_compliance]
    if sum(map(bool, asked)) != 1:
        raise UsageFault("erase one thing at a time. Mend: --author, --donor, --post, --feed or --compliance")
    settings = settings_for(home)
    if not (settings.home / "landing").is_dir():
        raise UsageFault(f"{settings.home}: nothing has landed here. Mend: name the right home with --home")
    keep_private(settings.home, settings.readers)
    try:
        with progress("erase") as tell:
            request = Request(asked_at=asked_at or datetime.now(UTC), clock=lambda: datetime.now(UTC), tell=tell)
            erased = _erase(wanted, settings, request)
    except StoreBusy as error:
        raise UsageFault(f"{error}. Nothing is published anew; ask again") from error
    except SourceError as error:
        typer.echo(f"not done: {error}", err=True)
        raise typer.Exit(1) from error
    except LandedUnreadable as error:
        typer.echo(f"not done: {error}, or take it out of the landing zone, and ask again", err=True)
        raise typer.Exit(1) from error
    typer.echo(
        f"erased: {erased.rows} rows in {erased.files} files, {erased.hours_elapsed:.2f} hours after it was asked for"
        if erased
        else "no post of X is held"
    )


def _erase(wanted: Wanted, settings: Settings, request: Request) -> Erased | None:
    if wanted.author:
        return erase_author(settings, wanted.author, request)
    if wanted.donor:
        return erase_donor(settings, wanted.donor, request)
    if wanted.feed:
        return erase_feed(settings, wanted.feed, request)
    if wanted.posts:
        return erase_posts(settings, wanted.posts, request)
    return check_compliance_once(settings, request.clock, tell=request.tell)
