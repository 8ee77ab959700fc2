"""The queries that ask X about one candidate, within its limit of characters and its terms.

What X matches is not quite what we match in texts: it knows words, phrases, #hashtags and @names, case and accents
folded, and an excluded phrase drops the whole post. docs/x.md says what follows from that.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from connectors.campaign_models import CandidateConfig
from connectors.errors import SourceRefused

MOST_CHARACTERS = 512  # of a query, pay-per-use; https://docs.x.com/x-api/posts/counts/integrate/build-a-query
_OPERATORS = {"or", "and", "not"}  # words that a query would read as its own


@dataclass(frozen=True, slots=True)
class SignedQuery:
    """One query, and whether what it counts is added (1) or taken off (-1)."""

    sign: int
    text: str


def candidate_queries(candidate: CandidateConfig) -> tuple[SignedQuery, ...]:
    """The queries that count the posts that name this candidate: his aliases, his accounts on X, or his own query.

    Raises:
        SourceRefused: see `query_parts`.
    """
    handles = [f"@{handle}" for handle in candidate.accounts.get("x", ())]
    return query_parts([*candidate.aliases, *handles], candidate.exclude, candidate.x_query)


def query_parts(
    aliases: Iterable[str], exclude: Iterable[str] = (), x_query: str | None = None, *, limit: int = MOST_CHARACTERS
) -> tuple[SignedQuery, ...]:
    """The queries whose signed sum is the number of posts that name a candidate.

    One query where the aliases fit. Else the aliases are cut into groups, and what two groups share is taken off
    again: a post is never counted twice. (One that names aliases of three groups at once counts less than once.)

    Raises:
        SourceRefused: X's terms forbid the query, or an alias with the excluded phrases does not fit.
    """
    if x_query is not None:
        parts = [SignedQuery(1, " ".join(x_query.split()))]
    else:
        tail = "".join(f" -{_term(phrase)}" for phrase in sorted(set(exclude)))
        terms = _needed_terms(aliases)
        if not terms:
            raise SourceRefused("no alias, so nothing to ask X. Mend: give the candidate an alias")
        groups = _groups(terms, limit - len(tail))
        parts = [SignedQuery(1, _any_of(group) + tail) for group in groups]
        parts += [SignedQuery(-1, f"{_any_of(one)} {_any_of(other)}{tail}") for one, other in combinations(groups, 2)]
    for part in parts:
        _refuse_forbidden(part.text)
        if len(part.text) > limit:
            raise SourceRefused(
                f"X query of {len(part.text)} characters, {limit} allowed: {part.text[:60]}... "
                "Mend: shorter aliases, fewer excluded phrases, or an x_query of your own"
            )
    return tuple(parts)


def query_hash(parts: Sequence[SignedQuery]) -> str:
    """What a count row carries to say which question it answers; another alias is another hash."""
    return hashlib.sha256("\n".join(f"{part.sign:+d} {part.text}" for part in parts).encode()).hexdigest()[:16]


def why_forbidden(text: str) -> str | None:
    """The words of a query or alias that X's terms forbid us to watch, or None.

    Source: https://docs.x.com/developer-terms/restricted-use-cases (surveillance: protests, rallies, meetings)
    """
    # The party's name is no gathering.
    words = re.sub(r"rassemblement national", "", _folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)))
    found = _GATHERINGS.search(words)
    return found.group() if found else None


_GATHERINGS = re.compile(
    r"\b(rally|rallies|rallying|protests?|protest(?:e[rd]s?|ors?|ing)|demonstrat(?:ions?|ors?)|meetings?|sit ins?|"
    r"town ?halls?|pickets?|picketing|manifestations?|manifestants?|manifs?|rassemblements?|"
    r"kundgebung(?:en)?|demonstrationen|mitin(?:es)?|manifestacion(?:es)?|manifestazion[ei]|comizi)\b"
    # A hashtag joins its words: #bidenrally, but not #generally or #morally.
    r"|#\w*(?:[^\W_aeiout]rally|rallies|protests?|meetings?)\b"
)


def _refuse_forbidden(query: str) -> None:
    if words := why_forbidden(query):
        raise SourceRefused(
            f"X query with {words!r} is not asked: X's developer terms forbid monitoring protests, rallies and "
            "meetings (restricted use cases, 'Surveillance'; pay-per-use agreement XIV.B). Mend: take the words out"
        )


def _needed_terms(aliases: Iterable[str]) -> list[str]:
    """The query terms of the aliases, without those that a shorter one already finds ("Joe Biden" beside "Biden").

    The most general come first. A #hashtag or @name is never left out: X finds it by its own rule.
    """
    by_words: dict[tuple[str, ...], str] = {}
    # Among equals the accented spelling comes first: it finds both, the plain one may not.
    for alias in sorted(set(aliases), key=lambda alias: (len(_words(alias)), alias.isascii(), alias)):
        by_words.setdefault((alias[:1] if alias[:1] in "#@" else "", *_words(alias)), alias)
    return [
        _term(alias) for words, alias in by_words.items() if not any(_holds(words, shorter) for shorter in by_words)
    ]


def _holds(words: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    """Does a post with the phrase `words` always have the phrase `shorter`? Both begin with their #, @ or nothing."""
    if words == shorter or words[0] or shorter[0]:
        return False
    size = len(shorter) - 1
    return any(words[i : i + size] == shorter[1:] for i in range(1, len(words) - size + 1))


def _groups(terms: list[str], room: int) -> list[list[str]]:
    """The terms in as few groups as fit: all together, or so that any two groups fit in one query."""
    if len(_any_of(terms)) <= room:
        return [terms]
    groups: list[list[str]] = [[]]
    for term in terms:
        if groups[-1] and 2 * len(_any_of([*groups[-1], term])) + 1 > room:
            groups.append([])
        groups[-1].append(term)
    return groups


def _any_of(terms: Sequence[str]) -> str:
    return terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"


def _term(alias: str) -> str:
    """The alias as X reads it: a bare word, #hashtag, @name, or a phrase in quotes."""
    alias = " ".join(alias.replace('"', " ").split())
    is_bare = re.fullmatch(r"[#@]?\w+", alias) and alias.casefold() not in _OPERATORS
    return alias if is_bare else f'"{alias}"'


def _words(alias: str) -> list[str]:
    return re.sub(r"[^\w]", " ", _folded(alias)).split()


def _folded(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(bare.replace("-", " ").split())
