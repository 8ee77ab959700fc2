"""Queries: what X is asked about one candidate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.campaign.models import CandidateConfig
from connectors.errors import SourceRefused
from connectors.x.queries import (
    SignedQuery,
    candidate_queries,
    hashtags_not_asked,
    query_hash,
    query_parts,
    stream_rules,
)
from tests.doubles.x_matching import matches


def texts(*aliases: str, exclude: tuple[str, ...] = (), limit: int = 512) -> list[str]:
    return [part.text for part in query_parts(aliases, exclude, limit=limit)]


def test_a_longer_alias_is_found_by_the_shorter_one_and_left_out() -> None:
    assert texts("Joe Biden", "Biden") == ["Biden"]


def test_phrases_are_quoted_and_names_of_accounts_are_not() -> None:
    assert texts("Joe Biden", "@JoeBiden", "#Joe2020") == ['(#Joe2020 OR @JoeBiden OR "Joe Biden")']


def test_a_name_with_an_apostrophe_or_hyphen_is_a_phrase() -> None:
    assert texts("d'Encausse", "Dupont-Aignan") == ['("Dupont-Aignan" OR "d\'Encausse")']


def test_of_two_spellings_the_accented_one_finds_both() -> None:
    assert texts("Melenchon", "Mélenchon") == ["Mélenchon"]


def test_an_excluded_phrase_is_taken_out_term_by_term() -> None:
    assert texts("Biden", exclude=("Hunter Biden", "Biden Lake")) == ['Biden -"Biden Lake" -"Hunter Biden"']


def test_an_own_query_is_asked_as_it_is() -> None:
    assert query_parts(["Biden"], x_query='biden  OR "uncle joe"') == (SignedQuery(1, 'biden OR "uncle joe"'),)


def test_another_alias_is_another_hash() -> None:
    assert query_hash(query_parts(["Biden"])) != query_hash(query_parts(["Biden", "Uncle Joe"]))


def test_the_order_of_aliases_is_no_change() -> None:
    assert query_hash(query_parts(["Uncle Joe", "Biden"])) == query_hash(query_parts(["Biden", "Uncle Joe"]))


def test_an_alias_that_cannot_fit_is_refused_with_its_mend() -> None:
    with pytest.raises(SourceRefused, match="Mend: shorter aliases"):
        query_parts(["x" * 600])


def test_no_alias_is_refused() -> None:
    with pytest.raises(SourceRefused, match="nothing to ask"):
        query_parts([])


@pytest.mark.parametrize(
    "text",
    [
        "Biden rally",
        "#BidenRally",
        "#trumprally",
        "protest OR biden",
        "manif Mélenchon",
        "meeting de Macron",
        "Trump (rallies OR speech)",
        "Kundgebung Scholz",
        "rassemblement de Le Pen",
        "#manifmacron",
        "#protestmarch",
        "demo Merz",
        "Versammlung Höcke",
        "mítines de Milei",
        "concentración Sánchez",
        "protesta Petro",
        "comizio Meloni",
        "corteo Schlein",
        "comício Lula",
        "manifestação Bolsonaro",
        "betoging De Wever",
        "wiec Tuska",
        "митинг Навальный",
        "李在明 集会",
        "이재명 시위",
        "@TrumpRally",
        "sit-in Sanders",
    ],
)
def test_gatherings_are_not_watched(text: str) -> None:
    with pytest.raises(SourceRefused, match="developer terms forbid"):
        query_parts([], x_query=text)


@pytest.mark.parametrize(
    "text",
    [
        "Rassemblement national",
        "#RassemblementNational",
        "National Rally",
        "#generally",
        "#Manifesto2027",
        "#protestant",
        "#NaturallyBiden",
        "Theo March",
        "Macron",
        "En Marche",
    ],
)
def test_words_that_only_look_like_gatherings_may_be_asked(text: str) -> None:
    assert query_parts([], x_query=text)


@pytest.mark.parametrize("alias", ["#BidenRally", "Biden protest", "Meeting Biden"])
def test_an_alias_is_no_way_around_the_terms(alias: str) -> None:
    candidate = CandidateConfig(id="joe", name="Joe Biden", aliases=("Biden", alias))
    for ask in (candidate_queries, stream_rules):
        with pytest.raises(SourceRefused, match="developer terms forbid"):
            ask(candidate)


def test_the_stream_is_asked_for_both_spellings_because_it_tells_accents_apart() -> None:
    candidate = CandidateConfig(
        id="jlm", name="Jean-Luc Mélenchon", aliases=("Mélenchon", "#JLM"), exclude=("Rue Mélenchon",)
    )
    assert stream_rules(candidate) == ('(#JLM OR Melenchon OR Mélenchon) -"Rue Melenchon" -"Rue Mélenchon"',)


def test_a_long_list_is_several_rules_of_the_length_that_the_stream_takes() -> None:
    aliases = tuple(f"somebody number {n}" for n in range(100))
    rules = stream_rules(CandidateConfig(id="joe", name="Joe", aliases=aliases))
    assert (len(rules), max(map(len, rules)) <= 1024) == (3, True)
    assert all(any(f'"{alias}"' in rule for rule in rules) for alias in aliases)


NAMES = ["anna", "bo", "carl berg", "dora", "emil", "fay", "gus holm", "hal", "ida", "joe"]


@given(
    post=st.lists(st.sampled_from([*NAMES, "spam", "news"]), max_size=9),
    aliases=st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
    limit=st.integers(40, 120),
)
def test_a_post_is_never_counted_twice_however_the_aliases_are_split(
    post: list[str], aliases: list[str], limit: int
) -> None:
    text = " ".join(post)
    parts = query_parts(aliases, ["spam"], limit=limit)
    counted = sum(part.sign * matches(part.text, text) for part in parts)
    groups_named = sum(part.sign == 1 and matches(part.text, text) for part in parts)
    is_exact = all(part.sign == 1 for part in parts)
    assert all(len(part.text) <= limit for part in parts)
    assert counted <= 1
    if is_exact or groups_named <= 2:
        assert counted == (any(matches(f'"{alias}"', text) for alias in aliases) and "spam" not in text)


def test_a_list_that_is_a_little_too_long_is_counted_exactly_without_taking_off() -> None:
    names = [f"name{n:04}" for n in range(50)]  # 598 characters as one group
    parts = query_parts(names)
    assert ([part.sign for part in parts], max(len(part.text) for part in parts) <= 512) == ([1, 1, 1], True)
    for named in ([], ["name0000"], ["name0049"], ["name0001", "name0045"], names):
        assert sum(matches(part.text, " ".join(named)) for part in parts) == bool(named)


def test_hashtags_that_only_texts_count_are_named_until_an_alias_asks_for_them() -> None:
    biden = CandidateConfig(id="biden", name="Joe Biden", aliases=("Joe Biden", "Biden"))
    assert hashtags_not_asked(biden) == ["#JoeBiden"]
    asked = CandidateConfig(id="biden", name="Joe Biden", aliases=("Joe Biden", "#JoeBiden"))
    assert hashtags_not_asked(asked) == []
