"""`afterdebate effects`: answers on anyone's own series, to a file or to the screen."""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table

from flows.effects_csv.answer import answer_asks
from flows.effects_csv.explain import explain_answer
from flows.effects_csv.export import export_effects
from flows.effects_csv.power import power, power_lines
from flows.effects_csv.results import Answer, write_answers
from flows.effects_csv.self_test import self_test
from flows.faults import UsageFault
from flows.screen.console import console, progress
from flows.screen.self_test import LEGEND, size_tables
from warehouse.effects.spec import Spec, spec_with
from warehouse.store import StoreBusy


def answer_effects(
    series: Path, events: Path, asks: Path | None, output: Path | None, spec: Path | None, *, explain: bool = False
) -> None:
    """Write one row for each ask; with `explain` also some sentences on each, to the error stream.

    Raises:
        CampaignFault: a file is missing, or is no CSV with the columns that it needs.
        UsageFault: there is no folder for the output, SPEC is none, or a file cannot be read or written.
    """
    if output is not None and output.is_dir():
        raise UsageFault(f"{output}: is a folder. Mend: name a file")
    if output is not None and not output.parent.is_dir():
        raise UsageFault(f"{output}: there is no folder {output.parent}. Mend: make it, or name another file")
    chosen = read_spec(spec) if spec else Spec()
    with progress("effects") as tell, _told_of_files():
        answers = answer_asks(series, events, asks_path=asks, output=output, tell=tell, spec=chosen)
    print(_summary(answers), file=sys.stderr)  # noqa: T201
    for answer in answers if explain else ():
        print(explain_answer(answer), file=sys.stderr)  # noqa: T201
    if output is None and sys.stdout.isatty():
        show_answers(answers, sys.stdout)
    elif output is None:
        write_answers(answers, sys.stdout)


def show_answers(answers: Sequence[Answer], screen: TextIO) -> None:
    """Answers for a person: a table, and a sentence or two on each."""
    table = Table(show_edge=False)
    for name in ("case", "who", "event"):
        table.add_column(name, overflow="fold")
    for name in ("hours", "observed", "expected", "ratio (95 %)"):
        table.add_column(name, justify="right")
    table.add_column("verdict, or why not", overflow="fold")
    for answer in answers:
        table.add_row(answer.case_id, answer.candidate_id, answer.event_id, *_numbers(answer))
    Console(file=screen).print(table)
    for answer in answers:
        print(explain_answer(answer), file=screen)


def _numbers(answer: Answer) -> tuple[str, ...]:
    hours = "" if answer.horizon_minutes is None else f"{answer.horizon_minutes / 60:g}"
    counted, expected = ("" if one is None else f"{one:,.0f}" for one in (answer.observed, answer.expected))
    if answer.rr is None:
        return (hours, counted, expected, "", answer.status)
    return (hours, counted, expected, f"{answer.rr:.2f} ({answer.rr_low:.2f} to {answer.rr_high:.2f})", answer.verdict)


def tell_self_test(series: Path, events: Path, spec: Path | None) -> None:
    """Print how often an event that was never held looks like an effect, by hour of its start and horizon.

    Raises:
        CampaignFault: a file is missing, or is no CSV with the columns that it needs.
        UsageFault: SPEC is none, a file cannot be read, or no series is long enough to be tested.
    """
    chosen, out = read_spec(spec) if spec else Spec(), console(is_wide=True)
    with progress("self-test") as tell, _told_of_files():
        sizes = self_test(series, events, chosen, tell)
    if not any(one.size.tested for one in sizes):
        raise UsageFault(f"{series}: no series is long enough to be tested. Mend: give more of its season")
    for table in size_tables(sizes, chosen):
        out.print(table)
    print(LEGEND.format(level=chosen.level))  # noqa: T201


def tell_power(series: Path, events: Path, spec: Path | None) -> None:
    """Print the least effect that could be seen on each series, at the hours of its events, before any is looked at.

    Raises:
        CampaignFault: a file is missing, or is no CSV with the columns that it needs.
        UsageFault: SPEC is none, or a file cannot be read.
    """
    chosen = read_spec(spec) if spec else Spec()
    with progress("power") as tell, _told_of_files():
        found = power(series, events, chosen, tell)
    for line in power_lines(found, chosen):
        print(line)  # noqa: T201


def _summary(answers: Sequence[Answer]) -> str:
    """How many asks have an estimate, and why the others have none."""
    if not answers:
        return "0 asks: no debate of EVENTS has a series in SERIES, or ASKS has no row"
    reasons = Counter(answer.status for answer in answers)
    answered = reasons.pop("ok", 0)
    words = ", ".join(f"{count} {status}" for status, count in sorted(reasons.items()))
    return f"{len(answers)} asks: {answered} estimated" + (f"; not: {words}. --explain says more" if words else "")


def tell_export(home: Path, campaign: Path, folder: Path) -> None:
    """Write what a campaign's published effects rest on, and say which command gives them again.

    Raises:
        UsageFault: nothing was built of the campaign, a build is writing, or the folder cannot be written.
    """
    try:
        with _told_of_files():
            command = export_effects(home, campaign, folder)
    except StoreBusy as error:
        raise UsageFault(str(error)) from error
    print(command)  # noqa: T201


@contextmanager
def _told_of_files() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        raise UsageFault(f"{named}{error.strerror}. Mend: name another, or make room and rights for it") from error


def read_spec(path: Path) -> Spec:
    """The pre-specified analysis with the overrides of a file.

    Raises:
        UsageFault: no such file, no TOML, or not what a spec may say.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return spec_with(found.get("spec", found))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
        raise UsageFault(f"{path}: {error}. Mend: a TOML file with a table [spec]") from error
