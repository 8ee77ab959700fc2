"""A look at a real home: what is wrong with it reaches a real server once, and the log."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from flows.alerts.log import log_file, note_in_log
from flows.alerts.once import alert_once, message, page_of
from flows.alerts.rules import Alert
from flows.build import build_warehouse_once
from flows.builds_noted import build_noted
from flows.settings import Settings
from tests.flows.alerts.receivers import Web, serving
from tests.warehouse.homes import NOW, land_campaign, land_ticker, steady_totals


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose last build failed."""
    land_campaign(tmp_path)
    land_ticker(tmp_path, "first.csv", steady_totals(range(24)))
    build_warehouse_once(tmp_path, NOW)
    with pytest.raises(ValueError, match="Jane Donor"), build_noted(tmp_path, NOW, lambda: NOW):
        raise ValueError("Jane Donor")
    return tmp_path


def settings_of(home: Path, alerts: str | None = None, pages_url: str | None = None) -> Settings:
    return Settings(home=home, alerts=SecretStr(alerts) if alerts else None, pages_url=pages_url)


def test_a_failed_build_is_told_once_with_a_link_and_no_name(home: Path) -> None:
    said: list[str] = []
    with serving(web := Web()):
        settings = settings_of(home, f"json://{web.address}/hook", "https://pages.example.org/")
        for minutes in range(0, 50, 10):
            alert_once(settings, NOW + timedelta(minutes=minutes), tell=said.append)
    [(_path, told)] = web.posts
    assert told["title"] == "afterdebate: build.failed"
    assert "ValueError" in told["message"]
    assert told["message"].splitlines()[-1] == "https://pages.example.org/"
    assert "Jane" not in json.dumps(told) + log_file(home).read_text()
    assert said == []


def test_where_no_channel_answers_it_is_tried_again_and_the_step_goes_on(home: Path) -> None:
    said: list[str] = []
    with serving(web := Web(status=500)):
        settings = settings_of(home, f"json://{web.address}/5ecret")
        alert_once(settings, NOW, tell=said.append)
        web.status = 200
        alert_once(settings, NOW + timedelta(minutes=5), tell=said.append)
    assert len(web.posts) == 2
    assert [text.partition(" of ")[0] for text in said] == ["warning: channel 1 (json)"]
    assert "5ecret" not in " ".join(said) + log_file(home).read_text()


def test_without_a_channel_the_log_has_it(home: Path) -> None:
    alert_once(settings_of(home), NOW, tell=print)
    [line] = log_file(home).read_text().splitlines()
    assert json.loads(line) == {
        "at": "2020-10-05T00:00:00+00:00", "what": "build.failed", "campaign": None, "subject": "",
    }  # fmt: skip


def test_a_home_that_is_well_gets_no_log(tmp_path: Path) -> None:
    land_campaign(tmp_path)
    build_warehouse_once(tmp_path, NOW)
    assert alert_once(settings_of(tmp_path), NOW, tell=print) == []
    assert not log_file(tmp_path).exists()


def test_the_link_names_the_page_of_the_campaign(tmp_path: Path) -> None:
    assert page_of(settings_of(tmp_path), "tiny") == (tmp_path / "reports" / "tiny" / "index.html").as_uri()
    assert page_of(settings_of(tmp_path, pages_url="https://p.example"), "tiny") == "https://p.example/tiny/index.html"


def test_alerts_of_one_campaign_are_one_message() -> None:
    alerts = [Alert("source.silent", name, "c", f"{name} is silent.") for name in ("a", "b")]
    assert message("c", alerts, "https://p") == (
        "afterdebate c: source.silent",
        "a is silent.\nb is silent.\nhttps://p",
    )


def test_the_log_is_put_aside_when_it_is_full_and_the_oldest_goes(tmp_path: Path) -> None:
    for n in range(8):
        note_in_log(tmp_path, NOW, f"n{n}")
        with log_file(tmp_path).open("a") as log:
            log.write("x" * 1_000_000)
    files = sorted(path.name for path in log_file(tmp_path).parent.iterdir())
    assert files == ["afterdebate.log", *(f"afterdebate.log.{n}" for n in range(1, 6))]
    assert '"n7"' in log_file(tmp_path).read_text()[:200]


def test_a_text_in_the_log_is_cut_to_what_an_id_may_be(tmp_path: Path) -> None:
    note_in_log(tmp_path, NOW, "x", subject='Jane Donor <jane@example.org> "4 Elm St"' + "a" * 500, rows=3)
    told = json.loads(log_file(tmp_path).read_text())
    assert told["rows"] == 3
    assert "@" not in told["subject"]
    assert len(told["subject"]) == 120
