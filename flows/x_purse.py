"""The money for X: what was spent this month, and the hard stop before each request.

Every request reserves its worst price in `state.sqlite` before it is sent, and settles for what the answer cost. Two
processes share the ledger, so that they cannot overspend together; a process that dies leaves its reservation standing.
"""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from connectors.errors import BudgetExhausted
from connectors.records import FetchAttempt
from warehouse.landing import read_landed

SCHEMA = """
CREATE TABLE IF NOT EXISTS x_spend (
    spend_id INTEGER PRIMARY KEY,
    campaign_id TEXT NOT NULL,
    month TEXT NOT NULL,             -- in UTC, as X bills
    endpoint TEXT NOT NULL,
    reserved_at TEXT NOT NULL,
    reserved_microusd INTEGER NOT NULL,
    charged_microusd INTEGER         -- NULL: not settled, so the reservation counts
);
CREATE INDEX IF NOT EXISTS x_spend_by_month ON x_spend (campaign_id, month);
"""
_SPENT = "SELECT coalesce(sum(coalesce(charged_microusd, reserved_microusd)), 0) FROM x_spend"
_MICRO = Decimal("0.000001")
_UNACCOUNTED = "counted by X, not by us"


class Purse:
    """One campaign's budget in the month of UTC that the clock shows; a `Meter` of the session."""

    def __init__(
        self, state: sqlite3.Connection, campaign_id: str, budget_usd: Decimal, clock: Callable[[], datetime]
    ) -> None:
        self._state = state
        self._campaign_id = campaign_id
        self._budget = _micro(budget_usd)
        self._clock = clock
        self._untold = 0
        self._apart: set[int] = set()

    def reserve(self, price: Decimal, endpoint: str) -> int:
        """A reservation of `price`, which stands until it is settled.

        Raises:
            BudgetExhausted: the request could cost more than is left.
        """
        now = self._clock()
        month = _month(now)
        # Taken for writing at once: nobody can spend between the sum and the insert.
        self._state.execute("BEGIN IMMEDIATE")
        try:
            left = self._budget - self._spent(month)
            if _micro(price) > left:
                raise BudgetExhausted(
                    f"X {endpoint} could cost ${price}, and {_dollars(max(0, left))} of the {_dollars(self._budget)} "
                    f"for {month} are left. Mend: wait for next month, or raise x.budget_usd"
                )
            cursor = self._state.execute(
                "INSERT INTO x_spend (campaign_id, month, endpoint, reserved_at, reserved_microusd)"
                " VALUES (?, ?, ?, ?, ?)",
                (self._campaign_id, month, endpoint, now.isoformat(), _micro(price)),
            )
            self._state.execute("COMMIT")
        finally:
            if self._state.in_transaction:
                self._state.execute("ROLLBACK")
        self._untold += _micro(price)
        return int(cursor.lastrowid or 0)

    def set_apart(self, price: Decimal, endpoint: str) -> int:
        """A reservation for what may come unasked; no attempt tells of it until it is settled.

        Raises:
            BudgetExhausted: as `reserve` does.
        """
        reservation = self.reserve(price, endpoint)
        self._apart.add(reservation)
        self._untold -= _micro(price)
        return reservation

    def settle(self, reservation: int, price: Decimal) -> None:
        """Take what the answer cost in place of the reservation."""
        [reserved] = self._state.execute(
            "UPDATE x_spend SET charged_microusd = ? WHERE spend_id = ? RETURNING reserved_microusd",
            (_micro(price), reservation),
        ).fetchone()
        self._untold += _micro(price) - (0 if reservation in self._apart else reserved)
        self._apart.discard(reservation)

    def left_usd(self) -> Decimal:
        """What may still be spent this month."""
        return max(0, self._budget - self._spent(_month(self._clock()))) * _MICRO

    def take_cost(self) -> Decimal:
        """What was spent through this purse since the last call, for the attempt that lands it."""
        cost, self._untold = self._untold, 0
        return cost * _MICRO

    def spent_on_posts_usd(self) -> Decimal:
        """What posts cost this month by our ledger, in every campaign: X's own count knows no campaigns."""
        [spent] = self._state.execute(
            f"{_SPENT} WHERE month = ? AND (endpoint LIKE '/2/tweets/search/%' OR endpoint LIKE '/2/users/%/tweets')",
            (_month(self._clock()),),
        ).fetchone()
        return int(spent) * _MICRO

    def count_unaccounted(self, price: Decimal) -> None:
        """Count as spent this month what X knows of and our ledger does not, in place of what was counted so before."""
        now = self._clock()
        self._state.execute("BEGIN IMMEDIATE")
        self._state.execute(
            "DELETE FROM x_spend WHERE campaign_id = ? AND month = ? AND endpoint = ?",
            (self._campaign_id, _month(now), _UNACCOUNTED),
        )
        self._book(_UNACCOUNTED, _micro(price), now)
        self._state.execute("COMMIT")

    def _book(self, what: str, micro: int, now: datetime) -> None:
        """Count as spent what no request of ours was for."""
        if micro > 0:
            self._state.execute(
                "INSERT INTO x_spend (campaign_id, month, endpoint, reserved_at, reserved_microusd, charged_microusd)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (self._campaign_id, _month(now), what, now.isoformat(), micro, micro),
            )

    def restore(self, landed_usd: Decimal) -> None:
        """Count what the landing zone says was spent this month, where the ledger itself was lost."""
        now = self._clock()
        self._book("restored from landing", _micro(landed_usd) - self._spent(_month(now)), now)

    def _spent(self, month: str) -> int:
        [spent] = self._state.execute(
            f"{_SPENT} WHERE campaign_id = ? AND month = ?", (self._campaign_id, month)
        ).fetchone()
        return int(spent)


def open_purse(
    state: sqlite3.Connection, campaign_id: str, budget_usd: Decimal, home: Path, clock: Callable[[], datetime]
) -> Purse:
    """The campaign's purse; a ledger without any row of the campaign is restored from what landed."""
    purse = Purse(state, campaign_id, budget_usd, clock)
    if not spent_by_month(state, campaign_id):
        attempts = read_landed(home, FetchAttempt.TABLE)
        landed = [
            row["cost_usd"]
            for row in attempts
            if row["source_key"].startswith(f"{campaign_id}/") and _month(row["attempted_at"]) == _month(clock())
        ]
        purse.restore(sum((cost for cost in landed if cost), Decimal(0)))
    return purse


def spent_by_month(state: sqlite3.Connection, campaign_id: str) -> dict[str, Decimal]:
    """What the ledger says was spent on X in each month, unsettled reservations at their worst."""
    rows = state.execute(
        "SELECT month, sum(coalesce(charged_microusd, reserved_microusd)) FROM x_spend WHERE campaign_id = ?"
        " GROUP BY month ORDER BY month",
        (campaign_id,),
    )
    return {month: spent * _MICRO for month, spent in rows}


def _month(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m}"


def _micro(price: Decimal) -> int:
    return int(price / _MICRO)


def _dollars(micro: int) -> str:
    return f"${(micro * _MICRO).normalize():f}"
