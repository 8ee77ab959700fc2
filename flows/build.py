"""Build: load what landed, build the models, check, publish."""

from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from flows.collected import Tell, say_nothing
from flows.keep_retention import reduce_expired_texts
from flows.state import set_aside_unreadable
from flows.troubles import note_troubles
from warehouse.build.run import Built, build
from warehouse.landing.unreadable import LandedUnreadable


def build_warehouse_once(home: Path, now: datetime, *, tell: Tell = say_nothing) -> Built:
    """Bring the published tables of a home up to date, without texts kept too long; a second call changes nothing.

    Raises:
        StoreBusy: another build is running.
        ChecksFailed: a table would hold what must never be; nothing was kept.
    """
    set_aside_unreadable(home)
    try:
        reduce_expired_texts(home, now, tell=tell)
    except LandedUnreadable as error:  # without every name on the roster a text would lose some
        tell(f"warning: texts were not looked at for their age: {error}")
    built = build(home, now, version("afterdebate"), tell)
    files = {str(path.relative_to(home)): reason for path, reason in built.unreadable.items()}
    note_troubles(home, "landed file", files, now)
    return built
