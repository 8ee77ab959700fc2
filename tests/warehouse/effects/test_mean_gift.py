import numpy as np
import pytest

from warehouse.effects.describe.mean_gift import GiftMean, measure_mean_gift
from warehouse.effects.spec import Spec

SPEC = Spec()
DAYS = 150


def change(factor: float, *, seed: int = 1, gifts: int = 80, wander: float = 0.0) -> GiftMean:
    """150 days of lognormal gifts; those of three days from day 100 on are `factor` times as large."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(gifts, DAYS)
    level = np.exp(rng.normal(0, wander, DAYS))
    level[100:103] *= factor
    amounts = np.array([rng.lognormal(3, 0.8, n).sum() * size for n, size in zip(counts, level, strict=True)])
    clean = np.ones(DAYS, dtype=np.bool_)
    clean[100:106] = False
    return measure_mean_gift(counts.astype(float), amounts, clean, start=100, length=3, rows_a_day=1, spec=SPEC)


def test_gifts_half_as_large_are_found() -> None:
    found = change(0.5)
    assert found.status == "ok"
    assert found.log_rr == pytest.approx(np.log(0.5), abs=0.2)
    assert (found.p or 1) < 0.01
    assert (found.p_placebo or 1) < 0.05
    assert found.mean == pytest.approx((found.before or 0) / 2, rel=0.2)


@pytest.mark.parametrize("wander", [0.0, 0.3])
def test_a_change_by_chance_is_called_one_in_one_case_of_twenty(wander: float) -> None:
    found = [change(1.0, seed=seed, wander=wander) for seed in range(300)]
    rejected = np.mean([(one.p or 1) <= 0.05 for one in found])
    held = np.mean([(one.low or 0) <= 0 <= (one.high or 0) for one in found])
    assert 0.02 <= rejected <= 0.09
    assert held == pytest.approx(1 - rejected)


def test_a_mean_of_a_few_gifts_is_none() -> None:
    assert change(0.5, gifts=6).status == "insufficient_sample"
    assert change(0.5, gifts=6).log_rr is None
