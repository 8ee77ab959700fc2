"""Draws the figures of many pages: each once, and by as many processes as there are processors where they are many."""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from flows.reports.figure import Drawn, Figure, draw, sketch

_FEW = 16  # figures that one process has drawn before others are up


def figures_in(context: Any) -> Iterable[Figure]:
    """Every figure that a page's context holds."""
    if isinstance(context, Figure):
        yield context
    elif isinstance(context, dict):
        for part in context.values():
            yield from figures_in(part)
    elif isinstance(context, list | tuple):
        for part in context:
            yield from figures_in(part)


def draw_all(figures: Iterable[Figure], data: Path, language: str) -> dict[str, Drawn]:
    """Each figure drawn, by its name; two pages that show the same one share it."""
    by_name = {figure.name: figure for figure in figures}
    drawer = partial(draw, data=data, language=language)
    sketches = map(sketch, by_name.values())
    workers = min(os.cpu_count() or 1, 8)
    if len(by_name) <= _FEW or workers == 1:
        pictures = list(map(drawer, sketches))
    else:
        # Spawned, not forked: the drawing library has threads of its own.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            pictures = list(pool.map(drawer, sketches))
    return {
        name: Drawn(figure=by_name[name], wide=wide, narrow=narrow)
        for name, (wide, narrow) in zip(by_name, pictures, strict=True)
    }


def with_pictures(context: Any, drawn: dict[str, Drawn]) -> Any:
    """The context with each figure in place of itself as it was drawn."""
    if isinstance(context, Figure):
        return drawn[context.name]
    if isinstance(context, dict):
        return {key: with_pictures(part, drawn) for key, part in context.items()}
    if isinstance(context, list | tuple):
        return [with_pictures(part, drawn) for part in context]
    return context
