"""Descriptive tables in the store: whose analysis they follow, what they refuse, what they lay together."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from warehouse.effects.baseline.grid import hour_grid
from warehouse.estimates.campaigns import touched_campaigns
from warehouse.estimates.claims import judge
from warehouse.estimates.describing import describe
from warehouse.series.fits import Fits
from warehouse.series.read import read_kinds
from warehouse.series.source import SeriesKey, SourcePanel
from warehouse.series.times import EPOCH
from warehouse.store import prepare
from warehouse.tables.models import create_tables

SEASON_AT = datetime(2020, 9, 1, tzinfo=UTC)
DEBATE_AT = datetime(2020, 10, 1, 20, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
DAYS = 60


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        prepare(con)
        create_tables(con)
        con.execute("INSERT INTO staging.this_run VALUES ('a-run', now(), 0, 1, '')")
        con.execute("INSERT INTO staging.touched_days VALUES ('us', DATE '2020-10-01')")
        con.execute(
            """INSERT INTO staging.events BY NAME SELECT 'us' AS campaign_id, 'debate' AS event_id,
            'debate' AS event_kind, DATE '2020-10-01' AS starts_on, ?::TIMESTAMPTZ AS starts_at, 'UTC' AS timezone,
            []::VARCHAR[] AS participants, true AS is_held""",
            [DEBATE_AT],
        )
        yield con


def campaign(con: duckdb.DuckDBPyConnection, spec: str = "{}") -> None:
    con.execute(
        "INSERT INTO staging.campaigns BY NAME SELECT 'us' AS campaign_id, 'UTC' AS timezone, ? AS spec", [spec]
    )


def series(con: duckdb.DuckDBPyConnection, value: Callable[[int], float], **key: Any) -> None:
    """Rows of one series, `value` of each; 60 days of hours unless the key says days."""
    minutes = key.get("interval_minutes", 60)
    facts = {
        "campaign_id": "us",
        "outcome": "mentions",
        "source_kind": "blog",
        "scope": "national",
        "source_id": "",
        "precision": "",
        "candidate_id": "ada",
        "interval_minutes": 60,
        "coverage": 1.0,
        "is_synthetic": False,
    } | key
    rows = []
    for row in range(DAYS * 1440 // minutes):
        at = SEASON_AT + timedelta(minutes=row * minutes)
        rows.append(facts | {"interval_start_at": at, "local_on": at.date(), "value": float(value(row))})
    con.register("given", pa.Table.from_pylist(rows))
    con.execute("INSERT INTO staging.effect_series BY NAME FROM given")


def described(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Describe the touched campaigns, with nothing fitted before; the tables that changed."""
    changed = [describe(con, one, Fits(), lambda _text: None) for one in touched_campaigns(con)]
    return set().union(*changed)


def fading(row: int) -> float:
    """40 an hour, five times as many at the debate, the excess halving every three hours."""
    since = row - int((DEBATE_AT - SEASON_AT) / timedelta(hours=1))
    excess = 160 * 0.5 ** (since / 3) if 0 <= since < 72 else 0.0
    return float(np.random.default_rng(row).poisson(40 + excess))


