"""Erase a person, a post or a feed everywhere: landing zone, warehouse, published tables; and log how long it took."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Protocol

from connectors.archives.csv_layout import text_id
from connectors.handles import plain_author
from connectors.records import Donation, Entry, Erasure, ErasureKind, Post, Signup
from flows.build import build_warehouse_once
from flows.collected import Tell, say_nothing
from flows.people.keys import (
    author_hash,
    author_key,
    donor_secret,
    erased_subjects,
    keyed_hash,
    known_author_keys,
    networks_of,
    post_hash,
    subject_hash,
)
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
from warehouse.landing.files import land, landed_values, read_landed
from warehouse.landing.reducing import SEPARATOR, Reduce, open_reducer


class Change(Protocol):
    """What is left of rows that are erased."""

    def __call__(self, rows: list[Row], reduce: Reduce) -> list[Row]:
        """As many rows as were given."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asked when, and how to tell him what was done."""

    asked_at: datetime
    clock: Callable[[], datetime]
    reason: str | None = None
    is_rehearsal: bool = False  # only say what would be done
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
    change: Change


def erase_author(settings: Settings, author: str, request: Request) -> Erased:
    """Erase every post and entry of an author: a numeric id on X, a DID on Bluesky, user@server on Mastodon, a handle
    where it is declared or a file names it, or a name where a feed does.
    """
    secret = author_key(settings, request.tell)
    elsewhere = [author_hash(secret, network)(author) for network in networks_of(settings.home)]
    keys = [*known_author_keys(secret, author), *elsewhere]
    posts = _posts_wanted({"author_key": keys, "account": [plain_author(author)]})
    # A home that was not built since may still hold the names of those who sign.
    signed = landed_values(settings.home, Entry.TABLE, "author")
    names = [name for name in signed if name and plain_author(name) == plain_author(author)]
    entries = _entries_wanted(settings, {"author": [*keys, *names]})
    return _erase(settings, "author", [posts, entries], [author_hash(secret)(author), *elsewhere], request)


def erase_posts(settings: Settings, post_ids: Sequence[str], request: Request, *, what: ErasureKind = "post") -> Erased:
    """Erase posts by their ids, and every version of them."""
    named = {post_id.strip() for post_id in post_ids}
    networks = networks_of(settings.home)
    if networks and (addresses := {post_id for post_id in named if "://" in post_id}):
        secret = author_key(settings, request.tell)
        named |= {post_hash(secret, network)(address) for network in networks for address in addresses}
    named |= {
        text_id(post_id) for post_id in named if not post_id.isdigit()
    }  # of exports that number posts in their own way
    ids = sorted(named | first_versions(settings.home, sorted(named)))
    return _erase(settings, what, [_posts_wanted({"post_id": ids, "edit_of": ids})], ids, request)


def erase_gone(settings: Settings, subjects: Sequence[str], request: Request) -> Erased:
    """Erase what a network says is gone: posts by their ids and all of authors by their keys, as they are landed."""
    wanted = _posts_wanted({"post_id": subjects, "edit_of": subjects, "author_key": subjects})
    return _erase(settings, "compliance", [wanted], subjects, request)


def erase_donor(settings: Settings, donor: str, request: Request) -> Erased:
    """Take a person's key off their gifts and sign-ups, in every campaign; the sums stay.

    An FEC giver is named by last name, first name and the first five digits of the ZIP code.
    """
    # As he is named, and as words without punctuation: so are givers in bulk files.
    names = {donor, re.sub(r"[.,;:'\"()\-/]", "", donor.lower())}
    keys = donor_keys(settings, sorted(names), request.tell)
    gifts = Wanted(table=Donation.TABLE, values={"donor_key": keys}, change=_unlinked)
    signups = Wanted(table=Signup.TABLE, values={"person_key": keys}, change=_unlinked)
    return _erase(settings, "donor", [gifts, signups], keys, request)


def donor_keys(settings: Settings, names: Sequence[str], tell: Tell) -> list[str]:
    """The keys of a giver of one of these names, in every campaign of the home."""
    secret = donor_secret(settings, tell)
    campaigns = sorted({row["campaign_id"] for row in read_landed(settings.home, "campaigns")})
    return [keyed_hash(secret, campaign)(name) for campaign in campaigns for name in names]


def _unlinked(rows: list[Row], reduce: Reduce) -> list[Row]:  # noqa: ARG001 (money has no text to reduce)
    return [row | dict.fromkeys(row.keys() & {"donor_key", "person_key"}) for row in rows]


def erase_feed(settings: Settings, feed_url: str, request: Request) -> Erased:
    """Erase what a feed wrote; that something was written about a candidate then stays counted."""
    wanted = _entries_wanted(settings, {"feed_url": [feed_url]})
    if not request.is_rehearsal:
        for kept in (settings.home / "rejects").glob("feed-*.gz"):
            # A document that could not be read bears the address that answered, which need not be the feed's.
            kept.unlink()
    return _erase(settings, "feed", [wanted], [feed_url], request)


