"""Pages of statuses from one server: an account's, or a hashtag's, from the newest back; no login is needed."""

from urllib.parse import quote

from connectors.errors import SourceRefused, SourceUnreadable
from connectors.mastodon.statuses import StatusPage, parse_statuses
from connectors.networks.asking import Asker
from connectors.networks.reading import NetworkReading, NotAPost

MOST_A_PAGE = 40  # what servers give at most


def server_url(server: str) -> str:
    """Where a server is asked: what a campaign names is a host, or an address of one."""
    return server.rstrip("/") if "://" in server else f"https://{server}"


def find_account(asker: Asker, server: str, user: str) -> str:
    """The id that an account has on its own server.

    Raises:
        SourceError: as `Asker.ask` does; the answer names no id.
    """
    answer = asker.ask(f"{server_url(server)}/api/v1/accounts/lookup", {"acct": user})
    found = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(found, str | int):
        raise SourceRefused(f"{server}: knows no account {user}. Mend: accounts.mastodon")
    return str(found)


def ask_for_statuses(
    asker: Asker,
    server: str,
    path: str,
    reading: NetworkReading,
    *,
    max_id: str | None = None,
    since_id: str | None = None,
    handle: str | None = None,
) -> StatusPage:
    """One page, newest first, older than `max_id` and newer than `since_id`.

    Raises:
        SourceError: as `Asker.ask` does; the answer is no list of statuses.
    """
    url = f"{server_url(server)}{path}"
    answer = asker.ask(url, {"limit": MOST_A_PAGE, "max_id": max_id, "since_id": since_id})
    try:
        return parse_statuses(answer, reading, handle=handle)
    except NotAPost as error:
        raise SourceUnreadable(f"{url}: {error}") from None


def account_path(account_id: str) -> str:
    """Where the statuses of an account stand."""
    return f"/api/v1/accounts/{quote(account_id, safe='')}/statuses"


def tag_path(tag: str) -> str:
    """Where the statuses under a hashtag stand, which is written without its #."""
    return f"/api/v1/timelines/tag/{quote(tag, safe='')}"
