"""Rows of `effect_placebos`: the comparable windows without an event that an effect was set beside."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from warehouse.estimates.event_effects import Answer, columns_of

_METRICS = frozenset({"mentions", "amount", "count"})  # what pages draw; lists of the others would only weigh


def placebo_rows(answers: Iterable[Answer]) -> Iterator[dict[str, Any]]:
    """One row for each answer on one event that has an estimate; `quiet_minutes` are minutes since 1970.

    The windows' errors are in standard errors of their own. As ratios they are told at the event's precision, so that
    whatever lies as far from 1 as the event is what `p_placebo` counts.

    Source: docs/methods.md, section 4.
    """
    for answer in answers:
        estimate = answer.effect and answer.effect.estimate
        if not estimate or answer.event is None or answer.panel is None or answer.key.outcome not in _METRICS:
            continue
        evidence = estimate.evidence
        error = estimate.log_rr / evidence.z_event if evidence.z_event else evidence.se
        row = columns_of(answer)
        yield {
            "source_kind": answer.key.source_kind,
            "scope": answer.key.scope if answer.key.outcome == "mentions" else None,
            "source_id": row.get("source_id"),
            "metric": answer.key.outcome,
            **{name: row[name] for name in ("candidate_id", "event_id", "horizon_minutes", "rr")},
            **{name: row[name] for name in ("coverage", "status", "flags")},
            "quiet_minutes": answer.panel.starts[estimate.placebo_starts],
            "quiet_rr": np.exp(np.clip(evidence.z_placebo * error, -700.0, 700.0)),
        }
