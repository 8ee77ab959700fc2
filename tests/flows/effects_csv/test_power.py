"""`afterdebate effects --power`: what could be seen, said before any event is looked at."""

from pathlib import Path

import numpy as np

from flows.effects_csv.power import power
from tests.flows.commands.commands import afterdebate
from tests.flows.effects_csv.test_self_test import files
from warehouse.effects.spec import Spec


def least(folder: Path, a_row: float) -> float | None:
    folder.mkdir()
    counts = np.random.default_rng(5).poisson(a_row, 70 * 24)
    written = files(folder, counts, 60, ("2020-04-11T20:00",))
    [one] = power(*written, Spec(horizons=(180,)), lambda _text: None)
    assert (one.hour, one.expected > 2 * a_row) == (20, True)
    return one.least_ratio


def test_the_more_is_counted_the_smaller_an_effect_can_be_seen(tmp_path: Path) -> None:
    busy, quiet = least(tmp_path / "busy", 60.0), least(tmp_path / "quiet", 6.0)
    assert busy is not None
    assert quiet is not None
    assert 1 < busy < 1.6 < quiet < 4


def test_where_hardly_anything_is_counted_nothing_can_be_seen(tmp_path: Path) -> None:
    assert least(tmp_path / "still", 0.2) is None


def test_the_command_says_it_in_a_sentence(tmp_path: Path) -> None:
    written = files(tmp_path, np.random.default_rng(5).poisson(30, 70 * 24), 60, ("2020-04-11T20:00",))
    done = afterdebate("effects", *map(str, written), "--power")
    assert done.exit_code == 0, done.output
    assert "a ada, 3 h from 20:00: " in done.stdout
    assert "would be missed more than 20% of the time" in done.stdout


def test_a_vote_of_which_only_the_day_is_known_is_no_hour_to_start_from(tmp_path: Path) -> None:
    counts = np.random.default_rng(5).poisson(60, 70 * 24)
    written = files(tmp_path, counts, 60, ("2020-04-11T20:00", "2020-04-14"))
    assert {one.hour for one in power(*written, Spec(), lambda _text: None)} == {20}
