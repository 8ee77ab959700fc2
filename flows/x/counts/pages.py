"""The answer to one question of counts, page by page: each is kept before the next request, and goes on another day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain

from connectors.campaign.models import XConfig
from connectors.errors import BudgetExhausted, SourceError, SourceUnreadable
from connectors.records import FetchAttempt, PostCount
from connectors.x.counts import MINUTES, Bucket, CountPage, count_page, sum_buckets, whole_buckets
from connectors.x.errors import ParameterRefused
from connectors.x.queries import SignedQuery
from flows.networks.spans import Span
from flows.x.asking import Pages
from flows.x.attempts import XSource, count_attempts, part_attempt
from flows.x.counts.state import end_counting, forget_pages, keep_page, kept_pages
from flows.x.run import ENDS_ALL, XRun, is_about_time
from flows.x.spans import counted_without_a_hole, oldest_recent
from flows.x.state import CountKey, remember_counted

_PATIENCE = timedelta(days=1)  # with a page that cannot be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to count of one candidate."""

    source: XSource
    candidate_id: str
    queries: Sequence[SignedQuery]
    key: CountKey
    span: Span
    is_old: bool  # needs the full archive
    asked_at: datetime  # when it was begun, in an earlier run perhaps


def answer(run: XRun, x: XConfig, question: Question) -> None:
    """Ask every query that is not answered yet, and land the counts; one that fails does not stop the others.

    Raises:
        SourceError: of the first query that failed; what the others answered is kept for the next run.
    """
    run.tell(f"{question.source.source_id}: counting {question.span} by the {x.granularity}")
    failures = [error for part in range(len(question.queries)) if (error := _failure(run, x, question, part))]
    if failures:
        if len(question.queries) > 1:
            run.collected.notes.append(
                f"{question.source.source_id}: {len(failures)} of {len(question.queries)} queries failed; what the "
                "others answered is kept, and only those are asked again"
            )
        raise failures[0]
    _finish(run, x, question)


def _failure(run: XRun, x: XConfig, question: Question, part: int) -> SourceError | None:
    """Why one query has no answer, where the others may have one."""
    try:
        _walk(run, x, question, part)
    except (BudgetExhausted, *ENDS_ALL):
        raise
    except SourceError as error:
        if is_about_time(error):
            raise
        return error
    return None


def _walk(run: XRun, x: XConfig, question: Question, part: int) -> None:
    """The pages of one query that are not here yet, each kept before the next is asked for."""
    source_key, from_at = question.source.source_key, _from_at(run, x, question)
    kept = kept_pages(run.state, source_key, part)
    if kept.next_token and from_at > question.span.from_at:
        # X has no further page of a question that begins before its reach.
        forget_pages(run.state, source_key, part)
        kept = kept_pages(run.state, source_key, part)
    walked, token, number, is_whole = Pages("counts", kept.next_token), kept.next_token, len(kept.pages), kept.is_whole
    while not is_whole:
        try:
            page = run.ask(_asking(run, x, question, part, from_at=from_at, token=token))
            buckets = _land_page(run, x, question, page, f"{part + 1}, page {number + 1}")
            token = walked.after(page)
        except (ParameterRefused, SourceUnreadable) as error:
            if token is not None and _leads_nowhere(run, question, error):
                forget_pages(run.state, source_key, part)
            raise
        keep_page(run.state, source_key, part, buckets, page=number, next_token=token)
        number, is_whole = number + 1, token is None


def _leads_nowhere(run: XRun, question: Question, error: SourceError) -> bool:
    """Would the same page be asked for in vain for ever?"""
    if isinstance(error, ParameterRefused):
        return error.names("next_token")
    # A body that is broken now may be whole in the next run, and the pages before it were paid for.
    return run.now - question.asked_at > _PATIENCE


def _asking(
    run: XRun, x: XConfig, question: Question, part: int, *, from_at: datetime, token: str | None
) -> Callable[[], CountPage]:
    return partial(
        count_page,
        run.client,
        question.queries[part].text,
        start_at=from_at,
        end_at=question.span.to_at,
        granularity=x.granularity,
        is_full_archive=question.is_old,
        next_token=token,
    )


def _land_page(run: XRun, x: XConfig, question: Question, page: CountPage, which: str) -> list[Bucket]:
    """The whole buckets of the page; they have landed where the question is one query, else their sum will."""
    source = question.source
    buckets, unfinished = whole_buckets(page.buckets, MINUTES[x.granularity], run.now)
    if len(question.queries) == 1:
        attempts = _proof(run, x, question, page, buckets)
        run.keep(source, _counts(run, x, question, buckets), page.set_aside, attempts)
    else:
        run.keep(source, [], page.set_aside, [part_attempt(source, page, which, run.now)])
    if unfinished:
        run.collected.notes.append(f"{source.source_id}: {unfinished} unfinished buckets left for the next run")
    return buckets


def _finish(run: XRun, x: XConfig, question: Question) -> None:
    """Land the sum where there are several queries, and remember how far was counted."""
    state, source_key = run.state, question.source.source_key
    parts = [
        (query.sign, list(chain.from_iterable(kept_pages(state, source_key, part).pages)))
        for part, query in enumerate(question.queries)
    ]
    counted = sum_buckets(parts)
    if len(parts) > 1:
        page = CountPage(buckets=counted, set_aside=[], next_token=None)
        first, *others = _proof(run, x, question, page, counted)
        run.keep(question.source, _counts(run, x, question, counted), [], [replace(first, requests=0), *others])
    asked = Span(from_at=_from_at(run, x, question), to_at=question.span.to_at)
    counted_to_at = counted_without_a_hole(counted, asked, run.now)
    if question.is_old and counted:
        # Asking a page a month for the same holes each day would cost more than it could bring.
        counted_to_at = question.span.to_at
    remember_counted(state, question.key, counted_to_at, question.asked_at)
    end_counting(state, source_key)


def _from_at(run: XRun, x: XConfig, question: Question) -> datetime:
    """Where X can still begin: recent counts reach seven days back."""
    oldest_at = oldest_recent(run.now_at_x, timedelta(minutes=MINUTES[x.granularity]))
    return question.span.from_at if question.is_old else max(question.span.from_at, oldest_at)


def _proof(run: XRun, x: XConfig, question: Question, page: CountPage, buckets: Sequence[Bucket]) -> list[FetchAttempt]:
    is_vouched = x.coverage == "measured"
    return count_attempts(question.source, page, buckets, question.span, is_vouched=is_vouched, now=run.now)


def _counts(run: XRun, x: XConfig, question: Question, buckets: Sequence[Bucket]) -> list[PostCount]:
    return [
        PostCount(
            source_key=question.source.source_key,
            campaign_id=run.campaign.id,
            candidate_id=question.candidate_id,
            query_hash=question.key.query_hash,
            interval_start_at=bucket.start_at,
            interval_minutes=MINUTES[x.granularity],
            posts=bucket.posts,
            retrieved_at=run.now,
        )
        for bucket in buckets
    ]
