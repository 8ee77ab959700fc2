"""`afterdebate plan` says beforehand how small an effect could be seen."""

from pathlib import Path

import pytest

from connectors.campaign.folder import read_campaign
from flows.screen.plan import visible
from tests.flows.small_campaign import write_small_campaign
from warehouse.effects.estimate.power import least_ratio_at_best
from warehouse.effects.spec import Spec


def test_few_gifts_hide_all_but_large_effects() -> None:
    # Of 2.125 expected chance alone brings six or more twice in a hundred; of 7.9 on average four in five do.
    assert least_ratio_at_best(17 * 3 / 24, Spec()) == pytest.approx(3.72, abs=0.01)
    assert least_ratio_at_best(1000.0, Spec()) == pytest.approx(1.09, abs=0.01)


def test_before_anything_is_collected_the_plan_says_what_counting_alone_hides(tmp_path: Path) -> None:
    campaign = read_campaign(write_small_campaign(tmp_path))
    told = list(visible(campaign, tmp_path / "home"))
    assert "would be missed more than 20% of the time" in told[0]
    assert "  with 17 a day: 3.7 in 3 h, 1.8 in 24 h, 1.4 in 72 h" in told
