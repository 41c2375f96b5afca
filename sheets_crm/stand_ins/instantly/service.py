"""The service: who may ask, how often, and which method answers."""

import hmac
import json
import uuid
from typing import Any, Final

from sheets_crm.stand_ins.errors import RefusedError, bad_request, not_found
from sheets_crm.stand_ins.fields import check, check_query
from sheets_crm.stand_ins.instantly import (
    block_list,
    campaigns,
    emails,
    jobs,
    lead_changes,
    lead_import,
    lead_search,
    leads,
    webhooks,
    workspace,
)
from sheets_crm.stand_ins.instantly.call import Accepted, Call, Route
from sheets_crm.stand_ins.limits import Window
from sheets_crm.stand_ins.wire import Answer, Asked, as_json
from sheets_crm.stand_ins.world import World

__all__ = ["PREFIX", "Instantly", "template_of"]

PREFIX: Final = "/api/v2"

_ROUTES: Final = {
    (route.verb, route.template): route
    for module in (
        workspace, campaigns, leads, lead_search, lead_import, lead_changes, jobs, block_list, webhooks, emails,
    )
    for route in module.ROUTES
}  # fmt: skip


class Instantly:
    """The API under ``/api/v2``.

    Args:
        world: The stand-ins' world.
        key: The API key that is valid.
    """

    def __init__(self, world: World, key: str) -> None:
        self._world = world
        self._key = key
        self._windows = (Window(100, 1.0, world.clock), Window(6_000, 60.0, world.clock))
        self._windows_of_emails = (*self._windows, Window(20, 60.0, world.clock))

    def answer(self, asked: Asked) -> Answer:
        """Answer a request; a refusal is an answer too."""
        try:
            with self._world.documents.change():
                found = self._answer(asked)
        except RefusedError as error:
            return as_json(error.status, error.body())
        if isinstance(found, Accepted):
            return as_json(202, found.body)
        return as_json(200, found)

    def _answer(self, asked: Asked) -> Any:
        self._check_key(asked.headers.get("authorization", ""))
        route, key = _find(asked.method, asked.path.removeprefix(PREFIX))
        if not self._world.settings()["paid"]:
            raise RefusedError(402, "Workspace does not have an active paid plan")
        self._spend(route)
        query = check_query(asked.query, route.query)
        body = check(_read(asked.body), route.body) if route.body is not None else {}
        return route.run(Call(self._world, key, query, body))

    def _check_key(self, header: str) -> None:
        if not header:
            raise RefusedError(401, "Missing Authorization header")
        scheme, _, key = header.partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(key.strip().encode(), self._key.encode()):
            raise RefusedError(401, "Invalid API key")

    def _spend(self, route: Route) -> None:
        """Count a request; one that is refused for its limit counts in none (C)."""
        if not self._world.settings()["limits"]:
            return
        is_list_of_emails = (route.verb, route.template) == ("GET", "/emails")
        windows = self._windows_of_emails if is_list_of_emails else self._windows
        if any(window.is_full() for window in windows):
            raise RefusedError(429, "Rate limit exceeded")
        for window in windows:
            window.count()


def template_of(method: str, path: str) -> str:
    """A request as it is counted, with ``{id}`` for an id."""
    try:
        route, _key = _find(method, path.removeprefix(PREFIX))
    except RefusedError:
        return f"{method} {path}"
    return f"{method} {PREFIX}{route.template}"


def _find(method: str, path: str) -> tuple[Route, str]:
    """The route that a path means, and the id in it.

    Raises:
        RefusedError: 404 for a path that there is not, 400 for an id that is none.
    """
    exact = _ROUTES.get((method, path))
    if exact is not None:
        return exact, ""
    parts = path.split("/")
    if len(parts) < 3:
        raise not_found(f"Route {method}:{PREFIX}{path} not found")
    found = _ROUTES.get((method, "/".join([*parts[:2], "{id}", *parts[3:]])))
    if found is None:
        raise not_found(f"Route {method}:{PREFIX}{path} not found")
    try:
        return found, str(uuid.UUID(parts[2]))
    except ValueError:
        raise bad_request('params/id must match format "uuid"') from None


def _read(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise bad_request("Body is not valid JSON") from None
