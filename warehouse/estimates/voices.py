"""Who speaks: a candidate's own account by regimes, and how few authors make the buzz of a debate."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import duckdb
import numpy as np

from warehouse.effects.arrays import Floats, Ints
from warehouse.effects.describe.cadence import measure_voice
from warehouse.effects.describe.concentration import measure_makers
from warehouse.effects.spec import Spec
from warehouse.series.events import CampaignEvent
from warehouse.series.study import SourceStudy
from warehouse.tables.filling import Row

_DAY_S = 86_400
_QUIET_DAYS = 28
_GUARD_DAYS = 4
_HOURS = 24
_ON_AIR = ("debate", "interview")
_OWN_POSTS = """
    WITH posts_sourced AS (
        SELECT s.*, p.* EXCLUDE (source_key, source_kind)
        FROM staging.posts AS p
        LEFT JOIN staging.posts_by_source AS b USING (post_id, source_kind)
        INNER JOIN staging.sources AS s ON coalesce(b.source_key, p.source_key) = s.source_key
        WHERE s.campaign_id = ?
    ),

    accounts AS (
        SELECT DISTINCT a.campaign_id, lower(substr(a.alias, 2)) AS account, a.candidate_id
        FROM raw.aliases AS a
        SEMI JOIN staging.campaigns USING (campaign_id, campaign_hash)
        WHERE starts_with(a.alias, '@') AND NOT a.is_excluded
    ),

    timelines AS (
        -- An archive of declared accounts alone is their timelines; one of a search holds what matched, and no pace.
        SELECT source_id
        FROM posts_sourced
        WHERE reach = 'files' AND NOT starts_with(post_id, 'erased-')
        GROUP BY source_id
        HAVING count(account) = count(*)
    )

    SELECT candidate_id, source_kind, posted_at, post_id, post_type
    FROM posts_sourced
    WHERE ends_with(source_kind, '_own') AND candidate_id IS NOT NULL
    UNION
    SELECT a.candidate_id, p.source_kind, p.posted_at, p.post_id, p.post_type
    FROM posts_sourced AS p
    SEMI JOIN timelines USING (source_id)
    INNER JOIN accounts AS a USING (campaign_id, account)
"""
_AUTHORS = """
    SELECT candidate_id, source_kind, mentioned_at, author_key
    FROM staging.mentions
    WHERE campaign_id = ? AND nullif(author_key, '') IS NOT NULL
"""


def read_voices(con: duckdb.DuckDBPyConnection, campaign_id: str) -> tuple[object, ...]:
    """What tells the rows below apart that own posts and authors of mentions make."""
    # Together: equal rows cancel in an exclusive or, and not in a sum or a count.
    told = "count(*), bit_xor(h), sum(h::HUGEINT)"
    accounts = con.execute(
        f"SELECT {told} FROM (SELECT hash(candidate_id, source_kind, posted_at, post_id, post_type) AS h"
        f" FROM ({_OWN_POSTS}))",
        [campaign_id],
    ).fetchone()
    authors = con.execute(
        f"SELECT {told} FROM (SELECT hash(candidate_id, source_kind, mentioned_at, author_key) AS h FROM ({_AUTHORS}))",
        [campaign_id],
    ).fetchone()
    return accounts, authors


def voice_rows(
    con: duckdb.DuckDBPyConnection, campaign_id: str, events: Sequence[CampaignEvent], spec: Spec
) -> Iterator[Row]:
    """One row a regime of each own account that has posts."""
    accounts = con.execute(
        "SELECT candidate_id, source_kind, list(epoch(posted_at) ORDER BY posted_at, post_id), "
        f"list(post_type ORDER BY posted_at, post_id) FROM ({_OWN_POSTS}) GROUP BY ALL ORDER BY ALL",
        [campaign_id],
    ).fetchall()
    for candidate_id, source_kind, at, kinds in accounts:
        on_air = [
            (event.starts_at.timestamp(), event.ends_at.timestamp())
            for event in events
            if event.kind in _ON_AIR and candidate_id in event.participants and event.starts_at and event.ends_at
        ]
        times = np.array(at, dtype=np.float64)
        for voice in measure_voice(times, kinds, start_s=at[0], end_s=at[-1] + 1, on_air=on_air, spec=spec):
            row = asdict(voice)
            start_s, end_s = row.pop("period_start_s"), row.pop("period_end_s")
            yield {
                "candidate_id": candidate_id,
                "source_kind": source_kind,
                "period_start_at": datetime.fromtimestamp(start_s, UTC),
                "period_end_at": datetime.fromtimestamp(end_s, UTC),
                "coverage": None,
                **row,
                "flags": list(voice.flags),
            }


def makers_rows(
    con: duckdb.DuckDBPyConnection,
    campaign_id: str,
    buzz: Sequence[SourceStudy],
    events: Sequence[CampaignEvent],
    spec: Spec,
) -> Iterator[Row]:
    """The first 24 hours of each debate, where authors are known, against the same hours of quiet days around it."""
    rows = con.execute(
        "SELECT candidate_id, source_kind, list(epoch(mentioned_at)), list(author_key) "
        f"FROM ({_AUTHORS}) GROUP BY ALL ORDER BY ALL",
        [campaign_id],
    ).fetchall()
    studies = {source.key.source_kind: source for source in buzz}
    for candidate_id, source_kind, at, authors in rows:
        seconds = np.array(at, dtype=np.float64)
        who = np.unique(np.array(authors, dtype=object).astype(str), return_inverse=True)[1]
        own = [e for e in events if not e.is_deadline and e.starts_at and e.concerns(candidate_id)]
        for event in own:
            if event.kind != "debate":
                continue
            window = np.floor((seconds - event.start_at.timestamp()) / _DAY_S)
            counts, quiet = _counted(who, window, 0), _quiet_days(who, window, event, own)
            row = asdict(measure_makers(counts, quiet, spec))
            yield {
                "candidate_id": candidate_id,
                "source_kind": source_kind,
                "event_id": event.event_id,
                "coverage": _coverage(studies.get(source_kind), candidate_id, event),
                **row,
                "flags": list(row["flags"]),
            }


def _quiet_days(who: Ints, window: Floats, event: CampaignEvent, own: Sequence[CampaignEvent]) -> list[Ints]:
    """Counts by author of each day around that no event of the candidate touches."""
    apart = [(other.start_at - event.start_at).total_seconds() / _DAY_S for other in own]
    days = range(-_QUIET_DAYS, _QUIET_DAYS + 1)
    return [_counted(who, window, k) for k in days if not any(-1 < k - days_off < _GUARD_DAYS for days_off in apart)]


def _counted(who: Ints, window: Floats, day: int) -> Ints:
    return np.bincount(who[window == day]).astype(np.int64)


def _coverage(source: SourceStudy | None, candidate_id: str, event: CampaignEvent) -> float | None:
    panel = source.panel_of(candidate_id, event) if source else None
    if source is None or panel is None or panel.is_sampled:
        return None
    return panel.seen(candidate_id, event, _HOURS).coverage
