"""Handfuls are counted exactly, and as well calibrated as crowds."""

import numpy as np
import pytest

from warehouse.effects.arrays import Floats
from warehouse.effects.estimate.few_counts import Means, of_few_counts
from warehouse.effects.estimate.inference import Evidence, weigh_evidence
from warehouse.effects.spec import Spec

USUAL = 2.5
WINDOWS = 80


def told(seen: float, quiet: Floats, usual: float = USUAL) -> Evidence:
    """What is said of a window that usually holds so many, beside quiet windows of the same."""
    alike, expected = np.ones(len(quiet)), np.full(len(quiet), usual)
    errors = np.log((quiet + 0.5) / (usual + 0.5))
    by_logs = weigh_evidence(
        float(np.log((seen + 0.5) / (usual + 0.5))),
        event_variance=0.0,
        event_expected=usual,
        errors=errors,
        fit_variance=np.zeros(len(quiet)),
        expected=expected,
        weights=alike,
        overlap=1.0,
        nearness=alike,
        spec=Spec(),
    )
    means = Means(
        observed=quiet, expected=expected, own_observed=seen, own_expected=usual, fit_variance=0.0, more_variance=0.0
    )
    return of_few_counts(by_logs, means, nearness=alike, independent=float(len(quiet)), spec=Spec())


def draws(seed: int, usual: float = USUAL) -> Floats:
    return np.random.default_rng(seed).poisson(usual, WINDOWS).astype(np.float64)


@pytest.mark.parametrize("usual", [1.0, 2.5, 10.0])
def test_of_handfuls_as_many_nulls_look_like_effects_as_promised(usual: float) -> None:
    rng = np.random.default_rng(round(usual))
    rejected = [told(float(rng.poisson(usual)), draws(seed, usual), usual).p <= 0.05 for seed in range(600)]
    # Few counts come in steps: .01 to .065 around what is promised, with two standard errors of 600 draws.
    assert 0.005 < np.mean(rejected) < 0.083


def test_six_times_the_usual_handful_is_found() -> None:
    found = told(6 * USUAL, draws(1))
    assert found.p < 0.001
    assert np.log(2) < found.low < np.log(6) < found.high


@pytest.mark.parametrize("seen", [0.0, 1.0, 3.0, 7.0, 8.0, 9.0, 20.0])
def test_test_and_interval_of_a_handful_agree(seen: float) -> None:
    found = told(seen, draws(2))
    assert (found.p <= 0.05) == (found.low > 0 or found.high < 0)


def test_nothing_at_all_is_no_endless_interval() -> None:
    found = told(0.0, draws(3))
    assert found.low == pytest.approx(np.log(0.5 / (draws(3).mean() + 0.5)))
    assert found.high < np.log(3)


def test_what_could_be_detected_is_told_by_counts() -> None:
    # Of 2.5 expected six or seven would stand out; a mean of eight or nine brings them four times in five.
    assert 2.5 < told(2.0, draws(4)).mde80 < 4.5
