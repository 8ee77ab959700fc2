"""What one collecting step did, in numbers that the command prints and the flow logs."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Tell = Callable[[str], None]  # where a step says how far it is; the command shows it, a flow logs it


def say_nothing(_text: str) -> None:
    """The `Tell` of a caller who does not want to hear."""


def is_most(rows_aside: int, rows_read: int) -> bool:
    """Whether so many of a file's rows were set aside that it is read in the wrong way rather than flawed."""
    return rows_aside * 2 > rows_read


def told_of_most(name: str, rows_aside: int, rows_read: int, reason: str) -> str:
    """What is said of such a file."""
    return f"{name}: {rows_aside} of {rows_read} rows set aside, most of them so: {reason}"


@dataclass(kw_only=True)
class Collected:
    """What landed, what was set aside and which sources failed, by source id."""

    files: list[Path] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)  # rows of imported files, by source_id
    told_anew: Counter[str] = field(default_factory=Counter)  # rows of them that landed, by source_id
    landed: Counter[str] = field(default_factory=Counter)  # rows by table
    set_aside: Counter[str] = field(default_factory=Counter)  # rows or documents by source_id
    garbled: Counter[str] = field(default_factory=Counter)  # landed texts with letters that nobody can read
    aside: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)  # source, reason -> rows, first place
    duplicates: Counter[str] = field(default_factory=Counter)  # rows that tell what was told before, by source_id
    outside: dict[str, str] = field(default_factory=dict)  # source_id -> how the landed rows lie to the season
    failed: dict[str, str] = field(default_factory=dict)  # source_id -> what went wrong and what to do, a line a file
    unbought: dict[str, str] = field(default_factory=dict)  # source_id -> what the budget on X did not cover
    silent: dict[str, str] = field(
        default_factory=dict
    )  # source_id -> since when a feed gives nothing, against its habit
    notes: list[str] = field(default_factory=list)  # for people: budget spent, nothing due ...

    def tell_aside(self, source_id: str, reason: str, place: str, rows: int = 1) -> None:
        """Count rows that were set aside for a reason; of their places the first is kept."""
        known, first = self.aside.get((source_id, reason), (0, place))
        self.aside[source_id, reason] = (known + rows, first)

    def tell_failed(self, source_id: str, reason: str) -> None:
        """Keep why a source failed, a line for each of its files."""
        told = self.failed.get(source_id, "").splitlines()
        self.failed[source_id] = "\n".join(dict.fromkeys([*told, reason]))

    def add(self, other: "Collected") -> None:
        """Count in what another batch did."""
        self.files += other.files
        self.read.update(other.read)
        self.told_anew.update(other.told_anew)
        self.landed.update(other.landed)
        self.set_aside.update(other.set_aside)
        self.garbled.update(other.garbled)
        for (source_id, reason), (rows, place) in other.aside.items():
            self.tell_aside(source_id, reason, place, rows)
        self.duplicates.update(other.duplicates)
        self.outside.update(other.outside)
        self.unbought.update(other.unbought)
        self.silent.update(other.silent)
        self.failed.update(other.failed)
        self.notes += other.notes
