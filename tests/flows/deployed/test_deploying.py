"""Deployments made over the API of a real Prefect application, in this process: made, mended, and taken away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from flows.deployed.api import ServerFailed
from flows.deployed.deploying import deploy, deployed
from flows.deployed.described import Watched, described

US = Watched("us-2020-general", "us-2020-general", "America/New_York")
FR = Watched("fr", "/somewhere/fr", "Europe/Paris")
PROJECT = Path("/project")
_TRIES = 10


class Api:
    """Asks the application as `ServerApi` asks a server."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self.changes = 0

    def ask(self, path: str, method: str = "POST", /, **body: Any) -> Any:
        self.changes += not path.endswith("/filter")
        for _ in range(_TRIES):  # SQLite refuses a transaction that another one overtook
            answer = self._client.request(method, f"/api/{path}", json=body)
            if answer.status_code != 503:
                break
        if answer.status_code >= 400:
            raise ServerFailed(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    from prefect.server.api.server import create_app
    from prefect.settings import PREFECT_HOME, PREFECT_SERVER_DATABASE_CONNECTION_URL, temporary_settings

    home = tmp_path_factory.mktemp("prefect")
    database = f"sqlite+aiosqlite:///{home}/prefect.db"
    settings = temporary_settings({PREFECT_HOME: home, PREFECT_SERVER_DATABASE_CONNECTION_URL: database})
    with settings, TestClient(create_app(ephemeral=True), raise_server_exceptions=False) as client:
        yield Api(client)


def names(api: Any) -> list[tuple[str, str]]:
    return sorted((one["entrypoint"], one["name"]) for one in deployed(api))


def told(campaigns: list[Watched]) -> list[tuple[str, str]]:
    return sorted((one["entrypoint"], one["name"]) for one in described(campaigns))


def test_campaigns_are_added_and_taken_away_and_nothing_is_made_twice(api: Any) -> None:
    deploy(api, described([US]), PROJECT)
    assert names(api) == told([US])

    api.changes = 0
    deploy(api, described([US]), PROJECT)
    assert api.changes == 0

    deploy(api, described([US, FR]), PROJECT)
    assert names(api) == told([US, FR])

    deploy(api, described([FR]), PROJECT)
    assert names(api) == told([FR])
    assert len(api.ask("automations/filter")) == 2


def test_a_paused_schedule_and_a_lost_automation_are_mended(api: Any) -> None:
    deploy(api, described([US]), PROJECT)
    one = deployed(api)[0]
    api.ask(f"deployments/{one['id']}/pause_deployment")
    for automation in api.ask("automations/filter"):
        api.ask(f"automations/{automation['id']}", "DELETE")

    deploy(api, described([US]), PROJECT)

    assert not any(each["paused"] for each in deployed(api))
    expected = [each["trigger"]["expect"] for each in api.ask("automations/filter")]
    assert sorted(expected) == [["afterdebate.built"], ["afterdebate.landed"]]


def test_a_deployment_of_somebody_else_stays(api: Any) -> None:
    flow_id = api.ask("flows/", name="theirs")["id"]
    api.ask("deployments/", name="theirs", flow_id=flow_id, entrypoint="theirs.py:flow")

    deploy(api, described([US]), PROJECT)

    assert "theirs" in {each["name"] for each in api.ask("deployments/filter")}
