"""What an id, a text and a time of a post must be, wherever the post comes from."""

import re
from datetime import UTC, datetime

_TWITTER_EPOCH_MS = 1288834974657  # ids since November 2010 hold their millisecond
_FIRST_TIMED_ID = 10**11  # those before were counted one by one, up to 3e10


class NotAPost(ValueError):
    """A row that is no post; the message says why and quotes nothing of the row."""


def instant_of_id(post_id: str) -> datetime:
    """When a post was made, by its id: to the millisecond since November 2010.

    Raises:
        NotAPost: an id from before.
    """
    if int(post_id) < _FIRST_TIMED_ID:
        raise NotAPost("no time that can be read, and an id that does not tell it")
    return datetime.fromtimestamp(((int(post_id) >> 22) + _TWITTER_EPOCH_MS) / 1000, UTC)


def read_id(value: object) -> str:
    """The id of a post, as text.

    Raises:
        NotAPost: it is none, or a number that lost its last digits.
    """
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and re.fullmatch(r"\d{1,19}", text.strip(), re.ASCII):
        return str(int(text))
    if isinstance(value, float) or (isinstance(text, str) and re.fullmatch(r"[\d.,]+([eE]\+?\d+)?", text.strip())):
        raise NotAPost("an id that is a rounded number; write the ids as text where they come from")
    raise NotAPost("an id that is no number")


def read_text(value: object) -> str:
    """A post's text; half of a character (a lone surrogate) becomes a replacement character.

    Raises:
        NotAPost: it is no text.
    """
    if not isinstance(value, str):
        raise NotAPost("no text")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
