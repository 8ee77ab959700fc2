"""One way to write an author before they are hashed or compared: a handle is the same however a file spells it."""

import re

_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_FULL_WIDTH = "".join(chr(0xFF01 - 0x21 + ord(letter)) for letter in _ASCII)
_BLANKS = "\t\n\r\x0b\x0c\x85\xa0\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
# The pairs of letters, then what has no pair and falls out.
_FROM, _TO = _FULL_WIDTH + _BLANKS + _UNSEEN, _ASCII + " " * len(_BLANKS)
_PLAIN = {ord(letter): _TO[place] if place < len(_TO) else None for place, letter in enumerate(_FROM)}
_ADDRESS = (
    r"^(?:https?://)?(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/(?:#!/)?(?:i/user/)?@*([a-z0-9_]{1,20})(?:[/?#].*)?$"
)
_AT = r"^(?:@ ?)+"
# How a handle may have been hashed by versions that took it as it was written, but for case and outer blanks.
_SPELLINGS = (
    "{0}", "@{0}", "\uff20{0}", "{0}/", *(
        f"{scheme}{host}{site}.com/{{0}}{end}"
        for scheme in ("", "http://", "https://") for host in ("", "www.", "mobile.") for site in ("twitter", "x")
        for end in ("", "/")
    ),
)  # fmt: skip


def plain_author(written: str) -> str:
    """The author as they are hashed: lower case, without `@`, address, full-width letters and what cannot be seen.

    "@AdaQuill", "https://x.com/adaquill/status/1" and "adaquill " are one author; an id and a name stay what they are.
    """
    plain = re.sub(" +", " ", written.translate(_PLAIN).lower()).strip(" ")
    return re.sub(_ADDRESS, r"\1", re.sub(_AT, "", plain), flags=re.ASCII)


def plain_author_sql(written: str) -> str:
    """The same in SQL, of an expression that is a text or NULL."""
    plain = f"trim(regexp_replace(lower(translate({written}, {_sql(_FROM)}, {_sql(_TO)})), ' +', ' ', 'g'))"
    return f"regexp_replace(regexp_replace({plain}, {_sql(_AT)}, ''), {_sql(_ADDRESS)}, '\\1')"


def known_spellings(author: str) -> frozenset[str]:
    """The author as written here, and as files may spell them: what was hashed before there was one way."""
    plain = plain_author(author)
    return frozenset({author.strip().lower(), *(spelling.format(plain) for spelling in _SPELLINGS)})


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def plain_client(told: object) -> str | None:
    """The app that a post was sent by, of a name or of X's link to it; None where nothing is said."""
    if not isinstance(told, str):
        return None
    return (re.sub(r"<[^>]*>", "", told).strip(" ")) or None


def client_sql(told: str) -> str:
    """The same in SQL, of an expression that is a text or NULL."""
    return f"nullif(trim(regexp_replace({told}, '<[^>]*>', '', 'g')), '')"
