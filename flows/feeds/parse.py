"""Parses documents in worker processes with a hard limit of memory and time, a few at once."""

import asyncio
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Self

import connectors
from connectors.errors import SourceUnreadable
from connectors.feeds.discovery import FoundFeed
from connectors.feeds.parse import ParsedFeed
from connectors.feeds.worker import Job, is_last, read_answer, read_links, write_job
from connectors.web.get import Answer

_ROOT = Path(connectors.__file__).parents[1]
WORKER_BYTES = 80_000_000  # two workers, the collector and its downloads stay under 400 MB
DOCUMENT_S = 10.0


class ParseWorkers:
    """A few processes that parse; started when the first document comes, replaced when one had to be stopped.

    May be shared by several runs of the collector, one after the other.
    """

    def __init__(
        self,
        workers: int = 2,
        *,
        worker_bytes: int = WORKER_BYTES,
        document_s: float = DOCUMENT_S,
        full_text: bool = False,
    ) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="parse")
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._full_text = full_text
        for _ in range(workers):
            self._idle.put(_Worker(worker_bytes, document_s))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().stop()

    async def parse(self, answer: Answer, feed_url: str, fetched_at: datetime, timezone: str) -> ParsedFeed:
        """The parsed document of an answer.

        Raises:
            SourceUnreadable: it is not a feed, or it takes more memory or time than a worker may have.
        """
        job = Job(
            feed_url=feed_url,
            fetched_at=fetched_at,
            timezone=timezone,
            document_url=answer.url,
            content_type=answer.headers.get("Content-Type"),
            full_text=self._full_text,
        )
        return read_answer(await self._asked(job, answer))

    async def feeds_named(self, answer: Answer, fetched_at: datetime) -> list[FoundFeed]:
        """The feeds that a web page names.

        Raises:
            SourceUnreadable: it takes more memory or time than a worker may have.
        """
        job = Job(answer.url, fetched_at, "UTC", answer.url, None, full_text=False, kind="page")
        return read_links(await self._asked(job, answer))

    async def _asked(self, job: Job, answer: Answer) -> bytes:
        # The document is read by the thread: of those that wait for a worker, the large ones stay on disk.
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, job, answer)

    def _ask(self, job: Job, answer: Answer) -> bytes:
        worker = self._idle.get()
        try:
            answer.document.seek(0)
            return worker.ask(job, answer.document.read())
        finally:
            self._idle.put(worker)


class _Worker:
    """One process, which may come and go."""

    def __init__(self, most_bytes: int, document_s: float) -> None:
        self._most_bytes = most_bytes
        self._document_s = document_s
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, job: Job, document: bytes) -> bytes:
        """The line that the process answers.

        Raises:
            SourceUnreadable: it takes too much memory or time, and the process had to be stopped.
        """
        process = self._process if self._process and self._process.poll() is None else self._start()
        assert process.stdin is not None  # noqa: S101 — asked for with PIPE
        assert process.stdout is not None  # noqa: S101 — asked for with PIPE
        try:
            write_job(job, document, process.stdin)
            if not _answers_within(self._document_s, process.stdout):
                process.kill()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        is_whole = line.endswith(b"\n")
        if is_whole and not is_last(line):
            return line
        code = self.stop()
        if is_whole:
            return line
        reason = (
            f"took more than {self._document_s:g} s" if code == -signal.SIGKILL else f"broke the parser (exit {code})"
        )
        raise SourceUnreadable(f"{job.feed_url}: the document {reason}")

    def stop(self) -> int | None:
        """End the process, if it runs; returns its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self.stop()
        command = [sys.executable, "-m", "connectors.feeds.worker", str(self._most_bytes)]
        self._process = subprocess.Popen(  # noqa: S603 — our own module
            command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        return self._process


def _answers_within(seconds: float, pipe: IO[bytes]) -> bool:
    """Whether something comes in time; a worker takes a document whole and answers it whole."""
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    return bool(waiting.poll(1_000 * seconds))
