"""`digest`: the overview's sentences in either language, and to a real server."""

from pathlib import Path

import pytest

from tests.flows.alerts.receivers import Web, serving
from tests.flows.commands.commands import afterdebate, assert_refused
from tests.flows.reports.homes import published
from tests.warehouse.homes import land_campaign, land_ticker, steady_totals


@pytest.fixture
def home(tmp_path: Path) -> Path:
    land_campaign(tmp_path)
    land_ticker(tmp_path, "first.csv", steady_totals(range(90)))
    return published(tmp_path)


def test_it_tells_each_event_and_where_more_is(home: Path) -> None:
    result = afterdebate("digest", "tiny", "--home", home)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Tiny: what is known on ")
    assert any("Debate" in line for line in lines)
    assert lines[-1] == f"More, with every chart and table: {(home / 'reports/tiny/index.html').as_uri()}"


def test_it_speaks_french(home: Path) -> None:
    assert "ce que l'on sait le" in afterdebate("digest", "tiny", "--language", "fr", "--home", home).stdout
    assert_refused(afterdebate("digest", "tiny", "--language", "xx", "--home", home), "no such language")


def test_what_is_sent_is_what_is_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(web := Web()):
        monkeypatch.setenv("AFTERDEBATE_ALERTS", f"json://{web.address}/desk")
        result = afterdebate("digest", "tiny", "--send", "--home", home)
    [(_path, told)] = web.posts
    assert result.exit_code == 0
    assert result.stdout.startswith(told["title"])
    assert told["message"].splitlines()[0] in result.stdout


def test_a_channel_that_does_not_take_it_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(web := Web(status=500)):
        monkeypatch.setenv("AFTERDEBATE_ALERTS", f"json://{web.address}/5ecret")
        result = afterdebate("digest", "tiny", "--send", "--home", home)
    assert result.exit_code == 1
    assert "channel 1 (json)" in result.stderr
    assert "5ecret" not in result.output


def test_nobody_to_send_it_to_and_nothing_to_tell_are_refused(home: Path, tmp_path: Path) -> None:
    assert_refused(afterdebate("digest", "tiny", "--send", "--home", home), "AFTERDEBATE_ALERTS")
    assert_refused(afterdebate("digest", "tiny", "--home", tmp_path / "none"), "Mend:")
