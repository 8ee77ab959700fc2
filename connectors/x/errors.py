"""What an answer of X asks us to do: wait, stop, or read it."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import requests

from connectors.errors import BudgetExhausted, SourceRefused, SourceUnavailable, SourceUnreadable

TOKEN_NAME = "AFTERDEBATE_X_BEARER_TOKEN"  # noqa: S105  # the name, not the token
WAIT_WITHOUT_RESET_S = 60  # a rate limit that does not say until when


class CredentialsRefused(SourceRefused):
    """X refuses the token: whatever else is asked with it would be refused as well."""


class CreditsUsedUp(BudgetExhausted):
    """X itself sells nothing more this month, whatever our own budget says."""


class EndpointRefused(SourceRefused):
    """The token may not use this endpoint: other candidates would be refused there as well."""


class ParameterRefused(SourceRefused):
    """X names the parameters of the request that it does not understand."""

    def __init__(self, message: str, words: str) -> None:
        super().__init__(message)
        self._words = words

    def names(self, parameter: str) -> bool:
        """Is this one of them?"""
        return parameter in self._words


def raise_for_answer(answer: requests.Response, endpoint: str, clock: Callable[[], datetime]) -> None:
    """Nothing, where the answer is a JSON object of status 2xx.

    Both the rate limit and the usage cap are 429: the problem's `type` says which.

    Raises:
        SourceUnavailable: rate limit, 5xx, 408.
        CredentialsRefused, EndpointRefused: credentials or plan are refused.
        SourceRefused: this one request is refused.
        SourceUnreadable: not a JSON object, or a redirect.
        CreditsUsedUp: 402, or the usage cap.
        Source: https://docs.x.com/x-api/fundamentals/response-codes-and-errors
    """
    status = answer.status_code
    what = f"X {endpoint}: {status}"
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        read_object(answer, endpoint)
        return
    problem = _problem(answer)
    words = _words_of(problem) or answer.reason or "no reason given"
    if status == HTTPStatus.PAYMENT_REQUIRED or str(problem.get("type", "")).endswith("/usage-capped"):
        raise CreditsUsedUp(f"{what}: X says that nothing more may be read ({words}); nothing is bought until it does")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise SourceUnavailable(f"{what}: rate limit ({words})", retry_after_s=_seconds_to_reset(answer, clock))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        raise SourceUnavailable(f"{what}: {words}", retry_after_s=_retry_after_s(answer))
    if status == HTTPStatus.UNAUTHORIZED:
        raise CredentialsRefused(f"{what}: {TOKEN_NAME} is not accepted ({words}). Mend: a valid token of your app")
    if status == HTTPStatus.FORBIDDEN:
        raise EndpointRefused(
            f"{what}: {TOKEN_NAME} may not use this endpoint ({words}). Mend: a token of an app whose plan has it"
        )
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise SourceUnreadable(f"{what}: a redirect, which the API does not use. Mend: check AFTERDEBATE_X_API_URL")
    if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
        raise ParameterRefused(f"{what}: {words}", answer.text)
    raise SourceRefused(f"{what}: {words}")


def read_object(answer: requests.Response, endpoint: str) -> dict[str, Any]:
    """The answer's body as a JSON object.

    Raises:
        SourceUnreadable: it is something else.
    """
    try:
        body = answer.json()
    except (requests.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SourceUnreadable(f"X {endpoint}: {answer.status_code}, but the body is not JSON") from error
    if not isinstance(body, dict):
        raise SourceUnreadable(f"X {endpoint}: {answer.status_code}, but the body is not a JSON object")
    return body


def _problem(answer: requests.Response) -> dict[str, Any]:
    """The problem object of an error answer: its own, or the first of its `errors`; empty where there is none."""
    try:
        body = read_object(answer, "")
    except SourceUnreadable:
        return {}
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return {**first, **{key: value for key, value in body.items() if key != "errors"}}


def _words_of(problem: dict[str, Any]) -> str:
    parts = [problem.get("title"), problem.get("detail"), problem.get("message")]
    return ": ".join(dict.fromkeys(part for part in parts if isinstance(part, str) and part))[:500]


def _seconds_to_reset(answer: requests.Response, clock: Callable[[], datetime]) -> float:
    """Seconds until the limit lifts, by the server's own clock where it says the time."""
    try:
        reset = float(answer.headers["x-rate-limit-reset"])
    except (KeyError, ValueError):
        return _retry_after_s(answer) or WAIT_WITHOUT_RESET_S
    try:
        server_now = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        server_now = clock().timestamp()
    return max(1.0, reset - server_now + 1)


def _retry_after_s(answer: requests.Response) -> float | None:
    try:
        return max(1.0, float(answer.headers["retry-after"]))
    except (KeyError, ValueError):
        return None
