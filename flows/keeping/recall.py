"""`state.sqlite` made anew from the landing zone: what it tells, and in words what nobody can know any more."""

from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from flows.collected import Tell
from flows.faults import UsageFault
from flows.feeds import hosts
from flows.feeds import state as feed_state
from flows.imports.memory import open_memory
from flows.only_one import locks_held
from flows.state import has_readable_state, open_state, set_state_aside
from flows.x import purse
from flows.x.open import landed_spend
from flows.x.purse import Purse

# What no row of the landing zone says, and what that means for the next run.
NOT_KNOWN = (
    "how far X was counted and sampled: the next run asks again for what it can still have, within the budget",
    "what X was paid for that never landed: its own count of posts, asked at the next run, is taken off the budget",
    "how politely hosts were asked (`status --etiquette` begins anew), and most validators of redirected feeds",
    "how files of gifts were declared when they were read: one that is declared otherwise since is not read again",
)


def recall_state(home: Path, now: datetime, tell: Tell, *, is_wanted: bool) -> list[str]:
    """Make the state anew where it is gone or cannot be read, or where that `is_wanted`; what is not known any more.

    A state that is there is set aside beside, as `state.sqlite.before`. Nothing is done, and nothing returned, where
    it stands.

    Raises:
        UsageFault: collectors run, and it would have to be set aside.
    """
    if has_readable_state(home):
        if not is_wanted:
            return []
        if held := locks_held(home):
            raise UsageFault(
                f"{home}: {', '.join(held)} is under way, and would write into the state that is set aside. "
                "Mend: stop what collects, then try again"
            )
        set_state_aside(home, "before")
    tell("recalling from the landing zone what collectors knew")
    with closing(open_state(home, feed_state.SCHEMA + hosts.SCHEMA)) as state:
        feed_state.catch_up(state, home)
    open_memory(home).close()
    with closing(open_state(home, purse.SCHEMA)) as state:
        for campaign_id, spent_usd in landed_spend(home, now).items():
            Purse(state, campaign_id, Decimal(0), lambda: now).restore(spent_usd)
    return list(NOT_KNOWN)
