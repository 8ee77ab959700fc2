"""Contrasts of kinds of event, and the founding claims: read from the tables of effects, written to their own."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict

import duckdb
import numpy as np

from warehouse.describing import Row, fill_table
from warehouse.effects.cadence import OwnVoice
from warehouse.effects.claims import Findings, judge_claims
from warehouse.effects.concentration import BuzzMakers
from warehouse.effects.contrast import Contrast, KindEffect, contrast_kinds
from warehouse.effects.effect_rows import EffectRow
from warehouse.effects.pooling import Pooled
from warehouse.effects.spec import Spec
from warehouse.effects.timing import Timing
from warehouse.effects.trend import find_trend

_HALF_WIDTHS = 2 * 1.96  # of an interval on logs, in standard errors
_EFFECTS = """
    SELECT campaign_id, 'buzz' AS outcome, horizon_minutes, event_id, event_kind, ln(rr), ln(rr_high / rr_low)
    FROM metrics.debate_buzz_effect
    WHERE event_id != 'ALL' AND source_kind != 'ALL' AND rr > 0 AND rr_low > 0 AND rr_high > rr_low
    UNION ALL
    SELECT campaign_id, 'donations', horizon_minutes, event_id, event_kind, ln(rr), ln(rr_high / rr_low)
    FROM metrics.debate_donation_effect
    WHERE event_id != 'ALL' AND metric IN ('count', 'amount') AND rr > 0 AND rr_low > 0 AND rr_high > rr_low
    ORDER BY ALL
"""
_POOLED = """
    SELECT n_events, observed, coverage, rr, rr_low, rr_high, p, q_bh, mde80
    FROM metrics.{table} WHERE campaign_id = ? AND event_id = 'ALL' AND event_kind = 'debate' AND horizon_minutes = ?
        AND rr IS NOT NULL AND {where}
    ORDER BY mde80 LIMIT 1
"""


def judge(con: duckdb.DuckDBPyConnection, tell: Callable[[str], None]) -> set[str]:
    """Fill `event_contrast` and `claims`; the tables of effects and of descriptions must be there."""
    tell("judging the claims")
    spec = Spec()
    contrasts = list(_contrasts(con, spec))
    claims = [
        {"campaign_id": campaign_id, "coverage": None, "status": "ok", "flags": [], **asdict(claim)}
        for (campaign_id,) in con.execute("SELECT campaign_id FROM staging.campaigns ORDER BY 1").fetchall()
        for claim in judge_claims(_findings(con, campaign_id, contrasts, spec), spec)
    ]
    for claim in claims:
        claim["status"] = "ok" if claim["verdict"] != "insufficient" else "insufficient_sample"
    return {fill_table(con, "metrics.event_contrast", contrasts), fill_table(con, "metrics.claims", claims)}


def _contrasts(con: duckdb.DuckDBPyConnection, spec: Spec) -> Iterable[Row]:
    """Debates against each other kind that the campaign lists, for each outcome and horizon."""
    found: dict[tuple[str, str, int], list[KindEffect]] = defaultdict(list)
    for campaign_id, outcome, horizon, event_id, kind, log_rr, width in con.execute(_EFFECTS).fetchall():
        effect = KindEffect(event_id=event_id, kind=kind, log_rr=log_rr, se=width / _HALF_WIDTHS)
        found[campaign_id, outcome, horizon].append(effect)
    for (campaign_id, outcome, horizon), effects in found.items():
        for kind in sorted({effect.kind for effect in effects} - {"debate"}):
            yield {
                "campaign_id": campaign_id,
                "outcome": outcome,
                "horizon_minutes": horizon,
                "coverage": None,
                "flags": [],
                **asdict(contrast_kinds(effects, "debate", kind, spec)),
            }


def _findings(con: duckdb.DuckDBPyConnection, campaign_id: str, contrasts: list[Row], spec: Spec) -> Findings:
    own = [row for row in contrasts if row["campaign_id"] == campaign_id and row["horizon_minutes"] == 4320]  # noqa: PLR2004
    names = Contrast.__dataclass_fields__
    sources = con.execute(
        "SELECT DISTINCT precision FROM staging.sources WHERE campaign_id = ? AND source_kind = 'donations'",
        [campaign_id],
    ).fetchall()
    is_daily = all(precision in ("day", None) for (precision,) in sources)
    return Findings(
        contrasts=tuple(Contrast(**{name: row[name] for name in names}) for row in own),  # type: ignore[arg-type]
        makers=tuple(_read(con, BuzzMakers, "buzz_makers", campaign_id, "source_kind = 'blog'")),
        buzz_on_x=_pooled(con, "debate_buzz_effect", campaign_id, 1440, "source_kind LIKE 'x\\_%' ESCAPE '\\'"),
        voice=tuple(_voices(con, campaign_id)),
        gifts=_pooled(con, "debate_donation_effect", campaign_id, 4320 if is_daily else 1440, "metric = 'count'")
        or _pooled(con, "debate_donation_effect", campaign_id, 4320 if is_daily else 1440, "metric = 'amount'"),
        gift_timing=next(iter(_read(con, Timing, "donation_timing", campaign_id, "status = 'ok'")), None),
        is_gift_data_daily=is_daily,
        new_donors=_pooled(con, "debate_donation_effect", campaign_id, 4320, "metric = 'new_donors'"),
        trend=_trend(con, campaign_id, spec),
    )


def _pooled(con: duckdb.DuckDBPyConnection, table: str, campaign_id: str, horizon: int, where: str) -> EffectRow | None:
    """The pooled effect that is known best, of the candidates and sources that have one."""
    row = con.execute(_POOLED.format(table=table, where=where), [campaign_id, horizon]).fetchone()
    if row is None:
        return None
    n_events, observed, coverage, rr, low, high, p, q, mde80 = row
    return EffectRow(
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
        "SELECT candidate_id, source_id, metric, list(ln(rr) ORDER BY window_start_at), "
        "list(ln(rr_high / rr_low) ORDER BY window_start_at) FROM metrics.debate_donation_effect "
        "WHERE campaign_id = ? AND event_id != 'ALL' AND event_kind = 'debate' AND horizon_minutes = 4320 "
        "AND rr_low > 0 AND rr_high > rr_low GROUP BY ALL HAVING count(*) >= 3 ORDER BY count(*) DESC, 1, 2, 3 LIMIT 1",
        [campaign_id],
    ).fetchone()
    return None if rows is None else find_trend(rows[3], list(np.array(rows[4]) / _HALF_WIDTHS), spec)
