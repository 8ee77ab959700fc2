"""The notebook runs by itself on the demo, shows what was picked, and each chart's SQL gives its numbers."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.demo_run import Demo
from warehouse.publish.reading import query_published

pytest.importorskip("marimo", reason="marimo is not installed: `make notebook`, or the extra afterdebate[notebook]")

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "debate.py"


def run(home: Path | None, **picked: Any) -> tuple[str, Mapping[str, Any]]:
    """What the notebook shows, as HTML, and what its cells define."""
    spec = importlib.util.spec_from_file_location("debate_notebook", NOTEBOOK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    given = picked if home is None else {"home": home, **picked}
    outputs, defined = module.app.run(defs=given)
    return "\n".join(output.text for output in outputs if hasattr(output, "text")), defined


def picks(event_id: str, candidate_id: str, horizon_minutes: int) -> dict[str, Any]:
    return {"event_id": event_id, "candidate_id": candidate_id, "horizon_minutes": horizon_minutes}


def test_it_runs_headless_and_shows_the_first_debate(demo: Demo) -> None:
    shown, defined = run(demo.home)
    assert defined["event_id"] == "debate-2020-09-29"
    assert "US general election 2020" in shown
    assert shown.count("<svg") == len(defined["charts"]) > 0


def test_what_is_picked_is_what_is_shown(demo: Demo) -> None:
    shown, defined = run(demo.home, **picks("debate-2020-10-07", "pence", 180))
    titles = [figure.name for figure, _ in defined["charts"]]
    assert all(name.startswith("debate-2020-10-07-") for name in titles)
    assert {row["candidate_id"] for row in defined["effects"]} <= {"pence", "ALL"}
    assert {row["horizon_minutes"] for row in defined["effects"]} == {180}
    assert "Mike Pence" in shown


def test_each_chart_stands_with_the_sql_that_gives_its_numbers(demo: Demo) -> None:
    _, defined = run(demo.home, **picks("debate-2020-10-22", "ALL", 180))
    # A chart of a gap has no number, and its SQL gives none.
    assert any(figure.asked.rows for figure, _ in defined["charts"])
    for figure, sql in defined["charts"]:
        answer = query_published(demo.home, sql)
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        assert all(row in rows for row in figure.asked.rows), figure.name


def test_it_only_reads(demo: Demo) -> None:
    before = {path: path.stat().st_mtime_ns for path in demo.home.rglob("*")}
    run(demo.home)
    assert {path: path.stat().st_mtime_ns for path in demo.home.rglob("*")} == before


def test_where_nothing_is_published_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERDEBATE_HOME", str(tmp_path))
    shown, defined = run(None)
    assert "make demo" in shown
    assert "charts" not in defined
