"""Warehouse and published files made anew from the landing zone, and compared with those that were there."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flows.build import build_warehouse_once
from flows.collected import Tell, say_nothing
from flows.keeping.recall import recall_state
from warehouse.build.run import Built
from warehouse.publish.fingerprints import Fingerprint, fingerprints
from warehouse.store import store_forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild made, and how it compares with what was published before."""

    built: Built
    tables: int  # as many are published
    equal: int  # row by row as before
    other: dict[str, str] = field(default_factory=dict)  # table -> how it differs
    not_known: list[str] = field(default_factory=list)  # of the state, where that was made anew


def rebuild_home(home: Path, now: datetime, *, tell: Tell = say_nothing, is_state_wanted: bool = False) -> Rebuilt:
    """Forget the warehouse, build it from the landing zone and publish every table; collectors go on meanwhile.

    Until the end readers have the files that were published before. Ended midway, the next build does the rest.

    Raises:
        StoreBusy: another build is running; nothing was changed.
        ChecksFailed: a table would hold what must never be; what was published stands.
    """
    tell("looking at what is published")
    before = fingerprints(home)
    with store_forgotten(home):
        tell("forgetting the warehouse")
    not_known = recall_state(home, now, tell, is_wanted=is_state_wanted)
    built = build_warehouse_once(home, now, tell=tell)
    tell("comparing with what was published before")
    after = fingerprints(home)
    other = {name: _difference(before[name], after.get(name)) for name in before if before[name] != after.get(name)}
    return Rebuilt(
        built=built,
        tables=len(after),
        equal=len(before) - len(other) if before else 0,
        other=other,
        not_known=not_known,
    )


def _difference(before: Fingerprint, after: Fingerprint | None) -> str:
    if after is None:
        return "this version has no such table"
    if before.columns != after.columns:
        return "this version has other columns"
    if before.rows != after.rows:
        return f"{before.rows} rows before, {after.rows} now"
    return f"{after.rows} rows as before, some of them with other values"
