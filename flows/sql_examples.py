"""Worked questions to the published database, for `afterdebate sql --example NAME`."""

from pathlib import Path

from flows.faults import UsageFault

_FOLDER = Path(__file__).parent / "examples"


def example_names() -> list[str]:
    """The names of all worked questions."""
    return sorted(path.stem for path in _FOLDER.glob("*.sql"))


def example_named(name: str) -> str:
    """The SQL of a worked question; its first line, a comment, is the question.

    Raises:
        UsageFault: there is none of that name; the message tells every name and what it asks.
    """
    if name not in example_names():
        told = "\n".join(f"  {known}: {question_of(known)}" for known in example_names())
        raise UsageFault(f"{name}: no such example. Mend: one of\n{told}")
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8").strip()


def question_of(name: str) -> str:
    """What a worked question asks, in words."""
    first = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("-- ")
