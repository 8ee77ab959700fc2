"""Events that share a day: what the other one usually does is taken off, or nothing is said."""

import numpy as np
import pytest

from tests.warehouse.effects.invented import debate, one_series
from tests.warehouse.effects.test_hours import hours_of
from warehouse.effects.arrays import Floats
from warehouse.effects.baseline.panel import Occasion, Panel
from warehouse.effects.estimate.effect import Effect, estimate_effect
from warehouse.effects.estimate.study import Study

MAIL_LIFT = (1.0, 0.5, 0.25)


def effect_of(panel: Panel, length: int, event_id: str = "d") -> Effect:
    occasion = next(one for one in panel.occasions if one.event_id == event_id)
    return estimate_effect(Study(panel), 0, occasion, length)


def mailed(mails: tuple[int, ...], *, debate_lift: float = 1.0, seed: int = 7) -> Floats:
    """Days of 200 counts; a mailing doubles its day and fades; a debate on day 150."""
    mean = np.full(300, 200.0)
    for mail in mails:
        mean[mail : mail + 3] *= 1 + np.array(MAIL_LIFT)
    mean[150:153] *= debate_lift
    return np.random.default_rng(seed).poisson(mean).astype(np.float64)


def events(mails: tuple[int, ...]) -> tuple[Occasion, ...]:
    return (debate(150, True), *(debate(mail, True, event_id=f"m{mail}", kind="mailing") for mail in mails))


MAILS = (30, 55, 80, 105, 130, 150, 175, 200, 225, 250)


@pytest.mark.parametrize("debate_lift", [1.0, 1.5])
def test_what_a_mailing_usually_does_is_not_the_debates(debate_lift: float) -> None:
    effect = effect_of(one_series(mailed(MAILS, debate_lift=debate_lift), *events(MAILS)), 3)
    assert effect.estimate is not None
    assert effect.estimate.log_rr == pytest.approx(np.log(debate_lift), abs=0.08)
    assert effect.estimate.evidence.low < np.log(debate_lift) < effect.estimate.evidence.high
    assert "coincident=m150" in effect.flags


def test_the_mailing_is_not_told_the_debates_effect_either() -> None:
    effect = effect_of(one_series(mailed(MAILS), *events(MAILS)), 3, "m150")
    assert "coincident=d" in effect.flags
    assert effect.status == "confounded_event"  # of debates there is no other


def test_beside_a_kind_seen_too_seldom_nothing_is_said() -> None:
    few = (50, 100, 150)
    effect = effect_of(one_series(mailed(few), *events(few)), 3)
    assert (effect.status, effect.estimate) == ("confounded_event", None)
    assert effect.flags == ("coincident=m150",)


def test_what_was_never_held_takes_nothing_off() -> None:
    panel = one_series(mailed(()), debate(150, True), debate(151, True, event_id="c", kind="cancelled"))
    effect = effect_of(panel, 3)
    assert effect.status == "ok"
    assert not any(flag.startswith("coincident") for flag in effect.flags)


def test_a_mailing_two_hours_before_a_debate_is_taken_off_as_it_usually_is_two_hours_on() -> None:
    mails = tuple(day * 24 + 19 for day in (12, 24, 36, 48, 72, 84, 96, 108))
    start = 60 * 24 + 21
    mean = np.full(130 * 24, 100.0)
    for mail in (*mails, start - 2):
        mean[mail : mail + 12] *= 1 + np.exp(-np.arange(12) / 4)
    counts = np.random.default_rng(3).poisson(mean).astype(np.float64)
    others = [debate(mail, True, event_id=f"m{mail}", kind="mailing") for mail in (*mails, start - 2)]
    effect = effect_of(hours_of(counts, debate(start, True), *others), 3)
    assert effect.estimate is not None
    assert effect.estimate.log_rr == pytest.approx(0, abs=0.12)
    assert effect.flags[0] == f"coincident=m{start - 2}"
