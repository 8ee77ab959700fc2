"""Support in polls before and after an event, with numbers worked out by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.effects.describe.claims.vote import judge_vote
from warehouse.effects.describe.vote import Pair, vote_slope
from warehouse.effects.polls.change import measure_change
from warehouse.effects.polls.quiet import Judged, Quiet, judge, quiet_changes
from warehouse.effects.polls.verdicts import poll_verdict, pool_changes
from warehouse.effects.polls.windows import Polls, around
from warehouse.effects.spec import Spec

SPEC = Spec()
DAY = 100
UNKNOWN = Quiet(changes=(), drift2=None, windows=0.0)
Row = tuple[int, int, int, float]  # first and last day, pollster, share in per cent


def polls(rows: Sequence[Row], sample: float = 1000.0) -> Polls:
    first, last, pollster, share = zip(*rows, strict=True)
    return Polls(
        first_day=np.array(first),
        last_day=np.array(last),
        pollster=np.array(pollster),
        population=np.zeros(len(rows), dtype=np.int64),
        sample=np.full(len(rows), sample),
        share=np.array(share) / 100,
    )


# Pollster 2 finds 4 points more than pollster 1; both find 3 more after the day.
BOTH_UP: list[Row] = [
    (88, 90, 1, 44.0), (92, 94, 1, 45.0), (88, 91, 2, 48.0), (93, 96, 2, 49.0),
    (102, 104, 1, 47.0), (106, 108, 1, 48.0), (102, 105, 2, 51.0), (107, 110, 2, 52.0),
]  # fmt: skip


def test_a_change_is_what_the_same_pollsters_find_more() -> None:
    change = measure_change(polls(BOTH_UP), DAY, DAY, SPEC)
    assert (change.n_before, change.n_after) == (4, 4)
    assert change.share_before == pytest.approx(0.465)
    assert change.share_after == pytest.approx(0.495)
    assert change.change == pytest.approx(3.0)
    # Sampling alone: sqrt(2 * p (1 - p) / 4,000) at p = .48, in points; the polls differ by less than that.
    assert change.se == pytest.approx(1.117, abs=0.001)
    assert change.freedom == 5


def test_a_pollster_who_came_late_moves_the_means_and_not_the_change() -> None:
    with_late = polls([*BOTH_UP, (103, 105, 3, 60.0), (107, 109, 3, 61.0)])
    change = measure_change(with_late, DAY, DAY, SPEC)
    assert change.change == pytest.approx(3.0, abs=0.02)
    assert change.share_after == pytest.approx((47 + 48 + 51 + 52 + 60 + 61) / 600)


def test_a_poll_in_the_field_on_the_day_counts_on_neither_side_and_one_too_early_neither() -> None:
    found = polls([(84, 85, 1, 40.0), (84, 86, 2, 40.0), (98, 100, 3, 40.0), (100, 102, 4, 40.0), (114, 118, 5, 40.0)])
    before, after = around(found, DAY, DAY, SPEC)
    assert before.tolist() == [False, True, False, False, False]
    assert after.tolist() == [False, False, False, False, True]


def test_of_a_tracking_poll_that_asks_the_same_people_again_the_nearest_waves_that_do_not_overlap_stand() -> None:
    waves: list[Row] = [(day, day + 4, 1, 45.0) for day in range(101, 112)]
    _, after = around(polls(waves), DAY, DAY, SPEC)
    assert np.flatnonzero(after).tolist() == [0, 5, 10]


@pytest.mark.parametrize(
    "rows",
    [
        BOTH_UP[:6],  # two polls after
        [row for row in BOTH_UP if row[2] == 1] + [(88, 90, 3, 45.0), (102, 104, 4, 45.0)],  # one on both sides
    ],
)
def test_too_few_polls_or_pollsters_give_counts_and_no_change(rows: list[Row]) -> None:
    change = measure_change(polls(rows), DAY, DAY, SPEC)
    assert change.n_before > 0
    assert change.change is None
    assert judge(change, UNKNOWN, SPEC) is None
    assert poll_verdict(None, SPEC) == "not_enough_data"


@given(st.floats(-20, 20), st.floats(-5, 5))
def test_what_a_house_always_finds_more_changes_nothing(house: float, moved: float) -> None:
    shifted = [
        (first, last, who, share + house * (who == 2) + moved * (first > DAY)) for first, last, who, share in BOTH_UP
    ]
    plain = measure_change(polls(BOTH_UP), DAY, DAY, replace(SPEC, poll_weight_cap=0.5))
    found = measure_change(polls(shifted), DAY, DAY, replace(SPEC, poll_weight_cap=0.5))
    assert plain.change is not None
    assert found.change == pytest.approx(plain.change + moved, abs=1e-6)


def test_support_that_moves_on_quiet_dates_widens_the_interval() -> None:
    change = measure_change(polls(BOTH_UP), DAY, DAY, SPEC)
    alone = judge(change, UNKNOWN, SPEC)
    drifting = judge(change, Quiet(changes=(), drift2=1.5, windows=5.0), SPEC)
    assert alone is not None
    assert drifting is not None
    assert alone.p == pytest.approx(0.0436, abs=0.001)  # t = 3 / 1.117 with 5 degrees of freedom
    assert poll_verdict(alone, SPEC) == "effect"
    assert drifting.low < 0 < alone.low
    assert poll_verdict(drifting, SPEC) == "not_enough_data"


def test_no_quiet_date_has_an_event_in_its_windows() -> None:
    often = polls([(day, day, who, 45.0) for day in range(1, 200) for who in (1, 2)])
    quiet = quiet_changes(often, [(100, 103)], SPEC)
    # Two days of two pollsters are polls enough: the days 3 to 197, but for 86 to 117, whose windows hold the event.
    assert len(quiet.changes) == len([*range(3, 86), *range(118, 198)])
    assert quiet.drift2 == 0.0
    assert quiet.windows == 6


def test_events_of_different_change_are_pooled_with_the_doubt_that_they_differ() -> None:
    pooled = pool_changes([_judged(4.0), _judged(0.0)], SPEC)
    assert pooled.change == pytest.approx(2.0)
    assert pooled.low < 0


def _judged(change: float) -> Judged:
    return Judged(change=change, low=change - 2, high=change + 2, se=1.0, freedom=20.0, p=0.5, p_placebo=None)


def _pairs(slope: float, se: float = 0.3) -> list[Pair]:
    doublings = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
    noise = (0.1, -0.1, 0.05, -0.05, 0.1, -0.1)
    return [
        Pair(event_id=f"e{number}", change=1.0 + slope * x + e, se=se, doublings=x)
        for number, (x, e) in enumerate(zip(doublings, noise, strict=True))
    ]


def test_support_that_does_not_follow_the_buzz_supports_the_claim_and_one_that_does_contradicts_it() -> None:
    assert judge_vote(vote_slope(_pairs(0.0), SPEC), 6, SPEC).verdict == "supports"
    row = judge_vote(vote_slope(_pairs(1.5), SPEC), 6, SPEC)
    assert row.verdict == "contradicts"
    assert row.estimate == pytest.approx(1.5, abs=0.1)
    assert "without the internet" in row.reason
    assert judge_vote(vote_slope(_pairs(0.0, se=3.0), SPEC), 6, SPEC).verdict == "insufficient"


def test_the_claim_on_the_vote_needs_six_pairs_of_three_events_and_polls() -> None:
    assert vote_slope(_pairs(0.0)[:5], SPEC) is None
    assert vote_slope([replace(pair, event_id=f"e{i % 2}") for i, pair in enumerate(_pairs(0.0))], SPEC) is None
    assert judge_vote(None, 4, SPEC).reason.startswith("There are 4 pairs of a change in polls and one in mentions")
    assert judge_vote(None, None, SPEC).verdict == "not_measurable"


def test_romney_rose_in_the_national_polls_after_the_debate_of_3_october_2012_and_quiet_fortnights_are_silent() -> None:
    path = Path(__file__).parents[3] / "campaigns" / "us-2012-general" / "polls" / "national.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    names = sorted({row[2] for row in rows})
    national = polls(
        [
            (
                date.fromisoformat(row[0]).toordinal(),
                date.fromisoformat(row[1]).toordinal(),
                names.index(row[2]),
                float(row[6]),
            )
            for row in rows
        ]
    )
    national = replace(national, sample=np.array([float(row[3]) for row in rows]))
    days = [(date(2012, 8, 27), date(2012, 8, 30)), (date(2012, 9, 4), date(2012, 9, 6))]
    days += [(date(2012, 10, day), date(2012, 10, day)) for day in (3, 11, 16, 22)]
    events = [(first.toordinal(), last.toordinal()) for first, last in [*days, (date(2012, 11, 6), date(2012, 11, 6))]]
    quiet = quiet_changes(national, events, SPEC)
    first = date(2012, 10, 3).toordinal()
    romney = judge(measure_change(national, first, first, SPEC), quiet, SPEC)
    assert romney is not None
    assert 2.5 < romney.change < 4.5
    assert romney.low > 0
    called = [judged.p <= SPEC.level for one in quiet.changes if (judged := judge(one, quiet, SPEC))]
    assert sum(called) / len(called) <= 0.065
