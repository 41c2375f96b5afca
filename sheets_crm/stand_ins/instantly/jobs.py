"""Background jobs: what is answered at once and done a little later."""

from collections.abc import Callable, Mapping
from typing import Any

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import RefusedError
from sheets_crm.stand_ins.instantly.call import PAGE, Call, Route, existing, page, shown
from sheets_crm.stand_ins.instantly.workspace import WORKSPACE_ID
from sheets_crm.stand_ins.world import World

__all__ = ["ROUTES", "next_due", "run_due", "submit"]

Work = Callable[[World, dict[str, Any]], object]


def submit(world: World, kind: str, arguments: dict[str, Any]) -> Document:
    """Have something done after the time that settings say; give the job as it is shown."""
    now = world.now()
    job = {
        "id": world.new_id(),
        "workspace_id": WORKSPACE_ID,
        "type": kind,
        "progress": 0,
        "status": "pending",
        "created_at": now,
        "updated_at": now,
        "_arguments": arguments,
        "_due": world.clock() + world.settings()["applied_after"],
    }
    world.documents.put("jobs", job)
    world.wake()
    return shown(job)


def next_due(world: World) -> float | None:
    """When the next job is due, or None."""
    return min((job["_due"] for job in _pending(world)), default=None)


def run_due(world: World, works: Mapping[str, Work]) -> int:
    """Do the jobs that are due, and give how many those were.

    Args:
        world: The world.
        works: What each type of job does.
    """
    due = [job for job in _pending(world) if job["_due"] <= world.clock()]
    for job in due:
        try:
            works[job["type"]](world, job["_arguments"])
        except RefusedError as error:
            ended: dict[str, Any] = {"status": "failed", "data": {"error": error.message}}
        else:
            ended = {"status": "success", "progress": 100}
        world.documents.put("jobs", {**job, **ended, "updated_at": world.now()})
    return len(due)


def _pending(world: World) -> list[Document]:
    return [job for job in world.documents.all("jobs") if job["status"] == "pending"]


def _list(call: Call) -> Document:
    return page(call.world.documents.all("jobs"), call.query)


def _get(call: Call) -> Document:
    return shown(existing(call.world, "jobs", call.key))


ROUTES = (
    Route("GET", "/background-jobs", _list, query=PAGE),
    Route("GET", "/background-jobs/{id}", _get),
)
