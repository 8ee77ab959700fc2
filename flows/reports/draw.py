"""A chart as a picture: SVG for the page, and SVG and PNG files that stand alone."""

import os
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert as vlc
from babel.dates import get_month_names

from flows.reports.charts import look

# Where systems with fontconfig keep fonts; the others have theirs without being asked.
_FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("~/.fonts"), Path("~/.local/share/fonts"))

_LOCALES: dict[str, Any] = {"en": "en-GB", "fr": "fr-FR"}

# The page holds these once, for all its charts; a file that stands alone holds its own.
PATTERNS = f"""<defs>
<pattern id="hatched" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="hatch-ground" width="7" height="7" fill="#f1f2f3"/><rect class="hatch-line" width="2" height="7" fill="{look.UNCLEAR}"/></pattern>
<pattern id="dotted" width="6" height="6" patternUnits="userSpaceOnUse">
<rect class="hatch-ground" width="6" height="6" fill="#f6f7f8"/><circle class="hatch-line" cx="3" cy="3" r="1.1" fill="{look.UNCLEAR}"/></pattern>
</defs>"""  # noqa: E501 - one pattern a line


def draw_svg(spec: dict[str, Any], language: str, name: str) -> str:
    """The chart as SVG for a page that holds the patterns; `name` keeps its ids apart from another chart's."""
    make_fonts_ready()
    locale = vega_locale(language)
    svg = vlc.vegalite_to_svg(spec, format_locale=locale["formatLocale"], time_format_locale=locale["timeFormatLocale"])
    # The page's own words stand for the whole picture.
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)


def standing_alone(svg: str) -> str:
    """The same picture on white, with the patterns in it."""
    start = svg.index(">") + 1
    svg = f'{svg[:start]}{PATTERNS}<rect width="100%" height="100%" fill="#ffffff"/>{svg[start:]}'
    return svg.replace(f'"{look.HATCHED}"', '"url(#hatched)"').replace(f'"{look.DOTTED}"', '"url(#dotted)"')


def draw_png(svg: str) -> bytes:
    """A standing SVG as PNG, half as large again: some 1,300 pixels wide."""
    make_fonts_ready()
    return vlc.svg_to_png(svg, scale=1.5)


@cache
def make_fonts_ready() -> None:
    """Let the drawing library find its own font first, which it holds in memory, and the system's after it.

    Of a font in a file it opens the file once for every letter that it measures or draws: a page of charts would take
    more than twice as long. The fonts of the system are there for the letters that its own does not have.
    """
    name = "FONTCONFIG_FILE"
    before = os.environ.get(name)
    with tempfile.TemporaryDirectory() as folder:
        none = Path(folder) / "fonts.conf"
        none.write_text(f"<fontconfig><dir>{folder}</dir></fontconfig>", encoding="utf-8")
        os.environ[name] = str(none)
        try:
            vlc.svg_to_png('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')  # looks for fonts, once
        finally:
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before
    for fonts in _FONTS:
        if fonts.expanduser().is_dir():
            vlc.register_font_directory(str(fonts.expanduser()))


@cache
def vega_locale(language: str) -> dict[str, Any]:
    """What Vega needs to write numbers and days; its months are as short as those of the pages' words."""
    name = _LOCALES[language]
    months = get_month_names("abbreviated", context="format", locale=name.replace("-", "_"))
    times = vlc.get_time_format_locale(name) | {"shortMonths": [months[month] for month in range(1, 13)]}
    return {"formatLocale": vlc.get_format_locale(name), "timeFormatLocale": times}


def vega_bundle() -> str:
    """Vega, Vega-Lite and vega-embed as one classic script, which a page opened from disk may load."""
    return f"(function(){{{vlc.javascript_bundle('window.vegaEmbed = vegaEmbed;')}}})();"
