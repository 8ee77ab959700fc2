"""Whatever moment a command is killed at, nothing is torn, nothing lost, nothing double."""

from pathlib import Path

from tests.doubles.kills import kill_many


def test_after_kills_at_any_moment_the_tables_equal_those_of_a_home_that_nobody_disturbed(tmp_path: Path) -> None:
    told = kill_many(tmp_path, kills=3, seed=15)
    assert told.wrong == []
