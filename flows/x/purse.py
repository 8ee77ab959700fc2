"""The money for X: what was spent this month, and the hard stops before each request: the campaign's, and that of all.

Every request reserves its worst price in `state.sqlite` before it is sent, and settles for what the answer cost. Two
processes share the ledger, so that they cannot overspend together; a process that dies leaves its reservation standing.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

from connectors.errors import BudgetExhausted

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
        self,
        state: sqlite3.Connection,
        campaign_id: str,
        budget_usd: Decimal,
        clock: Callable[[], datetime],
        *,
        cap_usd: Decimal | None = None,
    ) -> None:
        self._state = state
        self._campaign_id = campaign_id
        self._budget = _micro(budget_usd)
        self._cap = None if cap_usd is None else _micro(cap_usd)  # for all campaigns of the home
        self._clock = clock
        self._untold = 0
        self._kept_back = 0
        self._apart: set[int] = set()

    def keep_back(self, usd: Decimal) -> None:
        """Leave so much of the month's budget for what must still be paid: nothing below may spend it."""
        self._kept_back = _micro(usd)

    @contextmanager
    def spending_all(self) -> Iterator[None]:
        """Within, what was kept back may be spent: it was kept for this."""
        kept, self._kept_back = self._kept_back, 0
        try:
            yield
        finally:
            self._kept_back = kept

    def reserve(self, price: Decimal, endpoint: str) -> int:
        """A reservation of `price`, which stands until it is settled.

        Raises:
            BudgetExhausted: the request could cost more than is left.
        """
        micro = _micro(price)
        with self._alone() as now:
            left = self._left(now)
            if micro > left:
                raise BudgetExhausted(f"X {endpoint} could cost {_dollars(micro)}, and {self._say_left(now, left)}")
            reservation = self._write(now, endpoint, micro, None)
        self._untold += micro
        return reservation

    def set_apart(self, price: Decimal, endpoint: str) -> int:
        """A reservation for what may come unasked; no attempt tells of it until it is drawn on or settled.

        Raises:
            BudgetExhausted: as `reserve` does.
        """
        reservation = self.reserve(price, endpoint)
        self._apart.add(reservation)
        self._untold -= _micro(price)
        return reservation

    def extend(self, reservation: int, price: Decimal, most: int) -> int:
        """Sets apart as many further pieces of `price` as are left, `most` of them at most; returns how many."""
        with self._alone() as now:
            pieces = max(0, min(most, self._left(now) // _micro(price)))
            self._grow(now, reservation, pieces * _micro(price))
        return pieces

    def draw(self, reservation: int, price: Decimal, endpoint: str) -> None:
        """Spend a part of what was set apart; the rest stays set apart."""
        with self._alone() as now:
            self._grow(now, reservation, -_micro(price))
            self._write(now, endpoint, _micro(price), _micro(price))
        self._untold += _micro(price)

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
        return max(0, self._left(self._clock())) * _MICRO

    def take_cost(self) -> Decimal:
        """What was spent through this purse since the last call, for the attempt that lands it."""
        cost, self._untold = self._untold, 0
        return cost * _MICRO

    def spent_on_posts_usd(self) -> Decimal:
        """What posts cost this month by our ledger, in every campaign: X's own count knows no campaigns."""
        [spent] = self._state.execute(
            f"{_SPENT} WHERE month = ? AND (endpoint LIKE '/2/tweets/search/%' OR endpoint LIKE '/2/users/%/tweets')",
            (month_of(self._clock()),),
        ).fetchone()
        return int(spent) * _MICRO

    def count_unaccounted(self, price: Decimal) -> None:
        """Count as spent this month what X knows of and our ledger does not, in place of what was counted so before."""
        with self._alone() as now:
            self._state.execute(
                "DELETE FROM x_spend WHERE campaign_id = ? AND month = ? AND endpoint = ?",
                (self._campaign_id, month_of(now), _UNACCOUNTED),
            )
            self._book(now, _UNACCOUNTED, _micro(price))

    def restore(self, landed_usd: Decimal) -> None:
        """Count what the landing zone says was spent this month, where the ledger itself was lost."""
        with self._alone() as now:
            self._book(now, "restored from landing", _micro(landed_usd) - self._spent(now))

    @contextmanager
    def _alone(self) -> Iterator[datetime]:
        """The ledger, taken for writing at once: nobody can spend between a sum and what is written because of it."""
        self._state.execute("BEGIN IMMEDIATE")
        try:
            yield self._clock()
            self._state.execute("COMMIT")
        finally:
            if self._state.in_transaction:
                self._state.execute("ROLLBACK")

    def _book(self, now: datetime, what: str, micro: int) -> None:
        """Count as spent what no request of ours was for."""
        if micro > 0:
            self._write(now, what, micro, micro)

    def _write(self, now: datetime, endpoint: str, reserved: int, charged: int | None) -> int:
        cursor = self._state.execute(
            "INSERT INTO x_spend (campaign_id, month, endpoint, reserved_at, reserved_microusd, charged_microusd)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (self._campaign_id, month_of(now), endpoint, now.isoformat(), reserved, charged),
        )
        return int(cursor.lastrowid or 0)

    def _grow(self, now: datetime, reservation: int, micro: int) -> None:
        # What outlasts the month stands in the next one, where it will be spent.
        self._state.execute(
            "UPDATE x_spend SET reserved_microusd = reserved_microusd + ?, month = ? WHERE spend_id = ?",
            (micro, month_of(now), reservation),
        )

    def _left(self, now: datetime) -> int:
        mine = self._budget - self._spent(now) - self._kept_back
        return mine if self._cap is None else min(mine, self._cap - self._spent_by_all(now))

    def _say_left(self, now: datetime, left: int) -> str:
        is_own = left == self._budget - self._spent(now) - self._kept_back
        whole = self._budget if is_own else self._cap or 0
        kept = f" beside {_dollars(self._kept_back)} for counts on live nights" if is_own and self._kept_back else ""
        return (
            f"{_dollars(max(0, left))} of the {_dollars(whole)} for {month_of(now)} are left"
            f"{kept}{'' if is_own else ' to all campaigns of this home'}. Mend: wait for next month, or raise "
            f"{'x.budget_usd' if is_own else 'AFTERDEBATE_X_CAP (a flat plan ends at its posts)'}"
        )

    def _spent_by_all(self, now: datetime) -> int:
        [spent] = self._state.execute(f"{_SPENT} WHERE month = ?", (month_of(now),)).fetchone()
        return int(spent)

    def _spent(self, now: datetime) -> int:
        [spent] = self._state.execute(
            f"{_SPENT} WHERE campaign_id = ? AND month = ?", (self._campaign_id, month_of(now))
        ).fetchone()
        return int(spent)


def spent_by_month(state: sqlite3.Connection, campaign_id: str) -> dict[str, Decimal]:
    """What the ledger says was spent on X in each month, unsettled reservations at their worst."""
    rows = state.execute(
        "SELECT month, sum(coalesce(charged_microusd, reserved_microusd)) FROM x_spend WHERE campaign_id = ?"
        " GROUP BY month ORDER BY month",
        (campaign_id,),
    )
    return {month: spent * _MICRO for month, spent in rows}


def month_of(at: datetime) -> str:
    """The month of UTC, by which X bills."""
    return f"{at.astimezone(UTC):%Y-%m}"


def _micro(price: Decimal) -> int:
    return int(price / _MICRO)


def _dollars(micro: int) -> str:
    return f"${(micro * _MICRO).normalize():f}"
