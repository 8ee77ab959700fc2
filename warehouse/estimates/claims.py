"""Contrasts of kinds of event, and the founding claims: read from the tables of effects, written to their own."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from zoneinfo import ZoneInfo

import duckdb

from warehouse.effects.describe.claims.judge import judge_claims
from warehouse.effects.describe.contrast import KindEffect, contrast_kinds
from warehouse.effects.spec import Spec
from warehouse.estimates.acts import with_acts
from warehouse.estimates.campaigns import touched_campaigns
from warehouse.estimates.claim_evidence import HALF_WIDTHS, PRIMARY, find_all
from warehouse.estimates.event_effects import event_flags
from warehouse.estimates.own_claims import judge_own, read_own_claims
from warehouse.estimates.spec_versions import spec_changed_at
from warehouse.series.read import read_events
from warehouse.tables.filling import Row, fill_table

_EFFECTS = f"""
    SELECT 'buzz' AS outcome, horizon_minutes, event_id, event_kind, ln(rr), ln(rr_high / rr_low)
    FROM metrics.debate_buzz_effect
    WHERE campaign_id = $1 AND horizon_minutes > 0 AND event_id != 'ALL' AND source_kind != 'ALL'
        AND NOT list_contains(flags, 'not_held')
        AND status = 'ok' AND rr > 0 AND rr_low > 0 AND rr_high > rr_low
    UNION ALL
    SELECT 'donations', horizon_minutes, event_id, event_kind, ln(rr), ln(rr_high / rr_low)
    FROM metrics.debate_donation_effect AS e
    WHERE campaign_id = $1 AND horizon_minutes > 0 AND event_id != 'ALL' AND NOT list_contains(flags, 'not_held')
        AND {PRIMARY}
        AND status = 'ok' AND rr > 0 AND rr_low > 0 AND rr_high > rr_low
    ORDER BY ALL
"""


def judge(con: duckdb.DuckDBPyConnection, tell: Callable[[str], None]) -> set[str]:
    """Fill `event_contrast` and `claims`; the tables of effects and of descriptions must be there."""
    contrasts: list[Row] = []
    claims: list[Row] = []
    campaigns = touched_campaigns(con)
    for campaign_id, zone, spec in campaigns:
        tell(f"judging the claims of {campaign_id}")
        flags = _flags(con, campaign_id, zone)
        own: list[Row] = [{**row, "flags": flags} for row in _contrasts(con, campaign_id, spec)]
        contrasts += own
        findings = find_all(con, campaign_id, own, zone, spec)
        claims += [
            {"campaign_id": campaign_id, "coverage": None, "flags": flags, **asdict(claim)}
            for claim in with_acts(judge_claims(findings, spec), con, campaign_id, spec)
        ]
        events = read_events(con, campaign_id, zone)
        for said, since in read_own_claims(con, campaign_id):
            judged = judge_own(con, campaign_id, said, findings, spec)
            # A claim that was written when the outcome could be seen is no prediction.
            is_late = any(event.kind == said.kind and event.is_held and event.start_at < since for event in events)
            flagged = list(dict.fromkeys([*flags, *(["exploratory"] if is_late else [])]))
            claims.append({"campaign_id": campaign_id, "coverage": None, "flags": flagged, **asdict(judged)})
    names = [campaign.campaign_id for campaign in campaigns]
    fill_table(con, "metrics.event_contrast", contrasts, names)
    fill_table(con, "metrics.claims", claims, names)
    return {"metrics.event_contrast", "metrics.claims"}


def _flags(con: duckdb.DuckDBPyConnection, campaign_id: str, zone: ZoneInfo) -> list[str]:
    """`exploratory`, where the analysis was changed after one of the held debates had begun."""
    changed_at = spec_changed_at(con, campaign_id)
    debates = [event for event in read_events(con, campaign_id, zone) if event.kind == "debate"]
    return ["exploratory"] if any("exploratory" in event_flags(event, changed_at) for event in debates) else []


def _contrasts(con: duckdb.DuckDBPyConnection, campaign_id: str, spec: Spec) -> Iterable[Row]:
    """Debates against each other kind that the campaign lists, for each outcome and horizon."""
    found: dict[tuple[str, int], list[KindEffect]] = defaultdict(list)
    for outcome, horizon, event_id, kind, log_rr, width in con.execute(_EFFECTS, [campaign_id]).fetchall():
        effect = KindEffect(event_id=event_id, kind=kind, log_rr=log_rr, se=width / HALF_WIDTHS)
        found[outcome, horizon].append(effect)
    kinds = con.execute(
        "SELECT DISTINCT event_kind FROM staging.events WHERE campaign_id = ? AND is_held"
        " AND event_kind NOT IN ('debate', 'deadline') ORDER BY ALL",
        [campaign_id],
    ).fetchall()
    for (outcome, horizon), effects in found.items():
        for (kind,) in kinds:
            contrast = contrast_kinds(effects, "debate", kind, spec)
            yield {
                "campaign_id": campaign_id,
                "outcome": outcome,
                "horizon_minutes": horizon,
                "coverage": None,
                **asdict(contrast),
            }
