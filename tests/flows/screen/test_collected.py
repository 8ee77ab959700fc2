"""What an import prints of each source."""

from collections import Counter

import pytest

from flows.collected import Collected
from flows.screen.collected import print_collected


def test_every_source_of_files_has_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    imports = Collected(
        read=Counter(gifts=10, ticker=3),
        told_anew=Counter(gifts=5, ticker=3),
        landed=Counter({"donations": 5, "ticker_readings": 3, "": 0}),
        set_aside=Counter(gifts=1),
        duplicates=Counter(gifts=4),
        outside={"gifts": "2 of them outside the season"},
    )
    for line in (7, 9):
        imports.tell_aside("gifts", "the amount is empty", f"a.csv, line {line}")
    print_collected({"imports": imports})
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "imports │ donations │ 13 │ 5 │ 1 │ 4" in lines
    below = lines.index("gifts: read 10, landed 5, set aside 1, duplicate 4") + 1
    assert lines[below] == "2 of them outside the season"
    assert "a.csv, line 7 and 1 more: the amount is empty" in lines
    assert "ticker: read 3, landed 3, set aside 0, duplicate 0" in lines
