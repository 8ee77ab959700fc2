"""A process of its own that parses documents, so that a hostile one can only take what a worker may have.

Run as `python -m connectors.feeds.worker BYTES`. It reads jobs from its standard input and answers on its standard
output, one JSON line each; a job's line is followed by as many bytes of document as it says.
"""

import json
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

from connectors.errors import SourceError, SourceUnreadable
from connectors.feeds.discovery import FoundFeed, feeds_named_by
from connectors.feeds.entry_keys import Marks
from connectors.feeds.parse import ParsedFeed, parse_feed
from connectors.fence import fenced
from connectors.records import Entry, Reject

_GROWN_BYTES = 64_000_000  # a worker that holds more is replaced: freed memory seldom goes back to the machine
_LAST = b"!"  # before the last answer of a worker
_ENTRY_FIELDS = [field.name for field in fields(Entry)]
_REJECT_FIELDS = [field.name for field in fields(Reject)]
_TIMES = [name for name in dict.fromkeys([*_ENTRY_FIELDS, *_REJECT_FIELDS]) if name.endswith("_at")]
_entry_values: Callable[[Entry], tuple[Any, ...]] = attrgetter(*_ENTRY_FIELDS)
_reject_values: Callable[[Reject], tuple[Any, ...]] = attrgetter(*_REJECT_FIELDS)


class Job(NamedTuple):
    """What a worker must know of a document beside its bytes."""

    feed_url: str
    fetched_at: datetime
    timezone: str
    document_url: str
    content_type: str | None
    full_text: bool
    kind: Literal["feed", "page"] = "feed"  # of a page, the feeds that it names are wanted


def main() -> None:
    """Answer jobs until the input ends, or until a document made the process large."""
    most_bytes = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while line := source.readline():
        size, *values = json.loads(line)
        answer = _answer(source, size, values)
        has_grown = _resident_bytes() > _GROWN_BYTES
        sink.write((_LAST if has_grown else b"") + answer)
        sink.flush()
        if has_grown:
            return


def write_job(job: Job, document: bytes, pipe: IO[bytes]) -> None:
    """Send a job to a worker."""
    pipe.write(json.dumps([len(document), *job], default=datetime.isoformat).encode() + b"\n")
    pipe.write(document)
    pipe.flush()


def is_last(line: bytes) -> bool:
    """Whether the worker that answered so has ended."""
    return line.startswith(_LAST)


def read_answer(line: bytes) -> ParsedFeed:
    """What a worker answered of a feed.

    Raises:
        SourceUnreadable: the document is not a feed, or needs more memory than a worker has.
    """
    answer = _readable(line)
    entries = [Entry(**_with_times(_ENTRY_FIELDS, values)) for values in answer["entries"]]
    rejects = [Reject(**_with_times(_REJECT_FIELDS, values)) for values in answer["rejects"]]
    marks = [Marks(tuple(aliases), tuple(names), version) for aliases, names, version in answer["marks"]]
    return ParsedFeed(entries, rejects, answer["period_s"], marks)


def read_links(line: bytes) -> list[FoundFeed]:
    """What a worker answered of a page.

    Raises:
        SourceUnreadable: the page needs more memory than a worker has.
    """
    return [FoundFeed(*found) for found in _readable(line)["links"]]


def _readable(line: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(line.removeprefix(_LAST))
    if "unreadable" in answer:
        raise SourceUnreadable(answer["unreadable"])
    return answer


def _answer(source: IO[bytes], size: int, values: list[Any]) -> bytes:
    job = Job(*values)._replace(fetched_at=datetime.fromisoformat(values[1]))
    try:
        # One document is a worker's whole work: what nobody foresaw in it must not cost the process.
        with fenced(job.feed_url, lambda _places: None, passing=(MemoryError, RecursionError)):
            document = source.read(size)
            answer = (
                _answer_of_feed(document, job)
                if job.kind == "feed"
                else {"links": feeds_named_by(document, job.document_url)}
            )
            return json.dumps(answer, default=datetime.isoformat).encode() + b"\n"
    except SourceError as error:
        return json.dumps({"unreadable": str(error)}).encode() + b"\n"
    except (MemoryError, RecursionError) as error:
        reason = f"{job.feed_url}: the document needs more memory than a parser may have ({type(error).__name__})"
        return json.dumps({"unreadable": reason}).encode() + b"\n"


def _resident_bytes() -> int:
    """Memory held at present; 0 where the system does not say. The peak of `getrusage` begins with the parent's."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except FileNotFoundError:
        return 0


def _answer_of_feed(document: bytes, job: Job) -> dict[str, Any]:
    parsed = parse_feed(
        document,
        job.feed_url,
        job.fetched_at,
        job.timezone,
        document_url=job.document_url,
        content_type=job.content_type,
        full_text=job.full_text,
    )
    return {
        "entries": [_entry_values(entry) for entry in parsed.entries],
        "rejects": [_reject_values(reject) for reject in parsed.rejects],
        "period_s": parsed.period_s,
        "marks": parsed.marks,
    }


def _with_times(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    named = dict(zip(names, values, strict=True))
    for name in _TIMES:
        if named.get(name):
            named[name] = datetime.fromisoformat(named[name])
    return named


if __name__ == "__main__":
    main()
