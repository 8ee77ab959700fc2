"""How sure the shares of voice are: rows of `staging.share_evidence`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from warehouse.effects.arrays import Bools, Floats
from warehouse.effects.describe.share import measure_share, share_dispersion
from warehouse.effects.spec import MINUTES_AN_HOUR, Spec
from warehouse.estimates.event_effects import event_flags
from warehouse.series.events import CampaignEvent
from warehouse.series.source import SourcePanel
from warehouse.series.study import SourceStudy
from warehouse.tables.filling import Row

_GUARD_HOURS = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class _Roster:
    """The rows in which every candidate was counted, those of them that no event touches, and all mentions."""

    total: Floats
    seen: Bools
    clean: Bools


def share_rows(
    buzz: Sequence[SourceStudy], roster: frozenset[str], spec: Spec, spec_changed_at: datetime | None
) -> Iterator[Row]:
    """One row for each candidate, kind, debate and horizon; none where a candidate of the roster has no series."""
    for source in buzz:
        for event in source.events:
            panel = source.panel_of(source.names[0], event)
            if panel is None or event.event_kind != "debate" or event.starts_at is None or set(panel.names) != roster:
                continue
            whole = _whole(panel, source.events)
            for name in panel.names:
                for horizon_minutes in spec.horizons:
                    yield {
                        "candidate_id": name,
                        "source_kind": source.key.source_kind,
                        "event_id": event.event_id,
                        "horizon_minutes": horizon_minutes,
                        **_evidence(panel, name, event, horizon_minutes, whole, spec),
                        "flags": list(event_flags(event, spec_changed_at)),
                    }


def _whole(panel: SourcePanel, events: Sequence[CampaignEvent]) -> _Roster:
    # Unknown is not unseen: a share does not change with how much of all mentions is seen.
    seen = (panel.coverage != 0).all(axis=0)
    busy = np.zeros(len(seen), dtype=np.bool_)
    for event in events:
        start = panel.start_row(event)
        if not event.is_deadline:
            busy[max(start, 0) : max(start + _GUARD_HOURS, 0)] = True
    return _Roster(total=panel.values.sum(axis=0), seen=seen, clean=seen & ~busy)


def _evidence(  # noqa: PLR0917 - one caller, and each is of another type
    panel: SourcePanel, name: str, event: CampaignEvent, horizon_minutes: int, whole: _Roster, spec: Spec
) -> Row:
    own, start, length = (
        panel.values[panel.names.index(name)],
        panel.start_row(event),
        horizon_minutes // MINUTES_AN_HOUR,
    )
    if length == 0 or not whole.seen[max(start, 0) : max(start + length, 0)].any():
        return {}
    found = measure_share(
        own,
        whole.total,
        whole.clean,
        start=start,
        length=length,
        rows_a_day=panel.grid.rows_a_day,
        dispersion=share_dispersion(own, whole.total, whole.clean, length, spec),
        spec=spec,
    )
    return {
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "change": found.change,
        "p_placebo": found.p_placebo,
    }
