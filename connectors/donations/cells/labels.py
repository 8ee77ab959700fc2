"""What of a row's labels may be kept as it stands: codes and known words. A shifted column may hold a name anywhere."""

import re
from collections.abc import Collection

_CHANNEL_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        ad ads app bank bancaire bank canvass card carte cash check cheque credit crypto debit dinner direct door email
        especes event facebook form instagram internet letter mail meeting mobile newsletter office online other paper
        payroll paypal phone post prelevement qr radio raffle rally sepa site sms social store telephone text tv twitter
        virement web website wire x
        """,
    )
)
_SIGN = "[._:/#=-]"
_NUMBERED = (  # what systems and people number
    "(?i:contrib|tran|contribution|donation|gift|order|payment|receipt|refund|report|trans|transaction)"
)
# Three letters before three digits, or one or two, or a word of those above, before a digit; what follows has at most
# three letters in a run. A username has more, and a phone number has no letters.
_STARTS = (
    f"(?:[A-Za-z]{{1,2}}|don|row|txn|{_NUMBERED}){_SIGN}?[0-9]|[A-Za-z]{{3}}[/_-]?[0-9]{{3}}"
    f"|[0-9]+{_SIGN}?(?:[A-Za-z]{{1,3}}|{_NUMBERED})(?:[0-9]|{_SIGN})"
)
_GOES_ON = f"(?:(?:[A-Za-z]{{0,3}}|{_NUMBERED})(?:[0-9]|{_SIGN}))*[A-Za-z]{{0,2}}"
_HEX = "[0-9a-f]{16,64}|[0-9A-F]{16,64}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_CODE = f"(?:(?:{_STARTS}){_GOES_ON}|[0-9]+{_SIGN}?[A-Za-z]{{1,2}}|{_HEX})"
# An id that may be kept, for Python's and DuckDB's patterns alike (which excludes looking ahead).
PLAIN_ID = f"[A-Za-z]{{1,2}}|[0-9]+|(?:[0-9]+ ){{0,3}}{_CODE}(?: (?:[0-9]+|{_CODE})){{0,3}}"
_TERRITORY = re.compile(r"[A-Z]{2}|\d{1,3}|2[AB]|[A-Z]{2,3}-[A-Z0-9]{1,4}")  # NY, 91, 2A, FR-91: no ZIP code


def channel_of(text: str, declared: frozenset[str] = frozenset()) -> str | None:
    """How a row came: a channel that the campaign declares, else in small letters if every word of it is a known one,
    "other" where it is not.
    """
    if text in declared:
        return text
    words = re.findall(r"[^\W_]+", text.casefold().replace("é", "e").replace("è", "e").replace("e-mail", "email"))
    if "@" in text or not words:
        return None
    return "_".join(words) if _CHANNEL_WORDS.issuperset(words) else "other"


def territory_of(text: str, declared: Collection[str] = ()) -> str | None:
    """A territory's code, in capitals; None where it is none, as a name or an address.

    A code of another shape, as a postal code, is one only where the campaign has `declared` it.
    """
    code = text.upper()
    return code if code in declared or is_plain_territory(code) else None


def is_plain_territory(code: str) -> bool:
    """Whether a code in capitals may be kept though nobody has declared it: it is of a state, a county or larger."""
    return _TERRITORY.fullmatch(code) is not None


def scope_of(text: str) -> str | None:
    """National or local; None where it is neither."""
    return text.lower() if text.lower() in ("national", "local") else None


def is_plain_id(text: str) -> bool:
    """Whether an id may be kept as it stands: a code as systems give them, or several with a blank between."""
    return re.fullmatch(PLAIN_ID, text) is not None
