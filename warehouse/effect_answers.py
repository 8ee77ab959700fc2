"""Rows of `debate_buzz_effect` and `debate_donation_effect`: each event on each series it is about, then pooled."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from warehouse.effects.effect import Effect, Status, estimate_effect
from warehouse.effects.effect_rows import EffectRow, effect_row, pooled_row, with_q_values
from warehouse.effects.spec import MINUTES_A_DAY, Spec
from warehouse.effects.study import Study
from warehouse.source_panel import CampaignEvent, SeriesKey, SourcePanel

POOLED = "ALL"
_SHORTEST_ON_DAYS = 3 * MINUTES_A_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One effect with the keys that say whose it is. `observed` and `coverage` stand whatever the status."""

    key: SeriesKey
    candidate_id: str
    event: CampaignEvent | None  # None: pooled over events
    horizon_minutes: int
    window: tuple[datetime, datetime] | None
    observed: float | None
    coverage: float | None
    row: EffectRow
    flags: tuple[str, ...]

    @property
    def is_tested(self) -> bool:
        """Whether it belongs to a family of tests: controls and pooled rows do not."""
        return self.event is not None and self.event.kind == "debate"


def answer_panel(panel: SourcePanel, study: Study, events: list[CampaignEvent], spec: Spec) -> Iterator[Answer]:
    """Every effect of every event on every series it is about, and each series' debates pooled."""
    for series in range(len(panel.names)):
        for horizon_minutes in spec.horizons:
            effects: list[tuple[CampaignEvent, Effect]] = []
            for event in events:
                if event.event_kind == "deadline" or not event.attends(panel.names)[series]:
                    continue
                status = _obstacle(panel, event, horizon_minutes)
                if status is None:
                    effect = _effect(panel, study, series, event, horizon_minutes)
                    effects.append((event, effect))
                    row = effect_row(effect, spec, unit=panel.unit)
                else:
                    row = EffectRow(n_events=1, observed=0, coverage=None, status=status, flags=())
                yield _answer(panel, series, event, horizon_minutes, row)
            debates = [(event, effect) for event, effect in effects if event.kind == "debate"]
            if len(debates) > 1:
                yield _pooled(panel, series, debates, horizon_minutes, spec)


def with_families(answers: Sequence[Answer], spec: Spec) -> list[Answer]:
    """The answers with q-values: a family is one source, outcome and horizon."""
    tested = [answer for answer in answers if answer.is_tested]
    families = [(answer.key, answer.horizon_minutes) for answer in tested]
    found = iter(with_q_values([answer.row for answer in tested], families, spec))
    return [replace(answer, row=next(found)) if answer.is_tested else answer for answer in answers]


def columns_of(answer: Answer) -> dict[str, Any]:
    """One row of the effect table that the answer belongs to, without campaign and run."""
    key = answer.key
    whose = (
        {"source_kind": key.source_kind, "scope": key.scope}
        if key.outcome == "mentions"
        else {"source_id": key.source_id, "precision": key.precision, "metric": key.outcome}
    )
    start_at, end_at = answer.window or (None, None)
    return {
        **asdict(answer.row),
        **whose,
        "candidate_id": answer.candidate_id,
        "event_id": answer.event.event_id if answer.event else POOLED,
        "event_kind": answer.event.event_kind if answer.event else "debate",
        "horizon_minutes": answer.horizon_minutes,
        "window_start_at": start_at,
        "window_end_at": end_at,
        "observed": answer.observed,
        "coverage": answer.coverage,
        "flags": [*answer.row.flags, *answer.flags],
    }


def _obstacle(panel: SourcePanel, event: CampaignEvent, horizon_minutes: int) -> Status | None:
    """Why no estimator need look; None where one should."""
    if event.event_kind == "rally" and panel.key.source_kind.startswith("x_"):
        return "not_permitted"
    if panel.grid.is_daily:
        is_fine = horizon_minutes >= _SHORTEST_ON_DAYS and horizon_minutes % MINUTES_A_DAY == 0
    else:
        is_fine = event.starts_at is not None
    return None if is_fine else "precision_too_coarse"


def _effect(panel: SourcePanel, study: Study, series: int, event: CampaignEvent, horizon_minutes: int) -> Effect:
    [occasion] = [one for one in study.panel.occasions if one.event_id == event.event_id]
    effect = estimate_effect(study, series, occasion, horizon_minutes // panel.key.interval_minutes)
    if effect.status not in ("no_data", "insufficient_coverage"):
        return effect
    # The estimator leaves unknown rows out as if unseen; here the two are told apart.
    observed, _coverage = panel.seen(series, event, horizon_minutes)
    return replace(effect, status="no_data" if observed is None else "insufficient_coverage")


def _answer(panel: SourcePanel, series: int, event: CampaignEvent, horizon_minutes: int, row: EffectRow) -> Answer:
    observed, coverage = panel.seen(series, event, horizon_minutes)
    is_floored = event.starts_at is not None and panel.is_floored(event)
    flags = {"start_floored": is_floored, "not_held": not event.is_held, "synthetic": panel.is_synthetic}
    return Answer(
        key=panel.key,
        candidate_id=panel.names[series],
        event=event,
        horizon_minutes=horizon_minutes,
        window=panel.window(event, horizon_minutes),
        observed=row.observed if row.status == "ok" else observed,
        coverage=row.coverage if row.status == "ok" else coverage,
        row=row,
        flags=tuple(flag for flag, is_raised in flags.items() if is_raised),
    )


def _pooled(
    panel: SourcePanel,
    series: int,
    debates: Sequence[tuple[CampaignEvent, Effect]],
    horizon_minutes: int,
    spec: Spec,
) -> Answer:
    weekdays = np.array([event.starts_on.weekday() for event, _ in debates], dtype=np.int64)
    row = pooled_row([effect for _, effect in debates], spec, weekdays=weekdays, unit=panel.unit)
    return Answer(
        key=panel.key,
        candidate_id=panel.names[series],
        event=None,
        horizon_minutes=horizon_minutes,
        window=None,
        observed=row.observed if row.status == "ok" else None,
        coverage=row.coverage,
        row=row,
        flags=("synthetic",) if panel.is_synthetic else (),
    )
