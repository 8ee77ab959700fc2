"""Which failures a task tries again, by error class: connectors sort their errors, this room decides."""

from typing import Any, TypedDict

from prefect import Task
from prefect.cache_policies import NO_CACHE, CachePolicy
from prefect.client.schemas import TaskRun
from prefect.client.schemas.objects import State
from prefect.tasks import RetryConditionCallable

from connectors.errors import SourceUnavailable
from warehouse.store import StoreBroken, StoreBusy


class TaskOptions(TypedDict):
    """What our tasks share."""

    retries: int
    retry_delay_seconds: list[float]
    retry_condition_fn: RetryConditionCallable
    cache_policy: CachePolicy


def is_worth_retrying(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether the same call may go through in a while: what is refused or unreadable stays so."""
    return isinstance(state.data, SourceUnavailable | StoreBusy | StoreBroken | ConnectionError | TimeoutError)


# A source that fails inside a batch is no failed task: the batch says so at its end, and the next run asks it again.
RETRIES = TaskOptions(
    retries=2,
    retry_delay_seconds=[10, 60],
    retry_condition_fn=is_worth_retrying,
    cache_policy=NO_CACHE,  # the clock is an input of every step
)
