"""Which alerts were sent: at most one a cause and hour, whichever process is at it and however it ends.

A cause is claimed before it is sent: a process that is killed between the two has lost one alert, and sent none twice.
A cause that stays is told again after a day; one that went away may come back after an hour.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from flows.alerts.rules import Alert
from flows.state import in_one_transaction, open_state

_QUIET = timedelta(hours=1)
_REPEATED = timedelta(days=1)
_SCHEMA = "CREATE TABLE IF NOT EXISTS alerts_sent (cause TEXT PRIMARY KEY, sent_at TEXT NOT NULL)"


def claim_alerts(home: Path, alerts: Sequence[Alert], now: datetime) -> list[Alert]:
    """Those of the alerts that are to be sent now; for other processes they are sent."""
    with closing(open_state(home, _SCHEMA)) as state, in_one_transaction(state):
        sent = {cause: datetime.fromisoformat(at) for cause, at in state.execute("SELECT * FROM alerts_sent")}
        standing = {alert.cause for alert in alerts}
        # A clock that was ahead and was set back would keep a cause quiet for ever.
        gone = [cause for cause, at in sent.items() if at > now or (cause not in standing and now - at >= _QUIET)]
        state.executemany("DELETE FROM alerts_sent WHERE cause = ?", [(cause,) for cause in gone])
        due = {a.cause: a for a in alerts if a.cause not in sent or a.cause in gone or now - sent[a.cause] >= _REPEATED}
        state.executemany(
            "INSERT OR REPLACE INTO alerts_sent VALUES (?, ?)", [(cause, now.isoformat()) for cause in due]
        )
    return list(due.values())


def give_back(home: Path, alerts: Iterable[Alert]) -> None:
    """Forget that these were claimed: they reached nobody, and are due again."""
    with closing(open_state(home, _SCHEMA)) as state:
        state.executemany("DELETE FROM alerts_sent WHERE cause = ?", [(alert.cause,) for alert in alerts])
