"""A chart with all that stands around it, and its files: data as CSV and XLSX, the picture as SVG and PNG."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.reports.ask import Asked
from flows.reports.charts import look
from flows.reports.draw import draw_png, draw_svg, standing_alone
from flows.reports.sheets import workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What a page shows of one chart. `name` says what it shows, and is the name of its files."""

    name: str
    title: str
    alt: str  # made from the numbers
    key: str  # how to read it
    caption: str
    chart: look.Maker  # for a width of the plot
    asked: Asked
    rests_on: Any = None  # what else is drawn: a figure is drawn anew where it changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A figure as the template sees it."""

    figure: Figure
    wide: str
    narrow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A figure ready to be drawn, in this process or another."""

    name: str
    wide: dict[str, Any]
    narrow: dict[str, Any]
    asked: Asked


def sketch(figure: Figure) -> Sketch:
    """The figure's specifications and numbers, without what draws them."""
    wide, narrow = (look.looked(figure.chart, width) for width in (look.WIDE, look.NARROW))
    return Sketch(name=figure.name, wide=wide, narrow=narrow, asked=figure.asked)


def draw(figure: Sketch, data: Path, language: str) -> tuple[str, str]:
    """The wide and the narrow picture for the page; the figure's files are written to `data`."""
    wide = draw_svg(figure.wide, language, figure.name)
    alone = standing_alone(wide)
    (data / f"{figure.name}.csv").write_text(figure.asked.csv(), encoding="utf-8")
    (data / f"{figure.name}.xlsx").write_bytes(workbook([(figure.name, figure.asked)]))
    (data / f"{figure.name}.svg").write_text(alone, encoding="utf-8")
    (data / f"{figure.name}.png").write_bytes(draw_png(alone))
    # A script, not a JSON file: a page opened from disk may load the one, and not read the other.
    told = json.dumps(figure.wide, separators=(",", ":"), default=str)
    (data / f"{figure.name}.js").write_text(f"window.afterdebate.show({json.dumps(figure.name)},{told});\n", "utf-8")
    return wide, draw_svg(figure.narrow, language, f"{figure.name}-narrow")
