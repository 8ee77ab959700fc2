"""Draws the figures of many pages: each once, only those that changed, and by every processor where they are many."""

import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any

from flows.reports.figure import Drawn, Figure, draw, sketch

_FEW = 16  # figures that one process has drawn before others are up
_KEPT = ".pictures"  # as they stand in the pages, by name and mark


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


def draw_all(
    figures: Iterable[Figure], folder: Path, language: str, mark_of: Callable[[Figure], str]
) -> dict[str, Drawn]:
    """Each figure drawn, by its name; one that is as it was, by its mark, is taken from where it was kept."""
    by_name = {figure.name: figure for figure in figures}
    kept = {name: folder / _KEPT / name / f"{mark_of(figure)}.json" for name, figure in by_name.items()}
    changed = [figure for name, figure in by_name.items() if not kept[name].is_file()]
    for figure, pictures in zip(changed, _pictures(changed, folder / "data", language), strict=True):
        _keep(kept[figure.name], pictures)
    drawn = {}
    for name, figure in by_name.items():
        wide, narrow = json.loads(kept[name].read_text(encoding="utf-8"))
        drawn[name] = Drawn(figure=figure, wide=wide, narrow=narrow)
    return drawn


def with_pictures(context: Any, drawn: dict[str, Drawn]) -> Any:
    """The context with each figure in place of itself as it was drawn."""
    if isinstance(context, Figure):
        return drawn[context.name]
    if isinstance(context, dict):
        return {key: with_pictures(part, drawn) for key, part in context.items()}
    if isinstance(context, list | tuple):
        return [with_pictures(part, drawn) for part in context]
    return context


def _pictures(figures: list[Figure], data: Path, language: str) -> list[tuple[str, str]]:
    drawer = partial(draw, data=data, language=language)
    sketches = map(sketch, figures)
    workers = min(os.cpu_count() or 1, 8)
    if len(figures) <= _FEW or workers == 1:
        return list(map(drawer, sketches))
    with drawers(workers) as pool:
        return list(pool.map(drawer, sketches))


def drawers(workers: int) -> ProcessPoolExecutor:
    """Processes that draw, and end with the one that made them, however that one ends."""
    # Spawned, not forked: the drawing library has threads of its own.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    # One whose parent was killed would wait for its next picture for ever.
    def watch() -> None:
        if (parent := parent_process()) is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def _keep(path: Path, pictures: tuple[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for older in path.parent.glob("*.json"):
        older.unlink()
    path.write_text(json.dumps(pictures), encoding="utf-8")
