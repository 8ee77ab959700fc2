"""ActBlue's CSV API: ask for an export, ask again until it is ready, fetch it. The bytes go to `read_actblue`.

The address of a finished export is a secret that holds for ten minutes: it is never logged, never kept.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Literal

import requests

from connectors.errors import SourceRefused, SourceUnavailable, SourceUnreadable

CsvType = Literal["paid_contributions", "refunded_contributions", "managed_form_contributions"]
_TIMEOUT_S = 30
_ASKS = 60
_PAUSE_S = 5.0


def fetch_export(
    csv_type: CsvType,
    from_on: date,
    to_on: date,
    *,
    credentials: tuple[str, str],
    pause: Callable[[float], None],
    api_url: str,
) -> bytes:
    """The CSV of one export, from the first day up to but not including the last.

    It is fetched as soon as it is ready: its address does not hold for longer than ten minutes.

    Raises:
        SourceRefused: the credentials are not accepted.
        SourceUnavailable: no answer, or the export does not become ready.
        SourceUnreadable: an answer that is none of the API's.
    """
    wish = {"csv_type": csv_type, "date_range_start": from_on.isoformat(), "date_range_end": to_on.isoformat()}
    with requests.Session() as session:
        session.auth = credentials
        export_id = _field(_answer(session, "POST", f"{api_url}/csvs", wish), "id")
        for _ in range(_ASKS):
            url = _answer(session, "GET", f"{api_url}/csvs/{export_id}").get("download_url")
            if url:
                session.auth = None  # the address is its own secret; ours is not for the file host
                return _download(session, str(url))
            pause(_PAUSE_S)
    raise SourceUnavailable(f"ActBlue: the export {csv_type} did not become ready")


def _download(session: requests.Session, url: str) -> bytes:
    try:
        with _addresses_unlogged():
            return _call(session, "GET", url).content
    except SourceRefused:
        # No question of credentials: the address holds for ten minutes, and the next export has another.
        raise SourceUnavailable("ActBlue: the address of the export does not hold any more") from None


@contextmanager
def _addresses_unlogged() -> Iterator[None]:
    """While it lasts urllib3 logs no request: at DEBUG it writes the path, which is the secret."""

    def drop(_record: logging.LogRecord) -> bool:
        return False

    logger = logging.getLogger("urllib3.connectionpool")
    logger.addFilter(drop)
    try:
        yield
    finally:
        logger.removeFilter(drop)


def _answer(session: requests.Session, method: str, url: str, wish: dict[str, str] | None = None) -> dict[str, object]:
    try:
        answer = _call(session, method, url, wish).json()
    except requests.JSONDecodeError:
        raise SourceUnreadable("ActBlue: the answer is no JSON") from None
    if not isinstance(answer, dict):
        raise SourceUnreadable("ActBlue: the answer is no JSON object")
    return answer


def _call(session: requests.Session, method: str, url: str, wish: dict[str, str] | None = None) -> requests.Response:
    try:
        answer = session.request(method, url, json=wish, timeout=_TIMEOUT_S)
    except requests.RequestException as error:
        # Not the error itself: its text may hold the secret address.
        raise SourceUnavailable(f"ActBlue: {type(error).__name__}") from None
    if answer.status_code in (401, 403, 404):
        raise SourceRefused(f"ActBlue: answered {answer.status_code}. Mend: check the API credentials")
    if not answer.ok:
        raise SourceUnavailable(f"ActBlue: answered {answer.status_code}")
    return answer


def _field(answer: dict[str, object], name: str) -> str:
    if not answer.get(name):
        raise SourceUnreadable(f"ActBlue: the answer has no {name}")
    return str(answer[name])
