"""What a campaign asks of the open networks: tables of `campaign.toml`."""

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from connectors.campaign.values import Flag, refusal


def _check_server(value: str) -> str:
    if not re.fullmatch(r"(https?://)?[A-Za-z0-9.-]+(:\d+)?", value):
        raise refusal(f"{value!r} is no server", "write its host alone, as in 'mastodon.social'")
    return value


Server = Annotated[str, AfterValidator(_check_server)]


class BlueskyConfig(BaseModel):
    """What is read of Bluesky; it costs nothing and needs no login."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stream: Flag = True  # what anybody posts that names a candidate, from when the stream is first followed
    own_accounts: Flag = True  # the candidates' own posts, from the campaign's start on


class MastodonConfig(BaseModel):
    """What is read of Mastodon; it costs nothing, and needs no login where a server shows its timelines to anybody."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    servers: tuple[Server, ...] = ()  # asked for the roster's hashtags; none: own accounts only
    own_accounts: Flag = True


def hashtags_of(phrases: Iterable[str]) -> list[str]:
    """The hashtags that name somebody: each way of writing a name as one word; an account is none."""
    joined = (re.sub(r"[^\w]", "", phrase) for phrase in phrases if not phrase.startswith("@"))
    return list({tag.casefold(): tag for tag in joined if tag}.values())
