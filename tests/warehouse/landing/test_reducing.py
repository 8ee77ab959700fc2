"""What is left of a text: enough to name the candidates that the whole one names, and nothing else of it."""

import re
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.warehouse.matching import Roster, match_items, rosters
from tests.warehouse.matching import texts as texts_of_names
from warehouse.landing.reducing import SEPARATOR, reducer_of
from warehouse.store import prepare
from warehouse.tables.models import create_tables

PHRASES = ["Biden", "Joe Biden", "Hunter Biden", "Melenchon", "Dupont-Aignan", "Jean-Marie Le Pen", "Le Pen", "Støre"]
MENTIONS = "SELECT campaign_id, item_id, candidate_id, is_solo FROM staging.mentions ORDER BY ALL"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("SET threads = 1")
        prepare(con)
        create_tables(con)
        yield con


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I met Hunter Biden and Joe Biden", "≈ hunter biden |\x1f joe biden"),
        ("Biden, Hunter Biden, Biden and Joe Biden again", "≈ biden |\x1f hunter biden |\x1f joe biden"),
        ("votez #DupontAignan", "≈ dupontaignan"),
        ("@JoeBiden is here", "≈ joebiden"),
        ("MÉLENCHON!", "≈ melenchon"),
        ("ＪＯＥ ＢＩＤＥＮ", "≈ "),
        ("Jean-Marie Le Pen, Marie Le Pen", "≈ jean marie le pen |\x1f le pen"),
        ("Hunter Joe Biden", "≈ joe biden"),
        ("Jonas Gahr Støre", "≈ støre"),
        ("nothing of the kind", "≈ "),
        ("Bidenomics", "≈ "),
        ("", "≈ "),
        ("≈ a secret of somebody", "≈ "),
        # As they stand in older files.
        ("≈ Hunter Biden | Joe Biden", "≈ hunter biden |\x1f joe biden"),
    ],
)
def test_a_text_is_reduced_to_the_phrases_in_it(text: str, left: str) -> None:
    with reducer_of(PHRASES) as reduce:
        assert reduce([text]) == [left]


def test_without_a_roster_nothing_is_left_of_a_text() -> None:
    with reducer_of([]) as reduce:
        assert reduce(["Joe Biden", "a secret"]) == ["≈ ", "≈ "]
        assert reduce([]) == []


# Any letters at all, glued to names or apart from them.
texts = st.lists(texts_of_names | st.text(max_size=3) | st.sampled_from(PHRASES), max_size=4).map("".join)
# Few words, so that phrases are in one another, overlap and meet.
_few = st.sampled_from(("le", "pen", "royal"))
_dense_texts = st.lists(_few | st.sampled_from(("-", "x", "\x1f")), min_size=2, max_size=8).map(" ".join)
_dense_aliases = st.lists(st.lists(_few, min_size=1, max_size=3).map(" ".join), max_size=2)
_dense_rosters = st.fixed_dictionaries({name: st.tuples(_dense_aliases, _dense_aliases) for name in ("a", "b", "c")})
_items = st.lists(st.tuples(texts, texts), min_size=20, max_size=60)
_dense_items = st.lists(st.tuples(_dense_texts, _dense_texts), min_size=20, max_size=60)
_cases = st.tuples(rosters, rosters, _items) | st.tuples(_dense_rosters, _dense_rosters, _dense_items)
_as_is = settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_as_is
@example(({"a": (["le"], []), "b": (["pen"], []), "c": (["le pen"], [])}, {}, [("pen x le", ""), ("pen", "le")]))
@example(({"a": (["pen"], ["le pen"])}, {"a": (["pen"], [])}, [("le pen", ""), ("pen le", "le pen"), ("le", "pen")]))
@given(_cases)
def test_a_reduced_text_names_the_same_candidates_as_the_whole_one(
    con: duckdb.DuckDBPyConnection, case: tuple[Roster, Roster, list[tuple[str, str]]]
) -> None:
    """And is solo for the same ones, in two campaigns that read it: what one campaign looks for disturbs no other."""
    one, other, items = case
    both = {"one": one, "other": other}
    with reducer_of(_phrases(one, other)) as reduce:
        reduced = [(text, "") for text in reduce([f"{title}{SEPARATOR}{summary}" for title, summary in items])]
    match_items(con, both, items)
    of_whole_texts = con.execute(MENTIONS).fetchall()
    match_items(con, both, reduced)
    assert con.execute(MENTIONS).fetchall() == of_whole_texts


@_as_is
@given(one=rosters, other=rosters, items=st.lists(texts, min_size=20, max_size=60))
def test_what_is_left_is_phrases_alone_and_stays_as_it_is_when_reduced_again(
    one: Roster, other: Roster, items: list[str]
) -> None:
    phrases = _phrases(one, other)
    with reducer_of(phrases) as reduce:
        reduced = reduce(items)
        assert reduce(reduced) == reduced
        allowed = set(reduce(phrases)) | set(reduce([re.sub(r"[\W_]", "", phrase) for phrase in phrases]))
    words = {word for text in allowed for word in _words(text)}
    for text in reduced:
        kept = text.removeprefix("≈ ").split(SEPARATOR)
        assert kept == sorted(set(kept))
        assert {word for part in kept for word in _words(part)} <= words


def test_an_alias_that_went_may_come_back_and_one_that_is_new_finds_nothing(con: duckdb.DuckDBPyConnection) -> None:
    """A text is reduced to the phrases that any state of the folder has had so far."""
    with reducer_of(["Quill", "Countess"]) as reduce:
        [left] = reduce(["Quill, the Countess of Byron"])
    for alias, count in (("Quill", 1), ("Countess", 1), ("Byron", 0)):
        match_items(con, {"race": {"ada": ([alias], [])}}, [(left, "")])
        assert len(con.execute(MENTIONS).fetchall()) == count


def _phrases(*of: Roster) -> list[str]:
    return sorted({phrase for roster in of for both in roster.values() for phrases in both for phrase in phrases})


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
