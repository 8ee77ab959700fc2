"""What X's terms forbid us to watch: gatherings, in the words of the languages that campaigns are run in.

Source: https://docs.x.com/developer-terms/restricted-use-cases (surveillance: protests, rallies, meetings)
"""

import re
import unicodedata

# Whole words, without accents. Stems of verbs that mean something else as well ("march", "meet") are left out.
_WORDS = (
    r"rall(?:y|ies|ying)|protest(?:s|ing|e[rd]?s?|ors?|a|as|o|os|en|y)?|protestaktionen|demonstrat(?:ions?|ors?)|demos?|"
    r"gatherings?|meetings?|sit ins?|town ?halls?|pickets?|picketing|"
    r"manif(?:s|estations?|estants?)?|rassemblements?|"
    r"kundgebung(?:en)?|demonstrationen|versammlung(?:en)?|"
    r"mitin(?:es)?|manifestacion(?:es)?|concentracion(?:es)?|"
    r"manifestazion[ei]|comizio?|corte[oi]|radun[oi]|"
    r"comicios?|manifestac(?:ao|oes)|passeatas?|"
    r"betoging(?:en)?|demonstraties?|bijeenkomst(?:en)?|"
    r"wiece?|manifestacj[aei]|demonstracj[aei]|"
    r"mitingler|miting|gosteri(?:ler)?|"
    r"митинги?|протесты?|демонстрации|демонстрация|συλλαλητηριο|διαδηλωση"
)
_JOINED = (  # a hashtag joins its words: #bidenrally, but not #generally or #morally; #protestmarch, not #protestant
    r"#\w*(?:[^\W_aeiout]rally|rallies|protests?|meetings?|kundgebung|manifestation)\b"
    r"|#(?:rally|protest(?!ant)|meeting|manif(?!est[eo])|kundgebung|mitin|comizi)\w*"
)
_WITHOUT_SPACES = "抗议|抗議|集会|集會|示威|시위|집회|مظاهر|احتجاج"
_GATHERINGS = re.compile(rf"\b(?:{_WORDS})\b|{_JOINED}|{_WITHOUT_SPACES}")
# Parties whose names are no gathering.
_PARTIES = re.compile(r"rassemblement national|national rally|rassemblement pour la republique")


def why_forbidden(text: str) -> str | None:
    """The words of a query or alias that X's terms forbid us to watch, or None."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)  # #BidenRally is two words
    words = " ".join(without_accents(split.casefold()).replace("-", " ").split())
    found = _GATHERINGS.search(_PARTIES.sub("", words))
    return found.group() if found else None


def without_accents(text: str) -> str:
    """The text with plain letters for accented ones; scripts whose marks are letters stay as they are."""
    decomposed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))
