"""Hits of each alias, for a person to judge the matcher by."""

from datetime import timedelta
from pathlib import Path

from tests.warehouse.homes import CAMPAIGN, NOW, START_AT, land_campaign, land_poll
from warehouse.build.run import build
from warehouse.publish.reading import sample_matches


def hits_in(home: Path, *titles: str, aliases: tuple[str, ...]) -> list[tuple[object, ...]]:
    """Phrase, hits and text of every hit."""
    land_campaign(home, aliases=aliases)
    at = START_AT + timedelta(hours=30)
    land_poll(home, at, at - timedelta(hours=3), dict.fromkeys(titles, at - timedelta(hours=1)))
    build(home, NOW, "0", lambda _text: None)
    found = sample_matches(home, CAMPAIGN, most=9)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    return sorted(
        ((row["phrase"], row["hits"], row["text"]) for row in rows), key=lambda row: [str(cell) for cell in row]
    )


def test_an_alias_inside_another_is_listed_where_it_stands_alone(tmp_path: Path) -> None:
    titles = ("Ada Smith speaks", "Ada speaks", "Ada Smith: the other Ada")
    assert hits_in(tmp_path, *titles, aliases=("Ada", "Ada Smith")) == [
        ("ada", 2, "Ada Smith: the other Ada"),
        ("ada", 2, "Ada speaks"),
        ("ada smith", 2, "Ada Smith speaks"),
        ("ada smith", 2, "Ada Smith: the other Ada"),
    ]


def test_a_name_in_the_domain_of_a_link_is_shown_beside_the_hits_and_not_counted(tmp_path: Path) -> None:
    titles = ("I like #AdaSmith", "see adasmith.com")
    assert hits_in(tmp_path, *titles, aliases=("Ada Smith",)) == [
        ("adasmith", 1, "I like #AdaSmith"),
        ("adasmith (in a link's domain: not counted)", 1, "see adasmith.com"),
    ]
