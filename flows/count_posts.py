"""Count the posts that name each candidate: due spans in, counts and proof out to the landing zone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from connectors.campaign import CandidateConfig, XConfig
from connectors.records import PostCount
from connectors.x import MINUTES, Bucket, CountPage, count_page, sum_pages, whole_buckets
from connectors.x_queries import SignedQuery, candidate_queries, query_hash
from flows.x_attempts import XSource, count_attempts
from flows.x_pages import Pages
from flows.x_run import XRun
from flows.x_state import CountKey, read_progress, remember_counted
from flows.x_windows import Span, counted_without_a_hole, is_due, plan_counts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What to count of one candidate."""

    source: XSource
    candidate_id: str
    queries: Sequence[SignedQuery]
    key: CountKey
    span: Span
    is_old: bool  # needs the full archive


def count_candidates(run: XRun, x: XConfig) -> None:
    """Count each candidate whose counts are due."""
    for candidate in run.campaign.candidates:
        source = XSource(run.campaign.id, f"x-counts-{candidate.id}", "x_counts")
        with run.failures_kept(source):
            question = _due_question(run, x, candidate, source)
            if question is not None:
                _answer(run, x, question)


def _due_question(run: XRun, x: XConfig, candidate: CandidateConfig, source: XSource) -> _Question | None:
    """What to ask about one candidate, or None where nothing is due or nothing can be had."""
    queries = candidate_queries(candidate)
    key = CountKey(source.source_key, query_hash(queries), x.granularity)
    progress = read_progress(run.state, key)
    if not run.is_forced and not is_due(run.campaign, progress, run.now):
        run.collected.notes.append(f"{source.source_id}: not due")
        return None
    step = timedelta(minutes=MINUTES[x.granularity])
    plan = plan_counts(run.campaign, progress, run.now, step, is_full_archive=run.is_full_archive)
    if plan.lost:
        run.collected.notes.append(
            f"{source.source_id}: {plan.lost} is older than the 7 days of recent counts. "
            "Mend: AFTERDEBATE_X_FULL_ARCHIVE=true where your plan has full-archive counts"
        )
    if plan.asked is None:
        return None
    return _Question(
        source=source, candidate_id=candidate.id, queries=queries, key=key, span=plan.asked, is_old=plan.is_full_archive
    )


def _answer(run: XRun, x: XConfig, question: _Question) -> None:
    """Land each page before the next request; remember how far only when every page is here."""
    run.tell(f"{question.source.source_id}: counting {question.span} by the {x.granularity}")
    landed: list[Bucket] = []
    if len(question.queries) == 1:
        for page in _pages(run, x, question, question.queries[0]):
            landed += _land_page(run, x, question, page)
    else:
        answers = [(query.sign, list(_pages(run, x, question, query))) for query in question.queries]
        landed += _land_page(run, x, question, sum_pages(answers))
    counted_to_at = counted_without_a_hole(landed, question.span, run.now)
    if question.is_old and landed:
        # Asking a page a month for the same holes each day would cost more than it could bring.
        counted_to_at = question.span.to_at
    remember_counted(run.state, question.key, counted_to_at, run.now)


def _land_page(run: XRun, x: XConfig, question: _Question, page: CountPage) -> list[Bucket]:
    """The whole buckets of the page, which have landed."""
    source, minutes = question.source, MINUTES[x.granularity]
    buckets, unfinished = whole_buckets(page.buckets, minutes, run.now)
    counts = [
        PostCount(
            source_key=source.source_key,
            campaign_id=run.campaign.id,
            candidate_id=question.candidate_id,
            query_hash=question.key.query_hash,
            interval_start_at=bucket.start_at,
            interval_minutes=minutes,
            posts=bucket.posts,
            retrieved_at=run.now,
        )
        for bucket in buckets
    ]
    is_vouched = x.coverage == "measured"
    attempts = count_attempts(source, page, buckets, question.span, is_vouched=is_vouched, now=run.now)
    run.keep(source, counts, page.set_aside, attempts)
    if unfinished:
        run.collected.notes.append(f"{source.source_id}: {unfinished} unfinished buckets left for the next run")
    return buckets


def _pages(run: XRun, x: XConfig, question: _Question, query: SignedQuery) -> Iterator[CountPage]:
    """The pages of one query, each asked for patiently."""
    token: str | None = None
    walked = Pages("counts")
    while True:
        ask = partial(
            count_page,
            run.client,
            query.text,
            start_at=question.span.from_at,
            end_at=question.span.to_at,
            granularity=x.granularity,
            is_full_archive=question.is_old,
            next_token=token,
        )
        page = run.ask(ask)
        yield page
        token = walked.after(page)
        if token is None:
            return
