"""A bounded, priced sample of posts around each event, for voices, timing and sources; never for counts."""

from dataclasses import replace
from functools import partial

from connectors.campaign.models import XConfig
from connectors.errors import SourceUnreadable
from connectors.x.dialect import Dialect
from connectors.x.errors import ParameterRefused
from connectors.x.posts import PostQuestion, Reading, ask_for_posts
from connectors.x.queries import candidate_queries
from flows.x.asking import Pages
from flows.x.attempts import XSource, page_attempt
from flows.x.run import XRun, is_about_time
from flows.x.slices import LEAST, NOT_SAMPLED, Slice, event_slices
from flows.x.spans import RECENT, SETTLING
from flows.x.state import Taken, read_accounts, read_taken, remember_taken

MOST_A_PAGE = 100
FULL_ARCHIVE_GAP_S = 1.0  # the full-archive search takes one request a second
MOST_PAGES = 100  # of one slice: X may send pages with few posts, but not for ever


def sample_events(run: XRun, x: XConfig) -> None:
    """Take the slices that are over, within X's reach and not yet taken; land each page before the next request."""
    slices = event_slices(run.campaign, x.posts_per_event) if x.posts_per_event else []
    dialect = Dialect()
    for piece in slices:
        if piece.span.to_at + SETTLING > run.now_at_x:
            continue
        source = XSource(run.campaign.id, f"x-posts-{piece.candidate_id}", "x_posts")
        # A source that stopped for want of money or of an answer is not asked again for its next slice.
        if source.source_id in run.collected.unbought or source.source_id in run.collected.failed:
            continue
        with run.failures_kept(source):
            _take_slice(run, source, piece, dialect)
    for event in run.campaign.events:
        if x.posts_per_event and event.event_kind in NOT_SAMPLED:
            run.collected.notes.append(f"{event.event_id}: no posts asked, {NOT_SAMPLED[event.event_kind]}")


def _take_slice(run: XRun, source: XSource, piece: Slice, dialect: Dialect) -> None:
    taken = read_taken(run.state, source.source_key, piece.event_id, piece.span.from_at)
    is_old = piece.span.from_at < run.now_at_x - RECENT
    if taken.is_done or (is_old and not run.is_full_archive):
        return
    candidate = next(c for c in run.campaign.candidates if c.id == piece.candidate_id)
    # The first group of a long alias list holds the most general names: a sample needs not find all.
    query = candidate_queries(candidate)[0]
    reading = Reading(
        source_key=source.source_key,
        source_kind="x_posts",
        observed_at=run.now,
        hash_author=run.hash_author,
        accounts=read_accounts(run.state),
    )
    walked = Pages("search", taken.next_token)
    for _ in range(MOST_PAGES):
        if is_old:
            run.pause(FULL_ARCHIVE_GAP_S)
        question = PostQuestion(
            endpoint=f"/2/tweets/search/{'all' if is_old else 'recent'}",
            query=query.text,
            start_at=piece.span.from_at,
            end_at=piece.span.to_at,
            max_results=_page_size(run, piece.quota - taken.posts),
            next_token=taken.next_token,
        )
        try:
            page = run.ask(partial(ask_for_posts, run.client, question, dialect, reading))
        except ParameterRefused as refused:
            if is_about_time(refused) and piece.span.to_at + SETTLING > run.now_at_x:
                return  # not over yet by X's clock: the next run takes it
            if taken.next_token and refused.names("next_token"):
                # X does not know the page any more: the next run begins the slice again.
                remember_taken(
                    run.state, source.source_key, piece.event_id, piece.span.from_at, replace(taken, next_token=None)
                )
            raise
        posts = taken.posts + len(page.posts)
        is_whole = page.is_answer and page.next_token is None
        taken = Taken(posts, page.next_token, is_done=is_whole or posts + LEAST > piece.quota)
        attempt = page_attempt(source, page, piece.span, is_whole=is_whole, now=run.now)
        run.keep(source, page.posts, page.set_aside, [attempt])
        remember_taken(run.state, source.source_key, piece.event_id, piece.span.from_at, taken)
        if taken.is_done or walked.after(page) is None:
            return
    raise SourceUnreadable(f"X search: {MOST_PAGES} pages, and the slice has not ended")


def _page_size(run: XRun, wanted: int) -> int:
    """As many posts as are wanted and can be paid for; never fewer than X gives, so that the purse decides."""
    affordable = int(run.purse.left_usd() / run.prices.post_read)
    return max(LEAST, min(MOST_A_PAGE, wanted, affordable))
