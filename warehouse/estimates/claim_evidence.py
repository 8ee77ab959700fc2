"""What the claims of a campaign rest on, read from its tables of effects and of descriptions."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from warehouse.effects.describe.cadence import OwnVoice
from warehouse.effects.describe.claims.claim_rows import Chosen
from warehouse.effects.describe.claims.divide import Territories
from warehouse.effects.describe.claims.judge import Findings
from warehouse.effects.describe.concentration import BuzzMakers
from warehouse.effects.describe.contrast import Contrast
from warehouse.effects.describe.lead_lag import LeadLag
from warehouse.effects.describe.trend import find_trend
from warehouse.effects.describe.vote import vote_slope
from warehouse.effects.estimate.effect_rows import EffectRow
from warehouse.effects.estimate.pooling import Pooled, pool
from warehouse.effects.spec import Spec
from warehouse.estimates.leads import lead_between
from warehouse.estimates.vote_evidence import vote_pairs
from warehouse.series.read import read_events, read_kinds
from warehouse.series.study import SourceStudy
from warehouse.tables.filling import Row

HALF_WIDTHS = 2 * 1.96  # of an interval on logs, in standard errors
# Of a source that counts its gifts the counts speak, of another the amounts.
PRIMARY = """metric = (SELECT max(o.metric) FROM metrics.debate_donation_effect AS o
    WHERE o.campaign_id = e.campaign_id AND o.source_id = e.source_id AND o.metric IN ('count', 'amount'))"""
_POOLED = """
    SELECT n_events, observed, coverage, rr, rr_low, rr_high, p, q_bh, mde80, candidate_id, {source}, count(*) OVER (),
        {key}
    FROM metrics.{table} WHERE campaign_id = ? AND event_id = 'ALL' AND event_kind = 'debate' AND horizon_minutes = ?
        AND rr IS NOT NULL AND {where}
    ORDER BY mde80, candidate_id, {source} LIMIT 1
"""
_SCOPES = """
    SELECT ln(n.rr / l.rr), sqrt(ln(n.rr_high / n.rr_low) ** 2 + ln(l.rr_high / l.rr_low) ** 2)
    FROM metrics.debate_buzz_effect AS n
    INNER JOIN metrics.debate_buzz_effect AS l USING (campaign_id, candidate_id, source_kind, event_id, horizon_minutes)
    WHERE n.campaign_id = ? AND n.horizon_minutes = ? AND n.event_id != 'ALL' AND n.event_kind = 'debate'
        AND n.scope = 'national' AND l.scope = 'local' AND NOT list_contains(n.flags, 'not_held')
        AND n.status = 'ok' AND l.status = 'ok'
        AND n.rr_low > 0 AND l.rr_low > 0 AND n.rr_high > n.rr_low AND l.rr_high > l.rr_low
    ORDER BY ALL
"""
_A_DAY, _THREE_DAYS = 1440, 4320


def find_all(
    con: duckdb.DuckDBPyConnection, campaign_id: str, contrasts: list[Row], zone: ZoneInfo, spec: Spec
) -> Findings:
    """What the tables hold; `contrasts` are the campaign's rows of `event_contrast`."""
    own = [row for row in contrasts if row["horizon_minutes"] == _THREE_DAYS]
    names = Contrast.__dataclass_fields__
    finest = _finest_horizon(con, campaign_id)
    counted = pooled_effect(con, "debate_donation_effect", campaign_id, finest, "metric = 'count'")
    gifts = counted or pooled_effect(con, "debate_donation_effect", campaign_id, finest, "metric = 'amount'")
    pairs = vote_pairs(con, campaign_id)
    return Findings(
        contrasts=tuple(Contrast(**{name: row[name] for name in names}) for row in own),  # type: ignore[arg-type]
        contrast_minutes=_THREE_DAYS,
        outcomes=frozenset(str(row["outcome"]) for row in own if row["difference"] is not None),
        makers=tuple(_read(con, BuzzMakers, "buzz_makers", campaign_id, "source_kind = 'blog'")),
        buzz_on_x=pooled_effect(con, "debate_buzz_effect", campaign_id, _A_DAY, "source_kind LIKE 'x\\_%' ESCAPE '\\'"),
        x_leads_blogs=_x_before_blogs(con, campaign_id, zone, spec),
        has_scopes=_has_scopes(con, campaign_id),
        scopes=_scopes(con, campaign_id, spec),
        voice=tuple(_voices(con, campaign_id)),
        gifts=gifts,
        gifts_in_a_day=_beside(con, campaign_id, gifts),
        are_gifts_counted=counted is not None,
        has_territories=_has_territories(con, campaign_id),
        divides=tuple(_read(con, Territories, "territory_divide", campaign_id, "true")),
        new_donors=pooled_effect(con, "debate_donation_effect", campaign_id, _THREE_DAYS, "metric = 'new_donors'"),
        vote=vote_slope(pairs or [], spec),
        vote_pairs=None if pairs is None else len(pairs),
        trend=_trend(con, campaign_id, spec),
    )


