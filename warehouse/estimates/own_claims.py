"""The claims that a campaign states itself: read from what landed, judged on its tables of effects."""

import json
from datetime import datetime

import duckdb
import numpy as np

from warehouse.effects.describe.claims.claim_rows import Chosen, ClaimRow
from warehouse.effects.describe.claims.judge import Findings
from warehouse.effects.describe.claims.own import OwnClaim, judge_own_divide, judge_own_effect
from warehouse.effects.estimate.effect_rows import EffectRow
from warehouse.effects.estimate.pooling import pool
from warehouse.effects.spec import Spec
from warehouse.estimates.claim_evidence import HALF_WIDTHS, pooled_effect
from warehouse.sql_text import quoted

_METRICS = {"gifts": "count", "amount": "amount", "new_donors": "new_donors"}


def read_own_claims(con: duckdb.DuckDBPyConnection, campaign_id: str) -> list[tuple[OwnClaim, datetime]]:
    """The claims in force, each with the moment since which it has stood as it does."""
    states = con.execute(
        "SELECT claims, landed_at FROM raw.campaigns WHERE campaign_id = ? ORDER BY landed_at DESC, campaign_hash",
        [campaign_id],
    ).fetchall()
    told = [({claim["claim_id"]: claim for claim in json.loads(text or "[]")}, at) for text, at in states]
    found = []
    for claim_id, claim in sorted(told[0][0].items()) if told else []:
        since = told[0][1]
        for earlier, at in told:
            if earlier.get(claim_id) != claim:
                break
            since = at
        found.append((OwnClaim(**claim), since))
    return found


def judge_own(
    con: duckdb.DuckDBPyConnection, campaign_id: str, own: OwnClaim, findings: Findings, spec: Spec
) -> ClaimRow:
    """The row of one claim."""
    if own.statistic == "divide":
        return judge_own_divide(own, findings.divides, spec, has_territories=findings.has_territories)
    table = "debate_buzz_effect" if own.statistic == "mentions" else "debate_donation_effect"
    source = "source_kind" if own.statistic == "mentions" else "source_id"
    where = ["true" if own.statistic == "mentions" else f"metric = {quoted(_METRICS[own.statistic])}"]
    where += [f"{source} = {quoted(own.source)}"] if own.source else []
    where += [f"candidate_id = {quoted(own.candidate)}"] if own.candidate else []
    if own.kind == "debate":
        chosen = pooled_effect(con, table, campaign_id, own.horizon, " AND ".join(where))
    else:
        chosen = _pooled_here(con, table, source, campaign_id, own, " AND ".join(where), spec)
    return judge_own_effect(own, chosen, spec)


def _pooled_here(  # noqa: PLR0917 - one caller, and each is of another meaning
    con: duckdb.DuckDBPyConnection,
    table: str,
    source: str,
    campaign_id: str,
    own: OwnClaim,
    where: str,
    spec: Spec,
) -> Chosen | None:
    """Effects of a kind of event whose rows are not pooled in the table: of the series with the narrowest interval."""
    rows = con.execute(
        f"""SELECT candidate_id, {source}, list(ln(rr) ORDER BY event_id), list(ln(rr_high / rr_low) ORDER BY event_id)
        FROM metrics.{table} WHERE campaign_id = ? AND event_kind = ? AND horizon_minutes = ? AND event_id != 'ALL'
            AND {source} != 'ALL' AND status = 'ok' AND rr > 0 AND rr_low > 0 AND rr_high > rr_low
            AND NOT list_contains(flags, 'not_held') AND {where}
        GROUP BY ALL HAVING count(*) >= ? ORDER BY 1, 2""",
        [campaign_id, own.kind, own.horizon, spec.min_contrast_events],
    ).fetchall()
    pooled = [
        (pool(logs, list(np.array(widths) / HALF_WIDTHS), spec), candidate_id, source_id)
        for candidate_id, source_id, logs, widths in rows
    ]
    if not pooled:
        return None
    best, candidate_id, source_id = min(pooled, key=lambda one: (one[0].se, one[1], one[2]))
    rr, low, high = (float(np.exp(log)) for log in (best.mean, best.low, best.high))
    row = EffectRow(
        n_events=best.n, observed=0.0, coverage=None, status="ok", flags=(), rr=rr, rr_low=low, rr_high=high, p=best.p
    )  # fmt: skip
    key = f"candidate_id = {quoted(candidate_id)} AND {source} = {quoted(source_id)} AND event_kind = '{own.kind}'"
    return Chosen(
        row=row,
        whose=f"{candidate_id} in {source_id}",
        of=len(pooled),
        horizon_minutes=own.horizon,
        kind=own.kind,
        where=key,
        rests_on=f"FROM {table} WHERE {key} AND {where} AND event_id != 'ALL' AND horizon_minutes = {own.horizon}",
    )
