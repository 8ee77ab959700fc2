"""How the excess of money grows from the start of an event on, with what each window leaves open."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from flows.reports.charts import look
from flows.reports.charts.clock import Row

HOURS = 72
_HEIGHT = 220


def cumulative(
    rows: Sequence[Row], whiskers: Sequence[Row], quantiles: Sequence[Row], *, width: int, left: int, unit: str,
    x_title: str, gaps: Sequence[Row] = (), unclear: str = "",
) -> alt.LayerChart:  # fmt: skip
    """`rows` have hour, excess; `whiskers` hour, low, high, label at the end of each window; `quantiles` hour, label.

    A gap (`gaps` have hour, until, state) breaks the line: what came in it is not known, so `rows` end before the first
    one. `unclear` says why nothing is coloured: an excess that chance alone can make has no timing.
    """
    low, high = _edges(rows, whiskers)
    scale = alt.Scale(domain=[low, high], nice=False)
    x, axis = _axes(width=width, left=left, unit=unit, x_title=x_title)
    excess = alt.Y("excess:Q", scale=scale, axis=axis)
    colour = look.MUTE if unclear else look.EXCESS
    drawn = [_cut(whisker, low, high) for whisker in whiskers]
    small = {"fontSize": 11, "align": "right", "dx": -5, "baseline": "top", "color": look.MUTE}
    marked = {"fontSize": 11, "align": "left", "dx": 4, "baseline": "bottom", "color": look.OBSERVED}
    layers = [
        look.layer(
            [{**gap, "fill": look.STATES[gap["state"]]} for gap in gaps], "rect", {"strokeWidth": 0, "clip": True},
            x=x, x2=alt.X2("until"), y=look.at_y(0), y2=look.to_y(_HEIGHT), color=alt.Color("fill:N", scale=None),
        ),
        look.layer([{"zero": 0}], "rule", {"color": look.MUTE}, y=alt.Y("zero:Q", scale=scale, axis=axis)),
        look.layer(rows, "area", {"color": look.BAND if unclear else look.EXCESS, "opacity": 0.6 if unclear else 0.25,
                                  "clip": True}, x=x, y=excess, y2=alt.Y2Datum(0)),
        look.layer(rows, "line", {"color": colour, "strokeWidth": 2, "clip": True}, x=x, y=excess),
        look.layer(drawn, "rule", {"color": look.INK, "strokeWidth": 1.6}, x=x, y=alt.Y("low:Q", scale=scale),
                   y2=alt.Y2("high"), tooltip=[alt.Tooltip("label:N")]),
        *_arrows(drawn, x, scale),
        look.layer(whiskers, "text", small, x=x, y=look.at_y(2), text=alt.Text("label:N")),
        look.layer(quantiles, "rule", {"color": look.OBSERVED, "strokeDash": [3, 3]}, x=x),
        # Under each other, so that two that lie near keep their words.
        *(
            look.layer([one], "text", marked, x=x, y=look.at_y(_HEIGHT - 2 - 14 * (place % 2)),
                       text=alt.Text("label:N"))
            for place, one in enumerate(quantiles)
        ),
        *_said(unclear, width),
    ]  # fmt: skip
    return look.layered(layers, width=width, height=_HEIGHT)


def _edges(rows: Sequence[Row], whiskers: Sequence[Row]) -> tuple[float, float]:
    values = [row["excess"] for row in rows] + [w[end] for w in whiskers for end in ("low", "high")]
    # A window that leaves everything open would flatten the line that was seen.
    seen = max([abs(row["excess"]) for row in rows] or [1.0]) * 2.5
    return max(min([*values, 0.0]), -seen), min(max([*values, 0.0]), seen)


def _axes(*, width: int, left: int, unit: str, x_title: str) -> tuple[alt.X, alt.Axis]:
    hours = [0, 3, 12, 24, 36, 48, 60, HOURS] if width > look.NARROW else [0, 24, 48, HOURS]
    axis_x = alt.Axis(title=x_title, values=hours, grid=False)
    axis = alt.Axis(
        title=unit, tickCount=4, minExtent=left, maxExtent=left, titleAngle=0, titleAlign="left", titleAnchor="start",
        titleX=-left + 4, titleY=-8, domain=False, ticks=False, labelPadding=6,
    )  # fmt: skip
    return alt.X("hour:Q", scale=alt.Scale(domain=[0, HOURS], nice=False), axis=axis_x), axis


def _cut(whisker: Row, low: float, high: float) -> Row:
    return {**whisker, "low": max(whisker["low"], low), "high": min(whisker["high"], high),
            "below": whisker["low"] < low, "above": whisker["high"] > high}  # fmt: skip


def _arrows(whiskers: Sequence[Row], x: Any, scale: alt.Scale) -> list[look.Layer]:
    """An interval that goes on beyond the picture says so."""
    options = {"filled": True, "size": 60, "color": look.INK, "opacity": 1}
    ends = (("below", "low", "triangle-down"), ("above", "high", "triangle-up"))
    return [
        look.layer(cut, "point", options | {"shape": shape}, x=x, y=alt.Y(f"{end}:Q", scale=scale))
        for name, end, shape in ends
        if (cut := [whisker for whisker in whiskers if whisker[name]])
    ]


def _said(words: str, width: int) -> list[look.Layer]:
    options = {"align": "center", "baseline": "middle", "color": look.INK, "fontSize": 12, "fontStyle": "italic"}
    halo = {"color": look.PAPER, "stroke": look.PAPER, "strokeWidth": 4}
    where: dict[str, Any] = {"x": look.at_x(width / 2), "y": look.at_y(30), "text": alt.Text("text:N")}
    told = [{"text": words}]
    return [look.layer(told, "text", options | more, **where) for more in (halo, {})] if words else []
