"""How the excess of money grows from the start of an event on, with what each window leaves open."""

from collections.abc import Sequence

import altair as alt

from flows.reports.charts import look
from flows.reports.charts.clock import Row


def cumulative(
    rows: Sequence[Row], whiskers: Sequence[Row], quantiles: Sequence[Row], *, width: int, left: int, unit: str,
    x_title: str,
) -> alt.LayerChart:  # fmt: skip
    """`rows` have hour, excess; `whiskers` hour, low, high, label at the end of each window; `quantiles` hour, label.

    A gap breaks the line: what came in it is not known, so `rows` end before the first one.
    """
    values = [row["excess"] for row in rows] + [w[end] for w in whiskers for end in ("low", "high")]
    low, high = min([*values, 0.0]), max([*values, 0.0])
    # A window that leaves everything open would flatten the line that was seen.
    seen = max([abs(row["excess"]) for row in rows] or [1.0]) * 2.5
    scale = alt.Scale(domain=[max(low, -seen), min(high, seen)], nice=False)
    hours = [0, 3, 12, 24, 36, 48, 60, 72] if width > look.NARROW else [0, 24, 48, 72]
    axis_x = alt.Axis(title=x_title, values=hours, grid=False)
    x = alt.X("hour:Q", scale=alt.Scale(domain=[0, 72], nice=False), axis=axis_x)
    axis = alt.Axis(
        title=unit, tickCount=4, minExtent=left, maxExtent=left, titleAngle=0, titleAlign="left", titleAnchor="start",
        titleX=-left + 4, titleY=-8, domain=False, ticks=False, labelPadding=6,
    )  # fmt: skip
    excess = alt.Y("excess:Q", scale=scale, axis=axis)
    small = {"fontSize": 11, "align": "right", "dx": -5, "baseline": "top", "color": look.MUTE}
    marked = {"fontSize": 11, "align": "left", "dx": 4, "baseline": "bottom", "color": look.OBSERVED}
    layers = [
        look.layer([{"zero": 0}], "rule", {"color": look.MUTE}, y=alt.Y("zero:Q", scale=scale, axis=axis)),
        look.layer(
            rows, "area", {"color": look.EXCESS, "opacity": 0.25, "clip": True}, x=x, y=excess, y2=alt.Y2Datum(0)
        ),
        look.layer(rows, "line", {"color": look.EXCESS, "strokeWidth": 2, "clip": True}, x=x, y=excess),
        look.layer(
            whiskers, "rule", {"color": look.INK, "strokeWidth": 1.6, "clip": True},
            x=x, y=alt.Y("low:Q", scale=scale), y2=alt.Y2("high"), tooltip=[alt.Tooltip("label:N")],
        ),
        look.layer(whiskers, "text", small, x=x, y=look.at_y(2), text=alt.Text("label:N")),
        look.layer(quantiles, "rule", {"color": look.OBSERVED, "strokeDash": [3, 3]}, x=x),
        look.layer(quantiles, "text", marked, x=x, y=look.at_y(218), text=alt.Text("label:N")),
    ]  # fmt: skip
    return alt.LayerChart(layer=layers, width=width, height=220)
