"""Share of voice before an event and from its start on: one line a candidate, hollow before, filled after."""

from collections.abc import Sequence

import altair as alt

from flows.reports.charts import look
from flows.reports.charts.clock import Row
from flows.reports.charts.strip import names_axis

_STEP = 40


def shares(rows: Sequence[Row], *, width: int, left: int) -> alt.LayerChart:
    """`rows` have name, share_before (None: not known), share, low and high (None: no interval), says."""
    ordered = sorted(rows, key=lambda row: -row["share"])
    names = [row["name"] for row in ordered]
    top = max(
        [value for row in ordered for value in (row["high"] or row["share"], row["share_before"] or 0)], default=1
    )
    scale = alt.Scale(domain=[0, min(1.0, top * 1.08)], nice=False)
    axis = alt.Axis(format="%", title=None, tickCount=5, domain=False, ticks=False, gridColor=look.GRID)
    y = alt.Y("name:N", sort=names, axis=names_axis(left), scale=alt.Scale(padding=0.1))
    x = alt.X("share:Q", scale=scale, axis=axis)
    low = alt.X("low:Q", scale=scale, axis=axis)
    before = alt.X("share_before:Q", scale=scale)
    sure = [row for row in ordered if row["low"] is not None]
    moved = [row for row in ordered if row["share_before"] is not None]
    hollow = {"color": look.OBSERVED, "filled": False, "fill": look.PAPER, "size": 60, "strokeWidth": 2}
    said = {"align": "left", "color": look.MUTE, "fontSize": 10.5, "yOffset": 13, "dx": 2}
    layers = [
        look.layer(sure, "bar", {"height": 9, "color": look.BAND}, x=low, x2=alt.X2("high"), y=y),
        look.layer(moved, "rule", {"color": look.OBSERVED, "strokeWidth": 1.4}, x=before, x2=alt.X2("share"), y=y),
        look.layer(moved, "point", hollow, x=before, y=y),
        look.layer(ordered, "point", {"color": look.OBSERVED, "filled": True, "size": 70, "opacity": 1}, x=x, y=y),
        look.layer(ordered, "text", said, x=look.at_x(0), y=y, text=alt.Text("says:N")),
    ]
    return look.layered(layers, width=width, height=_STEP * max(len(names), 1))
