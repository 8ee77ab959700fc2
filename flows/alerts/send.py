"""One message to every channel that the operator named, by Apprise; no address or token leaves this module.

A channel is an Apprise URL: `json://`, `slack://`, `mmost://`, `mailto://` and so on, or the address that Slack gives.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from pydantic import SecretStr


class Channel(NamedTuple):
    """One way to reach people. `name` may be printed, the URL may not."""

    name: str
    url: SecretStr


def channels_of(given: SecretStr | None) -> list[Channel]:
    """The channels of the setting: URLs parted by spaces."""
    urls = given.get_secret_value().split() if given else []
    return [Channel(f"channel {n} ({url.partition(':')[0][:20]})", SecretStr(url)) for n, url in enumerate(urls, 1)]


def send_to_all(channels: Sequence[Channel], title: str, body: str) -> list[str]:
    """What went wrong, a sentence for each channel that the message did not reach."""
    return [fault for channel in channels if (fault := _send(channel, title, body))]


def _send(channel: Channel, title: str, body: str) -> str | None:
    import apprise  # noqa: PLC0415 - a fifth of a second, and most steps have nothing to send

    post = apprise.Apprise()
    with _unheard():
        if not post.add(channel.url.get_secret_value()):
            return f"{channel.name} of AFTERDEBATE_ALERTS is no address that Apprise knows. Mend: see docs/watching.md"
        if not post.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
            return f"{channel.name} of AFTERDEBATE_ALERTS did not take the message. Mend: see that it answers"
    return None


@contextmanager
def _unheard() -> Iterator[None]:
    # What these log may quote an address, in which a token may be, or what a server answered.
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3", "urllib3.connectionpool")]
    were_disabled = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, was_disabled in zip(loggers, were_disabled, strict=True):
            logger.disabled = was_disabled