def rows(con: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = con.execute(f"FROM metrics.{table} ORDER BY ALL").to_arrow_table().to_pylist()
    return found


def test_a_campaigns_own_level_makes_its_half_life_narrower(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    series(con, fading)
    described(con)
    [usual] = rows(con, "buzz_decay")
    con.execute("""UPDATE staging.campaigns SET spec = '{"level": 0.5}'""")
    described(con)
    [own] = rows(con, "buzz_decay")
    assert usual["status"] == own["status"] == "ok"
    assert usual["half_life_h"] == pytest.approx(3, rel=0.3)
    assert usual["ci_low"] < own["ci_low"] < own["half_life_h"] < own["ci_high"] < usual["ci_high"]
    assert usual["excess_total"] == pytest.approx(160 / (1 - 0.5 ** (1 / 3)), rel=0.25)


def test_days_tell_no_hour_so_that_timing_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    gifts = {"source_kind": "donations", "scope": "", "source_id": "fec", "precision": "day"}
    series(con, lambda row: 90 + row % 7, outcome="count", interval_minutes=1440, **gifts)
    described(con)
    [row] = rows(con, "donation_timing")
    assert (row["status"], row["net_share_24h"], row["half_life_h"]) == ("precision_too_coarse", None, None)


def test_national_and_local_sources_are_one_kind(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    series(con, lambda _row: 4)
    series(con, lambda _row: 2, scope="local", coverage=0.5)
    [[panel]] = read_kinds(con, "us", UTC_ZONE)
    assert panel.values[0, 100] == 6
    assert panel.coverage[0, 100] == 0.75


def test_hours_add_up_to_local_days_and_a_clock_change_day_is_whole() -> None:
    paris = ZoneInfo("Europe/Paris")
    first = datetime(2011, 10, 28, 22, tzinfo=UTC)  # midnight in Paris; the 30th has 25 hours
    starts = int((first - EPOCH) // timedelta(minutes=1)) + 60 * np.arange(24 + 25 + 12, dtype=np.int64)
    key = SeriesKey(outcome="mentions", source_kind="blog", scope="", source_id="", precision="", interval_minutes=60)
    panel = SourcePanel(
        key=key,
        anchor_minutes=0,
        grid=hour_grid(first, len(starts), paris),
        names=("ada",),
        values=np.ones((1, len(starts))),
        coverage=np.ones((1, len(starts))),
        starts=starts,
        is_synthetic=False,
    )
    days = panel.in_days(paris)
    assert days.values[0].tolist() == [24, 25, 12]
    assert days.coverage[0].tolist() == [1, 1, 0.5]
    assert days.start_at(1) == datetime(2011, 10, 29, 22, tzinfo=UTC)


def test_money_that_follows_the_blogs_is_compared_by_hours_and_by_days(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    series(con, fading)
    gifts = {"source_kind": "donations", "scope": "", "source_id": "gifts", "precision": "instant"}
    series(con, fading, outcome="count", candidate_id="ALL", **gifts)
    described(con)
    found = {row["interval_minutes"]: row for row in rows(con, "buzz_donation_lead_lag")}
    assert (found[60]["status"], found[60]["coverage"]) == ("ok", 1.0)
    assert (found[1440]["status"], found[1440]["verdict"]) == ("insufficient_sample", "not_enough_data")


def test_a_share_of_voice_has_an_interval_where_the_whole_roster_was_counted(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    for candidate_id in ("ada", "bob"):
        con.execute(
            "INSERT INTO staging.candidates BY NAME SELECT 'us' AS campaign_id, ? AS candidate_id", [candidate_id]
        )
    series(con, fading)
    described(con)
    assert con.execute("FROM staging.share_evidence").fetchall() == []
    series(con, lambda row: 30 + row % 11, candidate_id="bob")
    described(con)
    found = con.execute(
        "SELECT ci_low, ci_high, change, p_placebo FROM staging.share_evidence"
        " WHERE candidate_id = 'ada' AND horizon_minutes = 180"
    ).fetchall()
    [(low, high, change, p)] = found
    assert 0.5 < low < high < 1
    assert change > 0.5
    assert p < 0.05


def test_an_own_account_is_told_by_regimes_and_what_was_sent_on_the_air_is_counted(
    con: duckdb.DuckDBPyConnection,
) -> None:
    campaign(con)
    con.execute("UPDATE staging.events SET participants = ['ada'], ends_at = starts_at + INTERVAL 2 HOUR")
    con.execute(
        """INSERT INTO staging.sources BY NAME SELECT 'us' AS campaign_id, 'own' AS source_id, 'k' AS source_key,
        'x_own' AS source_kind, 'ada' AS candidate_id"""
    )
    # Four a day through the season; three more while she debates.
    moments = [SEASON_AT + timedelta(hours=6 * n + n % 3) for n in range(4 * DAYS)]
    moments += [DEBATE_AT + timedelta(minutes=20 * n) for n in (1, 2, 3)]
    for number, at in enumerate(moments):
        con.execute(
            """INSERT INTO staging.posts BY NAME SELECT ? AS post_id, 'x_own' AS source_kind, ? AS posted_at,
            'original' AS post_type""",
            [str(number), at],
        )
        con.execute(
            """INSERT INTO staging.posts_by_source BY NAME SELECT ? AS post_id, 'x_own' AS source_kind,
            'k' AS source_key""",
            [str(number)],
        )
    described(con)
    [row] = rows(con, "own_voice")
    assert (row["regime"], row["posts"], row["status"]) == ("steady", 4 * DAYS + 3, "ok")
    on_air = sum(DEBATE_AT <= at < DEBATE_AT + timedelta(hours=2) for at in moments)
    assert row["on_air_share"] == pytest.approx(on_air / len(moments))


def test_one_loud_author_at_a_debate_is_fewer_voices_than_on_quiet_days(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    rng = np.random.default_rng(1)
    for day in range(DAYS):
        at = SEASON_AT + timedelta(days=day, hours=21)
        is_debate = at.date() == DEBATE_AT.date()
        authors = [f"a{n}" for n in rng.integers(0, 60, 80)] + ["loud"] * (80 if is_debate else 0)
        con.register("given", pa.table({"author_key": authors}))
        con.execute(
            """INSERT INTO staging.mentions BY NAME SELECT 'us' AS campaign_id, 'ada' AS candidate_id,
            'blog' AS source_kind, ?::TIMESTAMPTZ AS mentioned_at, author_key FROM given""",
            [at],
        )
        con.unregister("given")
    described(con)
    [row] = rows(con, "buzz_makers")
    assert (row["status"], row["n_items"], row["authors_for_half"]) == ("ok", 160, 1)
    # No quiet day holds 160 items; cut to as many, it is compared all the same.
    assert row["placebo_authors_for_half"] is None
    assert row["p_concentrated"] < 0.05


def test_every_claim_has_a_row_and_a_reason(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    judge(con, lambda _text: None)
    found = rows(con, "claims")
    expected = ["1", "2", "3", "4a", "4b", *map(str, range(5, 15))]
    assert sorted(row["claim_id"] for row in found) == sorted(expected)
    assert all(row["reason"] and row["estimate"] is None for row in found)
    assert {row["status"] for row in found} == {"no_data", "insufficient_sample"}


@pytest.mark.parametrize(
    ("ratio", "spread", "verdict"), [(2.0, 0.1, "supports"), (1.02, 0.05, "contradicts"), (1.3, 0.8, "insufficient")]
)
def test_national_and_local_effects_are_compared_in_pairs(
    con: duckdb.DuckDBPyConnection, ratio: float, spread: float, verdict: str
) -> None:
    campaign(con)
    for number in range(6):
        for scope, rr in (("national", 1.5 * ratio), ("local", 1.5)):
            con.execute(
                """INSERT INTO metrics.debate_buzz_effect BY NAME SELECT 'us' AS campaign_id, 'ada' AS candidate_id,
                'blog' AS source_kind, ? AS scope, ? AS event_id, 'debate' AS event_kind, 1440 AS horizon_minutes,
                ? AS rr, ? AS rr_low, ? AS rr_high, 'ok' AS status, []::VARCHAR[] AS flags, 'a-run' AS run_id""",
                [scope, f"debate-{number}", rr, rr * np.exp(-spread), rr * np.exp(spread)],
            )
    judge(con, lambda _text: None)
    [claim] = [row for row in rows(con, "claims") if row["claim_id"] == "3"]
    assert claim["verdict"] == verdict
    assert claim["estimate"] == pytest.approx(ratio)


def test_sources_of_both_scopes_without_an_estimate_are_not_told_as_no_source(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    for scope in ("national", "local"):
        con.execute(
            """INSERT INTO staging.sources BY NAME SELECT 'us' AS campaign_id, ? AS source_id, 'blog' AS source_kind,
            ? AS scope, 'measured' AS coverage, false AS is_synthetic""",
            [scope, scope],
        )
    judge(con, lambda _text: None)
    [claim] = [row for row in rows(con, "claims") if row["claim_id"] == "3"]
    assert claim["reason"] == "There are national and local sources, but no debate with an estimate on both."
    assert claim["status"] == "insufficient_sample"


def test_claims_of_an_analysis_changed_after_a_debate_are_exploratory(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    for spec, landed_at in (('{"level": 0.1}', DEBATE_AT - timedelta(days=9)), ("{}", DEBATE_AT + timedelta(days=9))):
        con.execute(
            """INSERT INTO raw.campaigns BY NAME SELECT 'us' AS campaign_id, ? AS campaign_hash, '' AS spec_hash,
            ? AS spec, '' AS title, 'UTC' AS timezone, 'USD' AS currency, DATE '2020-09-01' AS start_on,
            DATE '2020-11-01' AS end_on, 200 AS small_gift_max, ?::TIMESTAMPTZ AS landed_at, 30 AS retention_days,
            '' AS settings, 1 AS load_id""",
            [spec, spec, landed_at],
        )
    judge(con, lambda _text: None)
    assert {tuple(row["flags"]) for row in rows(con, "claims")} == {("exploratory",)}


def test_sums_by_the_day_answer_claim_13_over_three_days(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    con.execute(
        "INSERT INTO staging.sources BY NAME SELECT 'us' AS campaign_id, 'daily' AS source_id,"
        " 'donations' AS source_kind, 'interval' AS precision"
    )
    con.execute(
        """INSERT INTO metrics.debate_donation_effect BY NAME
        SELECT 'us' AS campaign_id, 'ALL' AS candidate_id, 'daily' AS source_id, 'ALL' AS event_id,
            'debate' AS event_kind, 'amount' AS metric, minutes AS horizon_minutes, 24 AS n_events, 1e6 AS observed,
            1.0 AS coverage, rr, rr / 1.1 AS rr_low, rr * 1.1 AS rr_high, p, 1.2 AS mde80, []::VARCHAR[] AS flags,
            status, 'a-run' AS run_id
        FROM (VALUES (1440, NULL, NULL, 'precision_too_coarse'), (4320, 1.8, 1e-9, 'ok'))
            AS told (minutes, rr, p, status)"""
    )
    judge(con, lambda _text: None)
    [claim] = [row for row in rows(con, "claims") if row["claim_id"] == "13"]
    assert (claim["verdict"], claim["estimate"]) == ("supports", 1.8)


@pytest.mark.parametrize(("metric", "of"), [("count", "the number of gifts"), ("amount", "amounts")])
def test_claim_13_says_what_it_counts(con: duckdb.DuckDBPyConnection, metric: str, of: str) -> None:
    campaign(con)
    con.execute(
        """INSERT INTO metrics.debate_donation_effect BY NAME SELECT 'us' AS campaign_id, 'ALL' AS candidate_id,
        'gifts' AS source_id, ? AS metric, 'ALL' AS event_id, 'debate' AS event_kind, 4320 AS horizon_minutes,
        1.5 AS rr, 1.2 AS rr_low, 1.9 AS rr_high, 0.01 AS p, 1.3 AS mde80, 3 AS n_events, 'ok' AS status,
        []::VARCHAR[] AS flags, 'a-run' AS run_id""",
        [metric],
    )
    judge(con, lambda _text: None)
    [claim] = [row for row in rows(con, "claims") if row["claim_id"] == "13"]
    assert claim["statistic"] == f"pooled effect on {of}"


def test_claim_13_is_judged_at_three_hours_where_data_are_that_fine_with_a_day_beside_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    campaign(con)
    con.execute(
        """INSERT INTO metrics.debate_donation_effect BY NAME SELECT 'us' AS campaign_id, 'ALL' AS candidate_id,
        'gifts' AS source_id, 'count' AS metric, 'ALL' AS event_id, 'debate' AS event_kind, minutes AS horizon_minutes,
        rr, rr / 1.1 AS rr_low, rr * 1.1 AS rr_high, 0.01 AS p, 1.3 AS mde80, 3 AS n_events, 'ok' AS status,
        []::VARCHAR[] AS flags, 'a-run' AS run_id
        FROM (VALUES (180, 2.5), (1440, 1.5), (4320, 1.2)) AS told (minutes, rr)"""
    )
    judge(con, lambda _text: None)
    [claim] = [row for row in rows(con, "claims") if row["claim_id"] == "13"]
    assert (claim["verdict"], claim["estimate"], claim["horizon_minutes"]) == ("supports", 2.5, 180)
    assert "In the 24 hours after 3 debates, gifts (ALL in gifts) were 1.50 times the usual" in claim["reason"]
    found = con.execute(claim["rests_on"].replace("FROM ", "SELECT rr FROM metrics.")).fetchall()
    assert found == [(2.5,)]


def test_givers_who_follow_internet_access_from_state_to_state_support_the_digital_divide(
    con: duckdb.DuckDBPyConnection,
) -> None:
    campaign(con)
    con.execute(
        "INSERT INTO staging.sources BY NAME SELECT 'us' AS campaign_id, 'fec' AS source_id,"
        " 'donations' AS source_kind, 'day' AS precision, 'USD' AS currency, false AS is_synthetic"
    )
    con.execute(
        """INSERT INTO staging.territories BY NAME SELECT 'us' AS campaign_id, i::VARCHAR AS territory, 'T' AS name,
        100000 * (1 + i % 5) AS population, 0.6 + 0.01 * i AS online_share FROM range(30) AS t (i)"""
    )
    con.execute(
        """INSERT INTO staging.territory_gifts BY NAME SELECT 'us' AS campaign_id, 'fec' AS source_id,
        'ada' AS candidate_id, territory, 0 AS level, true AS is_told, 900 AS gifts, 90 AS amount,
        round(population / 500 * exp(5 * (online_share - 0.6)))::BIGINT + population // 100000 AS donors
        FROM staging.territories"""
    )
    con.execute("INSERT INTO staging.touched_days VALUES ('us', DATE '2020-10-02')")
    [one, *_] = touched_campaigns(con)
    describe(con, one, Fits(), lambda _text: None)
    [divide] = rows(con, "territory_divide")
    assert (divide["verdict"], divide["n_territories"], divide["outcome"]) == ("effect", 30, "donors")
    assert divide["rate_ratio_per_10_points"] == pytest.approx(np.exp(0.5), rel=0.1)
    judge(con, lambda _text: None)
    [claim] = [row for row in rows(con, "claims") if row["claim_id"] == "7"]
    assert claim["verdict"] == "supports"
    assert claim["reason"].endswith("This compares territories, not people, and income and density are not held fixed.")


OWN = (
    '[{"claim_id": "c1", "claim": "Rallies do nothing", "statistic": "gifts", "candidate": "ada", "kind": "rally", '
    '"horizon": 4320, "direction": "none", "source": null}]'
)


@pytest.mark.parametrize(("written_days", "flags"), [(-9, []), (9, ["exploratory"])])
def test_an_own_claim_is_judged_and_says_where_it_was_written_too_late(
    con: duckdb.DuckDBPyConnection, written_days: int, flags: list[str]
) -> None:
    campaign(con)
    con.execute(
        """INSERT INTO raw.campaigns BY NAME SELECT 'us' AS campaign_id, 'h' AS campaign_hash, '' AS spec_hash,
        '{}' AS spec, '' AS title, 'UTC' AS timezone, 'USD' AS currency, DATE '2020-09-01' AS start_on,
        DATE '2020-11-01' AS end_on, 200 AS small_gift_max, ?::TIMESTAMPTZ AS landed_at, 30 AS retention_days,
        '' AS settings, ? AS claims, 1 AS load_id""",
        [DEBATE_AT + timedelta(days=written_days), OWN],
    )
    con.execute("UPDATE staging.events SET event_kind = 'rally'")
    con.execute(
        """INSERT INTO metrics.debate_donation_effect BY NAME SELECT 'us' AS campaign_id, 'ada' AS candidate_id,
        'gifts' AS source_id, 'count' AS metric, i::VARCHAR AS event_id, 'rally' AS event_kind,
        4320 AS horizon_minutes, 1.02 AS rr, 0.95 AS rr_low, 1.1 AS rr_high, 0.6 AS p, 'ok' AS status,
        []::VARCHAR[] AS flags, 'a-run' AS run_id FROM range(4) AS t (i)"""
    )
    judge(con, lambda _text: None)
    [claim] = [row for row in rows(con, "claims") if row["claim_id"] == "c1"]
    assert (claim["verdict"], claim["n_events"], claim["flags"]) == ("supports", 4, flags)
    assert claim["reason"].startswith(
        "In the 72 hours after 4 events of kind rally, gifts (ada in gifts) were 1.02 times the usual"
    )


def test_a_campaign_of_which_nothing_changed_keeps_its_descriptions(con: duckdb.DuckDBPyConnection) -> None:
    def runs() -> set[str]:
        return {run_id for (run_id,) in con.execute("SELECT run_id FROM metrics.buzz_decay").fetchall()}

    campaign(con)
    series(con, fading)
    assert "metrics.buzz_decay" in described(con)
    con.execute("UPDATE staging.this_run SET run_id = 'b-run'")
    assert (described(con), runs()) == (set(), {"a-run"})
    con.execute("UPDATE staging.effect_series SET value = value + 1 WHERE interval_start_at = ?", [DEBATE_AT])
    assert ("metrics.buzz_decay" in described(con), runs()) == (True, {"b-run"})


def test_a_post_more_of_an_own_account_is_described(con: duckdb.DuckDBPyConnection) -> None:
    campaign(con)
    series(con, fading)
    described(con)
    con.execute(
        """INSERT INTO staging.sources BY NAME SELECT 'us' AS campaign_id, 'own' AS source_id, 'us/own' AS source_key,
        'x_own' AS source_kind, 'ada' AS candidate_id, 'national' AS scope, false AS is_synthetic"""
    )
    con.execute(
        """INSERT INTO staging.posts BY NAME SELECT 'p1' AS post_id, 'us/own' AS source_key, 'x_own' AS source_kind,
        'original' AS post_type, ?::TIMESTAMPTZ AS posted_at""",
        [DEBATE_AT],
    )
    assert "metrics.own_voice" in described(con)
