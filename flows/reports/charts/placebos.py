"""The placebo strip: where an event stands among comparable windows that held none."""

from collections.abc import Sequence

import altair as alt

from flows.reports.charts import look
from flows.reports.charts.clock import Row
from flows.reports.charts.strip import names_axis

_STEP = 46
_EDGES = (0.05, 20.0)  # beyond, a window stands at the edge
_TICKS = (0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16)
_LINES = 5  # on which dots are spread so that they do not hide each other


def placebos(rows: Sequence[Row], *, width: int, left: int) -> alt.LayerChart:
    """`rows` have label, rr, verdict, quiet (ratios of the comparable windows), note (in words beneath)."""
    is_narrow = width < look.WIDE / 2
    labels = [row["label"] for row in rows]
    dots = [
        {"label": row["label"], "rr": min(max(rr, _EDGES[0]), _EDGES[1]), "up": 4.0 * (place % _LINES) - 8}
        for row in rows
        for place, rr in enumerate(row["quiet"])
    ]
    values = [*(dot["rr"] for dot in dots), *(row["rr"] for row in rows), 0.5, 2.0]
    edges = [max(min(values) / 1.1, _EDGES[0]), min(max(values) * 1.1, _EDGES[1])]
    scale = alt.Scale(type="log", domain=edges, nice=False)
    ticks = [tick for tick in _TICKS if edges[0] <= tick <= edges[1]]
    axis = alt.Axis(title=None, values=ticks, format="~r", gridColor=look.GRID, domain=False, ticks=False, offset=10)
    x = alt.X("rr:Q", scale=scale, axis=axis)
    bare = alt.Axis(labels=False, title=None, ticks=False, domain=False)
    names = bare if is_narrow else names_axis(left)
    y = alt.Y("label:N", sort=labels, title=None, scale=alt.Scale(paddingInner=0.1, paddingOuter=0.35), axis=names)
    events = [{**row, "rr": min(max(row["rr"], edges[0]), edges[1])} for row in rows]
    clear = [row for row in events if row["verdict"] == "effect"]
    unclear = [row for row in events if row["verdict"] != "effect"]
    hollow = {"shape": "square", "filled": False, "fill": look.PAPER, "size": 90, "color": look.NONE, "strokeWidth": 2}
    filled = {"shape": "square", "filled": True, "size": 110, "color": look.EFFECT, "opacity": 1}
    beneath = {"align": "left", "fontSize": 10.5, "limit": width, "yOffset": 17, "dx": 2}
    where = {"x": look.at_x(0), "y": y, "text": alt.Text("note:N")}
    layers = [
        look.layer([{"one": 1}], "rule", {"color": look.INK}, x=alt.X("one:Q", scale=scale, axis=axis)),
        *(
            look.layer([dot for dot in dots if dot["up"] == up], "circle",
                       {"color": look.EXPECTED, "size": 22, "opacity": 0.55, "yOffset": up}, x=x, y=y)
            for up in sorted({dot["up"] for dot in dots})
        ),
        look.layer(unclear, "point", hollow, x=x, y=y),
        look.layer(clear, "point", filled, x=x, y=y),
        look.layer(rows, "text", beneath | look.HALO, **where),
        look.layer(rows, "text", beneath | {"color": look.MUTE}, **where),
        *look.names_above(rows, y, width, is_narrow=is_narrow),
    ]  # fmt: skip
    return look.layered(layers, width=width, height=(_STEP + (12 if is_narrow else 0)) * (max(len(labels), 1) + 0.6))
