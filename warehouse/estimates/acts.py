"""What the claims on a campaign's own acts rest on, read from its tables."""

from collections.abc import Iterable, Sequence

import duckdb

from warehouse.effects.describe.claims import ClaimRow
from warehouse.effects.describe.claims_of_acts import HandFound, judge_hand
from warehouse.effects.describe.own_hand import OwnHand
from warehouse.effects.spec import Spec


def with_acts(
    claims: Sequence[ClaimRow], con: duckdb.DuckDBPyConnection, campaign_id: str, spec: Spec
) -> list[ClaimRow]:
    """The claims, those on the campaign's own acts judged where it has told of them."""
    judged = [judge_hand(tuple(_hands(con, campaign_id)), spec)]
    by_id = {claim.claim_id: claim for claim in judged if claim is not None}
    return [by_id.get(claim.claim_id, claim) for claim in claims]


def _hands(con: duckdb.DuckDBPyConnection, campaign_id: str) -> Iterable[HandFound]:
    names = list(OwnHand.__dataclass_fields__)
    query = (
        f"SELECT candidate_id, source_kind, {', '.join(names)} FROM metrics.own_hand WHERE campaign_id = ? ORDER BY ALL"
    )
    for candidate_id, source_kind, *values in con.execute(query, [campaign_id]).fetchall():
        yield HandFound(whose=f"{candidate_id} in {source_kind}", hand=OwnHand(**dict(zip(names, values, strict=True))))
