"""A printed figure is shown to be what it is."""

from typing import Any

import pytest

from flows.reports.ask import Asker
from flows.reports.check_claim import NoFigure, check_figure, read_figure
from tests.demo_run import Demo
from tests.flows.commands.commands import afterdebate, assert_refused
from warehouse.publish.reading import read_published


def seen(
    definition: str, amount: float, *, expected: float = 1e6, coverage: float = 1.0, who: str = "ALL"
) -> dict[str, Any]:
    return {
        "definition": definition, "source_id": "ticker", "candidate_id": who, "currency": "USD", "from_at": 0,
        "to_at": 1, "amount": amount, "expected": expected, "coverage": coverage,
    }  # fmt: skip


def judged(amount: str, *rows: dict[str, Any]) -> tuple[str, str]:
    [one] = check_figure(read_figure(amount), rows)
    return one.verdict, one.because


@pytest.mark.parametrize(
    ("text", "amount", "rounding"),
    [
        ("3.8M", 3.8e6, 0.05e6), ("36 million", 36e6, 0.5e6), ("10M", 10e6, 0.5e6), ("$250k", 250e3, 500),
        ("1,200,000", 1.2e6, 50e3), ("1.25bn", 1.25e9, 5e6), ("734", 734, 0.5),
        ("3,8M", 3.8e6, 0.05e6), ("3,8 M€", 3.8e6, 0.05e6), ("36 millions d’euros", 36e6, 0.5e6),
        ("1,5 milliard", 1.5e9, 5e7), ("1 200 000", 1.2e6, 50e3), ("3\u202f800\u202f000 €", 3.8e6, 50e3),
        ("1.200.000", 1.2e6, 50e3), ("1.234.567,89 EUR", 1234567.89, 0.005), ("3.8 million dollars", 3.8e6, 0.05e6),
        ("1,200 million", 1.2e9, 0.5e6),
    ],
)  # fmt: skip
def test_an_amount_is_taken_to_be_rounded_at_its_last_digit(text: str, amount: float, rounding: float) -> None:
    figure = read_figure(text)
    assert [figure.amount, figure.rounding] == pytest.approx([amount, rounding])


@pytest.mark.parametrize(
    "text", ["", "lots", "3.8 M$ an hour", "-5M", "1e6", "0", "0,0 M", "3,8,1M", "1.2.3", "٣M", "3.8 constructor", ","]
)
def test_what_is_no_amount_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(NoFigure, match=r"write it as 3\.8M"):
        read_figure(text)


def test_a_figure_counted_from_the_start_is_true() -> None:
    assert judged("36M", seen("start", 36.49e6)) == ("true", "start")
    assert judged("36M", seen("start", 36.6e6))[0] != "true"


def test_a_figure_that_fits_another_way_of_counting_is_true_only_if_that_was_meant() -> None:
    assert judged("5.3M", seen("start", 3.4e6), seen("end", 5.29e6)) == ("true_only_if", "end")
    assert judged("42M", seen("start", 3.4e6), seen("day", 42.4e6)) == ("true_only_if", "day")


def test_a_figure_that_is_what_came_beyond_the_expected_says_so() -> None:
    assert judged("2.4M", seen("start", 3.4e6)) == ("true_only_if", "excess")


def test_less_than_a_whole_platform_took_may_be_a_candidates_part_and_is_never_called_true() -> None:
    assert judged("10M", seen("start", 13.97e6, expected=5e6)) == ("true_only_if", "part")
    assert judged("10M", seen("start", 13.97e6, expected=5e6, who="biden")) == ("false", "below")


def test_more_than_any_way_of_counting_gives_is_false() -> None:
    assert judged("50M", seen("start", 13.97e6), seen("day", 42.4e6)) == ("false", "above")


def test_a_window_seen_in_part_cannot_tell() -> None:
    assert judged("3.4M", seen("start", 3.4e6, coverage=0.7), seen("day", 42.4e6)) == ("cannot_tell", "unseen")


@pytest.mark.parametrize(
    ("amount", "hours", "verdict", "told"),
    [
        ("36M", "16", "True.", "36.5 million dollars came in"),
        ("10M", "3", "True only if.", "the whole platform took 14.0 million dollars"),
        ("3.8M", "1", "True only if.", "the whole platform took 5.3 million dollars"),
    ],
)
def test_the_famous_figures_are_shown_to_be_what_they_are(
    demo: Demo, amount: str, hours: str, verdict: str, told: str
) -> None:
    words = ["--event", "debate-2020-09-29", "--amount", amount, "--hours", hours, "--home", str(demo.home)]
    result = afterdebate("claim", "us-2020-general", *words)
    assert result.exit_code == 0, result.output
    assert verdict in result.stdout.splitlines()[0]
    assert told in result.stdout
    assert "days without an event: at most" in result.stdout


def test_command_and_form_look_for_quiet_days_in_the_season_alone(demo: Demo) -> None:
    event = "debate-2020-09-29"
    with read_published(demo.home) as answer:
        ask = Asker(answer, "us-2020-general")
        counted = {
            row["from_at"] for row in ask("claim", event_id=event, hours="1").rows if row["definition"] == "quiet"
        }
        season = {row["from_at"] for row in ask("claim_quiet").rows if row["event_id"] == event}
    assert counted
    assert counted <= season


def test_a_claim_about_nothing_known_is_refused(demo: Demo) -> None:
    def claim(*words: str) -> Any:
        return afterdebate("claim", "us-2020-general", "--hours", "1", "--home", str(demo.home), *words)

    assert_refused(claim("--event", "nope", "--amount", "1M"), "nope", "debate-2020-09-29")
    assert_refused(claim("--event", "debate-2020-09-29", "--amount", "lots"), "write it as 3.8M")
    known = ("--event", "debate-2020-09-29", "--amount", "1M")
    assert_refused(claim(*known, "--source", "nope"), "actblue-ticker")
