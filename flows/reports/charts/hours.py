"""What came hour by hour around an event: observed, expected with its band, the excess filled, gaps hatched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import altair as alt

from flows.reports.charts import look
from flows.reports.charts.clock import HOUR, Axis, Row, stepped
from flows.reports.charts.grounds import Mark, gap_layers, mark_layers, reason_layers

_VALUES = ("observed", "expected", "low", "high", "excess")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One series. `rows` have at, observed, expected, low, high, is_effect; `gaps` have from_at, to_at, state, says."""

    rows: Sequence[Row]
    gaps: Sequence[Row]
    marks: Sequence[Mark]
    title: str
    unit: str  # what the y axis counts
    badges: Sequence[str] = ()
    is_counted: bool = False  # whole numbers only


def panel_chart(
    panel: Panel, axis: Axis, *, left: int, height: int, has_times: bool, length: timedelta = HOUR
) -> alt.LayerChart:
    """The layers of one panel."""
    steps = stepped([_with_excess(row) for row in panel.rows], axis, _VALUES, length=length)
    # The axis holds all that is drawn: to cut layers at its edge would double what a picture takes to draw.
    values = [step[name] for step in steps for name in ("observed", "expected", "high") if step[name] is not None]
    top = max(values, default=0) * 1.18 or 1
    x = axis.x(axis=axis.labels() if has_times else alt.Axis(labels=False, title=None, grid=False, ticks=False))
    y = _y_axis(panel.unit, top, left, is_counted=panel.is_counted, has_labels=bool(values))
    line = {"color": look.OBSERVED, "strokeWidth": 1.8}
    dashed = {"color": look.EXPECTED, "strokeDash": [5, 3], "strokeWidth": 1.5}
    seen = look.layer(steps, "line", line, x=x, y=y("observed"))
    layers = [
        *gap_layers(panel.gaps, axis, height),
        *mark_layers(panel.marks, axis, height),
        *reason_layers(panel.gaps, axis),
        look.layer(steps, "area", {"color": look.BAND, "opacity": 0.8}, x=x, y=y("low"), y2=alt.Y2("high")),
        look.layer(
            steps,
            "area",
            {"color": look.EXCESS, "opacity": 0.55},
            x=x,
            y=y("expected"),
            y2=alt.Y2("excess"),
        ),
        look.layer(steps, "line", dashed, x=x, y=y("expected")),
        seen,
        *_zeros(panel.rows, axis, y, length),
        *_words(panel, axis),
    ]
    title = alt.Title(panel.title, limit=axis.width + left)
    return look.layered(layers, seen, width=axis.width, height=height, title=title)


def _with_excess(row: Row) -> Row:
    is_told = row["is_effect"] and row["expected"] is not None and row["observed"] > row["expected"]
    return {**row, "excess": row["observed"] if is_told else row["expected"]}


def _y_axis(unit: str, top: float, left: int, *, is_counted: bool, has_labels: bool) -> Any:
    axis = alt.Axis(
        labels=has_labels, grid=has_labels, title=unit, tickCount=min(4, max(int(top), 1)) if is_counted else 4,
        minExtent=left, maxExtent=left, titleAngle=0, titleAlign="left", titleAnchor="start",
        titleX=-left + 4, titleY=-8, domain=False, ticks=False, labelPadding=6,
    )  # fmt: skip

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=axis)

    return y


def _zeros(rows: Sequence[Row], axis: Axis, y: Any, length: timedelta) -> list[look.Layer]:
    """Hours that were watched and had nothing: hollow dots, so that they are not taken for gaps."""
    dots = [{"t": axis.ms(row["at"] + length / 2), "observed": 0} for row in rows if row["observed"] == 0]
    if not dots:
        return []
    size = 14 if axis.width > look.NARROW else 5
    options = {"color": look.OBSERVED, "size": size, "filled": False, "strokeWidth": 0.9}
    return [look.layer(dots, "point", options, x=axis.x(), y=y("observed"))]


def _words(panel: Panel, axis: Axis) -> list[look.Layer]:
    """Badges inside the chart, so that a picture of it keeps them."""
    found = []
    if panel.badges:
        badge = {"align": "right", "baseline": "top", "color": look.EVENT_INK, "fontSize": 11, "fontWeight": "bold"}
        told = [{"text": " · ".join(panel.badges)}]
        found.append(
            look.layer(
                told,
                "text",
                badge,
                x=look.at_x(axis.width - 4),
                y=look.at_y(4 if axis.width > look.NARROW else 18),
                text=alt.Text("text:N"),
            )
        )
    return found
