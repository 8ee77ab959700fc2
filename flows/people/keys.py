"""The key of the hashes that stand in for people: from the settings, or made on first use and kept in the home."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from connectors.handles import known_spellings, plain_author
from connectors.records import Erasure, Post
from flows.collected import Tell
from flows.faults import UsageFault
from flows.settings import Settings
from warehouse.landing.bulk_sql import KEY_DIGITS
from warehouse.landing.files import landed_values, read_landed


def donor_secret(settings: Settings, tell: Tell) -> bytes:
    """The key of donors: `AFTERDEBATE_DONOR_KEY`, else the home's own, made with a warning on first use."""
    if settings.donor_key is not None:
        return settings.donor_key.get_secret_value().encode()
    gifts, signups = (Landed(settings.home, *held) for held in (("donations", "donor_key"), ("signups", "person_key")))
    landed = gifts if gifts.has_people() else signups
    return _kept_secret(settings.home / "keys" / "donor.key", "AFTERDEBATE_DONOR_KEY", landed, tell)


def author_key(settings: Settings, tell: Tell) -> bytes:
    """The 32 bytes that authors are hashed with: one person, one key in every campaign of the home.

    From `AFTERDEBATE_AUTHOR_KEY`, else from the home's own secret, made with a warning on first use.
    """
    if settings.author_key is not None:
        secret = settings.author_key.get_secret_value().encode()
    else:
        landed = Landed(settings.home, "posts", "author_key")
        secret = _kept_secret(settings.home / "keys" / "author.key", "AFTERDEBATE_AUTHOR_KEY", landed, tell)
    return hmac.digest(secret, b"authors on X", "sha256")


def author_hash(key: bytes, network: str | None = None) -> Callable[[str], str]:
    """A function from an author's id on a network, handle or name to 32 hex digits that only the key's holder can find
    again. Without a network it is X; one name on two networks is two keys.

    Key and id fill one block of SHA-256: in SQL that costs a third of an HMAC, and nobody can lengthen an id.
    """
    return lambda author: _author_key(key, on_network(plain_author(author), network))


def on_network(author: str, network: str | None) -> str:
    """What is hashed for an author: on X the author alone, as ever."""
    return f"{network}:{author}" if network else author


def networks_of(home: Path) -> list[str]:
    """The networks other than X of which posts landed in this home."""
    return sorted(network for network in landed_values(home, Post.TABLE, "network") if network)


def post_hash(key: bytes, network: str) -> Callable[[str], str]:
    """A function from the address of a post that names its author (at://did..., https://server/@name/1) to an id that
    does not, the same wherever the post is met.
    """
    return lambda address: f"{network}-{_author_key(key, f'post {network}:{address.strip()}')}"


def known_author_keys(key: bytes, author: str) -> list[str]:
    """Every key that the author may have in this home: of each spelling, which older versions told apart."""
    return sorted({_author_key(key, spelling) for spelling in known_spellings(author)} | {author_hash(key)(author)})


def subject_hash(subject: str) -> str:
    """What the log of erasures keeps of a post's id, an author's or a giver's key, to know it if it comes again."""
    return hashlib.sha256(f"erased: {subject}".encode()).hexdigest()[:32]


def erased_subjects(home: Path) -> frozenset[str]:
    """The hashes of every author, giver and post that was erased from this home."""
    return frozenset(row["subject_hash"] for row in read_landed(home, Erasure.TABLE) if row["subject_hash"])


def keyed_hash(secret: bytes, salt: str) -> Callable[[str], str]:
    """A function from a person, as a source names him, to hex digits that only the key's holder can find again.

    `salt` is the campaign's id: the same giver has another key in another campaign.
    """
    keyed = hmac.new(secret, f"{salt}|".encode(), hashlib.sha256)

    def key_of(person: str) -> str:
        mac = keyed.copy()
        mac.update(" ".join(person.casefold().split()).encode())
        return mac.hexdigest()[:KEY_DIGITS]

    return key_of


def _author_key(key: bytes, author: str) -> str:
    return hashlib.sha256(key + author.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def make_secret(path: Path, *, prefix: str = "") -> bool:
    """Whether a secret was made: 64 random hex digits behind the prefix, in a file that only its owner reads."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.touch(mode=0o600)
    partial.write_text(f"{prefix}{secrets.token_hex(32)}", encoding="ascii")
    # Linked, not renamed: of two processes that start at once the first one's secret holds.
    try:
        os.link(partial, path)
    except FileExistsError:
        return False
    finally:
        partial.unlink()
    return True


class Landed(NamedTuple):
    """Where people stand that were hashed before."""

    home: Path
    table: str
    column: str

    def has_people(self) -> bool:
        """Whether anybody landed under a key."""
        return any(landed_values(self.home, self.table, self.column))


def _kept_secret(path: Path, variable: str, landed: Landed, tell: Tell) -> bytes:
    # Under another key everybody would be somebody else: every giver new, every erasure undone.
    if not path.exists() and landed.has_people():
        raise UsageFault(
            f"{path}: is not there, and people in {landed.table} were hashed with a key. "
            f"Mend: bring the file back from a backup, or set {variable} as it was; nothing was touched"
        )
    if make_secret(path):
        tell(f"warning: made a key for hashing people and kept it in {path}; set {variable} to keep it elsewhere")
    return path.read_text(encoding="ascii").strip().encode()
