"""The page on how to read an answer: every word that an answer may hold is on it, and its examples are the demo's."""

import re
from pathlib import Path

import pytest

from flows.reports.tongue import catalogue
from tests.demo_run import Demo
from tests.flows.commands.commands import afterdebate

PAGE = (Path(__file__).parents[3] / "docs" / "reading.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sql\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL)
EFFECTS = """SELECT unnest(flags) AS flag, status FROM metrics.debate_donation_effect
UNION ALL SELECT unnest(flags), status FROM metrics.debate_buzz_effect"""


def table_of(first: str) -> dict[str, str]:
    """The last cell of each line of a table by the words in its first cell."""
    [table] = re.findall(rf"\n\| {first} \|.*?\n\|---.*?\n(.*?)\n\n", PAGE, re.DOTALL)
    lines = [line.strip("|").split(" | ") for line in table.splitlines()]
    return {word: cells[-1].strip() for cells in lines for word in re.findall(r"`(\w+)`", cells[0])}


def words_of(part: str) -> set[str]:
    return {key.removeprefix(f"{part}.") for key in catalogue("en") if key.startswith(f"{part}.")}


def test_every_status_is_explained() -> None:
    assert set(table_of("status")) == words_of("status") | {"so_far"}


def test_every_flag_is_explained() -> None:
    assert set(table_of("flag")) == words_of("flag")


def test_every_verdict_is_explained() -> None:
    assert set(table_of("verdict")) == words_of("verdict_long")
    assert {word for word in words_of("verdict") if f"`{word}`" not in PAGE} == set()


def test_every_state_of_coverage_is_named() -> None:
    for words in ("seen", "seen in part", "nobody saw", "unknown"):
        assert words in PAGE


def test_what_the_page_says_of_the_demo_is_so(demo: Demo) -> None:
    """A word that it calls absent is in no effect, and one that is in an effect has its example."""
    flags, statuses = (
        {str(value) for (value,) in demo.rows(f"SELECT DISTINCT {name} FROM ({EFFECTS})")}
        for name in ("flag", "status")
    )
    statuses |= {str(value) for (value,) in demo.rows("SELECT DISTINCT status FROM metrics.debate_donation_effect")}
    statuses |= {str(value) for (value,) in demo.rows("SELECT DISTINCT status FROM metrics.debate_buzz_effect")}
    for present, told in ((flags, table_of("flag")), (statuses, table_of("status"))):
        assert {word for word in present if told[word].startswith("no")} == set()


def test_there_is_an_example_for_each_idea() -> None:
    assert len(EXAMPLES) >= PAGE.count("\n## ") - 1


@pytest.mark.parametrize(("query", "answer"), EXAMPLES)
def test_each_example_has_its_answer_on_the_demo(demo: Demo, query: str, answer: str) -> None:
    asked = afterdebate("sql", "--home", demo.home, query)
    assert [line.rstrip() for line in asked.output.splitlines()] == answer.splitlines()