def _finest_horizon(con: duckdb.DuckDBPyConnection, campaign_id: str) -> int:
    """The shortest window of which a pooled effect on money is known: three hours, a day or three days."""
    found = con.execute(
        "SELECT min(horizon_minutes) FROM metrics.debate_donation_effect WHERE campaign_id = ? AND event_id = 'ALL'"
        " AND event_kind = 'debate' AND horizon_minutes > 0 AND metric IN ('count', 'amount') AND rr IS NOT NULL",
        [campaign_id],
    ).fetchone()
    return found[0] if found and found[0] else _THREE_DAYS


def _beside(con: duckdb.DuckDBPyConnection, campaign_id: str, gifts: Chosen | None) -> Chosen | None:
    """The same series over 24 hours, where it is judged on fewer; None where there is no estimate."""
    if gifts is None or gifts.horizon_minutes is None or gifts.horizon_minutes >= _A_DAY:
        return None
    return pooled_effect(con, "debate_donation_effect", campaign_id, _A_DAY, gifts.where)


def _has_territories(con: duckdb.DuckDBPyConnection, campaign_id: str) -> bool:
    query = "FROM staging.territories WHERE campaign_id = ? AND online_share IS NOT NULL LIMIT 1"
    return con.execute(query, [campaign_id]).fetchone() is not None


def _x_before_blogs(con: duckdb.DuckDBPyConnection, campaign_id: str, zone: ZoneInfo, spec: Spec) -> LeadLag | None:
    """Whether X leads the blogs, of the candidate with most days of both; None where one of them is missing."""
    events = read_events(con, campaign_id, zone)
    by_kind = {panels[0].key.source_kind: panels for panels in read_kinds(con, campaign_id, zone)}
    x = by_kind.get("x_counts") or by_kind.get("x_posts")
    if x is None or "blog" not in by_kind:
        return None
    leader, follower = (SourceStudy(panels, events, spec) for panels in (x, by_kind["blog"]))
    return max(lead_between(leader, follower, zone, spec), key=lambda found: found.n, default=None)


def _has_scopes(con: duckdb.DuckDBPyConnection, campaign_id: str) -> bool:
    """Whether one kind of source has national and local sources."""
    return bool(
        con.execute(
            "SELECT source_kind FROM staging.sources WHERE campaign_id = ?"
            " AND source_kind NOT IN ('donations', 'polls', 'signups')"
            " GROUP BY source_kind HAVING count(DISTINCT scope) > 1",
            [campaign_id],
        ).fetchall()
    )


def _scopes(con: duckdb.DuckDBPyConnection, campaign_id: str, spec: Spec) -> Pooled | None:
    """The mean log ratio of national to local effects of the same debate and candidate; None without a pair."""
    for horizon in (_A_DAY, _THREE_DAYS):
        pairs = con.execute(_SCOPES, [campaign_id, horizon]).fetchall()
        if pairs:
            return pool([ratio for ratio, _ in pairs], [width / HALF_WIDTHS for _, width in pairs], spec)
    return None


