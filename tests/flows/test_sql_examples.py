"""The worked questions: each is a question in words, and answers on the demo."""

import csv
from io import StringIO

import pytest

from flows.sql_examples import example_names, question_of
from tests.demo_run import Demo
from tests.flows.commands.commands import afterdebate, assert_refused

FIRST_ROWS = {
    "best-days": ["actblue-ticker", "2020-09-30", "65753734.60"],
    "cancelled-debates": ["Second presidential debate (cancelled on 9 October)", "3.0", "0.90"],
    "claims": ["1", "TV debates had the most impact", "insufficient"],
    "clear-effects": ["ALL", "ALL", "actblue-ticker"],
    "gaps": ["x-counts-biden", "2020-11-01 04:00:00+00"],
    "loudest-hours": ["pence", "x_counts", "2020-10-07 22:00:00", "258"],
    "money-after-debates": ["debate-2020-09-29", "First presidential debate", "actblue-ticker", "ALL", "16956784.03"],
    "pooled": ["actblue-ticker", "amount", "3.0", "3", "2.68"],
    "set-aside": ["actblue-ticker", "actblue-ticker.csv", "2030", "the amount is empty"],
    "share-of-voice": ["debate-2020-09-29", "blog", "biden", "72.0", "0.49"],
    "usual-evening": ["actblue-ticker", "ALL", "Wednesday"],
    "why-no-answer": ["insufficient_sample", "42"],
}


def test_there_are_a_dozen_and_each_is_a_question_in_words() -> None:
    assert set(example_names()) == set(FIRST_ROWS)
    assert all(question_of(name).endswith("?") for name in example_names())


@pytest.mark.parametrize("name", sorted(FIRST_ROWS))
def test_a_worked_question_has_its_answer_on_the_demo(demo: Demo, name: str) -> None:
    result = afterdebate("sql", "--example", name, "--format", "csv", "--home", str(demo.home))
    assert result.exit_code == 0, result.stderr
    first = list(csv.reader(StringIO(result.stdout)))[1]
    assert all(cell.startswith(told) for cell, told in zip(first, FIRST_ROWS[name], strict=False)), first


def test_the_questions_can_be_listed_and_another_name_is_refused() -> None:
    assert "gaps: When did nobody look, and why?" in afterdebate("sql", "--example", "list").stdout
    assert_refused(afterdebate("sql", "--example", "nothing"), "no such example", "clear-effects")
