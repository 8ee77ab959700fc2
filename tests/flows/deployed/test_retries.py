from typing import Any

import pytest
from prefect.states import Failed

from connectors.errors import BudgetExhausted, SourceRefused, SourceUnavailable, SourceUnreadable
from flows.deployed.retries import is_worth_retrying
from warehouse.store import StoreBroken, StoreBusy


@pytest.mark.parametrize(
    "error",
    [
        SourceUnavailable("x: 503"),
        StoreBusy("a build runs"),
        StoreBroken("made anew by the next build"),
        ConnectionResetError(),
        TimeoutError(),
    ],
)
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    assert ask(error)


@pytest.mark.parametrize(
    "error", [SourceRefused("x: 401"), SourceUnreadable("a page"), BudgetExhausted("spent"), ValueError("ours")]
)
def test_what_stays_so_is_not_tried_again(error: Exception) -> None:
    assert not ask(error)


def ask(error: Exception) -> bool:
    unused: Any = None
    return is_worth_retrying(unused, unused, Failed(data=error))
