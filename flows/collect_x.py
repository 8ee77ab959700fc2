"""Collect what X counts of each candidate: due spans in, post counts and attempts out to the landing zone."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from sqlite3 import Connection

import tweepy

from connectors.campaign import Campaign, CandidateConfig
from connectors.errors import BudgetExhausted, SourceError, SourceUnreadable
from connectors.records import FetchAttempt, PostCount, Reject
from connectors.x import MINUTES, CountPage, Granularity, count_page, sum_pages, whole_buckets
from connectors.x_errors import TOKEN_NAME, XRefused
from connectors.x_queries import SignedQuery, candidate_queries, query_hash
from connectors.x_session import open_client
from flows import x_purse
from flows.collected import Collected, Tell, say_nothing
from flows.settings import Settings
from flows.state import open_state
from flows.x_attempts import XSource, failed_attempt, page_attempts, reject
from flows.x_patience import ask_patiently
from flows.x_purse import Purse, open_purse
from flows.x_state import SCHEMA, CountKey, read_progress, remember_counted
from flows.x_windows import Span, is_due, plan_counts
from warehouse.landing import land


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What one collecting run passes around."""

    campaign: Campaign
    settings: Settings
    now: datetime
    state: Connection
    client: tweepy.Client
    purse: Purse
    pause: Callable[[float], None]
    tell: Tell
    is_full_archive: bool
    granularity: Granularity
    is_vouched: bool  # does somebody vouch that the source itself is whole
    collected: Collected


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What to count of one candidate."""

    source: XSource
    candidate_id: str
    queries: Sequence[SignedQuery]
    key: CountKey
    span: Span
    is_old: bool  # needs the full archive


def collect_x_once(
    campaign: Campaign,
    settings: Settings,
    now: datetime,
    *,
    force: bool = False,
    tell: Tell = say_nothing,
    full_archive: bool | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Collected:
    """Count each candidate's posts where that is due, land what came, and say what did not.

    `full_archive`: may spans older than 7 days be asked for; None leaves it to the settings. A candidate whose
    question fails does not stop the others, unless X refuses the credentials or the money is spent.
    """
    collected = Collected()
    if campaign.x is None:
        collected.notes.append("X: nothing is asked (the campaign has no [x] table)")
        return collected
    state = open_state(settings.home, SCHEMA + x_purse.SCHEMA)
    purse = open_purse(state, campaign.id, campaign.x.budget_usd, settings.home, now)
    token = settings.x_bearer_token.get_secret_value().strip() if settings.x_bearer_token else ""
    run = _Run(
        campaign=campaign,
        settings=settings,
        now=now,
        state=state,
        client=open_client(token, settings.x_api_url, purse, lambda: now),
        purse=purse,
        pause=pause,
        tell=tell,
        is_full_archive=settings.x_full_archive if full_archive is None else full_archive,
        granularity=campaign.x.granularity,
        is_vouched=campaign.x.coverage == "measured",
        collected=collected,
    )
    try:
        _count_candidates(run, has_token=bool(token), force=force)
    finally:
        run.client.session.close()
        state.close()
    return collected


def _count_candidates(run: _Run, *, has_token: bool, force: bool) -> None:
    stop: SourceError | None = None
    if not has_token:
        stop = XRefused(f"X: {TOKEN_NAME} is not set. Mend: put it into the environment or into .env")
    for candidate in run.campaign.candidates:
        source = XSource(run.campaign.id, f"x-counts-{candidate.id}", "x_counts")
        requests_before = run.client.session.requests_sent
        try:
            question = _due_question(run, candidate, source, force=force)
            if question is None:
                continue
            if stop is not None:
                raise stop
            _answer(run, question)
        except SourceError as error:
            requests = run.client.session.requests_sent - requests_before
            attempt = failed_attempt(source, error, run.now, requests=requests)
            _keep(run, [replace(attempt, cost_usd=run.purse.take_cost())])
            if isinstance(error, BudgetExhausted):
                run.collected.unbought[source.source_id] = f"budget exhausted: {error}"
            else:
                run.collected.failed[source.source_id] = str(error)
            if isinstance(error, (BudgetExhausted, XRefused)):
                stop = error


def _due_question(run: _Run, candidate: CandidateConfig, source: XSource, *, force: bool) -> _Question | None:
    """What to ask about one candidate, or None where nothing is due or nothing can be had."""
    queries = candidate_queries(candidate)
    key = CountKey(source.source_key, query_hash(queries), run.granularity)
    progress = read_progress(run.state, key)
    if not force and not is_due(run.campaign, progress, run.now):
        run.collected.notes.append(f"{source.source_id}: not due")
        return None
    step = timedelta(minutes=MINUTES[run.granularity])
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


def _answer(run: _Run, question: _Question) -> None:
    """Land each page before the next request; remember how far only when every page is here."""
    run.tell(f"{question.source.source_id}: counting {question.span} by the {run.granularity}")
    if len(question.queries) == 1:
        for page in _pages(run, question, question.queries[0]):
            _land_page(run, question, page)
    else:
        answers = [(query.sign, list(_pages(run, question, query))) for query in question.queries]
        _land_page(run, question, sum_pages(answers))
    remember_counted(run.state, question.key, question.span.to_at, run.now)


def _land_page(run: _Run, question: _Question, page: CountPage) -> None:
    source, minutes = question.source, MINUTES[run.granularity]
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
    rejects = [reject(source, reason, run.now) for reason in page.set_aside]
    attempts = page_attempts(source, page, buckets, question.span, is_vouched=run.is_vouched, now=run.now)
    attempts[0] = replace(attempts[0], cost_usd=run.purse.take_cost())
    # Counts before the attempt that proves them: a crash between the two leaves no proof of what is not there.
    _keep(run, [*counts, *rejects, *attempts])
    run.collected.set_aside[source.source_id] += len(rejects)
    if unfinished:
        run.collected.notes.append(f"{source.source_id}: {unfinished} unfinished buckets left for the next run")


def _pages(run: _Run, question: _Question, query: SignedQuery) -> Iterator[CountPage]:
    """The pages of one query, each asked for patiently."""
    token: str | None = None
    seen: set[str | None] = set()
    while token not in seen:
        seen.add(token)
        ask = partial(
            count_page,
            run.client,
            query.text,
            start_at=question.span.from_at,
            end_at=question.span.to_at,
            granularity=run.granularity,
            is_full_archive=question.is_old,
            next_token=token,
        )
        page = ask_patiently(ask, run.pause, run.tell)
        yield page
        token = page.next_token
        if token is None:
            return
    raise SourceUnreadable("X counts: the same next_token again; the pages after it cannot be reached")


def _keep(run: _Run, records: Sequence[PostCount | Reject | FetchAttempt]) -> None:
    run.collected.files += land(run.settings.home, records)
    run.collected.landed.update(record.TABLE for record in records)
