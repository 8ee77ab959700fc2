"""The estimates of many asks, shared between workers."""

import os
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from flows.effects_events import EventRow
from flows.effects_panels import PanelInput
from warehouse.effects.effect import Effect, estimate_effect
from warehouse.effects.panel import Occasion
from warehouse.effects.spec import Spec
from warehouse.effects.study import Study

_FEW_ASKS = 40  # below, starting workers costs more than they save


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An ask that found its series and its event."""

    position: int  # in the list of asks
    series: int  # in the panel
    event: EventRow
    rows: int
    flags: tuple[str, ...]
    unit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Questions that share one panel."""

    panel: PanelInput
    questions: list[Question]


def estimate_all(units: list[Unit], spec: Spec, workers: int | None) -> Iterator[tuple[Question, Effect]]:
    """Effects of all questions; what they are does not depend on how many workers share them."""
    workers = workers or os.cpu_count() or 1
    if workers == 1 or sum(len(unit.questions) for unit in units) < _FEW_ASKS:
        for unit in units:
            yield from _estimate_questions((_fit_unit(unit, spec), unit.questions))
        return
    with ProcessPoolExecutor(workers) as pool:
        studies = pool.map(partial(_fit_unit, spec=spec), units, chunksize=max(1, len(units) // (8 * workers)))
        shares = [share for study, unit in zip(studies, units, strict=True) for share in _shares(study, unit)]
        for effects in pool.map(_estimate_share, shares, chunksize=max(1, len(shares) // (8 * workers))):
            yield from effects


def _fit_unit(unit: Unit, spec: Spec) -> Study:
    return Study(unit.panel.fit(spec))


def _shares(study: Study, unit: Unit) -> Iterator[tuple[Study, list[Question]]]:
    """One share of work a series: its left-out fits serve all its questions."""
    by_series: dict[int, list[Question]] = defaultdict(list)
    for question in unit.questions:
        by_series[question.series].append(question)
    for questions in by_series.values():
        yield study, questions


def _estimate_share(share: tuple[Study, list[Question]]) -> list[tuple[Question, Effect]]:
    return list(_estimate_questions(share))


def _estimate_questions(share: tuple[Study, list[Question]]) -> Iterator[tuple[Question, Effect]]:
    study, questions = share
    occasions: dict[str, Occasion] = {occasion.event_id: occasion for occasion in study.panel.occasions}
    for question in sorted(questions, key=lambda question: (question.series, question.rows)):
        occasion = occasions[question.event.event_id]
        yield question, estimate_effect(study, question.series, occasion, question.rows)
