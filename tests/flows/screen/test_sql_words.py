"""Tab offers what may stand where the cursor is."""

import pytest

from flows.screen.sql_words import COMMANDS, offers, vocabulary_of
from flows.sql_examples import example_names
from warehouse.publish.reading import Answer

WORDS = vocabulary_of(
    Answer(
        ["schema_name", "table_name", "column_name", "data_type"],
        [
            ("facts", "events", "event_id", "VARCHAR"),
            ("facts", "events", "title", "VARCHAR"),
            ("metrics", "coverage", "coverage", "DOUBLE"),
            ("metrics", "coverage", "source_id", "VARCHAR"),
        ],
        is_whole=True,
    )
)


def offered(before: str, after: str = "") -> list[str]:
    return [word for word, _, _ in offers(WORDS, before, before + after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("SELECT * FROM ", "", ["events", "coverage"]),
        ("select * from co", "", ["coverage"]),
        ("FROM facts.", "", ["events"]),
        ("FROM events JOIN cov", "", ["coverage"]),
        ("DESCRIBE ev", "", ["events"]),
        ("SELECT so", "", ["source_id"]),
        ("SELECT ti", " FROM coverage", []),
        ("SELECT ti", " FROM facts.events", ["title"]),
        ("SELECT e.", " FROM events AS e", ["event_id", "title"]),
        ("SELECT events.t", " FROM events", ["title"]),
        ("SELECT nobody.", " FROM events", []),
        ("SELECT * FROM events WH", "", ["WHERE", "WHEN"]),
        (".sch", "", [".schema"]),
        (".schema e", "", ["events"]),
        (".", "", list(COMMANDS)),
        (".example ", "", example_names()),
        (".tables ", "", []),
    ],
)
def test_what_is_offered_is_what_may_stand_there(before: str, after: str, expected: list[str]) -> None:
    assert sorted(offered(before, after)) == sorted(expected)


def test_each_offer_says_what_it_is_and_how_much_of_it_is_typed() -> None:
    assert list(offers(WORDS, "FROM co", "FROM co")) == [("coverage", "co", "metrics")]
    assert list(offers(WORDS, "SELECT tit", "SELECT tit FROM events")) == [("title", "tit", "VARCHAR")]
