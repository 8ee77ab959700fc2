"""What a person sees while a step runs: on stderr, so that stdout stays the answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from flows.collected import Tell


@contextmanager
def progress(title: str) -> Iterator[Tell]:
    """A `Tell` that shows one moving line on a terminal, and nothing but the title elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        console.print(f"{title} ...", markup=False)
        yield lambda _text: None
        return
    with console.status(escape(title)) as status:
        yield lambda text: status.update(escape(f"{title}: {text}"))
