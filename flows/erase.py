"""Erase a person, a post or a feed everywhere: landing zone, warehouse, published tables; and log how long it took."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from connectors.archives.csv_layout import text_id
from connectors.records import Donation, Entry, Erasure, ErasureKind, Post
from flows.build import build_warehouse_once
from flows.collected import Tell, say_nothing
from flows.keys import author_hash, author_key, donor_secret, keyed_hash, subject_hash
from flows.settings import Settings
from warehouse.landing.erasing import (
    ERASED,
    Rewritten,
    Row,
    builder_kept_out,
    count_rows,
    entries_of_others,
    erasure_ended,
    first_versions,
    is_unfinished,
    rewrite_rows,
)
from warehouse.landing.files import land, read_landed
from warehouse.landing.reducing import SEPARATOR, open_reducer


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asked when, and how to tell him what was done."""

    asked_at: datetime
    clock: Callable[[], datetime]
    reason: str | None = None
    tell: Tell = field(default=say_nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure did."""

    rows: int
    files: int
    hours_elapsed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows of a landed table, and what is left of them."""

    table: str
    values: Mapping[str, Sequence[str]]  # column -> values; one of them is enough
    change: Callable[[list[Row]], list[Row]]


def erase_author(settings: Settings, author: str, request: Request) -> Erased:
    """Erase every post of an author: his numeric id on X, or his @handle where he is declared or a CSV named him."""
    named = author.strip().removeprefix("@")
    key = author_hash(author_key(settings, request.tell))(named)
    return _erase_posts(settings, "author", {"author_key": [key], "account": [named.casefold()]}, [key], request)


def erase_posts(settings: Settings, post_ids: Sequence[str], request: Request, *, what: ErasureKind = "post") -> Erased:
    """Erase posts by their ids, and every version of them."""
    named = {post_id.strip() for post_id in post_ids}
    named |= {text_id(post_id) for post_id in named}  # of exports that number posts in their own way
    ids = sorted(named | first_versions(settings.home, sorted(named)))
    return _erase_posts(settings, what, {"post_id": ids, "edit_of": ids}, ids, request)


def erase_donor(settings: Settings, donor: str, request: Request) -> Erased:
    """Take a giver's key off his gifts, in every campaign; the sums stay.

    An FEC giver is named by last name, first name and the first five digits of the ZIP code.
    """
    secret = donor_secret(settings, request.tell)
    campaigns = sorted({row["campaign_id"] for row in read_landed(settings.home, "campaigns")})
    # As he is named, and as words without punctuation: so are givers in bulk files.
    names = {donor, re.sub(r"[.,;:'\"()\-/]", "", donor.lower())}
    keys = [keyed_hash(secret, campaign)(name) for campaign in campaigns for name in sorted(names)]

    def unlink(rows: list[Row]) -> list[Row]:
        return [row | {"donor_key": None} for row in rows]

    wanted = Wanted(table=Donation.TABLE, values={"donor_key": keys}, change=unlink)
    return _erase(settings, "donor", wanted, keys, request)


def erase_feed(settings: Settings, feed_url: str, request: Request) -> Erased:
    """Erase what a feed wrote; that something was written about a candidate then stays counted."""
    for kept in (settings.home / "rejects").glob("feed-*.gz"):
        # A document that could not be read bears the address that answered, which need not be the feed's.
        kept.unlink()
    shared, alias_of = entries_of_others(settings.home, feed_url), _aliases()
    gone: Row = dict.fromkeys(("guid", "link", "author"))
    with open_reducer(settings.home) as reduce:

        def reduce_entries(rows: list[Row]) -> list[Row]:
            texts = reduce([f"{row['title']}{SEPARATOR}{row['summary']}" for row in rows])
            # An article that another feed carries as well keeps its id: under two ids it would count twice.
            ids = [row["entry_id"] if row["entry_id"] in shared else alias_of(row["entry_id"]) for row in rows]
            return [
                row | gone | {"entry_id": entry_id, "title": text, "summary": ""}
                for row, entry_id, text in zip(rows, ids, texts, strict=True)
            ]

        wanted = Wanted(table=Entry.TABLE, values={"feed_url": [feed_url]}, change=reduce_entries)
        return _erase(settings, "feed", wanted, [], request)


def _erase_posts(
    settings: Settings,
    what: ErasureKind,
    values: Mapping[str, Sequence[str]],
    subjects: Sequence[str],
    request: Request,
) -> Erased:
    alias_of = _aliases()
    gone: Row = dict.fromkeys(("account", "like_count", "repost_count", "reply_count", "quote_count"))
    with open_reducer(settings.home) as reduce:

        def reduce_posts(rows: list[Row]) -> list[Row]:
            """Whom they named, in which minute and how: what the counts need."""
            return [
                row
                | gone
                | {
                    "post_id": alias_of(row["post_id"]),
                    "edit_of": alias_of(row["edit_of"]) if row["edit_of"] else None,
                    "author_key": "",
                    "posted_at": row["posted_at"].replace(second=0, microsecond=0),
                    "text": text,
                }
                for row, text in zip(rows, reduce([row["text"] for row in rows]), strict=True)
            ]

        return _erase(settings, what, Wanted(table=Post.TABLE, values=values, change=reduce_posts), subjects, request)


def _aliases() -> Callable[[str], str]:
    """A function from an id to a random one, the same for every version of one post."""

    @cache
    def alias_of(_known: str) -> str:
        return f"{ERASED}{secrets.token_hex(8)}"

    return alias_of


def _erase(settings: Settings, what: ErasureKind, wanted: Wanted, subjects: Sequence[str], request: Request) -> Erased:
    """Rewrite what landed, forget the warehouse, build and publish anew, and log when that was done."""
    home = settings.home
    done = Rewritten()
    if count_rows(home, wanted.table, wanted.values) or is_unfinished(home):
        with builder_kept_out(home):
            done = rewrite_rows(home, wanted.table, wanted.values, wanted.change)
        request.tell(f"{done.rows} rows rewritten in {done.files} landed files; building anew")
        build_warehouse_once(home, request.clock(), tell=request.tell)
        erasure_ended(home)
    erased_at = request.clock()
    hours = (erased_at - request.asked_at).total_seconds() / 3600
    log = [
        Erasure(
            erasure_id=secrets.token_hex(12),
            what=what,
            reason=request.reason,
            asked_at=request.asked_at,
            erased_at=erased_at,
            hours_elapsed=hours,
            rows_changed=done.rows if number == 0 else 0,
            files_rewritten=done.files if number == 0 else 0,
            subject_hash=subject_hash(subject) if subject else None,
        )
        for number, subject in enumerate(subjects or [""])
    ]
    land(settings.home, log)
    return Erased(rows=done.rows, files=done.files, hours_elapsed=hours)