def erase_again(settings: Settings, request: Request) -> Erased:
    """Erase whoever the home's log of erasures knows and its landing zone holds all the same: a backup brought it back.

    The log has hashes and no names: each author, post, giver and feed that is held is hashed and looked up in it.
    """
    home, gone = settings.home, erased_subjects(settings.home)

    def held(table: str, column: str, as_subject: Callable[[str], str] = str) -> list[str]:
        values = landed_values(home, table, column) if gone else set()
        return sorted(value for value in values if value and subject_hash(as_subject(value)) in gone)

    key = author_hash(author_key(settings, request.tell)) if gone else str
    ids = sorted({*held(Post.TABLE, "post_id"), *held(Post.TABLE, "edit_of")})
    posts = {"author_key": held(Post.TABLE, "author_key"), "account": held(Post.TABLE, "account", key)}
    donors = {"donor_key": held(Donation.TABLE, "donor_key")}
    people = {"person_key": held(Signup.TABLE, "person_key")}
    wanted = [
        _posts_wanted(posts | {"post_id": ids, "edit_of": ids}),
        _entries_wanted(settings, {"author": held(Entry.TABLE, "author")}),
        _until(_entries_wanted(settings, {"feed_url": held(Entry.TABLE, "feed_url")}), _feeds_erased_at(home)),
        Wanted(table=Donation.TABLE, values=donors, change=_unlinked),
        Wanted(table=Signup.TABLE, values=people, change=_unlinked),
    ]
    return _erase(settings, "again", wanted, [], request)


def _feeds_erased_at(home: Path) -> dict[str, datetime]:
    erased = [row for row in read_landed(home, Erasure.TABLE) if row["what"] == "feed" and row["subject_hash"]]
    return {row["subject_hash"]: row["erased_at"] for row in sorted(erased, key=lambda row: row["erased_at"])}


def _until(wanted: Wanted, erased_at: Mapping[str, datetime]) -> Wanted:
    """Leave what a feed wrote after it was erased: it may have been asked on, and nobody wanted that gone."""

    def change(rows: list[Row], reduce: Reduce) -> list[Row]:
        old = [row for row in rows if row["fetched_at"] <= erased_at[subject_hash(row["feed_url"])]]
        return [row for row in rows if row not in old] + wanted.change(old, reduce)

    return Wanted(table=wanted.table, values=wanted.values, change=change)


def _entries_wanted(settings: Settings, values: Mapping[str, Sequence[str]]) -> Wanted:
    shared, alias_of = entries_of_others(settings.home, values), _aliases()
    gone: Row = dict.fromkeys(("guid", "link", "author"))

    def reduced(rows: list[Row], reduce: Reduce) -> list[Row]:
        texts = reduce([f"{row['title']}{SEPARATOR}{row['summary']}" for row in rows])
        # An article that others carry as well keeps its id: under two ids it would count twice.
        ids = [row["entry_id"] if row["entry_id"] in shared else alias_of(row["entry_id"]) for row in rows]
        return [
            row | gone | {"entry_id": entry_id, "title": text, "summary": ""}
            for row, entry_id, text in zip(rows, ids, texts, strict=True)
        ]

    return Wanted(table=Entry.TABLE, values=values, change=reduced)


def _posts_wanted(values: Mapping[str, Sequence[str]]) -> Wanted:
    alias_of = _aliases()
    gone: Row = dict.fromkeys(("account", "like_count", "repost_count", "reply_count", "quote_count", "client"))

    def reduced(rows: list[Row], reduce: Reduce) -> list[Row]:
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

    return Wanted(table=Post.TABLE, values=values, change=reduced)


def _aliases() -> Callable[[str], str]:
    """A function from an id to a random one, the same for every version of one post."""

    @cache
    def alias_of(_known: str) -> str:
        return f"{ERASED}{secrets.token_hex(8)}"

    return alias_of


def _erase(
    settings: Settings, what: ErasureKind, wanted: Sequence[Wanted], subjects: Sequence[str], request: Request
) -> Erased:
    """Rewrite what landed, forget the warehouse, build and publish anew, and log when that was done."""
    home = settings.home
    rows = sum(count_rows(home, one.table, one.values) for one in wanted)
    if request.is_rehearsal:
        return Erased(rows=rows, files=0, hours_elapsed=0)
    (home / "sql_history").unlink(missing_ok=True)  # what was asked in the shell may name the person
    done = Rewritten()
    if rows or is_unfinished(home):
        with open_reducer(home) as reduce, builder_kept_out(home):
            for one in wanted:
                done += rewrite_rows(home, one.table, one.values, partial(one.change, reduce=reduce))
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
