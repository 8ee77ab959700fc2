"""Count the posts that name each candidate: what is due, and what an earlier run began and could not end."""

from datetime import timedelta

from connectors.campaign.models import CandidateConfig, XConfig
from connectors.errors import SourceRefused
from connectors.x.counts import MINUTES
from connectors.x.queries import candidate_queries, query_hash
from flows.x.attempts import XSource
from flows.x.counts.pages import Question, answer
from flows.x.counts.state import Counting, begin_counting, kept_pages, read_counting
from flows.x.nights import is_due
from flows.x.run import XRun
from flows.x.spans import oldest_recent, plan_counts
from flows.x.state import CountKey, read_progress


def count_candidates(run: XRun, x: XConfig) -> None:
    """Count each candidate whose counts are due; a count that was interrupted goes on first."""
    for candidate in run.campaign.candidates:
        source = XSource(run.campaign.id, f"x-counts-{candidate.id}", "x_counts")
        with run.failures_kept(source):
            interrupted = _interrupted(run, x, candidate, source)
            if interrupted is not None:
                answer(run, x, interrupted)
            _count_what_is_due(run, x, candidate, source)


def _count_what_is_due(run: XRun, x: XConfig, candidate: CandidateConfig, source: XSource) -> None:
    now_at_x = run.now_at_x
    due = _due(run, x, candidate, source)
    try:
        if due is not None:
            answer(run, x, due)
    except SourceRefused as refused:
        if not run.has_learnt_the_time(refused, now_at_x):
            raise
        again = _due(run, x, candidate, source)
        if again is not None:
            answer(run, x, again)


def _interrupted(run: XRun, x: XConfig, candidate: CandidateConfig, source: XSource) -> Question | None:
    """The count that an earlier run began and paid for in part, where X still has an answer to the rest."""
    key = _key(x, candidate, source)
    begun = read_counting(run.state, key)
    if begun is None or not any(kept_pages(run.state, key.source_key, part).pages for part in _parts(candidate)):
        return None
    oldest_at = oldest_recent(run.now_at_x, timedelta(minutes=MINUTES[x.granularity]))
    is_within_reach = run.is_full_archive if begun.is_full_archive else begun.span.to_at > oldest_at
    return _question(candidate, source, key, begun) if is_within_reach else None


def _due(run: XRun, x: XConfig, candidate: CandidateConfig, source: XSource) -> Question | None:
    """What to ask about one candidate, or None where nothing is due or nothing can be had."""
    key = _key(x, candidate, source)
    progress = read_progress(run.state, key)
    if not run.is_forced and not is_due(run.campaign, progress, run.now, run.prices):
        run.collected.notes.append(f"{source.source_id}: not due")
        return None
    step = timedelta(minutes=MINUTES[x.granularity])
    plan = plan_counts(run.campaign, progress, run.now_at_x, step, is_full_archive=run.is_full_archive)
    if plan.lost:
        run.collected.notes.append(
            f"{source.source_id}: {plan.lost} is older than the 7 days of recent counts. "
            "Mend: AFTERDEBATE_X_FULL_ARCHIVE=true where your plan has full-archive counts"
        )
    if plan.asked is None:
        return None
    counting = Counting(span=plan.asked, is_full_archive=plan.is_full_archive, asked_at=run.now)
    begin_counting(run.state, key, counting)
    return _question(candidate, source, key, counting)


def _key(x: XConfig, candidate: CandidateConfig, source: XSource) -> CountKey:
    return CountKey(source.source_key, query_hash(candidate_queries(candidate)), x.granularity)


def _parts(candidate: CandidateConfig) -> range:
    return range(len(candidate_queries(candidate)))


def _question(candidate: CandidateConfig, source: XSource, key: CountKey, counting: Counting) -> Question:
    return Question(
        source=source,
        candidate_id=candidate.id,
        queries=candidate_queries(candidate),
        key=key,
        span=counting.span,
        is_old=counting.is_full_archive,
        asked_at=counting.asked_at,
    )
