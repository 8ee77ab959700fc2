"""What the rules rest on besides the health of a home: asked of the published tables."""

from datetime import datetime, timedelta
from pathlib import Path

from flows.alerts.rules import Facts, Seen, Spike, live_events
from flows.health.read import Health
from flows.settings import Settings
from warehouse.publish.reading import BadQuery, NothingPublished, query_published

SPIKE_Z = 8.0  # how rarely a quiet hour passes it: `bench alerts`
SPIKE_MENTIONS = 10
_RECENT = timedelta(hours=3)

# A series whose hours are not all seen, or that has no baseline yet, has no z and no spike.
SPIKES = """
SELECT campaign_id, candidate_id, source_kind, scope, max(interval_start_at) AS hour_at,
    arg_max(mentions, interval_start_at), arg_max(expected, interval_start_at), arg_max(z, interval_start_at)
FROM metrics.buzz_by_interval
WHERE interval_minutes = 60 AND z >= {z} AND mentions >= {mentions} AND interval_start_at >= TIMESTAMPTZ '{since}'
GROUP BY campaign_id, candidate_id, source_kind, scope
ORDER BY ALL
"""
_SEEN = """
SELECT '{campaign}', '{event}', source_id, sum(observed) / sum(due)
FROM metrics.coverage
WHERE campaign_id = '{campaign}' AND interval_minutes = 60 AND source_kind NOT IN ('donations', 'polls', 'signups')
    AND observed IS NOT NULL AND interval_start_at >= date_trunc('hour', TIMESTAMPTZ '{since}')
GROUP BY source_id HAVING sum(due) > 0
ORDER BY ALL
"""


def read_facts(settings: Settings, health: Health) -> Facts:
    """Spikes of the last hours and what was seen of events that are on; none where nothing can be read."""
    spikes = SPIKES.format(z=SPIKE_Z, mentions=SPIKE_MENTIONS, since=_iso(health.now - _RECENT))
    seen = [
        Seen(*row)  # type: ignore[arg-type]  # as _SEEN names them
        for campaign, event in live_events(health)
        if event.starts_at
        for row in _rows(
            settings.home,
            _SEEN.format(campaign=_plain(campaign.id), event=_plain(event.event_id), since=_iso(event.starts_at)),
        )
    ]
    return Facts(
        spikes=[Spike(*row) for row in _rows(settings.home, spikes)],  # type: ignore[arg-type]  # as SPIKES names them
        seen=seen,
        least_share=settings.alert_coverage,
        has_x_token=settings.x_bearer_token is not None,
    )


def _rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    try:
        return query_published(home, sql).rows
    except (NothingPublished, BadQuery):  # or published by another version: its health says so
        return []


def _plain(name: str) -> str:
    return name.replace("'", "''")


def _iso(at: datetime) -> str:
    return at.isoformat()
