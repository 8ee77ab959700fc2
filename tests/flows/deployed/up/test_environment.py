"""What `afterdebate up` tells its server, whatever its own environment says."""

from pathlib import Path

import pytest

from flows.deployed.up.environment import secret_file, server_environment, server_secret
from flows.faults import UsageFault


def test_a_home_has_one_secret_that_nobody_guesses(tmp_path: Path) -> None:
    first, second = server_secret(tmp_path / "a"), server_secret(tmp_path / "b")

    assert first == server_secret(tmp_path / "a")
    assert first != second
    assert len(first) == len("afterdebate:") + 64
    assert oct(secret_file(tmp_path / "a").stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize("emptied", ["", "\n", "afterdebate:"])
def test_an_emptied_secret_does_not_open_the_door(tmp_path: Path, emptied: str) -> None:
    server_secret(tmp_path)
    secret_file(tmp_path).write_text(emptied)

    with pytest.raises(UsageFault, match="too short for a secret"):
        server_secret(tmp_path)


def test_a_port_of_the_web_itself_is_left_out_as_browsers_do(tmp_path: Path) -> None:
    told = server_environment(tmp_path, 80, "secret")

    assert told["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1"


def test_the_operators_environment_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED", "false")
    monkeypatch.setenv("PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS", "*")
    monkeypatch.setenv("no_proxy", "intranet.example")

    told = server_environment(tmp_path, 4200, "secret")

    assert {told["PREFECT_SERVER_API_AUTH_STRING"], told["PREFECT_API_AUTH_STRING"]} == {"secret"}
    assert told["PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED"] == "true"
    assert told["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4200"
    assert told["NO_PROXY"] == told["no_proxy"] == "intranet.example,127.0.0.1"
