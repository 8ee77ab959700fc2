"""Asks a Prefect server over its REST API, without importing Prefect."""

import base64
import json
import time
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection
from typing import Any

_ANSWERS_WITHIN_S = 30
_PAUSES_S = (0.1, 0.3, 1.0)


class ServerFailed(Exception):
    """A part of the machine did not start, stopped by itself, or refuses."""


class ServerBusy(ServerFailed):
    """The server has no time for it: the same may go through in a moment."""


@dataclass(frozen=True)
class ServerApi:
    """One who knows the server's secret."""

    port: int
    secret: str = field(repr=False)
    host: str = "127.0.0.1"

    def ask(self, path: str, method: str = "POST", /, **body: Any) -> Any:
        """What the server answers to a request that may change something.

        Raises:
            ServerFailed: it answers with an error; ServerBusy where it may do better in a moment.
            OSError: it does not answer.
        """
        headers = {"Content-Type": "application/json", **self._csrf_headers}
        for pause_s in _PAUSES_S:
            try:
                return self._send(method, path, json.dumps(body), headers)
            except ServerBusy:  # SQLite refuses a transaction that another one overtook, however patient it is
                time.sleep(pause_s)
        return self._send(method, path, json.dumps(body), headers)

    @cached_property
    def _csrf_headers(self) -> dict[str, str]:
        client = str(uuid.uuid4())
        token = self._send("GET", f"csrf-token?client={client}", None, {})["token"]
        return {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": client}

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Any:
        knows = base64.b64encode(self.secret.encode()).decode()
        connection = HTTPConnection(self.host, self.port, timeout=_ANSWERS_WITHIN_S)
        try:
            connection.request(method, f"/api/{path}", body, {"Authorization": f"Basic {knows}", **headers})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 500:  # noqa: PLR2004  # where those begin that are the server's
            raise ServerBusy(f"{method} {path}: {answer.status} {content.decode(errors='replace')}")
        if answer.status >= 400:  # noqa: PLR2004  # where errors begin
            raise ServerFailed(f"{method} {path}: {answer.status} {content.decode(errors='replace')}")
        return json.loads(content) if content else None