def pooled_effect(
    con: duckdb.DuckDBPyConnection, table: str, campaign_id: str, horizon: int, where: str
) -> Chosen | None:
    """The pooled effect that is known best, of the candidates and sources that have one."""
    source = "source_id" if table == "debate_donation_effect" else "source_kind || ' ' || scope"
    # As SQL that finds the row again, among the published tables as among those that are built.
    names = ("source_id", "metric") if table == "debate_donation_effect" else ("source_kind", "scope")
    key = " || ' AND ' || ".join(f"'{name} = ' || chr(39) || {name} || chr(39)" for name in ("candidate_id", *names))
    query = _POOLED.format(table=table, where=where, source=source, key=key)
    found = con.execute(query, [campaign_id, horizon]).fetchone()
    if found is None:
        return None
    n_events, observed, coverage, rr, low, high, p, q, mde80, candidate_id, source_id, of, key = found
    row = EffectRow(
        n_events=n_events,
        observed=observed,
        coverage=coverage,
        status="ok",
        flags=(),
        rr=rr,
        rr_low=low,
        rr_high=high,
        p=p,
        q_bh=q,
        mde80=mde80,
    )
    return Chosen(
        row=row,
        whose=f"{candidate_id} in {source_id}",
        of=of,
        horizon_minutes=horizon,
        where=key,
        rests_on=f"FROM {table} WHERE {key} AND event_id = 'ALL' AND horizon_minutes = {horizon}",
    )


def _read(con: duckdb.DuckDBPyConnection, kind: type, table: str, campaign_id: str, where: str) -> Iterable:  # type: ignore[type-arg]
    """Rows of a table as the dataclass that made them."""
    columns = [row[0] for row in con.execute(f"DESCRIBE metrics.{table}").fetchall()]
    names = [name for name in kind.__dataclass_fields__ if name in columns]  # type: ignore[attr-defined]
    query = f"SELECT {', '.join(names)} FROM metrics.{table} WHERE campaign_id = ? AND {where} ORDER BY ALL"
    for row in con.execute(query, [campaign_id]).fetchall():
        yield kind(**dict(zip(names, row, strict=True)))


def _voices(con: duckdb.DuckDBPyConnection, campaign_id: str) -> Iterable[OwnVoice]:
    """The regimes of the busiest own account, by time."""
    rows = con.execute(
        "SELECT epoch(period_start_at), epoch(period_end_at), posts, per_day, regime, status FROM metrics.own_voice "
        "WHERE campaign_id = $1 AND candidate_id = (SELECT candidate_id FROM metrics.own_voice WHERE campaign_id = $1 "
        "GROUP BY ALL ORDER BY sum(posts) DESC, candidate_id LIMIT 1) ORDER BY 1",
        [campaign_id],
    ).fetchall()
    for start, end, posts, per_day, regime, status in rows:
        yield OwnVoice(
            period_start_s=start,
            period_end_s=end,
            posts=posts,
            per_day=per_day,
            active_days_share=0.0,
            replies_share=None,
            reposts_share=None,
            on_air_share=None,
            burstiness=None,
            memory=None,
            regime=regime,
            status=status,
        )


def _trend(con: duckdb.DuckDBPyConnection, campaign_id: str, spec: Spec) -> Pooled | None:
    """The trend of donation effects over debates, of the series with most of them."""
    rows = con.execute(
        f"""SELECT candidate_id, source_id, metric, list(ln(rr) ORDER BY window_start_at),
            list(ln(rr_high / rr_low) ORDER BY window_start_at)
        FROM metrics.debate_donation_effect AS e
        WHERE {PRIMARY} AND campaign_id = ? AND event_id != 'ALL' AND event_kind = 'debate' AND horizon_minutes = 4320
            AND NOT list_contains(flags, 'not_held') AND status = 'ok' AND rr_low > 0 AND rr_high > rr_low
        GROUP BY ALL
        HAVING count(*) >= 3
        ORDER BY count(*) DESC, 1, 2, 3
        LIMIT 1""",
        [campaign_id],
    ).fetchone()
    return None if rows is None else find_trend(rows[3], list(np.array(rows[4]) / HALF_WIDTHS), spec)
