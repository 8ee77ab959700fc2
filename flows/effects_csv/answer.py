"""`afterdebate effects`: the estimator on anyone's own series, from files to a file."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from flows.collected import Tell, say_nothing
from flows.effects_csv.events import EventRow, read_events, usual_zone
from flows.effects_csv.inputs import (
    Ask,
    SeriesFile,
    default_asks,
    of_every_case,
    read_asks,
    read_series,
)
from flows.effects_csv.panels import FilePanel, PanelKey, build_panels, panel_key
from flows.effects_csv.results import Answer, answer_with, refuse, write_answers
from flows.effects_csv.timeline import PlacedSeries, place_series
from flows.effects_csv.workers import Question, Unit, estimate_all
from warehouse.effects.spec import MINUTES_A_DAY, MINUTES_AN_HOUR, SHORTEST_ON_DAYS, Spec

_TELL_EVERY = 100


def answer_asks(
    series_path: Path,
    events_path: Path,
    *,
    asks_path: Path | None = None,
    output: Path | None = None,
    tell: Tell = say_nothing,
    spec: Spec | None = None,
    workers: int | None = None,
) -> list[Answer]:
    """One answer for each ask, in the order of the asks; written to `output` where one is given.

    Raises:
        CampaignFault: a file is missing, or is no CSV with the columns that it needs.
    """
    spec = spec or Spec()
    tell("reading")
    events = read_events(events_path)
    file = of_every_case(read_series(series_path), events)
    asks = default_asks(events, file, spec.horizons) if asks_path is None else read_asks(asks_path)
    by_case: dict[str, list[int]] = defaultdict(list)
    for position, ask in enumerate(asks):
        by_case[ask.case_id].append(position)
    answers: dict[int, Answer] = {}
    units: list[Unit] = []
    for case_id, positions in by_case.items():
        case = {position: asks[position] for position in positions}
        refused, more = _prepare_case(
            case, case_id, file, events.get(case_id, []), awaited_minutes=-spec.anticipation_hours * MINUTES_AN_HOUR
        )
        answers |= refused
        units += more
    panels = {question.position: unit.panel for unit in units for question in unit.questions}
    for question, effect in estimate_all(units, spec, workers):
        ask, panel = asks[question.position], panels[question.position]
        answers[question.position] = answer_with(
            ask,
            effect,
            seen=panel.seen(ask.candidate_id, question.event, effect.rows).observed,
            flags=question.flags,
            unit=question.unit,
            spec=spec,
        )
        if len(answers) % _TELL_EVERY == 0:
            tell(f"{len(answers)} of {len(asks)} asks answered")
    ordered = [answers[position] for position in range(len(asks))]
    if output is not None:
        with output.open("w", encoding="utf-8", newline="") as sheet:
            write_answers(ordered, sheet)
    return ordered


def _prepare_case(
    asks: dict[int, Ask], case_id: str, file: SeriesFile, events: Sequence[EventRow], *, awaited_minutes: int
) -> tuple[dict[int, Answer], list[Unit]]:
    """Answers to the asks that cannot be estimated, and the rest grouped by panel."""
    by_id = {event.event_id: event for event in reversed(events)}
    placed, faults = place_all(case_id, file, events)
    refused: dict[int, Answer] = {}
    sought: list[tuple[int, Ask]] = []
    for position, ask in asks.items():
        refusal = _refuse(ask, by_id.get(ask.event_id), placed, faults, awaited_minutes=awaited_minutes)
        if refusal is None:
            sought.append((position, ask))
        else:
            refused[position] = refusal
    minutes = [by_id[ask.event_id].minute for _, ask in sought]
    inputs = build_panels(list(placed.values()), events, minutes)
    units: dict[PanelKey, Unit] = {}
    for position, ask in sought:
        one, event = placed[ask.candidate_id], by_id[ask.event_id]
        key = panel_key(one, event.minute)
        coarse = _too_coarse(ask.horizon_minutes or 0, event, one.interval_minutes)
        if coarse:
            refused[position] = _refuse_coarse(ask, one, event, inputs[key], coarse)
            continue
        unit = units.setdefault(key, Unit(panel=inputs[key], questions=[]))
        unit.questions.append(_question(position, ask, one, event, inputs[key]))
    return refused, list(units.values())


def place_all(
    case_id: str, file: SeriesFile, events: Sequence[EventRow]
) -> tuple[dict[str, PlacedSeries], dict[str, str]]:
    """A case's series that can be placed in time, with flags that the whole case shares; and the others' faults."""
    zone = usual_zone(events)
    lost = sum(not event.is_placed for event in events)
    shared = [f"events_set_aside={lost}"] if lost else []
    shared += [f"rows_set_aside={file.nameless}"] if file.nameless else []
    has_zones = len({event.zone.key for event in events if event.is_placed}) > 1
    placed: dict[str, PlacedSeries] = {}
    faults: dict[str, str] = {}
    for candidate_id, rows in file.cases.get(case_id, {}).items():
        try:
            one = place_series(candidate_id, rows, zone, has_coverage=file.has_coverage)
        except ValueError as error:
            faults[candidate_id] = str(error)
            continue
        is_assumed = has_zones and not rows.zones and one.interval_minutes != MINUTES_A_DAY
        assumed = [f"zone_assumed={zone.key}"] if is_assumed else []
        placed[candidate_id] = replace(one, flags=(*one.flags, *shared, *assumed))
    return placed, faults


def _refuse(
    ask: Ask,
    event: EventRow | None,
    placed: dict[str, PlacedSeries],
    faults: dict[str, str],
    *,
    awaited_minutes: int,
) -> Answer | None:
    """The answer to an ask that no estimator need see; None where there is work to do."""
    where = f"asks line {ask.line}: " if ask.line else ""
    if ask.horizon_minutes is None or (ask.horizon_minutes <= 0 and ask.horizon_minutes != awaited_minutes):
        return refuse(ask, "bad_input", f"{where}horizon_minutes is not a whole number above zero")
    if event is None or event.fault is not None:
        fault = f"{where}the case has no event {ask.event_id}" if event is None else event.fault or ""
        return refuse(ask, "bad_input", fault)
    if ask.candidate_id in faults:
        return refuse(ask, "bad_input", f"series {faults[ask.candidate_id]}")
    if ask.candidate_id not in placed:
        return refuse(ask, "no_data", "no_series")
    if event.is_deadline:
        return refuse(ask, "not_estimated", "a deadline is part of the baseline")
    return None


def _refuse_coarse(ask: Ask, one: PlacedSeries, event: EventRow, panel: FilePanel, why: str) -> Answer:
    """The answer to an ask that is finer than its rows: what was counted, in as many rows as fit."""
    rows = int((ask.horizon_minutes or 0) / panel.grid.interval_minutes)
    return replace(
        refuse(ask, "precision_too_coarse", why), observed=panel.seen(one.candidate_id, event, rows).observed
    )


def _too_coarse(horizon_minutes: int, event: EventRow, interval_minutes: int) -> str:
    """The flag that says why a horizon is too fine for the rows; empty where it is not."""
    if interval_minutes == MINUTES_A_DAY:
        if horizon_minutes < 0:
            return "anticipation_on_day_rows"
        if horizon_minutes % MINUTES_A_DAY:
            return "horizon_not_in_whole_days"
        return "horizon_under_two_days_on_day_rows" if horizon_minutes < SHORTEST_ON_DAYS else ""
    if event.starts_at is None:
        return "event_without_a_time_of_day"
    return "horizon_not_in_whole_hours" if horizon_minutes % MINUTES_AN_HOUR else ""


def _question(position: int, ask: Ask, one: PlacedSeries, event: EventRow, panel: FilePanel) -> Question:
    flags = ["anticipation"] if (ask.horizon_minutes or 0) < 0 else []
    flags += one.flags
    if panel.is_floored(event):
        flags.append("start_floored")
    if not event.concerns(one.candidate_id, one.whose):
        flags.append("not_a_participant")
    return Question(
        position=position,
        series=panel.names.index(one.candidate_id),
        event=event,
        rows=int((ask.horizon_minutes or 0) / panel.grid.interval_minutes),
        flags=tuple(flags),
        unit=one.unit,
    )
