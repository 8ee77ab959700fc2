"""What a channel brings: by what was laid out, in the weeks shared, and not at all where little came."""

import numpy as np
import pytest

from warehouse.effects.describe.scorecard import Flow, Rate, compare_rates, measure_rate
from warehouse.effects.spec import Spec

SPEC = Spec()


def flow(came: list[float], laid_out: list[float] | None = None) -> Flow:
    counts = np.array(came, dtype=float)
    return Flow(laid_out=np.array(laid_out or [10.0] * len(came)), came=counts, counted=counts)


def test_a_rate_is_what_came_over_what_was_laid_out() -> None:
    found = measure_rate(flow([20, 30] * 6), SPEC)
    assert found.value == pytest.approx(2.5)
    assert found.low is not None and found.high is not None and found.low < 2.5 < found.high


def test_a_channel_that_starts_late_is_compared_in_the_weeks_it_shares() -> None:
    # The campaign grows tenfold; in the weeks of the channel each brings the same for its money.
    rest = flow([10.0] * 10 + [100.0, 110.0] * 5)
    late = flow([0.0] * 10 + [100.0, 110.0] * 5, [0.0] * 10 + [10.0] * 10)
    found = compare_rates(late, rest, SPEC)
    assert found.value == pytest.approx(1)
    assert found.weeks == 10


def test_in_few_weeks_or_of_few_nothing_is_told() -> None:
    assert measure_rate(flow([20] * 7), SPEC) == Rate(weeks=7)
    assert measure_rate(flow([2] * 10), SPEC) == Rate(weeks=10)


def test_half_the_return_for_the_same_money_is_a_ratio_of_a_half() -> None:
    rng = np.random.default_rng(3)
    one, rest = flow(list(rng.poisson(30, 30).astype(float))), flow(list(rng.poisson(60, 30).astype(float)))
    found = compare_rates(one, rest, SPEC)
    assert found.value == pytest.approx(0.5, abs=0.05)
    assert found.high is not None and found.high < 1
