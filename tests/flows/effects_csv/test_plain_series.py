"""A file of two columns, and answers for a person at a screen."""

import io
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from flows.effects_csv.answer import answer_asks
from flows.effects_csv.results import write_answers
from flows.screen.effects import show_answers

EVENTS = "case_id,event_id,event_kind,start_local,tz,participants\n,=e1,debate,2011-09-15T20:30,Europe/Paris,a|b\n"


@pytest.mark.parametrize("separator", [",", ";"])
def test_two_columns_are_one_series_that_every_debate_is_asked_of(tmp_path: Path, separator: str) -> None:
    rng = np.random.default_rng(1)
    days = [date(2011, 6, 1) + timedelta(days=number) for number in range(160)]
    counts = [f"{day}{separator}{rng.poisson(160 if 106 <= n <= 108 else 80)}" for n, day in enumerate(days)]
    (tmp_path / "series.csv").write_text("\n".join([f"date{separator}count", *counts]))
    (tmp_path / "events.csv").write_text(EVENTS)
    answers = answer_asks(tmp_path / "series.csv", tmp_path / "events.csv", workers=1)
    [answer] = [one for one in answers if one.status == "ok"]
    assert (answer.candidate_id, answer.horizon_minutes) == ("ALL", 4320)
    assert answer.rr == pytest.approx(2, rel=0.15)
    screen, pipe = io.StringIO(), io.StringIO()
    show_answers(answers, screen)
    write_answers(answers, pipe)
    assert "times the usual" in screen.getvalue()
    assert ",'=e1,4320," in pipe.getvalue()
