"""Which rows the tables of effects hold: grids, breaks, kinds of source together, analyses changed afterwards."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest

from warehouse.effects.baseline.grid import hour_grid
from warehouse.effects.spec import Spec
from warehouse.estimates.event_effects import answer_source, columns_of, with_families
from warehouse.estimates.pooled_kinds import pool_kinds
from warehouse.estimates.spec_versions import spec_changed_at
from warehouse.series.events import CampaignEvent
from warehouse.series.fits import Fits
from warehouse.series.source import SeriesKey, SourcePanel
from warehouse.series.study import SourceStudy
from warehouse.series.times import EPOCH
from warehouse.store import prepare

UTC_ZONE = ZoneInfo("UTC")
SEASON_AT = datetime(2020, 9, 1, tzinfo=UTC)
DEBATE_AT = datetime(2020, 9, 24, 20, 30, tzinfo=UTC)
SPEC = Spec(horizons=(180,))


def event(starts_at: datetime = DEBATE_AT, **other: Any) -> CampaignEvent:
    facts: dict[str, Any] = {
        "event_id": "debate",
        "event_kind": "debate",
        "starts_on": starts_at.date(),
        "starts_at": starts_at,
        "zone": UTC_ZONE,
        "participants": frozenset({"ada"}),
        "is_held": True,
    }
    return CampaignEvent(**facts | other)


def panel(anchor: int = 0, kind: str = "blog", *, days: int = 45, lift: float = 3.0, seed: int = 1) -> SourcePanel:
    """Hours of 30 mentions; those that overlap the three hours of the debate have `lift` times as many, by part."""
    rng = np.random.default_rng(seed)
    first = SEASON_AT + timedelta(minutes=anchor)
    starts = int((first - EPOCH) // timedelta(minutes=1)) + 60 * np.arange(days * 24, dtype=np.int64)
    debate = int((DEBATE_AT - EPOCH) // timedelta(minutes=1))
    inside = np.clip(np.minimum(starts + 60, debate + 180) - np.maximum(starts, debate), 0, 60) / 60
    values = rng.poisson(30 * (1 + (lift - 1) * inside)).astype(float)[None]
    return SourcePanel(
        key=SeriesKey(
            outcome="mentions", source_kind=kind, scope="national", source_id="", precision="", interval_minutes=60
        ),
        anchor_minutes=anchor,
        grid=hour_grid(first, days * 24, UTC_ZONE),
        names=("ada",),
        values=values,
        coverage=np.ones_like(values),
        starts=starts,
        is_synthetic=False,
    )


def rows(
    panels: list[SourcePanel], events: list[CampaignEvent], changed_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Of the horizons; the hours before an event are rows of their own."""
    return [row for row in all_rows(panels, events, changed_at) if row["horizon_minutes"] > 0]


def all_rows(
    panels: list[SourcePanel], events: list[CampaignEvent], changed_at: datetime | None = None
) -> list[dict[str, Any]]:
    return [columns_of(answer) for answer in answer_source(SourceStudy(panels, events, SPEC), changed_at)]


def test_the_hours_in_which_an_event_is_awaited_are_a_row_of_their_own() -> None:
    [_, row] = all_rows([panel(), panel(30)], [event()])
    assert (row["horizon_minutes"], row["status"]) == (-360, "ok")
    assert (row["window_start_at"], row["window_end_at"]) == (DEBATE_AT - timedelta(hours=6), DEBATE_AT)
    assert "anticipation" in row["flags"]
    assert row["rr_low"] < 1 < row["rr_high"]
    assert row["observed"] == pytest.approx(6 * 30, rel=0.2)


def test_where_nothing_may_be_asked_the_hours_before_are_not_refused_once_more() -> None:
    assert len(all_rows([panel(kind="x_counts")], [event(event_kind="rally")])) == 1


def test_hours_start_at_the_minute_of_the_event_where_data_are_finer() -> None:
    [row] = rows([panel(), panel(30)], [event()])
    assert row["status"] == "ok"
    assert row["rr"] == pytest.approx(3, rel=0.12)
    assert (row["window_start_at"], row["window_end_at"]) == (DEBATE_AT, DEBATE_AT + timedelta(hours=3))
    assert "start_floored" not in row["flags"]


def test_hourly_data_start_at_the_hour_before_and_say_so() -> None:
    [row] = rows([panel()], [event()])
    assert row["window_start_at"] == DEBATE_AT - timedelta(minutes=30)
    assert "start_floored" in row["flags"]


