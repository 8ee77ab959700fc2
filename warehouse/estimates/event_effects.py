"""Rows of `debate_buzz_effect` and `debate_donation_effect`: each event on each series it is about, then pooled."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from warehouse.effects.estimate.effect import Effect
from warehouse.effects.estimate.effect_rows import EffectRow, effect_row, pooled_row, with_q_values
from warehouse.effects.spec import Spec
from warehouse.series.events import CampaignEvent
from warehouse.series.panel import SAMPLED
from warehouse.series.source import SeriesKey, SourcePanel
from warehouse.series.study import SourceStudy, not_asked, weekdays_of

POOLED = "ALL"
_OF_THE_WORLD = ("excess", "excess_low", "excess_high", "coverage")


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
    effect: Effect | None = None  # None: pooled, or never looked at
    unit: float = 1.0
    panel: SourcePanel | None = None  # whose rows the event lies in

    @property
    def is_tested(self) -> bool:
        """Whether it belongs to a family of tests: controls, pooled rows and windows that still run do not."""
        is_whole = self.row.status != "so_far"
        return is_whole and self.event is not None and self.event.kind == "debate" and self.key.source_kind != POOLED

    def family_part(self, name: str) -> Hashable:
        """What the answer shares with those of its family, by the name of the part."""
        parts: dict[str, Hashable] = {
            "source": (self.key.source_kind, self.key.scope, self.key.source_id),
            "outcome": self.key.outcome,
            "horizon_minutes": self.horizon_minutes,
            "candidate_id": self.candidate_id,
            "event_id": self.event and self.event.event_id,
        }
        return parts[name]


def answer_source(source: SourceStudy, spec_changed_at: datetime | None) -> Iterator[Answer]:
    """Every effect of every event on every series it is about, and each series' debates pooled."""
    for name in source.names:
        for horizon_minutes in source.spec.asked_minutes(source.key.interval_minutes):
            answers = [
                answer
                for event in source.events
                if not event.is_deadline and source.is_about(event, name)
                for answer in _answer(source, name, event, horizon_minutes, spec_changed_at)
            ]
            yield from answers
            debates = [a for a in answers if a.effect is not None and a.event and a.event.kind == "debate"]
            if len(debates) > 1:
                yield _pooled(debates, source.spec)


def with_families(answers: Sequence[Answer], spec: Spec) -> list[Answer]:
    """The answers with q-values, each in the family that the spec says; the hours before an event are one apart."""
    tested = [answer for answer in answers if answer.is_tested]
    families = [(*map(answer.family_part, spec.families), answer.horizon_minutes < 0) for answer in tested]
    found = iter(with_q_values([answer.row for answer in tested], families, spec))
    return [replace(answer, row=next(found)) if answer.is_tested else answer for answer in answers]


def columns_of(answer: Answer) -> dict[str, Any]:
    """One row of the effect table that the answer belongs to, without campaign and run."""
    key = answer.key
    outcome = "what" if key.source_kind == "signups" else "metric"
    whose = (
        {"source_kind": key.source_kind, "scope": key.scope}
        if key.outcome == "mentions"
        else {"source_id": key.source_id, "precision": key.precision, outcome: key.outcome}
    )
    start_at, end_at = answer.window or (None, None)
    unsaid = dict.fromkeys(_OF_THE_WORLD) if SAMPLED in answer.flags else {}
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
        "flags": list(dict.fromkeys((*answer.row.flags, *answer.flags))),
        **unsaid,
    }


def event_flags(event: CampaignEvent, spec_changed_at: datetime | None) -> tuple[str, ...]:
    """What a reader should know of any row of this event."""
    is_exploratory = spec_changed_at is not None and spec_changed_at > event.start_at
    flags = {"not_held": not event.is_held, "exploratory": is_exploratory}
    return tuple(flag for flag, is_raised in flags.items() if is_raised)


def _answer(
    source: SourceStudy, name: str, event: CampaignEvent, horizon_minutes: int, spec_changed_at: datetime | None
) -> Iterator[Answer]:
    """The answer on one series; none where the candidate has no series, or where the hours before cannot be told."""
    panel = source.panel_of(name, event)
    if panel is None:
        return
    rows = int(horizon_minutes / panel.key.interval_minutes)
    unit = panel.unit(name)
    status = not_asked(source.key, event, horizon_minutes)
    if status is not None and horizon_minutes < 0:
        return  # the refusal stands on the rows of the event itself
    if status is None:
        effect = source.effect(panel, name, event, rows)
        rows, row = effect.rows, effect_row(effect, source.spec, unit=unit)
        if effect.status == "so_far":
            effect = replace(effect, status="right_censored", estimate=None)  # nothing of it is pooled
    else:
        effect, row = None, EffectRow(n_events=1, observed=0, coverage=None, status=status, flags=())
    seen = panel.seen(name, event, rows)
    is_floored = event.starts_at is not None and panel.is_floored(event)
    flags = {
        "anticipation": horizon_minutes < 0,
        "start_floored": is_floored,
        "synthetic": panel.is_synthetic,
        SAMPLED: panel.is_sampled,
    }
    yield Answer(
        key=panel.key,
        candidate_id=name,
        event=event,
        horizon_minutes=horizon_minutes,
        window=panel.window(event, rows) if rows else None,
        observed=seen.observed if row.rr is None else row.observed,
        coverage=seen.coverage if row.rr is None else row.coverage,
        row=row,
        flags=(*(flag for flag, is_raised in flags.items() if is_raised), *event_flags(event, spec_changed_at)),
        effect=effect,
        unit=unit,
        panel=panel,
    )


def _pooled(debates: Sequence[Answer], spec: Spec) -> Answer:
    events = [answer.event for answer in debates if answer.event is not None]
    effects = [answer.effect for answer in debates if answer.effect is not None]
    row = pooled_row(effects, spec, weekdays=weekdays_of(events), units=[answer.unit for answer in debates])
    return replace(
        debates[0],
        event=None,
        window=None,
        observed=row.observed if row.status == "ok" else None,
        coverage=row.coverage,
        row=row,
        flags=shared_flags(debates),
        effect=None,
    )


def shared_flags(answers: Sequence[Answer]) -> tuple[str, ...]:
    """Of pooled rows: what one of the answers is, all of them together are."""
    raised = {flag for answer in answers for flag in answer.flags}
    return tuple(
        flag
        for flag in ("anticipation", "start_floored", "synthetic", "not_held", "exploratory", SAMPLED)
        if flag in raised
    )
