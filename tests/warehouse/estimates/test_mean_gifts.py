"""Rows on the size of gifts: what else happened in the window."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest

from warehouse.effects.baseline.grid import day_grid
from warehouse.effects.spec import Spec
from warehouse.estimates.mean_gifts import mean_gift_answers
from warehouse.series.events import CampaignEvent
from warehouse.series.source import SeriesKey, SourcePanel
from warehouse.series.study import SourceStudy
from warehouse.series.times import EPOCH

FIRST, DAYS, DEBATE = date(2020, 3, 2), 150, 100
ZONE = ZoneInfo("UTC")


def event(event_id: str, kind: str, day: int) -> CampaignEvent:
    on = FIRST + timedelta(days=day)
    at = datetime(on.year, on.month, on.day, 20, tzinfo=UTC)
    return CampaignEvent(
        event_id=event_id,
        event_kind=kind,
        starts_on=on,
        starts_at=at,
        zone=ZONE,
        participants=frozenset({"ada"}),
        is_held=True,
    )


@pytest.fixture
def gifts() -> tuple[duckdb.DuckDBPyConnection, SourcePanel]:
    """150 days of some 80 gifts of like size."""
    rng = np.random.default_rng(1)
    counts, grid = rng.poisson(80, DAYS).astype(np.float64), day_grid(FIRST.toordinal(), DAYS)
    midnight = int((datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) - EPOCH) // timedelta(minutes=1))
    starts = midnight + 1440 * np.arange(DAYS, dtype=np.int64)
    key = SeriesKey(
        outcome="count", source_kind="gifts", scope="", source_id="till", precision="day", interval_minutes=1440
    )
    panel = SourcePanel(
        key=key,
        anchor_minutes=0,
        grid=grid,
        names=("ada",),
        values=counts[None],
        coverage=np.ones((1, DAYS)),
        starts=starts,
        is_synthetic=False,
    )
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("CREATE SCHEMA staging")
    con.execute(
        "CREATE TABLE staging.gift_sizes (campaign_id VARCHAR, source_id VARCHAR, candidate_id VARCHAR,"
        " interval_start_at TIMESTAMPTZ, interval_minutes INTEGER, anchor_minutes INTEGER, gifts BIGINT,"
        " capped_amount DOUBLE)"
    )
    for start, count in zip(starts, counts, strict=True):
        at, amount = EPOCH + timedelta(minutes=int(start)), float(count * rng.lognormal(3, 0.1))
        row = ["c", "till", "ada", at, 1440, 0, int(count), amount]
        con.execute("INSERT INTO staging.gift_sizes VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    return con, panel


def told(gifts: tuple[duckdb.DuckDBPyConnection, SourcePanel], *events: CampaignEvent) -> tuple[str, tuple[str, ...]]:
    con, panel = gifts
    study = SourceStudy([panel], list(events), Spec(horizons=(4320,)))
    [answer] = [one for one in mean_gift_answers(con, "c", study, None) if one.event and one.event.event_id == "d"]
    return answer.row.status, answer.flags


def test_a_debate_alone_is_told(gifts: tuple[duckdb.DuckDBPyConnection, SourcePanel]) -> None:
    assert told(gifts, event("d", "debate", DEBATE), event("far", "mailing", 40)) == ("ok", ())


def test_of_gifts_after_a_debate_and_a_mailing_nobody_can_say_which_changed_their_size(
    gifts: tuple[duckdb.DuckDBPyConnection, SourcePanel],
) -> None:
    status, flags = told(gifts, event("d", "debate", DEBATE), event("m", "mailing", DEBATE + 1))
    assert (status, flags) == ("confounded_event", ("coincident=m",))
