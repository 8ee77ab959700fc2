"""What of a row's labels may be kept as it stands: codes and known words. A shifted column may hold a name anywhere."""

import re

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
_ID_WORD = re.compile(r"(?=[!-~]*\d)[A-Za-z0-9._:/#+=-]{1,64}")  # nobody's name has a digit
_TERRITORY = re.compile(r"[A-Z]{2}|\d{1,3}|2[AB]|[A-Z]{2,3}-[A-Z0-9]{1,4}")  # NY, 91, 2A, FR-91: no ZIP code


def channel_of(text: str) -> str | None:
    """How a gift came, in small letters, if every word of it is a known one; "other" where it is not."""
    words = re.findall(r"[^\W_]+", text.casefold().replace("é", "e").replace("è", "e").replace("e-mail", "email"))
    if "@" in text or not words:
        return None
    return "_".join(words) if _CHANNEL_WORDS.issuperset(words) else "other"


def territory_of(text: str) -> str | None:
    """A territory's code; None where it is none, as a name or an address."""
    code = text.upper()
    return code if _TERRITORY.fullmatch(code) else None


def scope_of(text: str) -> str | None:
    """National or local; None where it is neither."""
    return text.lower() if text.lower() in ("national", "local") else None


def is_plain_id(text: str) -> bool:
    """Whether an id may be kept as it stands: codes with a digit in each, or a letter or two."""
    words = text.split()
    return bool(words) and (len(text) <= len("ab") or all(_ID_WORD.fullmatch(word) for word in words))
