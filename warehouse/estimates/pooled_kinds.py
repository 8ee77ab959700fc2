"""Effects on mentions pooled over kinds of source: effects are pooled, counts of different kinds never compared."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from warehouse.effects.estimate.effect_rows import FEWEST_TO_POOL, EffectRow, pool_effects, pooled_row, row_of_pool
from warehouse.effects.estimate.pooling import Pooled, pool
from warehouse.effects.spec import Spec
from warehouse.estimates.event_effects import POOLED, Answer, shared_flags

_ALL_KINDS = 2  # fewer kinds than this, and a pooled row would repeat one of them


def pool_kinds(answers: Sequence[Answer], spec: Spec) -> Iterator[Answer]:
    """For each candidate, event and horizon his effects on all kinds of source together, then over his debates.

    Kinds are pooled within an event first: they see the same evening, so that more kinds are not more events.
    """
    by_question: dict[tuple[str, int], dict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    for answer in answers:
        if answer.key.outcome == "mentions" and answer.event is not None and answer.effect is not None:
            by_question[answer.candidate_id, answer.horizon_minutes][answer.event.event_id].append(answer)
    for by_event in by_question.values():
        pooled = [found for members in by_event.values() if (found := _over_kinds(members, spec))]
        yield from (answer for answer, _ in pooled)
        debates = [(answer, mean) for answer, mean in pooled if answer.event and answer.event.kind == "debate"]
        if len(debates) > 1:
            yield _over_events(debates, spec)


def _over_kinds(members: list[Answer], spec: Spec) -> tuple[Answer, Pooled | None] | None:
    if len({(answer.key.source_kind, answer.key.scope) for answer in members}) < _ALL_KINDS:
        return None
    effects = [answer.effect for answer in members if answer.effect is not None]
    row = pooled_row(effects, spec)
    row = replace(row, n_events=int(row.rr is not None))
    known = [effect.estimate for effect in effects if effect.estimate is not None]
    return _pooled(members, row), None if row.rr is None else pool_effects(known, spec)


def _over_events(debates: list[tuple[Answer, Pooled | None]], spec: Spec) -> Answer:
    answers = [answer for answer, _ in debates]
    known = [(answer, mean) for answer, mean in debates if mean is not None]
    if len(known) < FEWEST_TO_POOL:
        reasons = {answer.row.status for answer in answers}
        status = reasons.pop() if not known and len(reasons) == 1 else "insufficient_sample"
        observed = sum(answer.row.observed for answer in answers)
        row = EffectRow(n_events=len(known), observed=observed, coverage=None, status=status, flags=())
    else:
        mean = _over_means([mean for _, mean in known], spec)
        flags = () if len(known) == len(debates) else ("some_not_estimated",)
        row = row_of_pool(mean, [answer.row for answer, _ in known], spec, flags=flags)
    return replace(_pooled(answers, row), event=None, window=None)


def _over_means(means: Sequence[Pooled], spec: Spec) -> Pooled:
    return pool([one.mean for one in means], [one.se for one in means], spec, [one.freedom for one in means])


def _pooled(members: Sequence[Answer], row: EffectRow) -> Answer:
    first = members[0]
    return replace(
        first,
        key=replace(first.key, source_kind=POOLED, scope=POOLED),
        observed=row.observed if row.status == "ok" else None,
        coverage=row.coverage,
        row=row,
        flags=shared_flags(members),
        effect=None,
    )
