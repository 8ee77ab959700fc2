"""The queries that ask X about one candidate, within its limit of characters and its terms.

What X matches is not quite what we match in texts: it knows words, phrases, #hashtags and @names, case and accents
folded, and an excluded phrase drops the whole post. docs/x.md says what follows from that.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from connectors.errors import SourceRefused
from connectors.x.candidate import Candidate
from connectors.x.terms import why_forbidden, without_accents

MOST_CHARACTERS_OF_A_RULE = 1024  # of the filtered stream
MOST_CHARACTERS = 512  # of a query, pay-per-use; https://docs.x.com/x-api/posts/counts/integrate/build-a-query
_OPERATORS = {"or", "and", "not"}  # words that a query would read as its own


@dataclass(frozen=True, slots=True)
class SignedQuery:
    """One query, and whether what it counts is added (1) or taken off (-1)."""

    sign: int
    text: str


def candidate_queries(candidate: Candidate) -> tuple[SignedQuery, ...]:
    """The queries that count the posts that name a candidate: their aliases, their accounts on X, or their own query.

    Raises:
        SourceRefused: see `query_parts`.
    """
    return query_parts([*candidate.aliases, *_handles(candidate)], candidate.exclude, candidate.x_query)


def query_parts(
    aliases: Iterable[str], exclude: Iterable[str] = (), x_query: str | None = None, *, limit: int = MOST_CHARACTERS
) -> tuple[SignedQuery, ...]:
    """The queries whose signed sum is the number of posts that name a candidate.

    One query where the aliases fit. Else several, each without the aliases of those before it: a post matches one at
    most. Where the aliases do not fit even so, they are cut into groups, and what two groups share is taken off again:
    a post is never counted twice, and one that names aliases of three groups at once counts less than once.

    Raises:
        SourceRefused: X's terms forbid the query, or an alias with the excluded phrases does not fit.
    """
    if x_query is not None:
        parts = [SignedQuery(1, " ".join(x_query.split()))]
    else:
        tail = "".join(f" -{_term(phrase)}" for phrase in sorted(set(exclude)))
        aliases = list(aliases)
        for alias in aliases:
            _refuse(alias, limit)  # also one that a shorter one finds
        terms = _needed_terms(aliases)
        if not terms:
            raise SourceRefused("no alias, so nothing to ask X. Mend: give the candidate an alias")
        parts = _disjoint(terms, tail, limit) or _overlapping(terms, tail, limit)
    for part in parts:
        _refuse(part.text, limit)
    return tuple(parts)


def hashtags_not_asked(candidate: Candidate) -> list[str]:
    """The hashtags that texts count as an alias written as one word (#JoeBiden), and X is not asked for.

    To ask for them would change the query, which breaks the series: that is the campaign's to decide, by an alias.
    """
    if candidate.x_query is not None:
        return []
    asked = {"".join(_words(alias)) for alias in candidate.aliases if alias.startswith("#")}
    joined = {"".join(_words(alias)): alias for alias in candidate.aliases if len(_words(alias)) > 1}
    unasked = [alias for folded, alias in joined.items() if folded not in asked]
    return ["#" + re.sub(r"\W", "", alias) for alias in unasked]


def stream_rules(candidate: Candidate) -> tuple[str, ...]:
    """The rules that find a candidate's posts in the filtered stream; a post may come by several of them.

    The stream tells accents apart, which counts do not: each alias is asked for with its accents and without.

    Raises:
        SourceRefused: see `query_parts`.
    """
    if candidate.x_query is not None:
        rules = [" ".join(candidate.x_query.split())]
    else:
        tail = "".join(f" -{_term(phrase)}" for phrase in _both_spellings(candidate.exclude))
        rest = [_term(alias) for alias in _both_spellings([*candidate.aliases, *_handles(candidate)])]
        rules = []
        while rest:
            group = _most_that_fit(rest, MOST_CHARACTERS_OF_A_RULE - len(tail)) or rest[:1]
            rules.append(_any_of(group) + tail)
            rest = rest[len(group) :]
    for rule in rules:
        _refuse(rule, MOST_CHARACTERS_OF_A_RULE)
    return tuple(rules)


def _handles(candidate: Candidate) -> list[str]:
    return [f"@{handle}" for handle in candidate.accounts.get("x", ())]


def _refuse(query: str, limit: int) -> None:
    """Nothing, where X may be asked.

    Raises:
        SourceRefused: its terms forbid the words, or the query is too long.
    """
    if words := why_forbidden(query):
        raise SourceRefused(
            f"X query with {words!r} is not asked: X's developer terms forbid monitoring protests, rallies and "
            "meetings (restricted use cases, 'Surveillance'; pay-per-use agreement XIV.B). Mend: take the words out"
        )
    if len(query) > limit:
        raise SourceRefused(
            f"X query of {len(query)} characters, {limit} allowed: {query[:60]}... "
            "Mend: shorter aliases, fewer excluded phrases, or an x_query of your own"
        )


def query_hash(parts: Sequence[SignedQuery]) -> str:
    """What a count row carries to say which question it answers; another alias is another hash."""
    return hashlib.sha256("\n".join(f"{part.sign:+d} {part.text}" for part in parts).encode()).hexdigest()[:16]


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


def _disjoint(terms: list[str], tail: str, limit: int) -> list[SignedQuery]:
    """Queries of which a post matches one at most; none where the aliases are too many for that."""
    parts: list[SignedQuery] = []
    taken = 0
    while taken < len(terms):
        # A group cannot be negated, a term can.
        without = "".join(f" -{term}" for term in terms[:taken]) + tail
        group = _most_that_fit(terms[taken:], limit - len(without))
        if not group:
            return []
        parts.append(SignedQuery(1, _any_of(group) + without))
        taken += len(group)
    return parts


def _overlapping(terms: list[str], tail: str, limit: int) -> list[SignedQuery]:
    """A query for each group of terms, and one to take off for what any two of them share."""
    half = (limit - len(tail) - 1) // 2
    groups: list[list[str]] = []
    rest = terms
    while rest:
        groups.append(_most_that_fit(rest, half) or rest[:1])
        rest = rest[len(groups[-1]) :]
    parts = [SignedQuery(1, _any_of(group) + tail) for group in groups]
    return parts + [SignedQuery(-1, f"{_any_of(one)} {_any_of(other)}{tail}") for one, other in combinations(groups, 2)]


def _most_that_fit(terms: Sequence[str], room: int) -> list[str]:
    """As many of the first terms as one group of so many characters can hold."""
    sizes = range(len(terms), 0, -1)
    return next((list(terms[:size]) for size in sizes if len(_any_of(terms[:size])) <= room), [])


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
    return " ".join(without_accents(text.casefold()).replace("-", " ").split())


def _both_spellings(phrases: Iterable[str]) -> list[str]:
    """The phrases as they are and without accents, each once."""
    return sorted({spelling for phrase in phrases for spelling in (phrase, without_accents(phrase))})
