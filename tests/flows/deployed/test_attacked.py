"""The attack, played on the real server: by a page in the operator's browser, and by whoever shares the machine."""

import base64
import json
import socket
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.doubles.machine import Machine

EVIL = "https://evil.example"
SOCKETS = [
    "events/in",
    "events/out",
    "logs/out",
    "task_runs/subscriptions/scheduled",
    "work_pools/afterdebate/workers/connect",
]


@pytest.fixture
def knock(machine: Machine) -> Callable[..., tuple[int, dict[str, str], str]]:
    """Asks as anybody can who reaches the port; what comes back."""

    def knock(
        method: str, path: str, body: Any = None, *, knows_secret: bool = False, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        connection = HTTPConnection("127.0.0.1", machine.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if knows_secret:
            sent["Authorization"] = "Basic " + base64.b64encode(machine.secret.encode()).decode()
        connection.request(method, path, json.dumps(body) if body is not None else None, sent)
        answer = connection.getresponse()
        got = {name.lower(): value for name, value in answer.getheaders()}
        content = answer.read().decode(errors="replace")
        connection.close()
        return answer.status, got, content

    return knock


@pytest.fixture
def shell_step(tmp_path: Path) -> dict[str, Any]:
    """A deployment that touches a file before its flow begins."""
    step = {"prefect.deployments.steps.run_shell_script": {"script": f"touch {tmp_path / 'owned'}"}}
    return {"name": "owned", "entrypoint": "flows/deployed/deployments.py:build_warehouse", "pull_steps": [step]}


def test_a_page_from_elsewhere_is_told_nothing_and_may_ask_nothing(knock: Any, shell_step: dict[str, Any]) -> None:
    asks_first = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "authorization"}
    for path in ("/api/deployments/", "/api/flows/", "/api/csrf-token?client=evil", "/api/events"):
        status, headers, _ = knock("OPTIONS", path, Origin=EVIL, **asks_first)
        assert status == 403
        assert "access-control-allow-origin" not in headers

    for knows_secret in (False, True):
        # What a page may send without asking first.
        status, headers, _ = knock(
            "POST", "/api/deployments/", shell_step, knows_secret=knows_secret, Origin=EVIL, Content_Type="text/plain"
        )
        assert status == 403
        assert "access-control-allow-origin" not in headers


def test_a_page_whose_name_was_rebound_to_this_machine_is_refused(knock: Any, machine: Machine) -> None:
    for host in ("evil.example", f"evil.example:{machine.port}", f"localhost:{machine.port}"):
        for method, path in (("GET", "/"), ("GET", "/api/health"), ("POST", "/api/deployments/filter")):
            assert knock(method, path, knows_secret=True, Host=host)[0] == 403


def test_who_does_not_know_the_secret_reads_nothing(knock: Any) -> None:
    for path in ("/api/csrf-token?client=me", "/api/admin/settings", "/api/version", "/api/logs/filter"):
        assert knock("GET", path)[0] == 401
    wrong = "Basic " + base64.b64encode(b"afterdebate:0").decode()
    assert knock("GET", "/api/admin/settings", Authorization=wrong)[0] == 401


def test_no_path_of_the_api_answers_who_does_not_know_the_secret(knock: Any) -> None:
    from prefect.server.api.server import create_api_app

    paths = create_api_app().openapi()["paths"]
    open_to_all = {
        (path, method)
        for path, methods in paths.items()
        for method in methods
        if knock(method.upper(), f"/api{path}")[0] not in (401, 403)
    }

    assert len(paths) > 100
    assert open_to_all == {("/health", "get"), ("/ready", "get")}


def test_who_does_not_know_the_secret_deploys_nothing(knock: Any, machine: Machine, shell_step: dict[str, Any]) -> None:
    builder = machine.deployments()["build-warehouse"]
    guessed = {"Prefect_Csrf_Token": "guess", "Prefect_Csrf_Client": "me", "Content_Type": "application/json"}
    attempts = [
        ("POST", "/api/deployments/", {**shell_step, "flow_id": builder["flow_id"], "work_pool_name": "afterdebate"}),
        ("PATCH", f"/api/deployments/{builder['id']}", {"pull_steps": shell_step["pull_steps"]}),
        ("POST", f"/api/deployments/{builder['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}}),
        ("DELETE", f"/api/deployments/{builder['id']}", None),
    ]

    for method, path, body in attempts:
        assert knock(method, path, body, Content_Type="application/json")[0] in (401, 403)
        assert knock(method, path, body, **guessed)[0] in (401, 403)
        # Who knows the secret, and comes without the token against forged requests.
        assert knock(method, path, body, knows_secret=True, Content_Type="application/json")[0] == 403

    assert "owned" not in machine.deployments()
    assert machine.deployments()["build-warehouse"]["pull_steps"] == builder["pull_steps"]


@pytest.mark.parametrize("path", SOCKETS)
def test_a_websocket_opens_to_no_other_page_and_no_other_name(machine: Machine, path: str) -> None:
    address = f"ws://127.0.0.1:{machine.port}/api/{path}"
    prefect = [Subprotocol("prefect")]

    with pytest.raises(InvalidStatus, match="403"):
        connect(address, subprotocols=prefect, origin=Origin(EVIL), proxy=None)
    with pytest.raises(InvalidStatus, match="403"):
        rebound = socket.create_connection(("127.0.0.1", machine.port))
        connect(f"ws://evil.example:{machine.port}/api/{path}", sock=rebound, subprotocols=prefect, proxy=None)


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize("hello", [{"type": "auth"}, {"type": "auth", "token": "afterdebate:0"}, {"type": "filter"}])
def test_a_websocket_closes_on_who_does_not_know_the_secret(machine: Machine, path: str, hello: dict[str, str]) -> None:
    address = f"ws://127.0.0.1:{machine.port}/api/{path}"

    with connect(address, subprotocols=[Subprotocol("prefect")], proxy=None) as opened:
        opened.send(json.dumps(hello))
        with pytest.raises(ConnectionClosed):
            opened.recv(timeout=30)


@pytest.mark.parametrize("path", SOCKETS)
def test_a_websocket_without_prefects_protocol_does_not_open(machine: Machine, path: str) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://127.0.0.1:{machine.port}/api/{path}", proxy=None)


def test_the_operators_own_page_opens_and_asks_for_the_secret(knock: Any, machine: Machine) -> None:
    own = f"http://127.0.0.1:{machine.port}"

    assert knock("GET", "/")[0] == 200
    assert json.loads(knock("GET", "/ui-settings")[2])["auth"] == "BASIC"
    status, headers, _ = knock("GET", "/api/csrf-token?client=page", knows_secret=True, Origin=own)
    assert (status, headers["access-control-allow-origin"]) == (200, own)


def test_a_websocket_opens_to_the_operators_own_page(machine: Machine) -> None:
    own = Origin(f"http://127.0.0.1:{machine.port}")
    address = f"ws://127.0.0.1:{machine.port}/api/events/out"

    with connect(address, subprotocols=[Subprotocol("prefect")], origin=own, proxy=None) as opened:
        opened.send(json.dumps({"type": "auth", "token": machine.secret}))
        assert json.loads(opened.recv(timeout=30)) == {"type": "auth_success"}
