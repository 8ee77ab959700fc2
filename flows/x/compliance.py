"""The daily duty: ask X which of the posts we hold were deleted, suspended, protected or scrubbed, and erase those."""

import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from decimal import Decimal

from connectors.errors import SourceRefused, SourceUnavailable
from connectors.records import Post
from connectors.x.compliance import Job, create_job, download_result, read_job, upload_ids
from connectors.x.session import Client, open_client
from flows.collected import Tell, say_nothing
from flows.networks.patience import ask_patiently
from flows.people.erase import Erased, Request, erase_posts
from flows.settings import Settings
from flows.state import open_state
from flows.x.open import bearer_token
from warehouse.landing.files import landed_values

_SCHEMA = "CREATE TABLE IF NOT EXISTS x_compliance (job_id TEXT PRIMARY KEY, asked_at TEXT NOT NULL);"
POLLS_S = (2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)  # between looks at a job; then the next run goes on with it


class _NothingPaid:
    """A meter for what X gives for nothing."""

    def reserve(self, price: Decimal, endpoint: str, /) -> int:
        if price:
            raise SourceRefused(f"X {endpoint} is not free")
        return 0

    def settle(self, _reservation: int, _price: Decimal, /) -> None:
        """Nothing was spent."""


def check_compliance_once(
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    tell: Tell = say_nothing,
    pause: Callable[[float], None] = time.sleep,
) -> Erased | None:
    """Erase what X wants gone; None where we hold no post.

    Raises:
        SourceError: X did not answer, or refused; a job that has begun is gone on with next time.
    """
    asked_at = clock()
    held = landed_values(settings.home, Post.TABLE, "post_id", without="network")  # X alone has none
    post_ids = sorted(post_id for post_id in held if post_id.isdigit())
    if not post_ids:
        return None
    client = open_client(bearer_token(settings), settings.x_api_url, _NothingPaid(), clock)
    with closing(open_state(settings.home, _SCHEMA)) as state, client.session:
        begun = state.execute("SELECT job_id, asked_at FROM x_compliance").fetchone()
        if begun is None:
            tell(f"asking X about {len(post_ids)} posts")
            job = ask_patiently(lambda: create_job(client, f"afterdebate {asked_at:%Y-%m-%d %H:%M}"), pause, tell)
            upload_ids(job, post_ids)
            state.execute("INSERT INTO x_compliance VALUES (?, ?)", (job.job_id, asked_at.isoformat()))
            begun = (job.job_id, asked_at.isoformat())
        try:
            gone = download_result(_finished(client, begun[0], pause, tell))
        except SourceRefused:
            # Failed or expired: the next run asks anew.
            state.execute("DELETE FROM x_compliance")
            raise
        state.execute("DELETE FROM x_compliance")
    reasons = ", ".join(sorted({post.reason for post in gone}))
    # From when the job began, in an earlier run perhaps: the log tells how long the posts stayed.
    request = Request(asked_at=datetime.fromisoformat(begun[1]), clock=clock, reason=reasons or None, tell=tell)
    return erase_posts(settings, [post.post_id for post in gone], request, what="compliance")


def _finished(client: Client, job_id: str, pause: Callable[[float], None], tell: Tell) -> Job:
    for wait_s in POLLS_S:
        job = ask_patiently(lambda: read_job(client, job_id), pause, tell)
        if job.status == "complete":
            return job
        if job.status in ("failed", "expired"):
            raise SourceRefused(f"X compliance: the job has {job.status}")
        pause(wait_s)
    raise SourceUnavailable("X compliance: the job is not complete yet; the next run goes on with it")
