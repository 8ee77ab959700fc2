"""Sentences: what an editor may print of a row, by rule."""

from datetime import UTC, datetime
from typing import Any

import pytest

from flows.reports.sentences import (
    awaited_sentence,
    effect_sentence,
    flag_words,
    headline,
    placebo_words,
    reason_words,
    short_sentence,
    verdict_of,
)
from flows.reports.tongue import Tongue
from tests.flows.reports.rows import ENGLISH, FRENCH, effect, unanswered


def sentence(row: dict[str, Any], say: Tongue = ENGLISH) -> str:
    return effect_sentence(row, say, currency="USD", who="Joe Biden", series="blogs").replace("\u00a0", " ")


def test_a_clear_effect_says_amount_window_ratio_interval_and_quiet_windows() -> None:
    assert sentence(effect()) == (
        "In the 3 hours from 21:00, 8.8 million dollars more than expected came in: 2.7 times the usual, "
        "95 % interval 2.1 to 3.4; none of the 277 comparable windows without an event was as extreme."
    )


def test_the_same_in_french() -> None:
    assert sentence(effect(), FRENCH) == (
        "En 3 heures à partir de 21:00, 8,8 millions de dollars de plus que prévu sont arrivés : 2,7 fois l’habitude, "
        "intervalle à 95 % de 2,1 à 3,4\u202f; "
        "aucune des 277 fenêtres comparables sans événement n’a été aussi extrême."
    )


def test_fewer_than_expected_is_not_called_more() -> None:
    told = sentence(effect(excess=-2_000_000.0, rr=0.6, rr_low=0.5, rr_high=0.7))
    assert "2.0 million dollars less than expected" in told


def test_of_a_constant_sample_the_ratio_is_said_with_its_assumption_and_no_excess() -> None:
    sampled = effect(outcome="buzz", metric="mentions", excess=None, flags=["constant_sampling"])
    told = sentence(sampled)
    assert "2.7 times the usual" in told
    assert told.endswith(
        "That holds if the sample is a steady part of all posts; a sample of one hashtag tells of that hashtag alone."
    )
    assert "None" not in told


def test_what_is_not_clear_says_that_chance_is_not_ruled_out_and_what_would_have_been_found() -> None:
    told = sentence(effect(verdict="no_detectable_effect", rr=1.18, rr_low=0.87, rr_high=1.62))
    assert "does not rule out chance" in told
    assert "An effect of 1.54 times would have been found four times in five" in told


@pytest.mark.parametrize(
    ("low", "high", "missed"),
    [(0.49, 2.1, "a doubling"), (0.49, 1.76, "a halving"), (0.6, 1.76, "a change by half")],
)
def test_what_cannot_be_told_names_what_could_have_been_missed_and_nothing_that_is_ruled_out(
    low: float, high: float, missed: str
) -> None:
    told = sentence(effect(verdict="not_enough_data", rr=0.93, rr_low=low, rr_high=high))
    assert told.startswith("Cannot tell for the 3 hours")
    assert told.endswith(f"{missed} could have been missed.")


RUNNING = {
    "status": "so_far", "verdict": "not_enough_data", "window_end_at": datetime(2020, 9, 30, 3, tzinfo=UTC),
}  # fmt: skip


def test_a_window_that_still_runs_is_told_by_its_part_and_has_no_verdict_before_its_end() -> None:
    assert sentence(effect(**RUNNING)) == (
        "So far, in the 2 hours from 21:00, 14.0 million dollars came in: 2.7 times the usual, "
        "95 % interval 2.1 to 3.4. Provisional: no verdict before 30 Sept 00:00."
    )
    assert verdict_of(effect(**RUNNING)) == "so_far"
    assert "no verdict before its end" in short_sentence(effect(**RUNNING), ENGLISH, "USD")


def test_what_came_while_an_event_was_awaited_is_told_apart() -> None:
    told = awaited_sentence(effect(horizon_minutes=-360, rr=0.9, rr_low=0.59, rr_high=1.37), ENGLISH, "USD")
    assert told.startswith(
        "In the 6 hours before it, in which it was awaited: 14.0 million dollars, 0.90 times the usual"
    )
    assert told.endswith("no part of the effect.")


def test_a_window_nobody_saw_has_its_reason_and_no_number() -> None:
    told = sentence(unanswered("no_data", observed=None))
    assert told == "Cannot tell for the 3 hours from 21:00: nobody looked."
    assert not any(letter.isdigit() for letter in told.replace("3 hours from 21:00", ""))


def test_what_was_counted_stands_though_there_is_no_estimate() -> None:
    told = sentence(unanswered("confounded_deadline", horizon_minutes=1440, observed=67_280_012.44))
    assert told == (
        "Cannot tell for the 24 hours from 21:00: "
        "a money deadline lies in the window and cannot be told from the event. 67.3 million dollars came in."
    )


def test_mentions_name_who_and_where() -> None:
    row = effect(outcome="buzz", metric="mentions", observed=21.0, expected=7.0, excess=14.0)
    assert "Joe Biden was named 21 times on blogs: 2.7 times the usual" in sentence(row)


@pytest.mark.parametrize(
    ("p_placebo", "told"),
    [(1 / 278, "none of the 277"), (3 / 278, "2 of the 277"), (None, "no comparable windows")],
)
def test_quiet_windows_are_counted_from_the_share(p_placebo: float | None, told: str) -> None:
    assert told in placebo_words(effect(p_placebo=p_placebo), ENGLISH)


def test_the_shortest_clear_window_is_told_first() -> None:
    late = effect(horizon_minutes=1440)
    unclear = effect(horizon_minutes=180, verdict="no_detectable_effect")
    assert headline([unclear, late]) == late
    assert headline([unanswered("no_data"), unclear]) == unclear
    assert headline([]) is None


def test_the_other_windows_are_told_in_short() -> None:
    assert short_sentence(effect(horizon_minutes=1440), ENGLISH, "USD") == (
        "24 hours: 14.0 million dollars, 2.7 times the usual (2.1 to 3.4)."
    )
    assert short_sentence(unanswered("right_censored"), ENGLISH, "USD").endswith("the data end before the window does.")


def test_flags_are_plain_words_and_keep_their_value() -> None:
    assert flag_words(["no_control", "coincident=vote-1", "unheard_of"], ENGLISH) == [
        "nobody sat the event out: common news cannot be told from it",
        "another listed event at the same time: vote-1; one that nobody lists is not seen",
        "unheard of",
    ]


def test_a_reason_that_is_not_known_stays_as_it_was_written() -> None:
    assert reason_words("no two readings at most 2 hours apart span this", FRENCH).startswith("pas deux relevés")
    assert reason_words("the moon was full", FRENCH) == "the moon was full"
    assert reason_words(None, ENGLISH) == ""


def test_a_ratio_above_one_beside_less_than_expected_says_why_they_differ() -> None:
    row = effect(outcome="buzz", metric="mentions", observed=1.0, expected=1.109, excess=-0.109, rr=1.353, rr_low=0.32,
                 rr_high=6.58, verdict="not_enough_data")  # fmt: skip
    assert "adds half a mention" in sentence(row)
    assert "adds half a mention" not in sentence(row | {"excess": 0.4})
