"""What mailings bring, and Facebook: verdicts by pooled effects."""

from dataclasses import replace

import pytest

from warehouse.effects.describe.claims.claim_rows import Chosen
from warehouse.effects.describe.claims.pushes import judge_facebook, judge_pushes
from warehouse.effects.estimate.effect_rows import EffectRow
from warehouse.effects.spec import Spec

SPEC = Spec()
STRONG, NOTHING, UNCLEAR = [(0.8, 0.1)] * 5, [(0.0, 0.02)] * 5, [(0.3, 0.5)] * 5


@pytest.mark.parametrize(
    ("meeting", "other", "verdict"),
    [
        (STRONG, NOTHING, "supports"),
        (NOTHING, STRONG, "contradicts"),
        (UNCLEAR, UNCLEAR, "insufficient"),
        (STRONG[:2], NOTHING, "insufficient"),
    ],
)
def test_mailings_for_a_meeting_are_set_beside_all_others(
    meeting: list[tuple[float, float]], other: list[tuple[float, float]], verdict: str
) -> None:
    found = judge_pushes(meeting, other, 4320, SPEC)
    assert found is not None
    assert found.verdict == verdict


def test_without_any_push_nothing_is_judged() -> None:
    assert judge_pushes([], [], 4320, SPEC) is None


ROW = EffectRow(n_events=3, observed=1, coverage=1, status="ok", flags=(), rr=1.02, rr_low=0.97, rr_high=1.08, p=0.6)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (ROW, "supports"),
        (replace(ROW, rr=1.6, rr_low=1.3, rr_high=2.0, p=0.001), "contradicts"),
        (replace(ROW, rr_high=1.2), "insufficient"),
    ],
)
def test_facebook_is_of_no_use_where_a_debate_surely_moves_little_there(row: EffectRow, verdict: str) -> None:
    found = judge_facebook(Chosen(row=row, whose="ada in facebook national", of=1), (0.12, 0.4), SPEC)
    assert found is not None
    assert found.verdict == verdict
    assert found.reason.endswith(" On Facebook 12 per cent of posts are replies, on X 40 per cent.")
