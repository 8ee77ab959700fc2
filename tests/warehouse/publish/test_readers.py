"""Analysts never wait: whoever reads while builds publish sees one build whole, and never an error."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.doubles import reader
from tests.warehouse.homes import NOW, land_campaign, land_ticker, steady_totals
from warehouse.build.run import build
from warehouse.publish.publishing import published_file

READERS, PUBLISHES = 3, 6


@contextmanager
def reading(home: Path, readers: int) -> Iterator[list[dict[str, Any]]]:
    """So many programs read within; afterwards the list has what each of them saw."""
    end = home / "end"
    told: list[dict[str, Any]] = []
    command = [sys.executable, reader.__file__, str(published_file(home)), str(end)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(readers)]
    try:
        yield told
    finally:
        end.touch()
        told.extend(json.loads(one.communicate()[0]) for one in started)


def publish_again(home: Path, number: int) -> None:
    land_ticker(home, f"{number}.csv", steady_totals(range(number, number + 1)))
    assert build(home, NOW + timedelta(hours=number), "test", lambda _text: None).tables_published


def test_readers_see_one_build_each_time_and_never_an_error(tmp_path: Path) -> None:
    land_campaign(tmp_path)
    publish_again(tmp_path, 0)
    with reading(tmp_path, READERS) as told:
        for number in range(1, PUBLISHES):
            publish_again(tmp_path, number)
    assert [one["wrong"] for one in told] == [[]] * READERS
    assert all(one["looks"] for one in told)
