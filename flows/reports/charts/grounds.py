"""What lies under the lines of a chart of time: gaps with their reasons, and events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import altair as alt

from flows.reports.charts import look
from flows.reports.charts.clock import Axis, Row

_LETTER = 5.6  # pixels of one, about
_ROW = 14  # pixels from a row of labels to the next
_SHORT = 12  # letters: a day, which says nothing when it is cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something dated on the axis; a span is shaded, an instant is a line. One that is awaited is only shaded."""

    from_at: datetime
    to_at: datetime | None
    label: str
    is_awaited: bool = False


def gap_layers(gaps: Sequence[Row], axis: Axis, height: int) -> list[look.Layer]:
    """What nobody saw, hatched, and what nobody knows how well was seen, dotted, over the whole height."""
    spans = _drawn_gaps(gaps, axis)
    return [
        look.layer(
            spans,
            "rect",
            {"strokeWidth": 0},
            x=axis.x(),
            x2=alt.X2("t2"),
            y=look.at_y(0),
            y2=look.to_y(height),
            color=alt.Color("fill:N", scale=None),
            tooltip=[alt.Tooltip("says:N")],
        )
    ]


def reason_layers(gaps: Sequence[Row], axis: Axis) -> list[look.Layer]:
    """Why nobody saw, written in each gap that has the room."""
    said = _fitting(_drawn_gaps(gaps, axis), axis)
    letters: dict[str, Any] = {"fontSize": 11, "fontStyle": "italic", "baseline": "top"}
    halo = {"color": look.PAPER, "stroke": look.PAPER, "strokeWidth": 4}
    where = {"x": axis.x(), "y": look.at_y(19), "text": alt.Text("says:N")}
    return [
        look.layer(said, "text", letters | halo, **where),
        look.layer(said, "text", letters | {"color": look.MUTE}, **where),
    ]


def _drawn_gaps(gaps: Sequence[Row], axis: Axis) -> list[Row]:
    return [
        {
            "t": ends[0],
            "t2": ends[1],
            "fill": look.STATES[gap["state"]],
            "says": gap["says"],
            "short": gap.get("short", ""),
        }
        for gap in gaps
        if gap["state"] in {"unseen", "unknown"} and (ends := axis.clipped(gap["from_at"], gap["to_at"]))
    ]


def _fitting(spans: Sequence[Row], axis: Axis) -> list[Row]:
    """The words in the middle of each span that has room for them, else its short word: a cut one says nothing."""
    pixels = axis.width / (axis.ms(axis.to_at) - axis.ms(axis.from_at))
    found = []
    for span in spans:
        room = (span["t2"] - span["t"]) * pixels
        words = [text for text in (span["says"], span.get("short")) if text and len(text) * _LETTER <= room]
        found += [{"t": (span["t"] + span["t2"]) / 2, "says": words[0]}] if words else []
    return found


def _fitted(text: str, pixels: float) -> str:
    """The text, cut to the room there is; nothing where there is hardly any."""
    letters = int(pixels / _LETTER)
    if letters >= len(text):
        return text
    return f"{text[: letters - 1].rstrip()}…" if letters > 5 else ""  # noqa: PLR2004 - fewer letters say nothing


def mark_layers(marks: Sequence[Mark], axis: Axis, height: int) -> list[look.Layer]:
    """Events: a span is shaded, a start is a line with its label."""
    shaded = [
        {"t": ends[0], "t2": ends[1], "label": m.label, "fill": look.AWAITED if m.is_awaited else look.EVENT}
        for m in marks
        if m.to_at is not None and (ends := axis.clipped(m.from_at, m.to_at))
    ]
    starts = [m for m in marks if not m.is_awaited and axis.from_at <= m.from_at <= axis.to_at]
    lines = [{"t": axis.ms(m.from_at), "label": m.label} for m in starts]
    awaited = _fitting([{**span, "says": span["label"]} for span in shaded if span["fill"] == look.AWAITED], axis)
    letters = {"color": look.EVENT_INK, "align": "left", "dx": 4, "baseline": "top", "fontSize": 11}
    named = _fitted_labels(lines, axis)
    return [
        look.layer(
            shaded,
            "rect",
            {"strokeWidth": 0},
            x=axis.x(),
            x2=alt.X2("t2"),
            y=look.at_y(0),
            y2=look.to_y(height),
            color=alt.Color("fill:N", scale=None),
            tooltip=[alt.Tooltip("label:N")],
        ),
        look.layer(
            lines, "rule", {"color": look.EVENT_INK}, x=axis.x(), y=look.at_y(0), y2=look.to_y(height)
        ),
        *(
            look.layer([one for one in named if one["row"] == row], "text", letters, x=axis.x(),
                       y=look.at_y(2 + _ROW * row), text=alt.Text("label:N"))
            for row in (0, 1)
        ),
        look.layer(
            awaited, "text", letters | {"align": "center", "dx": 0, "fontStyle": "italic"}, x=axis.x(), y=look.at_y(2),
            text=alt.Text("says:N"),
        ),
    ]  # fmt: skip


def _fitted_labels(lines: Sequence[Row], axis: Axis) -> list[Row]:
    """Each label cut to the edge, under the one before where that has no room beside it; none where neither row has."""
    pixels = axis.width / (axis.ms(axis.to_at) - axis.ms(axis.from_at))
    found, ends = [], [axis.ms(axis.from_at)] * 2
    for line in sorted(lines, key=lambda line: line["t"]):
        label, room = line["label"], (axis.ms(axis.to_at) - line["t"]) * pixels - 4
        row = next((row for row in (0, 1) if line["t"] >= ends[row]), None)
        told = "" if len(label) <= _SHORT and room < len(label) * _LETTER else _fitted(label, room)
        if row is not None and told:
            ends[row] = line["t"] + (len(told) * _LETTER + 8) / pixels
            found.append({**line, "label": told, "row": row})
    return found
