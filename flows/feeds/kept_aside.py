"""Documents that could not be read, kept for a person to look at: the last one of each URL, in `rejects/`.

A hostile server must not fill the disk, nor may a link that somebody planted there lead the writing elsewhere.
"""

import gzip
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from shutil import copyfileobj

from connectors.web.get import Answer

_NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC


def keep_aside(home: Path, answer: Answer) -> None:
    """Keep the document of an answer, packed.

    Raises:
        OSError: `rejects` is a link or no folder, or nothing can be written there.
    """
    (home / "rejects").mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(home / "rejects", os.O_RDONLY | os.O_DIRECTORY | _NO_LINK)
    try:
        name = f"feed-{sha256(answer.url.encode()).hexdigest()[:16]}.gz"
        partial = f".{name}.{os.getpid()}"
        with suppress(FileNotFoundError):  # left by a crash, or planted
            os.unlink(partial, dir_fd=folder)
        made = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600, dir_fd=folder)
        with open(made, "wb") as file, gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, filename="") as packed:  # noqa: PTH123 — a descriptor
            answer.document.seek(0)
            copyfileobj(answer.document, packed)
        # Put in the place of whatever has that name: a link goes, what it leads to stays as it is.
        os.rename(partial, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        os.close(folder)
