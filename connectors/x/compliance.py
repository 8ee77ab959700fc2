"""Which of the posts we hold X wants gone: its batch compliance job, step by step."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import requests
import tweepy

from connectors.errors import SourceUnavailable, SourceUnreadable

TIMEOUTS_S = (5, 60)
MOST_BYTES = 512 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One compliance job; its addresses are secrets of their own and expire."""

    job_id: str
    status: str  # created, in_progress, complete, failed, expired
    upload_url: str
    download_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """One post that must go, and why: deleted, suspended, protected, bounced, deactivated, scrub_geo."""

    post_id: str
    reason: str


def create_job(client: tweepy.Client, name: str) -> Job:
    """A job for posts, waiting for their ids.

    Raises:
        SourceError: as every request to X may.
    """
    return _read_job(client.create_compliance_job("tweets", name=name))


def read_job(client: tweepy.Client, job_id: str) -> Job:
    """The job as it stands.

    Raises:
        SourceError: as every request to X may.
    """
    return _read_job(client.get_compliance_job(job_id))


def upload_ids(job: Job, post_ids: Sequence[str]) -> None:
    """Hand the ids over, one a line; without our token: the address is not X's API.

    Raises:
        SourceUnavailable: they were not taken.
    """
    _transfer("PUT", job.upload_url, data="\n".join(post_ids).encode(), headers={"Content-Type": "text/plain"})


def download_result(job: Job) -> list[Withdrawn]:
    """The posts that must go; ids that are not named are fine.

    Raises:
        SourceUnavailable: the result did not come.
        SourceUnreadable: it is not what it should be.
    """
    body = _transfer("GET", job.download_url)
    try:
        rows = [json.loads(line) for line in body.decode("utf-8").splitlines() if line.strip()]
        return [Withdrawn(post_id=str(row["id"]), reason=str(row.get("reason") or row.get("action"))) for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SourceUnreadable("X compliance: the result is not JSON lines with an id each") from None


def _read_job(answer: dict[str, Any]) -> Job:
    data = answer.get("data")
    if not isinstance(data, dict) or not data.get("id"):
        raise SourceUnreadable("X /2/compliance/jobs: an answer without a job")
    return Job(
        job_id=str(data["id"]),
        status=str(data.get("status") or "created"),
        upload_url=str(data.get("upload_url") or ""),
        download_url=str(data.get("download_url") or ""),
    )


def _transfer(method: str, url: str, **sent: Any) -> bytes:
    try:
        with requests.Session() as session:
            session.trust_env = False  # a .netrc must not add credentials
            answer = session.request(method, url, timeout=TIMEOUTS_S, allow_redirects=False, stream=True, **sent)
            body = b"".join(_capped(answer))
    except requests.RequestException as error:
        failure = type(error).__name__
    else:
        if answer.status_code // 100 == 2:  # noqa: PLR2004  # 2xx
            return body
        failure = str(answer.status_code)
    # Raised out here, without the cause: that holds the address.
    raise SourceUnavailable(f"X compliance: {method} of the job's file failed ({failure})")


def _capped(answer: requests.Response) -> list[bytes]:
    chunks, size = [], 0
    for chunk in answer.iter_content(2**16):
        size += len(chunk)
        if size > MOST_BYTES:
            raise SourceUnreadable("X compliance: the result is too large")
        chunks.append(chunk)
    return chunks
