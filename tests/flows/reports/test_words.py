"""The catalogues: every language has every word, and numbers and dates as its readers write them."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import flows.reports
from flows.reports.tongue import LANGUAGES, Tongue, catalogue

ROOM = Path(flows.reports.__file__).parent
METHODS = Path(__file__).parents[3] / "docs" / "methods.md"


def said(language: str) -> Tongue:
    return Tongue(language=language, zone=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_in_every_language_with_the_same_names_in_it(language: str) -> None:
    def names(words: dict[str, str]) -> dict[str, set[str]]:
        # How a currency follows its number is the language's own affair.
        return {key: set(re.findall(r"\{(\w+)\}", text)) - {"name", "of"} for key, text in words.items()}

    assert names(catalogue(language)) == names(catalogue("en"))


def test_every_word_that_a_page_asks_for_is_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [*ROOM.rglob("*.py"), *ROOM.rglob("*.j2")]]
    asked = {key for text in texts for key in re.findall(r"say\(\s*[\"']([a-z_]+\.[a-z0-9_.]+)[\"']", text)}
    assert len(asked) > 100
    assert {key for key in asked if not key.endswith((".", "_"))} - set(catalogue("en")) == set()


def test_every_word_of_the_catalogue_is_asked_for_somewhere() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [*ROOM.rglob("*.py"), *ROOM.rglob("*.j2")]]
    literals = {key for text in texts for key in re.findall(r"[\"']([a-z_]+\.[A-Za-z0-9_.]+)[\"']", text)}
    by_value = {
        "status",
        "status_short",
        "flag",
        "kind",
        "scope",
        "event",
        "metric",
        "verdict",
        "verdict_long",
        "table",
    }
    by_value |= {"currency", "money", "badge", "state", "reason", "page", "claim", "claim_group", "sentence", "figure"}
    by_value |= {"methods", "check", "compare", "state_short", "claim_reason", "claim_statistic"}
    left = [
        key
        for key in catalogue("en")
        if key not in literals and key.partition(".")[0] not in by_value and not _is_counted(key, texts)
    ]
    assert left == []


def _is_counted(key: str, texts: list[str]) -> bool:
    stem, _, form = key.rpartition(".")
    return form in {"one", "other"} and any(f'count("{stem}"' in text for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_documented_status_and_flag_has_plain_words(language: str) -> None:
    told = METHODS.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+`) \|", told.partition("## 4.")[2].partition("## 5.")[0], re.MULTILINE)
    names = {name.partition("=")[0] for row in rows for name in re.findall(r"`([^`]+)`", row)}
    words = catalogue(language)
    assert len(names) > 30
    assert {name for name in names if f"status.{name}" not in words and f"flag.{name}" not in words} == set()


def test_amounts_are_said_as_each_language_says_them() -> None:
    assert said("en").money(8_799_014.8, "USD") == "8.8 million dollars"
    assert said("fr").money(8_799_014.8, "USD") == "8,8 millions de dollars"
    assert said("fr").money(1_200_000, "EUR") == "1,2 million d’euros"
    assert said("en").money(3_200, "EUR") == "3,200 euros"
    assert said("en").money_short(-58_893_348, "USD") == "−$58.9M"
    assert said("fr").money_short(8_799_014, "USD") == "8,8 M$"


def test_a_probability_is_never_written_as_nothing_and_a_minus_is_no_hyphen() -> None:
    assert [said("en").probability(p) for p in (0.0153, 0.0001, 0.00006, 0)] == [
        "0.0153", "0.0001", "< 0.0001", "< 0.0001",
    ]  # fmt: skip
    assert said("fr").probability(1e-9) == "< 0,0001"
    assert said("en").number(-0.84, 1) == "−0.8"


@pytest.mark.parametrize(
    ("amount", "short"),
    [
        (709_272.71, "$709k"), (-422_293.5, "−$422k"), (12_345, "$12k"), (9_999, "$9,999"), (0, "$0"),
        (1_500_000_000, "$1.5bn"),
    ],
)  # fmt: skip
def test_a_short_amount_is_the_amount(amount: float, short: str) -> None:
    assert said("en").money_short(amount, "USD") == short


def test_days_and_hours_are_those_of_the_campaigns_clock() -> None:
    late = datetime(2011, 9, 15, 22, 30, tzinfo=UTC)
    assert said("en").moment(late) == "16 Sept 00:30"
    assert said("fr").moment(late) == "16 sept. 00:30"
    assert said("fr").long_day(date(2011, 10, 9)) == "dimanche 9 octobre 2011"
    assert said("fr").long_day(date(2011, 9, 1)) == "jeudi 1er septembre 2011"
    assert said("fr").day(date(2011, 10, 1)) == "1er oct."
    assert said("fr").day(date(2011, 10, 11)) == "11 oct."


def test_a_ratio_has_as_many_digits_as_it_is_worth() -> None:
    assert said("en").ratios(2.7017, 2.119, 3.4446) == ["2.7", "2.1", "3.4"]
    assert said("fr").ratios(0.8494, 0.5957, 1.2111) == ["0,85", "0,60", "1,21"]


def test_a_flag_that_nobody_translated_is_shown_bare() -> None:
    assert said("fr").either("status", "quite_new") == "quite new"
