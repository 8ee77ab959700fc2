"""Declared accounts of public figures: their ids on X."""

from collections.abc import Sequence

import tweepy

from connectors.handles import plain_author
from connectors.x.counts import as_list


def find_author_ids(client: tweepy.Client, handles: Sequence[str]) -> dict[str, str]:
    """Author id by handle, lower case; an account that X does not know is not there.

    Raises:
        SourceError: as every request to X may.
    """
    answer = client.get_users(usernames=list(handles))
    return {
        plain_author(str(row["username"])): str(row["id"])
        for row in as_list(answer.get("data"))
        if isinstance(row, dict) and row.get("username") and row.get("id")
    }
