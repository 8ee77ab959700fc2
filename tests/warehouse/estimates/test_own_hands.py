"""Own posts in the store: which are compared, and what the claim says of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest

from warehouse.effects.describe.claims.judge import Findings, judge_claims
from warehouse.effects.spec import Spec
from warehouse.estimates.acts import with_acts
from warehouse.estimates.own_hands import hand_rows
from warehouse.store import prepare
from warehouse.tables.filling import fill_table
from warehouse.tables.models import create_tables

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPEC = Spec(draws=199, hand_permutations=199)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        prepare(con)
        create_tables(con)
        con.execute("INSERT INTO staging.this_run VALUES ('a-run', now(), 0, 1, '')")
        yield con


def post(con: duckdb.DuckDBPyConnection, rows: list[tuple[datetime, str, int | None, timedelta]]) -> None:
    """Posts of ada, each with its time, hand, reactions, and how long after it they were counted."""
    told = [
        {
            "campaign_id": "us", "candidate_id": "ada", "source_kind": "x_own", "post_id": str(number),
            "posted_at": at, "posted_on": at.date(), "post_type": "original", "hand": hand, "reactions": reactions,
            "counters": "lpr", "observed_at": at + age,
        }
        for number, (at, hand, reactions, age) in enumerate(rows)
    ]  # fmt: skip
    con.register("told", pa.Table.from_pylist(told))
    con.execute("INSERT INTO staging.own_posts BY NAME FROM told")


def season(own: int, *, weeks: int = 20) -> list[tuple[datetime, str, int | None, timedelta]]:
    """Two posts of each hand a week: those of the staff have a hundred reactions or so."""
    return [
        (MONDAY + timedelta(weeks=week, days=day), "own" if day % 2 else "staff",
         (own if day % 2 else 100) + week % 3 + day, timedelta(days=2))
        for week in range(weeks) for day in range(4)
    ]  # fmt: skip


def test_reactions_to_own_posts_are_told_over_those_of_the_staff(con: duckdb.DuckDBPyConnection) -> None:
    post(con, season(200))
    [row] = hand_rows(con, "us", SPEC)
    assert row["ratio"] == pytest.approx(2, abs=0.05)
    assert (row["n_own"], row["n_staff"], row["n_unknown"], row["status"]) == (40, 40, 0, "ok")
    assert (row["period_start_at"], row["source_kind"]) == (MONDAY, "x_own")


def test_a_post_counted_while_fresh_or_not_at_all_is_of_no_hand(con: duckdb.DuckDBPyConnection) -> None:
    fresh = [(MONDAY, "own", 5, timedelta(hours=1)), (MONDAY, "staff", None, timedelta(days=2))]
    post(con, [*season(200), *fresh])
    [row] = hand_rows(con, "us", SPEC)
    assert (row["n_own"], row["n_staff"], row["n_unknown"]) == (40, 40, 2)


@pytest.mark.parametrize(
    ("own", "weeks", "verdict", "reason"),
    [
        (200, 20, "supports", "Within a week, reactions to a post by own hand (ada in x_own) were 1.9"),
        (99, 20, "contradicts", "Within a week, reactions to a post by own hand (ada in x_own) were 1.0"),
        (
            200,
            5,
            "insufficient",
            "Within a week 10 posts by own hand and 10 of the staff stand beside each other",
        ),
    ],
)
def test_the_claim_is_judged_by_the_interval(
    con: duckdb.DuckDBPyConnection, own: int, weeks: int, verdict: str, reason: str
) -> None:
    post(con, season(own, weeks=weeks))
    fill_table(con, "metrics.own_hand", ({"campaign_id": "us", **row} for row in hand_rows(con, "us", SPEC)), ["us"])
    [claim] = [c for c in with_acts(judge_claims(Findings(), SPEC), con, "us", SPEC) if c.claim_id == "10"]
    assert claim.verdict == verdict
    assert claim.reason.startswith(reason)


def test_without_a_sign_the_claim_needs_a_source(con: duckdb.DuckDBPyConnection) -> None:
    post(con, [(at, "unknown", reactions, age) for at, _, reactions, age in season(200)])
    fill_table(con, "metrics.own_hand", ({"campaign_id": "us", **row} for row in hand_rows(con, "us", SPEC)), ["us"])
    [claim] = [c for c in with_acts(judge_claims(Findings(), SPEC), con, "us", SPEC) if c.claim_id == "10"]
    assert claim.verdict == "not_measurable"
