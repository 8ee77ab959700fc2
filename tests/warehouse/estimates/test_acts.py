"""What a campaign does itself, in the store: mailings, channels, and what the claims say of them."""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pyarrow as pa
import pytest

from warehouse.effects.describe.claims.claim_rows import ClaimRow
from warehouse.effects.describe.claims.judge import Findings, judge_claims
from warehouse.effects.spec import Spec
from warehouse.estimates.acts import with_acts
from warehouse.estimates.scorecards import scorecard_rows
from warehouse.store import prepare
from warehouse.tables.models import create_tables

SPEC = Spec()
MONDAY = date(2026, 3, 2)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        prepare(con)
        create_tables(con)
        yield con


def given(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    con.register("given", pa.Table.from_pylist(rows))
    con.execute(f"INSERT INTO {table} BY NAME FROM given")
    con.unregister("given")


def claim(con: duckdb.DuckDBPyConnection, claim_id: str) -> ClaimRow:
    [found] = [one for one in with_acts(judge_claims(Findings(), SPEC), con, "us", SPEC) if one.claim_id == claim_id]
    return found


def push(con: duckdb.DuckDBPyConnection, number: int, calls_for: list[str], what: str, rr: float) -> None:
    event = f"push{number}"
    own = {"campaign_id": "us", "event_id": event, "event_kind": "push"}
    given(con, "staging.events", [{**own, "is_held": True, "calls_for": calls_for}])
    told = {"rr": rr, "rr_low": rr / 1.2, "rr_high": rr * 1.2, "status": "ok", "flags": [], "run_id": ""}
    rows = {**own, "candidate_id": "ada", "source_id": "join", "horizon_minutes": 4320, **told}
    # What it does not call for is none of its purpose, however much of it came.
    given(con, "metrics.debate_signup_effect", [{**rows, "what": what}, {**rows, "what": "other", "rr": 9.0}])


def test_mailings_for_a_meeting_bring_people_and_others_do_not(con: duckdb.DuckDBPyConnection) -> None:
    for number in range(4):
        push(con, number, ["meeting", "share"], "rsvp", 2.5)
        push(con, 10 + number, ["donate"], "list", 1.0)
    found = claim(con, "6")
    assert found.verdict == "supports"
    assert found.estimate == pytest.approx(2.5)
    assert found.reason.startswith(
        "After 4 mailings that call for a meeting, replies to come were 2.50 times the usual, "
    )


def channels(con: duckdb.DuckDBPyConnection, **signups: int) -> None:
    """Twenty weeks of each channel, which cost 2,000 and took 100 hours, with so many sign-ups a week."""
    for name, count in signups.items():
        facts = {"campaign_id": "us", "channel": name, "channel_kind": name, "currency": "EUR", "hours": 100.0}
        con.execute("INSERT INTO staging.channels BY NAME SELECT unnest(?), 2000::DECIMAL(18, 2) AS spent", [facts])
        weeks = [
            {
                "campaign_id": "us", "channel": name, "week_on": MONDAY + timedelta(weeks=week), "days": 7,
                "days_in_all": 140, "signups": count + (week * len(name)) % 3, "gifts": 0,
            }
            for week in range(20)
        ]  # fmt: skip
        given(con, "staging.channel_weeks", weeks)
    con.execute("UPDATE staging.channel_weeks SET amount = 0")


def test_each_channel_has_a_card_and_the_claims_rest_on_them(con: duckdb.DuckDBPyConnection) -> None:
    channels(con, network=10, online=20, field=60)
    cards = {row["channel"]: row for row in scorecard_rows(con, "us", SPEC)}
    network = cards["network"]
    assert (network["signups"], network["status"], network["return_in"], network["weeks"]) == (219, "ok", "signups", 20)
    assert network["signups_per_1000"] == pytest.approx(109.5)
    assert network["amount_per_1"] is None
    assert network["ratio_to_rest"] == pytest.approx(219 / 810)
    assert claim(con, "8").verdict == "supports"
    assert claim(con, "9").verdict == "supports"
    assert claim(con, "9").estimate == pytest.approx(1220 / 400)


def test_without_channels_or_pushes_a_source_is_needed(con: duckdb.DuckDBPyConnection) -> None:
    assert list(scorecard_rows(con, "us", SPEC)) == []
    assert {claim(con, name).reason for name in ("5", "6", "8", "9", "10")} == {
        "No source of this campaign can show it: it needs a source of yours."
    }
