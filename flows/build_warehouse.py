"""Build: load what landed, build the models, check, publish."""

from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from flows.collected import Tell, say_nothing
from flows.keep_retention import reduce_expired_texts
from warehouse.building import Built, build


def build_warehouse_once(home: Path, now: datetime, *, tell: Tell = say_nothing) -> Built:
    """Bring the published tables of a home up to date, without texts kept too long; a second call changes nothing.

    Raises:
        StoreBusy: another build is running.
        ChecksFailed: a table would hold what must never be; nothing was kept.
    """
    reduce_expired_texts(home, now, tell=tell)
    return build(home, now, version("afterdebate"), tell)
