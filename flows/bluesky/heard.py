"""What was heard since the last landing: posts that name the roster, and what is gone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from connectors.bluesky.jetstream import Heard, read_event
from connectors.bluesky.posts import read_record
from connectors.networks.reading import NotAPost
from connectors.records import Post
from flows.networks.attempts import PostSource
from flows.networks.held import is_held
from flows.networks.run import NetworkRun
from warehouse.landing.reducing import NOTHING_NAMED, Reduce

_NO_EVENT = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


class HeardPosts:
    """Reads messages; keeps the posts whose text names somebody, by the SQL that decides whom a text names."""

    def __init__(self, run: NetworkRun, source: PostSource, reduce: Reduce, accounts: Mapping[str, str]) -> None:
        self._run, self._source, self._reduce, self._accounts = run, source, reduce, accounts
        self.posts: dict[str, Post] = {}
        self.set_aside: Counter[str] = Counter()
        self.events = 0

    def read(self, messages: Sequence[str | bytes], heard_at: datetime, known_to_at: datetime | None) -> list[datetime]:
        """Take messages in; returns the times, by the server's clock, of those that are events.

        What landed up to `known_to_at` is not landed again, though the stream is rewound a little.
        """
        events = []
        for message in messages:
            try:
                events.append(read_event(message))
            except _NO_EVENT as error:
                # Without the message: what is set aside is not erased with the post.
                self.set_aside[f"message not understood: {type(error).__name__}"] += 1
        named = self._naming(events)
        for place, event in enumerate(events):
            if event.what == "post":
                is_known = known_to_at is not None and event.at <= known_to_at
                self._take_post(event, heard_at, is_named=place in named, may_be_known=is_known)
            elif event.what == "gone post":
                self._let_go(self._run.hash_post(event.address), event.at)
            elif event.what == "gone account":
                self._let_go(self._run.hash_author(event.did), event.at)
        self.events += len(events)
        return [event.at for event in events]

    def taken(self) -> tuple[list[Post], Counter[str], int]:
        """Posts, what was set aside and how many events there were, since this was asked last."""
        found = list(self.posts.values()), self.set_aside, self.events
        self.posts, self.set_aside, self.events = {}, Counter(), 0
        return found

    def _naming(self, events: Sequence[Heard]) -> set[int]:
        places = [
            place
            for place, event in enumerate(events)
            if event.what == "post" and isinstance(event.record.get("text"), str) and event.record["text"]
        ]
        texts = [_whole_letters(events[place].record["text"]) for place in places]
        reduced = self._reduce(texts) if texts else []
        return {place for place, text in zip(places, reduced, strict=True) if text != NOTHING_NAMED}

    def _take_post(self, event: Heard, heard_at: datetime, *, is_named: bool, may_be_known: bool) -> None:
        is_looked_up = event.is_edit or (is_named and may_be_known)
        is_known = is_looked_up and is_held(self._run.state, self._run.network, self._run.hash_post(event.address))
        if is_known and may_be_known:
            return
        if not is_named and not is_known:
            if not isinstance(event.record.get("text"), str):
                self.set_aside["post not understood: no text"] += 1
            return
        reading = self._run.reading(self._source, heard_at, self._accounts)
        try:
            post = read_record(event.did, event.address, event.record, event.at, reading)
        except NotAPost as error:
            self.set_aside[f"post not understood: {error}"] += 1
        else:
            self.posts[post.post_id] = post

    def _let_go(self, subject: str, at: datetime) -> None:
        gone = [one for one, post in self.posts.items() if subject in (one, post.author_key)]
        for post_id in gone:
            del self.posts[post_id]
        self._run.note_gone(subject, at)


def _whole_letters(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
