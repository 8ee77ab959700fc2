"""What a person sees: tables on stdout, progress on stderr, so that stdout stays the answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from flows.collected import Tell

_LEAST_WIDTH = 112  # of a table in a pipe, which has no width of its own, and of one that may lose no column


def console(*, is_wide: bool = False) -> Console:
    """Where tables go: stdout, as wide as the terminal. A word in brackets is a word, not a style.

    `is_wide` is for tables that may lose no column: a narrow terminal wraps their lines, and nothing is cut.
    """
    out = Console(markup=False, emoji=False)
    if is_wide or not out.is_terminal:
        out.width = max(out.width, _LEAST_WIDTH)
    return out


@contextmanager
def progress(title: str) -> Iterator[Tell]:
    """A `Tell` that shows one moving line on a terminal, and nothing but the title elsewhere; a warning stays."""
    screen = Console(stderr=True)
    if not screen.is_terminal:
        screen.print(f"{title} ...", markup=False)
        yield _warned(screen, lambda _text: None)
        return
    with screen.status(escape(title)) as status:
        yield _warned(screen, lambda text: status.update(escape(f"{title}: {text}")))


def _warned(screen: Console, passing: Tell) -> Tell:
    def tell(text: str) -> None:
        if text.startswith("warning: "):
            screen.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            passing(text)

    return tell
