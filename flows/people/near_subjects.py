"""What a request for erasure may have meant that found nothing: other spellings that the home does hold."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from string import ascii_lowercase, digits

from connectors.handles import plain_author
from connectors.records import Donation, Entry, Post, Signup
from flows.people.erase import donor_keys
from flows.people.keys import author_hash, author_key, known_author_keys
from flows.settings import Settings
from warehouse.landing.files import landed_values

MOST = 5  # named at once
_LETTERS = f"{ascii_lowercase}{digits}_ .-'@"  # of handles, names and addresses
_EMAIL = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")


def near_authors(settings: Settings, author: str) -> list[str]:
    """Other ways to write the author by which the home knows somebody, and declared accounts that look like him."""
    held = landed_values(settings.home, Post.TABLE, "author_key") | landed_values(settings.home, Entry.TABLE, "author")
    secret = author_key(settings, _quietly)
    known = [one for one in _spellings(author) if not held.isdisjoint(known_author_keys(secret, one))]
    hash_of = author_hash(secret)
    one_apart = (one for one in _one_letter_apart(plain_author(author)) if hash_of(one) in held)
    accounts = {f"@{account}" for account in landed_values(settings.home, Post.TABLE, "account") if account}
    like_accounts = get_close_matches(f"@{plain_author(author)}", sorted(accounts))
    return _first([*known, *like_accounts, *one_apart])


def near_donors(settings: Settings, donor: str) -> list[str]:
    """Other ways to write the giver by which the home knows somebody."""
    held = landed_values(settings.home, Donation.TABLE, "donor_key")
    held |= landed_values(settings.home, Signup.TABLE, "person_key")
    names = [*_spellings(donor), *_one_letter_apart(" ".join(donor.casefold().split()))]
    keys = donor_keys(settings, names, _quietly)  # of every name in one campaign, then in the next
    known = {place % len(names) for place, key in enumerate(keys) if key in held}
    return _first(names[place] for place in sorted(known))


def near_feeds(settings: Settings, feed_url: str) -> list[str]:
    """Addresses of feeds that the home holds and that look like this one."""
    return _first(get_close_matches(feed_url, sorted(landed_values(settings.home, Entry.TABLE, "feed_url"))))


def near_posts(settings: Settings, post_ids: Iterable[str]) -> list[str]:
    """Ids of posts that the home holds and that differ from these in their last digits."""
    held = sorted(landed_values(settings.home, Post.TABLE, "post_id"))
    return _first(near for post_id in post_ids for near in get_close_matches(post_id, held, n=2, cutoff=0.8))


def _spellings(person: str) -> Iterator[str]:
    """An e-mail address in what was written, the words without what stands between them, and the words turned round."""
    yield from _EMAIL.findall(person)
    words = re.findall(r"[^\W_]+", person)
    yield from (" ".join(words), "".join(words), "_".join(words))
    yield from (" ".join([*words[turn:], *words[:turn]]) for turn in range(1, len(words)))
    yield from (" ".join([*reversed(words[:2]), *words[2:]]), *words)


def _one_letter_apart(person: str) -> Iterator[str]:
    """What differs by one letter left out, put in, changed, or by two that changed places.

    The home holds hashes, so a name that is near can only be guessed whole.
    """
    for place in range(len(person) + 1):
        before, after = person[:place], person[place:]
        yield from (f"{before}{letter}{after}" for letter in _LETTERS)
        if after:
            yield before + after[1:]
            yield from (f"{before}{letter}{after[1:]}" for letter in _LETTERS if letter != after[0])
        if len(after) > 1:
            yield f"{before}{after[1]}{after[0]}{after[2:]}"


def _first(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))[:MOST]


def _quietly(_text: str) -> None:
    """Nobody needs to hear where the key lies."""
