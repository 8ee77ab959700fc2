"""`afterdebate effects`: the estimator on anyone's own series, from files to a file."""

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.errors import CampaignFault
from flows.collected import Tell, say_nothing
from flows.effects_answers import Answer, answer_with, refuse, write_answers
from flows.effects_explain import explain_answer
from flows.effects_input import (
    MINUTES_A_DAY,
    MINUTES_AN_HOUR,
    Ask,
    EventRow,
    SeriesRows,
    default_asks,
    read_asks,
    read_events,
    read_series,
)
from flows.effects_panels import EVERYONE, PanelInput, PlacedSeries, build_inputs, minute_of, place_series
from flows.effects_work import Question, Unit, estimate_all
from warehouse.effects.spec import Spec

_SHORTEST_ON_DAYS = 2 * MINUTES_A_DAY  # the first day of a window lies partly before the event


def answer_asks(
    series_path: Path,
    events_path: Path,
    *,
    asks_path: Path | None = None,
    output: Path | None = None,
    explain: bool = False,
    tell: Tell = say_nothing,
    spec: Spec | None = None,
    workers: int | None = None,
) -> list[Answer]:
    """One answer for each ask, in the order of the asks; written to `output` where one is given.

    Raises:
        CampaignFault: a file is missing, or is no CSV with the columns that it needs.
    """
    spec = spec or Spec()
    file, events = read_series(series_path), read_events(events_path)
    asks = default_asks(events, file) if asks_path is None else read_asks(asks_path)
    by_case: dict[str, list[int]] = defaultdict(list)
    for position, ask in enumerate(asks):
        by_case[ask.case_id].append(position)
    answers: dict[int, Answer] = {}
    units: list[Unit] = []
    for case_id, positions in by_case.items():
        case = {position: asks[position] for position in positions}
        refused, more = _prepare_case(
            case, file.cases.get(case_id, {}), events.get(case_id, {}), has_coverage=file.has_coverage
        )
        answers |= refused
        units += more
    for question, effect in estimate_all(units, spec, workers):
        ask = asks[question.position]
        answers[question.position] = answer_with(ask, effect, flags=question.flags, unit=question.unit, spec=spec)
    ordered = [answers[position] for position in range(len(asks))]
    if output is not None:
        with output.open("w", encoding="utf-8", newline="") as sheet:
            write_answers(ordered, sheet)
    for answer in ordered if explain else ():
        tell(explain_answer(answer))
    return ordered


def _prepare_case(
    asks: dict[int, Ask], series: dict[str, SeriesRows], events: dict[str, EventRow], *, has_coverage: bool
) -> tuple[dict[int, Answer], list[Unit]]:
    """Answers to the asks that cannot be estimated, and the rest grouped by panel."""
    sound = {event_id: event for event_id, event in events.items() if event.fault is None}
    zone = next((event.zone for event in sound.values()), ZoneInfo("UTC"))
    placed: dict[str, PlacedSeries] = {}
    faults: dict[str, str] = {}
    for candidate_id, rows in series.items():
        try:
            placed[candidate_id] = place_series(candidate_id, rows, zone, has_coverage=has_coverage)
        except ValueError as error:
            faults[candidate_id] = str(error)
    refused: dict[int, Answer] = {}
    sought: list[tuple[int, Ask]] = []
    for position, ask in asks.items():
        refusal = _refuse(ask, events.get(ask.event_id), placed, faults)
        if refusal is None:
            sought.append((position, ask))
        else:
            refused[position] = refusal
    minutes = [minute_of(events[ask.event_id]) for _, ask in sought]
    inputs = build_inputs(list(placed.values()), sound.values(), zone, minutes)
    units: dict[tuple[int, int], Unit] = {}
    for position, ask in sought:
        one, event = placed[ask.candidate_id], events[ask.event_id]
        key = _panel_of(one, event)
        unit = units.setdefault(key, Unit(panel=inputs[key], questions=[]))
        unit.questions.append(_question(position, ask, one, event, inputs[key]))
    return refused, list(units.values())


def _refuse(ask: Ask, event: EventRow | None, placed: dict[str, PlacedSeries], faults: dict[str, str]) -> Answer | None:
    """The answer to an ask that no estimator need see; None where there is work to do."""
    where = f"asks line {ask.line}: " if ask.line else ""
    if ask.horizon_minutes is None or ask.horizon_minutes <= 0:
        return refuse(ask, "bad_input", f"{where}horizon_minutes is not a whole number above zero")
    if event is None or event.fault is not None:
        return refuse(ask, "bad_input", event.fault or "" if event else f"{where}the case has no event {ask.event_id}")
    if ask.candidate_id in faults:
        return refuse(ask, "bad_input", f"series {faults[ask.candidate_id]}")
    if ask.candidate_id not in placed:
        return refuse(ask, "no_data")
    if event.kind == "deadline":
        return refuse(ask, "not_estimated", "a deadline is part of the baseline")
    is_fine = _is_fine_enough(ask.horizon_minutes, event, placed[ask.candidate_id].interval_minutes)
    return None if is_fine else refuse(ask, "precision_too_coarse")


def _is_fine_enough(horizon_minutes: int, event: EventRow, interval_minutes: int) -> bool:
    if interval_minutes == MINUTES_A_DAY:
        return horizon_minutes >= _SHORTEST_ON_DAYS and horizon_minutes % MINUTES_A_DAY == 0
    return event.at is not None and horizon_minutes % MINUTES_AN_HOUR == 0


def _panel_of(one: PlacedSeries, event: EventRow) -> tuple[int, int]:
    """Key of the panel: rows finer than an hour are added up from the event's own minute."""
    if one.interval_minutes in (MINUTES_A_DAY, MINUTES_AN_HOUR):
        return one.interval_minutes, one.phase
    minute = minute_of(event)
    return one.interval_minutes, (minute - (minute - one.phase) % one.interval_minutes) % MINUTES_AN_HOUR


def _question(position: int, ask: Ask, one: PlacedSeries, event: EventRow, panel: PanelInput) -> Question:
    flags = list(one.flags)
    if not panel.grid.is_daily and panel.start_minute(event) % panel.grid.interval_minutes:
        flags.append("start_floored")
    if event.participants and not {one.candidate_id, EVERYONE} & event.participants and one.candidate_id != EVERYONE:
        flags.append("not_a_participant")
    return Question(
        position=position,
        series=panel.names.index(one.candidate_id),
        event=event,
        rows=(ask.horizon_minutes or 0) // panel.grid.interval_minutes,
        flags=tuple(flags),
        unit=one.unit,
    )


def _main() -> None:
    parser = argparse.ArgumentParser(prog="afterdebate effects")
    parser.add_argument("series", type=Path)
    parser.add_argument("events", type=Path)
    parser.add_argument("--asks", type=Path)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--explain", action="store_true")
    given = parser.parse_args()
    try:
        answers = answer_asks(
            given.series,
            given.events,
            asks_path=given.asks,
            output=given.output,
            explain=given.explain,
            tell=lambda text: print(text, file=sys.stderr),  # noqa: T201
        )
    except CampaignFault as fault:
        sys.exit(str(fault))
    if given.output is None:
        write_answers(answers, sys.stdout)


if __name__ == "__main__":
    _main()
