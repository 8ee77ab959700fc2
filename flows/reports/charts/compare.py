"""Two effects overlaid: hour by hour as times the usual, and window by window with the ratio of their ratios.

The page fills these charts itself, for any two that a reader picks: here every set of rows is one row that names it.
"""

from typing import Any

import altair as alt

from flows.reports.charts import look
from flows.reports.charts.strip import names_axis

SLOTS = ("curves", "peaks", "states", "bars", "points", "cuts", "notes")
BEFORE_H, AFTER_H = 24, 72
EDGES = (0.1, 10.0)  # what is beyond is an arrow
_STEP = 34
_SIDES = {"A": look.OBSERVED, "B": look.EFFECT, "A / B": look.INK}


def compare_chart(*, width: int, left: int, words: dict[str, str]) -> alt.VConcatChart:
    """`words` has curve, hours, and the lines of the second chart under `lines`, top down.

    curves: side, hour, ratio, low, high (None breaks the line); peaks: side, hour, ratio; states: side, hour, until,
    fill; bars: line, side, low, high; points: line, side, rr; cuts: line, rr, shape; notes: line, note.
    """
    return alt.vconcat(
        _curves(width, left, words), _states(width, left, words), _windows(width, left, words), spacing=14
    )


def _rows(slot: str) -> list[dict[str, Any]]:
    return [{"slot": slot}]


def _hours(width: int, **options: Any) -> Any:
    every = 12 if width > look.NARROW else 24
    axis = alt.Axis(values=list(range(-BEFORE_H, AFTER_H + 1, every)), grid=False, **options)
    return alt.X("hour:Q", scale=alt.Scale(domain=[-BEFORE_H, AFTER_H], nice=False), axis=axis)


def _side() -> Any:
    return alt.Color("side:N", legend=None, scale=alt.Scale(domain=list(_SIDES), range=list(_SIDES.values())))


def _curves(width: int, left: int, words: dict[str, str]) -> alt.LayerChart:
    x = _hours(width, labels=False, title=None, ticks=False)
    axis = alt.Axis(
        title=words["curve"], tickCount=5, minExtent=left, maxExtent=left, titleAngle=0, titleAlign="left",
        titleAnchor="start", titleX=-left + 4, titleY=-8, domain=False, ticks=False, labelPadding=6,
    )  # fmt: skip
    y = alt.Y("ratio:Q", axis=axis)
    dash = alt.StrokeDash("side:N", legend=None, scale=alt.Scale(domain=["A", "B"], range=[[1, 0], [8, 3]]))
    label = {"fontSize": 14, "fontWeight": "bold", "dy": -9}
    layers = [
        look.layer([{"zero": 0}], "rule", {"color": look.EVENT_INK}, x=alt.X("zero:Q")),
        look.layer([{"one": 1}], "rule", {"color": look.INK}, y=alt.Y("one:Q")),
        look.layer(_rows("curves"), "area", {"opacity": 0.14}, x=x, y=alt.Y("low:Q", axis=axis), y2=alt.Y2("high"),
                   color=_side()),
        look.layer(_rows("curves"), "line", {"strokeWidth": 2}, x=x, y=y, color=_side(), strokeDash=dash),
        look.layer(_rows("peaks"), "text", label, x=x, y=y, color=_side(), text=alt.Text("side:N")),
    ]  # fmt: skip
    return alt.LayerChart(layer=layers, width=width, height=230)


def _states(width: int, left: int, words: dict[str, str]) -> alt.LayerChart:
    y = alt.Y("side:N", sort=["A", "B"], title=None, axis=names_axis(left))
    bars = look.layer(
        _rows("states"), "bar", {"height": 11, "strokeWidth": 0}, x=_hours(width, title=words["hours"]),
        x2=alt.X2("until"), y=y, color=alt.Color("fill:N", scale=None),
    )  # fmt: skip
    return alt.LayerChart(layer=[bars], width=width, height=36)


def _windows(width: int, left: int, words: dict[str, str]) -> alt.LayerChart:
    lines = words["lines"].split("\n")
    scale = alt.Scale(type="log", domain=list(EDGES), nice=False)
    axis = alt.Axis(title=None, values=[0.125, 0.25, 0.5, 1, 2, 4, 8], format="~r", gridColor=look.GRID, domain=False,
                    ticks=False)  # fmt: skip
    y = alt.Y("line:N", sort=lines, title=None, axis=names_axis(left), scale=alt.Scale(domain=lines, padding=0.1))
    x = alt.X("rr:Q", scale=scale, axis=axis)
    low = alt.X("low:Q", scale=scale, axis=axis)
    shape = alt.Shape(
        "side:N", legend=None, scale=alt.Scale(domain=list(_SIDES), range=["circle", "square", "diamond"])
    )
    note = {"align": "left", "fontSize": 10.5, "limit": width, "yOffset": 12, "dx": 2}
    where: dict[str, Any] = {"x": look.at_x(0), "y": y, "text": alt.Text("note:N")}
    arrow = alt.Shape("shape:N", legend=None, scale=None)
    layers = [
        look.layer([{"one": 1}], "rule", {"color": look.INK}, x=alt.X("one:Q", scale=scale, axis=axis)),
        look.layer(_rows("bars"), "rule", {"strokeWidth": 2.2}, x=low, x2=alt.X2("high"), y=y, color=_side()),
        look.layer(_rows("points"), "point", {"filled": True, "size": 80, "opacity": 1}, x=x, y=y, color=_side(),
                   shape=shape),
        look.layer(_rows("cuts"), "point", {"filled": True, "size": 70, "color": look.MUTE, "opacity": 1}, x=x, y=y,
                   shape=arrow),
        look.layer(_rows("notes"), "text", note | look.HALO, **where),
        look.layer(_rows("notes"), "text", note | {"color": look.MUTE}, **where),
    ]  # fmt: skip
    return alt.LayerChart(layer=layers, width=width, height=_STEP * len(lines))
