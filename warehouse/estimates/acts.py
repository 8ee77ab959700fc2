"""What the claims on a campaign's own acts rest on, read from its tables."""

from collections.abc import Iterable, Sequence

import duckdb

from warehouse.effects.describe.claims.acts import (
    HandFound,
    ReturnFound,
    judge_field,
    judge_hand,
    judge_network,
)
from warehouse.effects.describe.claims.claim_rows import ClaimRow
from warehouse.effects.describe.claims.pushes import Effects, judge_facebook, judge_pushes
from warehouse.effects.describe.own_hand import OwnHand
from warehouse.effects.describe.scorecard import compare_rates
from warehouse.effects.spec import Spec
from warehouse.estimates.claim_evidence import HALF_WIDTHS, pooled_effect
from warehouse.estimates.scorecards import ChannelWeeks, added, read_channels, return_of

_A_DAY, _THREE_DAYS = 1440, 4320
_FACEBOOK = "source_kind = 'facebook'"
# Of a push each series is one look at the same mailing: their mean is one effect. What it calls for says which counts.
_PUSHES = """
    SELECT coalesce(list_contains(v.calls_for, 'meeting'), false), avg(ln(e.rr)), avg(ln(e.rr_high / e.rr_low))
    FROM metrics.debate_signup_effect AS e
    INNER JOIN staging.events AS v USING (campaign_id, event_id)
    WHERE e.campaign_id = ? AND v.event_kind = 'push' AND v.is_held AND e.horizon_minutes = ?
        AND e.status = 'ok' AND e.rr_low > 0 AND e.rr_high > e.rr_low
        AND e.what IN ('rsvp', 'volunteer', 'member', 'list')
        AND (e.what = 'rsvp') = coalesce(list_contains(v.calls_for, 'meeting'), false)
    GROUP BY e.event_id, 1
    ORDER BY e.event_id
"""
_REPLIES = """
    SELECT avg((p.post_type = 'reply')::INT) FILTER (WHERE p.source_kind = 'facebook'),
        avg((p.post_type = 'reply')::INT) FILTER (WHERE starts_with(p.source_kind, 'x_'))
    FROM staging.posts AS p
    SEMI JOIN staging.sources AS s ON p.source_key = s.source_key AND s.campaign_id = ?
"""


def with_acts(
    claims: Sequence[ClaimRow], con: duckdb.DuckDBPyConnection, campaign_id: str, spec: Spec
) -> list[ClaimRow]:
    """The claims, those on the campaign's own acts judged where it has told of them."""
    channels = read_channels(con, campaign_id)
    on_facebook = pooled_effect(con, "debate_buzz_effect", campaign_id, _A_DAY, _FACEBOOK)
    judged = [
        judge_facebook(on_facebook, _replies(con, campaign_id), spec),
        judge_pushes(*_pushes(con, campaign_id), _THREE_DAYS, spec),
        judge_network(_network(channels, spec), spec),
        judge_field(_field(channels, spec), spec),
        judge_hand(tuple(_hands(con, campaign_id)), spec),
    ]
    by_id = {claim.claim_id: claim for claim in judged if claim is not None}
    return [by_id.get(claim.claim_id, claim) for claim in claims]


def _hands(con: duckdb.DuckDBPyConnection, campaign_id: str) -> Iterable[HandFound]:
    names = list(OwnHand.__dataclass_fields__)
    query = (
        f"SELECT candidate_id, source_kind, {', '.join(names)} FROM metrics.own_hand WHERE campaign_id = ? ORDER BY ALL"
    )
    for candidate_id, source_kind, *values in con.execute(query, [campaign_id]).fetchall():
        hand = OwnHand(**dict(zip(names, values, strict=True)))
        yield HandFound(candidate_id=candidate_id, source_kind=source_kind, hand=hand)


def _network(channels: Sequence[ChannelWeeks], spec: Spec) -> ReturnFound | None:
    """What money spent on the campaign's network brings, over money spent on anything else, in one currency."""
    currencies = {one.currency for one in channels if one.kind == "network" and one.spent}
    if len(currencies) != 1:
        return None
    own = [one for one in channels if one.currency in currencies]
    came = return_of(own)
    network, rest = (
        added([c for c in own if (c.kind == "network") is wanted], "spent", came) for wanted in (True, False)
    )
    return ReturnFound(rate=compare_rates(network, rest, spec), came=came) if network and rest else None


def _field(channels: Sequence[ChannelWeeks], spec: Spec) -> ReturnFound | None:
    """What an hour in the field brings, over an hour online."""
    field, online = (added([c for c in channels if c.kind == kind], "hours", "signups") for kind in ("field", "online"))
    return ReturnFound(rate=compare_rates(field, online, spec), came="signups") if field and online else None


def _pushes(con: duckdb.DuckDBPyConnection, campaign_id: str) -> tuple[Effects, Effects]:
    """The effects of pushes that call for a meeting on replies to come, and of all others on who joins."""
    rows = con.execute(_PUSHES, [campaign_id, _THREE_DAYS]).fetchall()
    of_meetings, others = (
        [(log, width / HALF_WIDTHS) for is_of, log, width in rows if is_of is kind] for kind in (True, False)
    )
    return of_meetings, others


def _replies(con: duckdb.DuckDBPyConnection, campaign_id: str) -> tuple[float, float] | None:
    """The share of replies among posts of Facebook, and among those of X; None where either has no post."""
    there, on_x = con.execute(_REPLIES, [campaign_id]).fetchone() or (None, None)
    return None if there is None or on_x is None else (float(there), float(on_x))
