"""What `erase` does: one kind of request at a time, and what it says."""

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from connectors.errors import SourceError
from flows.faults import UsageFault
from flows.inputs import settings_for
from flows.people.erase import Erased, Request, erase_author, erase_donor, erase_feed, erase_posts
from flows.people.near_subjects import near_authors, near_donors, near_feeds, near_posts
from flows.private_home import keep_private
from flows.screen.console import progress
from flows.settings import Settings
from flows.x.compliance import check_compliance_once
from warehouse.landing.unreadable import LandedUnreadable
from warehouse.store import StoreBusy

_STAYS = "That something was said, when and of whom stays counted, and so do sums; counts of authors may fall."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks to remove."""

    author: str | None
    donor: str | None
    posts: list[str]
    feed: str | None
    is_compliance: bool


def run_erase(
    wanted: Wanted, asked_at: datetime | None, home: Path | None, *, is_rehearsal: bool, is_sure: bool
) -> None:
    """Say what would go, ask, remove it, and say how much and how fast.

    Raises:
        UsageFault: not exactly one thing is asked for, the home holds nothing, nobody can be asked, or a build is
            running.
        typer.Exit: with code 1, where nothing is held, the answer is no, or X did not answer.
    """
    asked = [wanted.author, wanted.donor, wanted.posts, wanted.feed, wanted.is_compliance]
    if sum(map(bool, asked)) != 1:
        raise UsageFault("erase one thing at a time. Mend: --author, --donor, --post, --feed or --compliance")
    if wanted.is_compliance and is_rehearsal:
        raise UsageFault("what X wants gone is known only when it is asked. Mend: --compliance without --dry-run")
    settings = settings_for(home)
    if not (settings.home / "landing").is_dir():
        raise UsageFault(f"{settings.home}: nothing has landed here. Mend: name the right home with --home")
    keep_private(settings.home, settings.readers)
    request = Request(asked_at=asked_at or datetime.now(UTC), clock=lambda: datetime.now(UTC))
    held = None if wanted.is_compliance else _done(wanted, settings, replace(request, is_rehearsal=True))
    if held is not None and is_rehearsal:
        typer.echo(f"would be erased: {held.rows} rows. {_STAYS}")
    elif held is not None and held.rows and not is_sure:
        _ask(held.rows)
    if not is_rehearsal:
        _report(_done(wanted, settings, request))
    if held is not None and not held.rows:
        _tell_miss(wanted, settings)
        raise typer.Exit(1)


def _ask(rows: int) -> None:
    if not sys.stdin.isatty():
        raise UsageFault(f"{rows} rows would be erased, and nobody is here to ask. Mend: --yes, or --dry-run to see")
    if not typer.confirm(f"{rows} rows will be erased for good. {_STAYS} Erase them?"):
        typer.echo("nothing was erased")
        raise typer.Exit(1)


def _done(wanted: Wanted, settings: Settings, request: Request) -> Erased | None:
    try:
        with progress("erase") as tell:
            return _erase(wanted, settings, replace(request, tell=tell))
    except StoreBusy as error:
        raise UsageFault(f"{error}. Nothing is published anew; ask again") from error
    except SourceError as error:
        typer.echo(f"not done: {error}", err=True)
        raise typer.Exit(1) from error
    except LandedUnreadable as error:
        typer.echo(f"not done: {error}, or take it out of the landing zone, and ask again", err=True)
        raise typer.Exit(1) from error


def _report(erased: Erased | None) -> None:
    typer.echo(
        f"erased: {erased.rows} rows in {erased.files} files, {erased.hours_elapsed:.2f} hours after it was asked for"
        if erased
        else "no post of X is held"
    )


def _tell_miss(wanted: Wanted, settings: Settings) -> None:
    """Say that nothing was found, what may have been meant, and how people are known here."""
    near, known_by = _near(wanted, settings)
    typer.echo(f"nothing here is known by that. {known_by}", err=True)
    if near:
        typer.echo(f"Perhaps: {', '.join(near)}", err=True)


def _near(wanted: Wanted, settings: Settings) -> tuple[list[str], str]:
    if wanted.author:
        return near_authors(settings, wanted.author), (
            "Authors are known by hashes alone: of their numeric id on X, and in a CSV and in feeds of the name as it "
            "is written there. Who wrote in JSON as a handle is held under the id that stands beside it in that file, "
            "so give the id as well."
        )
    if wanted.donor:
        return near_donors(settings, wanted.donor), (
            "Givers are known by what their file names: an e-mail address at ActBlue and HelloAsso, last name, first "
            "name and ZIP code at the FEC, the column `donor` elsewhere."
        )
    if wanted.feed:
        return near_feeds(settings, wanted.feed), "Feeds are known by their address, as the campaign has it."
    return near_posts(settings, wanted.posts), "Posts are known by their id."


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
