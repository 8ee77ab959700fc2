"""The health of a home as plain values, for monitors: names as in `docs/watching.md`."""

import json
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from flows.health.judge import level_of, reasons
from flows.health.read import Health


def as_json(health: Health) -> dict[str, Any]:
    """The health as monitors read it: names as in `docs/watching.md`, times in ISO with their zone."""
    found = reasons(health)
    build = health.build
    values = {
        "now": health.now,
        "level": level_of(found).name.lower(),
        "exit_code": int(level_of(found)),
        "reasons": [{"level": reason.level.name.lower(), "what": reason.what} for reason in found],
        "last_run": health.run and asdict(health.run),
        "last_build": build and {**build._asdict(), "failure": build.failure},
        "waiting": health.waiting,
        "lag_s": round(health.lag_s, 1),
        "next_due_at": health.next_due_at,
        "up": health.up and asdict(health.up),
        "spent_on_x": [asdict(spent) for spent in health.spent],
        "sources": [asdict(s) | {"is_failing": s.is_failing} for s in health.sources],
    }
    plain: dict[str, Any] = json.loads(json.dumps(values, default=_plain))
    return plain


def _plain(value: object) -> object:
    return (
        value.isoformat() if isinstance(value, datetime) else float(value) if isinstance(value, Decimal) else str(value)
    )
