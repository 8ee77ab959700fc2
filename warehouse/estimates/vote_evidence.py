"""What claim 2 rests on: each event's change in polls beside its change in mentions, of the same candidate."""

from collections import defaultdict
from math import log2

import duckdb

from warehouse.effects.describe.vote import Pair

_NORMAL_WIDTHS = 2 * 1.96  # of a 95 % interval, in standard errors; an interval of few polls is the wider
_PAIRS = """
    SELECT b.source_kind, b.scope, p.event_id, p.change, p.ci_high - p.ci_low, b.rr
    FROM metrics.poll_change AS p
    INNER JOIN metrics.debate_buzz_effect AS b USING (campaign_id, candidate_id, event_id)
    WHERE p.campaign_id = ? AND p.event_id != 'ALL' AND b.horizon_minutes = 1440 AND p.status = 'ok' AND b.status = 'ok'
        AND b.rr > 0 AND NOT list_contains(p.flags, 'not_held')
    ORDER BY ALL
"""


def vote_pairs(con: duckdb.DuckDBPyConnection, campaign_id: str) -> list[Pair] | None:
    """The pairs of the kind of source that has most of them; None where the campaign has no polls."""
    polls = con.execute("SELECT count(*) FROM metrics.poll_change WHERE campaign_id = ?", [campaign_id]).fetchone()
    if polls == (0,):
        return None
    by_kind: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for kind, scope, event_id, change, width, rr in con.execute(_PAIRS, [campaign_id]).fetchall():
        pair = Pair(event_id=event_id, change=change, se=width / _NORMAL_WIDTHS, doublings=log2(rr))
        by_kind[kind, scope].append(pair)
    return max(by_kind.values(), key=len, default=[])
