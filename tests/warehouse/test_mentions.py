"""Who is named in a text: `staging.mentions` against examples, and against a slow matcher that works word by word."""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.matching import Roster, match_items, rosters, texts
from warehouse.store import prepare
from warehouse.tables.models import create_tables

FRENCH = {
    "hce": (["d'Encausse", "Carrère d'Encausse"], []),
    "nda": (["Dupont-Aignan", "@dupontaignan"], []),
    "ddv": (["de Villepin", "Villepin"], ["Sophie Villepin"]),
    "sr": (["Ségolène Royal", "Royal"], ["Port Royal", "Royal Air Maroc"]),
    "mlp": (["Le Pen", "Marine Le Pen"], ["Jean-Marie Le Pen"]),
}
Phrase = tuple[str, ...]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        prepare(con)
        create_tables(con)
        yield con


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Hélène Carrère d'Encausse au perchoir", {"hce"}),
        ("Mme d\u2019Encausse", {"hce"}),
        ("DUPONT-AIGNAN", {"nda"}),
        ("Dupont Aignan, Dupont\u2013Aignan", {"nda"}),
        ("votez #DupontAignan", {"nda"}),
        ("merci @dupontaignan!", {"nda"}),
        ("@dupontaignan91 est un autre", set()),
        ("Dupont", set()),
        ("Dominique de Villepin", {"ddv"}),
        ("de_villepin", {"ddv"}),
        ("Sophie Villepin", set()),
        ("Sophie Villepin contre Villepin", {"ddv"}),
        ("SEGOLENE ROYAL", {"sr"}),
        ("Se\u0301gole\u0300ne Royal", {"sr"}),
        ("L'abbaye de Port-Royal", set()),
        ("Royal, royaliste, royale", {"sr"}),
        ("royaliste", set()),
        ("Royal Air Maroc emmène Royal", {"sr"}),
        ("Le Pen père : Jean-Marie Le Pen", {"mlp"}),
        ("Jean-Marie Le Pen", set()),
        ("Royal et Le Pen", {"sr", "mlp"}),
        ("", set()),
        ("\U0001f5f3\ufe0f Royal\U0001f5f3\ufe0f", {"sr"}),
    ],
)
def test_a_name_is_found_however_it_is_written(con: duckdb.DuckDBPyConnection, text: str, named: set[str]) -> None:
    assert _named(con, {"fr": FRENCH}, [(text, "")])["fr"] == [named]


def test_an_item_that_names_two_candidates_is_solo_for_neither(con: duckdb.DuckDBPyConnection) -> None:
    match_items(con, {"fr": FRENCH}, [("Royal et Le Pen", ""), ("Royal", "")])
    rows = con.execute("SELECT item_id, candidate_id, is_solo FROM staging.mentions ORDER BY ALL").fetchall()
    assert rows == [("0", "mlp", False), ("0", "sr", False), ("1", "sr", True)]


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(one=rosters, other=rosters, items=st.lists(st.tuples(texts, texts), min_size=10, max_size=40))
def test_the_warehouse_names_whom_a_slow_reader_names(
    con: duckdb.DuckDBPyConnection, one: Roster, other: Roster, items: list[tuple[str, str]]
) -> None:
    """Two campaigns read the same items, each for its own names: the phrases of one take no words from the other."""
    both = {"one": one, "other": other}
    assert _named(con, both, items) == {
        campaign_id: [_read_slowly(roster, title, summary) for title, summary in items]
        for campaign_id, roster in both.items()
    }


def _named(
    con: duckdb.DuckDBPyConnection, by_campaign: dict[str, Roster], items: list[tuple[str, str]]
) -> dict[str, list[set[str]]]:
    match_items(con, by_campaign, items)
    found: dict[str, list[set[str]]] = {campaign_id: [set() for _ in items] for campaign_id in by_campaign}
    for campaign_id, item_id, candidate_id in con.execute(
        "SELECT campaign_id, item_id, candidate_id FROM staging.mentions"
    ).fetchall():
        found[campaign_id][int(item_id)].add(candidate_id)
    return found


def _read_slowly(roster: Roster, title: str, summary: str) -> set[str]:
    owners = _owners(roster)
    # A unit separator parts more than words: no phrase runs across it.
    parts = [*title.split("\x1f"), *summary.split("\x1f")]
    standing = [phrase for part in parts for phrase in _phrases_standing(set(owners), part)]
    return {owner for phrase in standing if (owner := owners[phrase])}


def _owners(roster: Roster) -> dict[Phrase, str | None]:
    """Whose a phrase is; None: someone else's. An alias of one beats an excluded phrase of another."""
    owners: dict[Phrase, str | None] = {}
    for is_excluded in (True, False):
        for candidate_id in sorted(roster, reverse=True):
            for alias in roster[candidate_id][is_excluded]:
                words = tuple(_words(alias))
                for phrase in {words, ("".join(words),)} - {(), ("",)}:
                    owners[phrase] = None if is_excluded else candidate_id
    return owners


def _phrases_standing(phrases: set[Phrase], text: str) -> Iterator[Phrase]:
    """Take the longest phrases first, word by word; words that are taken are nobody's any more."""
    words = _words(text)
    free = [True] * len(words)
    for _, alike in groupby(sorted(phrases, key=_length, reverse=True), key=_length):
        # Phrases of one length have the same right to a word.
        spans = [(phrase, span) for phrase in alike for span in _spans(phrase, words, free)]
        for phrase, span in spans:
            yield phrase
            for place in span:
                free[place] = False


def _spans(phrase: Phrase, words: list[str], free: list[bool]) -> Iterator[range]:
    start = 0
    while start + len(phrase) <= len(words):
        span = range(start, start + len(phrase))
        if tuple(words[i] for i in span) == phrase and all(free[i] for i in span):
            yield span
            start = span.stop
        else:
            start += 1


def _length(phrase: Phrase) -> int:
    return sum(map(len, phrase)) + 2 * len(phrase)


def _words(text: str) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in bare).split()


WARREN: Roster = {"ew": (["Elizabeth Warren", "Warren"], []), "jb": (["Joe Biden", "joebiden.com"], [])}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("give at elizabethwarren.com", set()),
        ("https://www.elizabethwarren.com/plans", set()),
        ("https://example.org/elizabeth-warren-wins", {"ew"}),
        ("@elizabethwarren.com speaks", {"ew"}),  # a handle is no link
        ("#ElizabethWarren elizabethwarren.com", {"ew"}),
        ("The debate ended.Warren won", {"ew"}),  # no ending of a domain
        ("Elizabeth https://example.com Warren", {"ew"}),  # Warren alone, not the phrase
        ("go to https://JoeBiden.com now", {"jb"}),  # the campaign says so
        ("Élizabeth at ELIZABETHWARREN.COM", set()),
    ],
)
def test_a_word_in_the_domain_of_a_link_is_no_mention_unless_an_alias_says_so(
    con: duckdb.DuckDBPyConnection, text: str, named: set[str]
) -> None:
    match_items(con, {"us": WARREN}, [("", text)])
    found = con.execute("SELECT candidate_id FROM staging.mentions").fetchall()
    assert {candidate_id for (candidate_id,) in found} == named
