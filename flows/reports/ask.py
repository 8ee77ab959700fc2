"""Questions to the published database: SQL files whose text, values filled in, is the text that a page shows."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from warehouse.publish.formulas import bare_of_formula
from warehouse.publish.reading import Answer

Row = dict[str, Any]  # by column name

_FOLDER = Path(__file__).parent / "questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it was asked, and its answer."""

    sql: str
    columns: list[str]
    rows: list[Row]

    def csv(self) -> str:
        """The answer as CSV that a spreadsheet opens without running any of its text."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([bare_of_formula(column) for column in self.columns])
        writer.writerows([written(row[name]) for name in self.columns] for row in self.rows)
        return out.getvalue()


def written(value: object) -> object:
    """The value as one cell of a table of text."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if isinstance(value, str):
        return bare_of_formula(value)
    return "" if value is None else value


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one publication about one campaign."""

    answer: Callable[[str], Answer]
    campaign_id: str

    def __call__(self, question: str, **values: str) -> Asked:
        """The answer to `questions/<question>.sql`, each `$name` in it replaced by the value of that name."""
        sql = filled(_text(question), {"campaign_id": self.campaign_id, **values})
        answer = self.answer(sql)
        rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
        return Asked(sql=sql, columns=answer.columns, rows=rows)


def filled(sql: str, values: dict[str, str]) -> str:
    """The text with each `$name` replaced by a quoted literal, so that it can be pasted and asked again."""
    for name in sorted(values, key=len, reverse=True):
        literal = "'" + values[name].replace("'", "''") + "'"
        sql = sql.replace(f"${name}", literal)
    return sql


@cache
def _text(question: str) -> str:
    return (_FOLDER / f"{question}.sql").read_text(encoding="utf-8").strip()
