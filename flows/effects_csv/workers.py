"""The estimates of many asks, shared between workers."""

import os
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from flows.effects_csv.events import EventRow
from flows.effects_csv.panels import FilePanel
from warehouse.effects.baseline.panel import Occasion
from warehouse.effects.estimate.effect import Effect, estimate_so_far
from warehouse.effects.estimate.study import Study
from warehouse.effects.spec import Spec

_FEW_ASKS = 100  # below, starting workers costs more than they save
_SHARES_A_WORKER = 8


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

    panel: FilePanel
    questions: list[Question]


_received: list[Study] = []  # in a worker process


def estimate_all(units: list[Unit], spec: Spec, workers: int | None) -> Iterator[tuple[Question, Effect]]:
    """Effects of all questions; what they are does not depend on how many workers share them."""
    # Of the processors that this process may use: a container or taskset may allow fewer than there are.
    workers = workers or len(os.sched_getaffinity(0))
    if workers == 1 or sum(len(unit.questions) for unit in units) < _FEW_ASKS:
        for unit in units:
            yield from _estimate_unit(unit, spec)
    elif len(units) >= _SHARES_A_WORKER * workers:
        with ProcessPoolExecutor(workers) as pool:
            chunk = max(1, len(units) // (_SHARES_A_WORKER * workers))
            for effects in pool.map(partial(_estimate_unit, spec=spec), units, chunksize=chunk):
                yield from effects
    else:
        # Few panels: each is fitted once, here, and its series are shared out.
        studies = [_fit_unit(unit, spec) for unit in units]
        shares = [(i, questions) for i, unit in enumerate(units) for questions in _by_series(unit)]
        with ProcessPoolExecutor(workers, initializer=_receive_studies, initargs=(studies,)) as pool:
            chunk = max(1, len(shares) // (_SHARES_A_WORKER * workers))
            for effects in pool.map(_estimate_share, shares, chunksize=chunk):
                yield from effects


def _fit_unit(unit: Unit, spec: Spec) -> Study:
    return Study(unit.panel.fit(unit.panel.events, spec))


def _estimate_unit(unit: Unit, spec: Spec) -> list[tuple[Question, Effect]]:
    return _estimate_questions(_fit_unit(unit, spec), unit.questions)


def _by_series(unit: Unit) -> list[list[Question]]:
    """The questions of each series together: its left-out fits serve them all."""
    found: dict[int, list[Question]] = defaultdict(list)
    for question in unit.questions:
        found[question.series].append(question)
    return list(found.values())


def _receive_studies(studies: list[Study]) -> None:
    """Keeps what a worker needs for all of its shares: sent with each share, it would cost more than the work."""
    _received[:] = studies


def _estimate_share(share: tuple[int, list[Question]]) -> list[tuple[Question, Effect]]:
    which, questions = share
    return _estimate_questions(_received[which], questions)


def _estimate_questions(study: Study, questions: list[Question]) -> list[tuple[Question, Effect]]:
    occasions: dict[str, Occasion] = {occasion.event_id: occasion for occasion in study.panel.occasions}
    return [
        (question, estimate_so_far(study, question.series, occasions[question.event.event_id], question.rows))
        for question in sorted(questions, key=lambda question: (question.series, question.rows))
    ]
