"""Own posts against those of the staff: what is compared with what, and what is not."""

import numpy as np
import pytest

from warehouse.effects.describe.own_hand import OwnHand, ToldPosts, measure_own_hand
from warehouse.effects.spec import Spec

SPEC = Spec(draws=199, hand_permutations=199)


def posts(rows: list[tuple[int, int, bool, float]]) -> ToldPosts:
    """Rows of day, group, own or not, reactions."""
    day, alike, is_own, reactions = map(np.array, zip(*rows, strict=True))
    return ToldPosts(day=day, alike=alike, is_own=is_own.astype(bool), reactions=reactions.astype(float))


def weeks(own: float, staff: float, *, spread: float = 0.1, n: int = 40, seed: int = 1) -> ToldPosts:
    """Two posts of each hand a week, with geometric means of one and the reactions as given."""
    rng = np.random.default_rng(seed)
    rows = []
    for week in range(n):
        for post in range(4):
            mean = own if post % 2 else staff
            rows.append((week * 7 + post, week, bool(post % 2), mean * np.exp(spread * rng.normal()) - 1))
    return posts(rows)


def test_twice_the_reactions_are_a_ratio_of_two() -> None:
    found = measure_own_hand(weeks(200, 100), SPEC)
    assert found.ratio == pytest.approx(2, abs=0.05)
    assert found.ci_low is not None and found.ci_high is not None and 1.9 < found.ci_low < 2 < found.ci_high < 2.1
    assert found.p_perm == pytest.approx(1 / 200)
    assert (found.n_own, found.n_staff, found.status) == (80, 80, "ok")


def test_an_account_that_grows_does_not_count_for_the_hand_that_writes_later() -> None:
    # Staff posts in the first weeks, his own in the last, both in the middle: each ten times the last hundred.
    early = [(week * 7 + post, week, False, 100.0) for week in range(20) for post in range(4)]
    middle = [(week * 7 + post, week, bool(post % 2), 300.0 + post) for week in range(20, 40) for post in range(4)]
    late = [(week * 7 + post, week, True, 1000.0) for week in range(40, 60) for post in range(4)]
    found = measure_own_hand(posts([*early, *middle, *late]), SPEC)
    assert found.ratio == pytest.approx(1, abs=0.01)
    assert (found.n_own, found.n_staff, found.n_compared_own, found.n_compared_staff) == (120, 120, 40, 40)


def test_under_thirty_of_a_hand_there_is_no_ratio_but_medians() -> None:
    found = measure_own_hand(weeks(200, 100, n=14, spread=0), SPEC)
    assert (found.status, found.ratio, found.ci_low, found.p_perm) == ("insufficient_sample", None, None, None)
    assert (found.median_own, found.median_staff) == (199, 99)


def test_where_no_hand_is_known_there_is_nothing() -> None:
    nothing = ToldPosts(
        day=np.array([], int), alike=np.array([], int), is_own=np.array([], bool), reactions=np.array([], float)
    )
    assert measure_own_hand(nothing, SPEC) == OwnHand(
        n_own=0, n_staff=0, n_compared_own=0, n_compared_staff=0, status="no_data"
    )


def test_the_same_posts_give_the_same_answer() -> None:
    assert measure_own_hand(weeks(120, 100), SPEC) == measure_own_hand(weeks(120, 100), SPEC)


def test_posts_without_any_difference_between_them_are_answered() -> None:
    found = measure_own_hand(weeks(100, 100, spread=0), SPEC)
    assert (found.ratio, found.p_perm) == (1, 1)


def test_one_day_of_many_own_posts_is_one_piece_of_news() -> None:
    # Thirty posts by his own hand on one loud day, in a week with thirty of the staff on quiet days.
    loud = [(100, 14, True, 1000.0)] * 31
    quiet = [(98 + day, 14, False, 100.0 + day) for day in range(7) for _ in range(5)]
    rest = [(week * 7 + post, week, bool(post % 2), 100.0 + post) for week in range(8) for post in range(4)]
    found = measure_own_hand(posts([*loud, *quiet, *rest]), SPEC)
    assert found.ci_low is not None and found.ci_low < 1
