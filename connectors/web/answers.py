"""What an HTTP answer means: failures by what the caller should do, and how long the server wants to be left alone."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from connectors.errors import SourceError, SourceRefused, SourceUnavailable

GONE = 410
NOT_FOUND = 404
NOT_MODIFIED = 304
DELTA = 226  # only what is new since the validator
HOST_FAULTS = (403, 429, 503)  # the host, not only this feed, wants fewer requests


class Validators(NamedTuple):
    """What a URL sent along with a document, to be sent back exactly as it came."""

    etag: str | None
    last_modified: str | None


def failure_of(url: str, status: int, headers: Mapping[str, str], now: datetime) -> SourceError | None:
    """The failure that an answer stands for, or None where it brings a document or says that nothing changed."""
    if 200 <= status < 300 or status == NOT_MODIFIED:  # noqa: PLR2004 — the class of success
        return None
    retry_after_s = retry_after(headers, now)
    challenge = _challenge(headers)
    if challenge:
        return SourceRefused(f"{url}: {challenge} asks for a browser ({status}); ask the owner to let this reader in")
    if status in (429, 408, 425) or status >= 500:  # noqa: PLR2004 — the class of server faults
        return SourceUnavailable(f"{url}: the server answers {status}", retry_after_s=retry_after_s)
    if status == NOT_FOUND:
        return SourceUnavailable(f"{url}: not found (404); asked less often from here on", retry_after_s=retry_after_s)
    if status == GONE:
        return SourceRefused(f"{url}: gone (410)")
    return SourceRefused(f"{url}: the server answers {status}")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait as `Retry-After` says, in seconds or as a date; a date counts from the server's own `Date`."""
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,12}(\.\d*)?", value):
        return float(value)
    until = _http_date(value)
    if until is None:
        return None
    return max(0.0, (until - (_http_date(headers.get("Date", "")) or now)).total_seconds())


def fresh_for(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds for which the answer says it stays fresh: `max-age`, else `Expires`; None where it does not say."""
    cache_control = headers.get("Cache-Control", "").lower()
    if "no-cache" in cache_control or "no-store" in cache_control:
        return None
    found = re.search(r"\bmax-age\s*=\s*\"?(\d{1,12})", cache_control)
    if found:
        return float(found[1])
    expires = _http_date(headers.get("Expires", ""))
    if expires is None:
        return None
    return max(0.0, (expires - (_http_date(headers.get("Date", "")) or now)).total_seconds())


def _challenge(headers: Mapping[str, str]) -> str | None:
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "Cloudflare"
    if "x-datadome" in headers or "x-dd-b" in headers:
        return "Datadome"
    return None


def _http_date(value: str) -> datetime | None:
    if not value:
        return None
    try:
        read = parsedate_to_datetime(value)
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, IndexError, TypeError, OverflowError):  # the last: a day beyond the calendar in UTC
        return None
