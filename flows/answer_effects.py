"""`afterdebate effects`: answers on anyone's own series, to a file or to the screen."""

import sys
from pathlib import Path

from flows.effects_answers import write_answers
from flows.effects_csv import answer_asks
from flows.effects_explain import explain_answer
from flows.faults import UsageFault
from flows.screen import progress


def answer_effects(
    series: Path, events: Path, asks: Path | None, output: Path | None, *, explain: bool = False
) -> None:
    """Write one row for each ask; with `explain` also some sentences on each, to the error stream.

    Raises:
        CampaignFault: a file is missing, or is no CSV with the columns that it needs.
        UsageFault: there is no folder for the output.
    """
    if output is not None and not output.parent.is_dir():
        raise UsageFault(f"{output}: there is no folder {output.parent}. Mend: make it, or name another file")
    with progress("effects") as tell:
        answers = answer_asks(series, events, asks_path=asks, output=output, tell=tell)
    if not answers:
        print("0 asks: no debate of EVENTS has a series in SERIES, or ASKS has no row", file=sys.stderr)  # noqa: T201
    for answer in answers if explain else ():
        print(explain_answer(answer), file=sys.stderr)  # noqa: T201
    if output is None:
        write_answers(answers, sys.stdout)
