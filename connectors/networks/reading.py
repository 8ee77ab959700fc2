"""Whose posts these are to us, and whether the time that a post claims can be believed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.records import SourceKind, TimeQuality

# An app writes the time when the post is composed, and the network hears of it within seconds; a phone that was offline
# sends late. What lies further off was imported, or comes from a clock that is wrong.
MOST_AHEAD = timedelta(minutes=10)
MOST_BEHIND = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReading:
    """What a parsed post carries beyond its own fields."""

    source_key: str
    source_kind: SourceKind
    network: str
    observed_at: datetime
    hash_author: Callable[[str], str]
    hash_post: Callable[[str], str]  # of a post's address, which names its author
    accounts: Mapping[str, str] = field(default_factory=dict)  # author id -> handle of a declared public figure


class NotAPost(ValueError):
    """Why an object is no post; the message quotes nothing of it."""


def judged_time(claimed: object, heard_at: datetime) -> tuple[datetime, TimeQuality | None]:
    """When a post says that it was written, and `suspect` where the network heard of it at quite another time.

    A claim that is no time at all gives the time of hearing, suspect as well.
    """
    try:
        said_at = read_instant(claimed)
    except NotAPost:
        return heard_at, "suspect"
    is_believed = heard_at - MOST_BEHIND <= said_at <= heard_at + MOST_AHEAD
    return said_at, None if is_believed else "suspect"


def read_instant(told: object) -> datetime:
    """The UTC instant of an ISO time with an offset.

    Raises:
        NotAPost: it is none, or lies beyond the calendar that tables can hold.
    """
    try:
        instant = datetime.fromisoformat(str(told))
        placed = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAPost("a time that is none") from None
    if placed.year < 1900:  # noqa: PLR2004 - apps send year 1 for a time that they do not know
        raise NotAPost("a time that is none")
    return placed


def read_count(value: object) -> int | None:
    """A public count; None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else None


def read_words(value: object) -> str:
    """A text; half of a character (a lone surrogate) becomes a replacement character.

    Raises:
        NotAPost: it is no text.
    """
    if not isinstance(value, str):
        raise NotAPost("no text")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
