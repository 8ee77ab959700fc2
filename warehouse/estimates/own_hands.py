"""Posts that a candidate writes against those of the staff, from the own accounts of a campaign to `own_hand`."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

import duckdb
import numpy as np

from warehouse.effects.describe.own_hand import ToldPosts, measure_own_hand
from warehouse.effects.spec import DAYS_A_WEEK, Spec
from warehouse.tables.filling import Row

_MONDAY = 4  # 1970-01-05 was one: days since 1970-01-01
# Ripe: counted long enough after the post for its reactions to have come. Unripe ones say nothing of the hand.
_POSTS = """
    SELECT candidate_id, source_kind, posted_at, post_type, counters, reactions, post_id,
        date_diff('day', DATE '1970-01-01', posted_on) AS day,
        CASE WHEN reactions IS NOT NULL AND observed_at >= posted_at + to_hours(?) THEN hand ELSE 'unknown' END AS hand
    FROM staging.own_posts
    WHERE campaign_id = ?
"""


def read_hands(con: duckdb.DuckDBPyConnection, campaign_id: str, spec: Spec) -> object:
    """What tells the rows below apart that own posts make."""
    # Together: equal rows cancel in an exclusive or, and not in a sum or a count.
    return con.execute(
        f"SELECT count(*), bit_xor(hash(p)), sum(hash(p)::HUGEINT) FROM ({_POSTS}) AS p",
        [spec.reaction_hours, campaign_id],
    ).fetchone()


def hand_rows(con: duckdb.DuckDBPyConnection, campaign_id: str, spec: Spec) -> Iterator[Row]:
    """One row for each candidate and kind of source that has own posts."""
    accounts = con.execute(
        "SELECT candidate_id, source_kind, epoch(min(posted_at)), epoch(max(posted_at)), count(*),"
        " list(struct_pack(day, alike, is_own := hand = 'own', reactions) ORDER BY posted_at, post_id)"
        " FILTER (WHERE hand != 'unknown') FROM (SELECT *, dense_rank() OVER"
        f" (ORDER BY (day - {_MONDAY}) // {DAYS_A_WEEK}, post_type, counters) AS alike FROM ({_POSTS}))"
        " GROUP BY ALL ORDER BY candidate_id, source_kind",
        [spec.reaction_hours, campaign_id],
    ).fetchall()
    for candidate_id, source_kind, first_s, last_s, n, told in accounts:
        found = measure_own_hand(_told(told or []), spec)
        yield {
            "candidate_id": candidate_id,
            "source_kind": source_kind,
            "period_start_at": datetime.fromtimestamp(first_s, UTC),
            "period_end_at": datetime.fromtimestamp(last_s + 1, UTC),
            "n_unknown": n - found.n_own - found.n_staff,
            **asdict(found),
            "coverage": None,
            "flags": [],
        }


def _told(posts: list[dict[str, object]]) -> ToldPosts:
    columns = {name: np.array([post[name] for post in posts]) for name in ("day", "alike", "is_own", "reactions")}
    return ToldPosts(
        day=columns["day"].astype(np.int64),
        alike=columns["alike"].astype(np.int64),
        is_own=columns["is_own"].astype(np.bool_),
        reactions=columns["reactions"].astype(np.float64),
    )
