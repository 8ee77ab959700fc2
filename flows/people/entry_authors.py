"""Who signs an entry of a feed: a keyed hash, unless he is on the roster. Homes of older versions are mended."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from connectors.campaign.folding import fold_text
from connectors.campaign.models import Campaign
from connectors.feeds.marks import version_of
from connectors.records import Entry
from flows.collected import Tell
from flows.people.keys import author_hash, author_key, erased_subjects, subject_hash
from flows.settings import Settings
from warehouse.landing.erasing import builder_kept_out, erasure_ended, rewrite_rows
from warehouse.landing.files import landed_values

_A_KEY = re.compile(r"[0-9a-f]{32}")
_DONE = ".authors_are_keys"  # beside the landed entries: a build need not look through them again


class Signer:
    """Writes authors of entries as they may be kept: `public` are the names that stay."""

    def __init__(
        self, hash_author: Callable[[str], str], public: Iterable[str] = (), erased: frozenset[str] = frozenset()
    ) -> None:
        self._hash_author = hash_author
        self._public = frozenset(map(fold_text, public))
        self._erased = erased
        self._known: dict[str, str] = {}  # a feed has few authors and many entries

    def key_of(self, author: str) -> str:
        """The author's key, or his name where the roster has it."""
        if author not in self._known:
            is_kept = _A_KEY.fullmatch(author) or fold_text(author) in self._public
            self._known[author] = author if is_kept else self._hash_author(author)
        return self._known[author]

    def sign(self, entry: Entry, version: str) -> tuple[Entry, str]:
        """The entry with its author's key, and its version, which must tell no name either."""
        if not entry.author or self.key_of(entry.author) == entry.author:
            return entry, version
        signed = replace(entry, author=self.key_of(entry.author))
        return signed, version_of(signed)

    def may_land(self, entry: Entry) -> bool:
        """Has nobody asked that what this author writes be erased?"""
        return not self._erased or not entry.author or subject_hash(entry.author) not in self._erased


def signer_for(campaign: Campaign, settings: Settings, tell: Tell) -> Signer:
    """A signer that leaves the candidates of the campaign by name."""
    names = [name for candidate in campaign.candidates for name in (candidate.name, *candidate.aliases)]
    return Signer(author_hash(author_key(settings, tell)), names, erased_subjects(settings.home))


def sign_landed_entries(home: Path, tell: Tell) -> int:
    """Take the names of authors out of entries that landed with them; returns how many names there were.

    Raises:
        StoreBusy: a build is running; nothing was changed.
    """
    folder = home / "landing" / Entry.TABLE
    if not folder.is_dir() or (folder / _DONE).exists():
        return 0
    names = landed_values(home, "candidates", "name") | landed_values(home, "aliases", "alias")
    authors = sorted(author for author in landed_values(home, Entry.TABLE, "author") if author)
    unhashed = Signer(lambda _author: "", names)
    clear = [author for author in authors if unhashed.key_of(author) != author]
    if clear:
        # Only here: a home without such names needs no key, and none is made for it.
        signer = Signer(author_hash(author_key(Settings(home=home), tell)), names)
        tell(f"warning: {len(clear)} names of authors of feeds are hashed in what landed; everything is built anew")
        with builder_kept_out(home):
            rewrite_rows(
                home,
                Entry.TABLE,
                {"author": clear},
                lambda rows: [row | {"author": signer.key_of(row["author"])} for row in rows],
            )
        erasure_ended(home)
    (folder / _DONE).touch()
    return len(clear)
