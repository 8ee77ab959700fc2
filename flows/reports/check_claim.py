"""A figure that somebody printed, beside what was seen under each definition that could have been meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from flows.reports.ask import Row

Verdict = Literal["true", "true_only_if", "false", "cannot_tell"]

# In the order in which they are believed to be meant.
_MEANT = ("start", "end", "during", "day")
_WHOLE = 0.999  # of a window: sums of parts of hours are not exact
_SIZES = {
    "": 1.0, "k": 1e3, "m": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9,
    "billions": 1e9, "md": 1e9, "mds": 1e9, "milliard": 1e9, "milliards": 1e9,
}  # fmt: skip
_MONEY = r"(?:(?:de|d['’])?(?:dollars?|euros?|usd|eur|gbp))?"
_AMOUNT = re.compile(rf"([\d.,]+)({'|'.join(sorted(_SIZES, reverse=True))}){_MONEY}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An amount as it was printed, and how far from it a number may lie that rounds to it."""

    text: str
    amount: float
    rounding: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one series says of a figure: each definition, and the highest of the same hours without an event."""

    source_id: str
    candidate_id: str
    currency: str
    verdict: Verdict
    because: str  # a key of words: which definition fits, or why none does
    meant: Row | None
    rows: Sequence[Row]
    best_quiet: Row | None
    quiet: int


class NoFigure(Exception):
    """The text is no amount; the message says how to write one."""


def read_figure(text: str) -> Figure:
    """The amount in a text such as 3.8M, 3,8 M€, 36 million, 250k or 1200000, rounded at its last digit.

    A comma before three digits divides thousands, as English does; before any others it is a decimal comma.

    Raises:
        NoFigure: it is none of these, or nothing.
    """
    found = _AMOUNT.fullmatch(re.sub(r"[\s$€£]", "", text.lower()))
    number = _number(found[1]) if found else None
    if found is None or number is None or float(number) == 0:
        raise NoFigure(f"{text!r} is no amount. Mend: write it as 3.8M, 250k or 1200000")
    whole, _, decimals = number.partition(".")
    size = _SIZES[found[2]]
    zeros = 0 if decimals else len(whole) - len(whole.rstrip("0"))
    # The zeros at the end of 1200000 are rounding as well; those of 10M may be meant.
    last = size * 10.0 ** (-len(decimals) if decimals or found[2] else zeros)
    return Figure(text=text.strip(), amount=float(number) * size, rounding=last / 2)


def _number(text: str) -> str | None:
    """The digits with a point before their decimals; None where commas and points are neither language's."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        return text.replace(",", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:\.\d{3}|,\d+)", text):
        return text.replace(".", "").replace(",", ".")
    return text.replace(",", ".") if re.fullmatch(r"\d+(?:[.,]\d+)?", text) else None


def check_figure(figure: Figure, rows: Sequence[Row]) -> list[Checked]:
    """What each series says; `rows` are the answer to the question `claim`."""
    ordered = sorted(rows, key=lambda row: (row["source_id"], row["candidate_id"]))
    return [
        _checked(figure, source, candidate, list(group))
        for (source, candidate), group in groupby(ordered, key=lambda row: (row["source_id"], row["candidate_id"]))
    ]


def _checked(figure: Figure, source: str, candidate: str, rows: list[Row]) -> Checked:
    whole = [row for row in rows if row["coverage"] >= _WHOLE]
    told = [row for name in _MEANT for row in whole if row["definition"] == name]
    quiet = [row for row in whole if row["definition"] == "quiet"]
    verdict, because, meant = _judged(figure, told, is_whole_platform=candidate == "ALL")
    return Checked(
        source_id=source, candidate_id=candidate, currency=rows[0]["currency"], verdict=verdict, because=because,
        meant=meant, rows=[row for name in _MEANT for row in rows if row["definition"] == name],
        best_quiet=max(quiet, key=lambda row: row["amount"], default=None), quiet=len(quiet),
    )  # fmt: skip


def _judged(figure: Figure, told: Sequence[Row], *, is_whole_platform: bool) -> tuple[Verdict, str, Row | None]:
    starts = [row for row in told if row["definition"] == "start"]
    if not starts:
        return "cannot_tell", "unseen", None
    for row in told:
        if _rounds_to(float(row["amount"]), figure):
            return ("true" if row["definition"] == "start" else "true_only_if"), str(row["definition"]), row
    # Only of windows as long as the figure says: the excess of another length can fit by chance.
    for row in (row for row in told if row["definition"] in {"start", "end"}):
        if row["expected"] is not None and _rounds_to(float(row["amount"]) - row["expected"], figure):
            return "true_only_if", "excess", row
    above = [row for row in told if float(row["amount"]) > figure.amount]
    if above and is_whole_platform:
        return "true_only_if", "part", above[0]
    return "false", "below" if above else "above", max(told, key=lambda row: row["amount"])


def _rounds_to(value: float, figure: Figure) -> bool:
    return abs(value - figure.amount) <= figure.rounding