@pytest.mark.parametrize(
    ("broke_at", "status"),
    [
        (datetime(2020, 9, 1, tzinfo=UTC), "ok"),  # where the data begin, nothing breaks
        (datetime(2020, 9, 21, tzinfo=UTC), "ok"),  # three weeks are left
        (datetime(2020, 9, 24, 21, tzinfo=UTC), "series_break"),  # in the window
        (datetime(2020, 10, 14, tzinfo=UTC), "ok"),
    ],
)
def test_an_effect_is_estimated_on_one_side_of_a_break_or_not_at_all(broke_at: datetime, status: str) -> None:
    parts = panel(30).cut([int((broke_at - EPOCH) // timedelta(minutes=1))])
    [row] = rows(parts, [event()])
    assert row["status"] == status
    assert (row["rr"] is None) == (status != "ok")


def test_a_baseline_of_three_days_beside_a_break_is_no_baseline() -> None:
    broke_at = DEBATE_AT - timedelta(days=3)
    parts = panel(30, days=27).cut([int((broke_at - EPOCH) // timedelta(minutes=1))])
    assert rows(parts, [event()])[0]["status"] == "series_break"


def test_of_a_rally_nothing_is_estimated_from_x() -> None:
    [row] = rows([panel(kind="x_counts")], [event(event_kind="rally")])
    assert (row["status"], row["rr"], row["verdict"]) == ("not_permitted", None, "not_enough_data")


def test_a_row_is_exploratory_where_the_analysis_changed_after_the_event() -> None:
    before, after = (rows([panel(30)], [event()], DEBATE_AT + timedelta(days=days))[0]["flags"] for days in (-1, 1))
    assert "exploratory" not in before
    assert "exploratory" in after


def test_kinds_of_source_are_pooled_by_their_effects_within_an_event() -> None:
    later = DEBATE_AT + timedelta(days=12)
    events = [event(), event(later, event_id="later", starts_on=later.date())]
    answers = [
        answer
        for kind, seed in (("blog", 1), ("press", 2))
        for answer in answer_source(SourceStudy([panel(30, kind, seed=seed)], events, SPEC), None)
    ]
    found = {(row["source_kind"], row["event_id"]): row for row in map(columns_of, pool_kinds(answers, SPEC))}
    assert set(found) == {("ALL", "debate"), ("ALL", "later"), ("ALL", "ALL")}
    one, both = found["ALL", "debate"], found["ALL", "ALL"]
    single = [answer.row.rr or 0 for answer in answers if answer.event and answer.event.event_id == "debate"]
    assert min(single) <= one["rr"] <= max(single)
    assert (one["scope"], one["n_events"], both["n_events"]) == ("ALL", 1, 2)
    assert found["ALL", "later"]["rr"] < both["rr"] < one["rr"]


def test_one_kind_of_source_is_not_repeated_as_all_of_them() -> None:
    answers = list(answer_source(SourceStudy([panel(30)], [event()], SPEC), None))
    assert list(pool_kinds(answers, SPEC)) == []


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        prepare(con)
        yield con


@pytest.mark.parametrize(
    ("specs", "changed_on"),
    [
        (["{}"], None),
        (["{}", "{}"], None),  # the folder changed, the analysis did not
        (["{}", '{"level": 0.05}'], None),  # the default, written out
        (["{}", '{"horizons": [120]}', '{"horizons": [120]}'], 2),
        (["{}", '{"horizons": [120]}', "{}"], 3),
    ],
)
def test_an_analysis_changed_when_another_took_its_place(
    con: duckdb.DuckDBPyConnection, specs: list[str], changed_on: int | None
) -> None:
    for day, spec in enumerate(specs, start=1):
        con.execute(
            """INSERT INTO raw.campaigns (
                campaign_id, campaign_hash, spec_hash, spec, title, timezone, currency, start_on, end_on,
                small_gift_max, landed_at, retention_days, load_id
            ) VALUES ('us', ?, '', ?, '', 'UTC', 'USD', DATE '2020-09-01', DATE '2020-11-03', 200, ?, 30, 1)""",
            [str(day), spec, datetime(2020, 9, day, tzinfo=UTC)],
        )
    found = spec_changed_at(con, "us")
    assert (found and found.astimezone(UTC).date()) == (changed_on and date(2020, 9, changed_on))


def test_a_running_window_has_numbers_and_neither_verdict_nor_family() -> None:
    days = (DEBATE_AT - SEASON_AT).days
    running = panel(days=days + 1)  # known until the midnight after the debate: three and a half hours
    spec = Spec(horizons=(1440,), anticipation_hours=0)
    [answer] = answer_source(SourceStudy([running], [event()], spec), None)
    row = columns_of(answer)
    assert row["status"] == "so_far"
    assert row["rr"] > 1.5
    assert (row["verdict"], row["q_bh"]) == ("not_enough_data", None)
    assert row["window_end_at"] == SEASON_AT + timedelta(days=days + 1)
    assert not answer.is_tested
    assert answer.effect is not None
    assert answer.effect.estimate is None


def platform(seed: int = 3) -> SourcePanel:
    """Gifts to a whole party."""
    one = panel(30, lift=1.0, seed=seed)
    key = replace(one.key, outcome="count", source_kind="donations", source_id="ticker", precision="interval")
    return replace(one, key=key, names=("ALL",), whose=frozenset({"ada", "bea"}))


def test_the_debates_of_the_other_party_do_not_reach_a_partys_platform() -> None:
    own = event(event_id="own", participants=frozenset({"bea", "cyd"}))
    others = [
        event(DEBATE_AT + timedelta(days=d), event_id=f"other-{d}", participants=frozenset({"cyd"})) for d in (5, 9)
    ]
    told = rows([platform()], [own, *others])
    assert [row["event_id"] for row in told] == ["own"]
    study = SourceStudy([platform()], [own, *others], SPEC)
    # What the other party does is no reason to leave the platform's days out of its baseline.
    [mine, *theirs] = [bool(occasion.attends[0]) for occasion in study.study(study.panels[0]).panel.occasions]
    assert (mine, theirs) == (True, [False, False])


def test_an_event_for_everyone_reaches_a_partys_platform() -> None:
    assert [row["event_id"] for row in rows([platform()], [event(participants=frozenset())])] == ["debate"]


def test_a_platform_of_which_nobody_says_whose_it_is_is_reached_by_all() -> None:
    anyones = replace(platform(), whose=frozenset())
    assert len(rows([anyones], [event(participants=frozenset({"cyd"}))])) == 1


def test_the_families_of_a_spec_decide_which_tests_are_counted_together() -> None:
    events = [event(), event(DEBATE_AT + timedelta(days=10), event_id="second")]
    answers = list(answer_source(SourceStudy([panel(30)], events, SPEC), None))
    debates = [answer for answer in answers if answer.is_tested and answer.horizon_minutes > 0]

    def q_values(*families: str) -> list[float | None]:
        return [one.row.q_bh for one in with_families(debates, replace(SPEC, families=families))]

    p_values = [one.row.p for one in debates]
    assert q_values("source", "event_id") == p_values
    assert q_values("source", "outcome", "horizon_minutes") != p_values


def test_the_least_p_that_placebo_windows_can_show_is_published() -> None:
    [row] = rows([panel(30)], [event()])
    assert row["p_floor"] is not None
    assert row["p_floor"] >= 1 / (row["n_placebo"] + 1)


def test_a_few_unseen_hours_of_the_night_do_not_hide_how_gifts_came_in() -> None:
    """Three hours before dawn of the second night were not seen."""
    whole = panel(30)
    first = whole.start_row(event()) + 31
    coverage = whole.coverage.copy()
    coverage[:, first : first + 3] = 0
    thin = replace(whole, coverage=coverage)
    study = SourceStudy([thin], [event()], SPEC)
    path, status, _ = study.path(thin, "ada", event(), 72)
    assert status == "ok"
    assert path is not None
    assert path.unseen == 3
    coverage[:, first - 31 : first] = 0
    blind = replace(whole, coverage=coverage)
    path, status, _ = SourceStudy([blind], [event()], SPEC).path(blind, "ada", event(), 72)
    assert (path, status) == (None, "insufficient_coverage")


def test_what_was_fitted_of_a_series_serves_whoever_asks_again_and_no_other_series() -> None:
    fits, own = Fits(), panel()
    first = SourceStudy([own], [event()], SPEC, fits).study(own)
    every = replace(panel(), key=replace(own.key, scope="ALL"))
    assert SourceStudy([every], [event()], SPEC, fits).study(every) is first
    for other in (panel(seed=2), replace(own, coverage=own.coverage * 0.9), replace(own, names=("bob",))):
        assert SourceStudy([other], [event()], SPEC, fits).study(other) is not first
    assert SourceStudy([own], [], SPEC, fits).study(own) is not first
