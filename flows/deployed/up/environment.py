"""What the server, its clients and its worker read from their environment, which no other account can read."""

import os
from pathlib import Path

from flows.faults import UsageFault
from flows.people.keys import make_secret

HOST = "127.0.0.1"

_WEB_PORT = 80
_USER = "afterdebate:"
_LEAST_LETTERS = 32
_KEPT_S = 3 * 86_400


def secret_file(home: Path) -> Path:
    """Where the secret of a home's server is kept."""
    return home / "keys" / "server.key"


def server_secret(home: Path) -> str:
    """The secret of a home's server, made on first use; whoever has it may run anything as this account.

    Raises:
        UsageFault: what the file holds is too short to keep anybody out.
    """
    path = secret_file(home)
    make_secret(path, prefix=_USER)
    secret = path.read_text(encoding="ascii").strip()
    if len(secret) < _LEAST_LETTERS:
        raise UsageFault(f"{path}: too short for a secret. Mend: delete it, and another is made")
    return secret


def server_environment(home: Path, port: int, secret: str, database: str | None = None) -> dict[str, str]:
    """The environment of the server, its clients and its worker; without a `database` URL it is SQLite in the home."""
    # Browsers and clients leave the port of the web itself out.
    origin = f"http://{HOST}" if port == _WEB_PORT else f"http://{HOST}:{port}"
    return {
        "PREFECT_HOME": str((home / "prefect").resolve()),
        **os.environ,
        **_without_proxy(),
        "AFTERDEBATE_HOME": str(home.resolve()),
        "PREFECT_API_URL": f"{origin}/api",
        "PREFECT_SERVER_UI_API_URL": f"{origin}/api",
        # Both ends: what the server asks for, and what its clients say. A variable is no argument that `ps` shows.
        "PREFECT_SERVER_API_AUTH_STRING": secret,
        "PREFECT_API_AUTH_STRING": secret,
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": origin,
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
        # A flow without its server fails instead of starting a second one with a database of its own.
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # A tick a minute, made shortly before it is due: a machine that slept wakes to few of them.
        "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_SCHEDULED_TIME": "PT5M",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "10",
        "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "2",
        # Some six thousand runs a day and campaign: what they did is in the home, not in Prefect's database.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(_KEPT_S),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"PT{_KEPT_S}S",
        **({"PREFECT_SERVER_DATABASE_CONNECTION_URL": database} if database else {}),
    }


def _without_proxy() -> dict[str, str]:
    # Else a machine that reaches the web through a proxy would hand it the secret.
    given = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    direct = ",".join(filter(None, [given, HOST]))
    return {"no_proxy": direct, "NO_PROXY": direct}
