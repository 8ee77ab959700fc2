"""How this X spells the fields of a post.

The official description of 2026-08 says `post.fields`, `note_post`, `repost_count`; its prose, its stream and tweepy
still say `tweet.fields`, `note_tweet`, `retweet_count`. So the old is asked, the new where X names the parameter as
wrong, then only what that description lists; and either is read.
"""

from dataclasses import dataclass

# No expansions: each post or user they bring is charged, and an author is only ever hashed.
_DIALECTS = (
    (
        "tweet.fields",
        ["author_id", "created_at", "edit_history_tweet_ids", "note_tweet", "public_metrics", "referenced_tweets"],
    ),
    (
        "post.fields",
        ["author_id", "created_at", "edit_history_post_ids", "note_post", "public_metrics", "referenced_posts"],
    ),
    # The description lists author, edits and references among the expansions only: what comes of them comes unasked.
    ("post.fields", ["created_at", "note_post", "public_metrics"]),
)


@dataclass(slots=True)
class Dialect:
    """Which spelling this X understands; learnt from its refusals."""

    _number: int = 0

    @property
    def parameter(self) -> str:
        """What the parameter is called that names the fields."""
        return _DIALECTS[self._number][0]

    @property
    def fields(self) -> list[str]:
        """The names of the fields we ask for."""
        return _DIALECTS[self._number][1]

    def turn_to_next(self) -> bool:
        """Is there another spelling to try? Then it is this one from here on."""
        is_last = self._number + 1 == len(_DIALECTS)
        self._number += not is_last
        return not is_last
