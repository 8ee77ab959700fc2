"""The candidates' own accounts: every post since the campaign began, each page on disk before the next request."""

from dataclasses import replace
from functools import partial

from connectors.campaign.models import CandidateConfig
from connectors.errors import SourceRefused, SourceUnreadable
from connectors.handles import plain_author
from connectors.x.dialect import Dialect
from connectors.x.errors import ParameterRefused
from connectors.x.posts import PostQuestion, Reading, ask_for_posts
from connectors.x.users import find_author_ids
from flows.networks.spans import Span, season
from flows.x.asking import Pages
from flows.x.attempts import XSource, page_attempt
from flows.x.nights import wait_of
from flows.x.run import XRun
from flows.x.spans import EARLY, SETTLING
from flows.x.state import Walk, read_accounts, read_walk, remember_account, remember_walk

MOST_A_PAGE, LEAST = 100, 5  # of a timeline
REACH = 3200  # X keeps so many posts of a timeline within reach
MOST_PAGES = 200  # of one walk: X may send pages with few posts, but not for ever


def collect_own_accounts(run: XRun) -> None:
    """Read on in each declared account that is due."""
    dialect = Dialect()
    for candidate in run.campaign.candidates:
        handles = candidate.accounts.get("x", ())
        if not handles:
            continue
        source = XSource(run.campaign.id, f"x-own-{candidate.id}", "x_own")
        with run.failures_kept(source):
            for author_id, handle in _author_ids(run, candidate).items():
                _read_on(run, source, author_id, handle, dialect)


def _author_ids(run: XRun, candidate: CandidateConfig) -> dict[str, str]:
    """Handle by author id of the candidate's accounts, asked of X once and for all.

    Raises:
        SourceRefused: X knows none of them.
    """
    handles = [plain_author(handle) for handle in candidate.accounts["x"]]
    known = read_accounts(run.state)
    missing = [handle for handle in handles if handle not in known.values()]
    if missing:
        found = run.ask(partial(find_author_ids, run.client, missing))
        for handle, author_id in found.items():
            remember_account(run.state, handle, author_id)
        known = read_accounts(run.state)
    ids = {author_id: handle for author_id, handle in known.items() if handle in handles}
    if len(ids) < len(handles):
        unknown = ", ".join(f"@{handle}" for handle in handles if handle not in ids.values())
        run.collected.notes.append(f"x-own-{candidate.id}: X knows no account {unknown}. Mend: accounts.x")
    if not ids:
        raise SourceRefused(f"X /2/users/by: none of the accounts of {candidate.id} is known. Mend: accounts.x")
    return ids


def _read_on(run: XRun, source: XSource, author_id: str, handle: str, dialect: Dialect) -> None:
    walk = read_walk(run.state, source.source_key, author_id)
    whole = season(run.campaign)
    to_at = min(run.now, whole.to_at)
    from_at = walk.read_to_at or whole.from_at
    if from_at >= to_at or not _is_due(run, walk):
        return
    reading = Reading(
        source_key=source.source_key,
        source_kind="x_own",
        observed_at=run.now,
        hash_author=run.hash_author,
        accounts={author_id: handle},
    )
    walked = Pages(f"/2/users/{author_id}/tweets", walk.next_token)
    for _ in range(MOST_PAGES):
        question = PostQuestion(
            endpoint=f"/2/users/{author_id}/tweets",
            # X takes since_id alone where both are given.
            start_at=None if walk.since_id else whole.from_at,
            since_id=walk.since_id,
            end_at=whole.to_at if run.now_at_x > whole.to_at + SETTLING else None,
            max_results=_page_size(run, REACH - walk.posts),
            next_token=walk.next_token,
        )
        try:
            page = run.ask(partial(ask_for_posts, run.client, question, dialect, reading))
        except ParameterRefused as refused:
            if walk.next_token and refused.names("pagination_token"):
                _begin_anew(run, source, author_id, walk)
            raise
        posts = walk.posts + len(page.posts)
        # The newest of the first page only: the later pages are older.
        newest_id = walk.newest_id if walk.next_token else page.newest_id
        is_cut = posts > REACH - LEAST and page.next_token is not None
        is_whole = page.is_answer and page.next_token is None
        proved_from_at = (
            max(from_at, min((post.posted_at for post in page.posts), default=to_at)) if is_cut else from_at
        )
        attempt = page_attempt(
            source, page, Span(from_at=proved_from_at, to_at=to_at), is_whole=is_whole or is_cut, now=run.now
        )
        run.keep(source, page.posts, page.set_aside, [attempt])
        if is_cut:
            run.collected.notes.append(
                f"{source.source_id}: X keeps {REACH} posts of @{handle}'s timeline; what was posted before "
                f"{proved_from_at:%Y-%m-%d %H:%M} UTC cannot be had"
            )
        if is_whole or is_cut:
            ended = Walk(since_id=newest_id or walk.since_id, read_to_at=to_at)
            remember_walk(run.state, source.source_key, author_id, ended)
            return
        try:
            walked.after(page)
        except SourceUnreadable:
            if page.is_answer:
                _begin_anew(run, source, author_id, walk)
            raise
        walk = replace(walk, newest_id=newest_id, next_token=page.next_token, posts=posts)
        remember_walk(run.state, source.source_key, author_id, walk)
    raise SourceUnreadable(f"X /2/users/{author_id}/tweets: {MOST_PAGES} pages, and the timeline has not ended")


def _begin_anew(run: XRun, source: XSource, author_id: str, walk: Walk) -> None:
    """Forget a page that leads nowhere: the next run begins at the top, so that newer posts are not kept away."""
    remember_walk(run.state, source.source_key, author_id, replace(walk, newest_id=None, next_token=None, posts=0))


def _page_size(run: XRun, wanted: int) -> int:
    """As many posts as X still reaches and can be paid for; never fewer than X gives, so that the purse decides."""
    return max(LEAST, min(MOST_A_PAGE, wanted, int(run.purse.left_usd() / run.prices.post_read)))


def _is_due(run: XRun, walk: Walk) -> bool:
    if run.is_forced or walk.next_token or walk.read_to_at is None:
        return True
    return run.now - walk.read_to_at >= wait_of(run.campaign, run.now) - EARLY
