"""Makes the deployments of a server over its API, as `prefect deploy --all` does from the same description.

Prefect's own command takes as long as the server to start, and adds: this also takes away what is no longer wanted.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flows.deployed.api import ServerApi
from flows.deployed.described import DIGEST, FLOWS_FILE, HOME, POOL, entrypoint_of


def deploy(api: ServerApi, wanted: Sequence[dict[str, Any]], project: Path) -> None:
    """Bring a server's deployments to what is wanted: each made, or mended where it differs, and all others taken away.

    Raises:
        ServerFailed: the server refuses.
    """
    _make_pool(api)
    standing = {(each["entrypoint"], each["name"]): each for each in deployed(api)}
    # The server does not say whose an automation is: what it runs tells.
    triggered = {
        (action.get("deployment_id"), one["name"]) for one in api.ask("automations/filter") for action in one["actions"]
    }
    for one in wanted:
        body = _body(one, project)
        there = standing.pop((one["entrypoint"], one["name"]), None)
        key: str = there["id"] if there and _is_so(there, body) else _make(api, one, body)
        triggers = one.get("triggers", [])
        if any((key, trigger["name"]) not in triggered for trigger in triggers):
            _trigger(api, key, triggers)
    for left in standing.values():
        # Prefect leaves the automations of a deployment that is deleted.
        api.ask(f"automations/owned-by/{_owner(left['id'])}", "DELETE")
        api.ask(f"deployments/{left['id']}", "DELETE")


def deployed(api: ServerApi) -> list[dict[str, Any]]:
    """Every deployment of ours; what somebody else put into our pool is theirs."""
    return [each for each in api.ask("deployments/filter") if (each["entrypoint"] or "").startswith(FLOWS_FILE)]


def _make_pool(api: ServerApi) -> None:
    if not api.ask("work_pools/filter", work_pools={"name": {"any_": [POOL]}}):
        api.ask("work_pools/", name=POOL, type="process", base_job_template=_JOB)


def _body(one: dict[str, Any], project: Path) -> dict[str, Any]:
    return {
        "name": one["name"],
        "entrypoint": one["entrypoint"],
        "path": str(project),
        "description": one["description"],
        "parameters": one.get("parameters", {}),
        "paused": False,
        "work_pool_name": one["work_pool"]["name"],
        "concurrency_options": {"collision_strategy": one["concurrency_limit"]["collision_strategy"]},
        "schedules": [
            {"schedule": {"cron": each["cron"], "timezone": each["timezone"]}, "active": True}
            for each in one["schedules"]
        ],
    }


def _is_so(there: dict[str, Any], body: dict[str, Any]) -> bool:
    """Whether a deployment that stands says all that the body says, with what the server adds to it."""
    schedules = [_told(each) for each in there["schedules"]]
    options = {"collision_strategy": (there["concurrency_options"] or {}).get("collision_strategy")}
    stands = there | {"schedules": schedules, "concurrency_options": options}
    return all(stands[key] == value for key, value in body.items())


def _told(schedule: dict[str, Any]) -> dict[str, Any]:
    told = {key: schedule["schedule"].get(key) for key in ("cron", "timezone")}
    return {"schedule": told, "active": schedule["active"]}


def _make(api: ServerApi, one: dict[str, Any], body: dict[str, Any]) -> str:
    flow_name = one["entrypoint"].rpartition(":")[2].replace("_", "-")
    made: dict[str, Any] = api.ask(
        "deployments/",
        flow_id=api.ask("flows/", name=flow_name)["id"],
        parameter_openapi_schema={"title": "Parameters", "type": "object", "properties": {}},
        enforce_parameter_schema=False,
        concurrency_limit=one["concurrency_limit"]["limit"],
        **body,
    )
    return str(made["id"])


def _trigger(api: ServerApi, key: str, triggers: Sequence[dict[str, Any]]) -> None:
    api.ask(f"automations/owned-by/{_owner(key)}", "DELETE")
    for trigger in triggers:
        reacts = {**trigger, "posture": "Reactive", "threshold": 1, "within": 0}
        del reacts["name"]
        api.ask(
            "automations/",
            name=trigger["name"],
            trigger=reacts,
            actions=[{"type": "run-deployment", "source": "selected", "deployment_id": key}],
            owner_resource=_owner(key),
        )


def _owner(key: str) -> str:
    return f"prefect.deployment.{key}"


def run_at_once(api: ServerApi) -> None:
    """Ask for a run of everything that collects: nobody waits for the first minute to be over."""
    digest = entrypoint_of(DIGEST)
    for deployment in deployed(api):
        if deployment["name"] != HOME and deployment["entrypoint"] != digest:
            api.ask(f"deployments/{deployment['id']}/create_flow_run", state={"type": "SCHEDULED"})


# What a worker of Prefect's own needs to take runs from the same pool.
_JOB_WORDS = ("command", "env", "labels", "name", "working_dir", "stream_output")
_JOB: dict[str, Any] = {
    "job_configuration": {word: f"{{{{ {word} }}}}" for word in _JOB_WORDS},
    "variables": {"type": "object", "properties": {word: {} for word in _JOB_WORDS}},
}
