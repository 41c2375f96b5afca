"""The page's routes: one HTML file, its scripts, and what they ask, done as the operator by the API's own code."""

import asyncio
import hmac
import secrets
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sheets_crm.emulator.accounts import OPERATOR, OWNER
from sheets_crm.emulator.api import Api
from sheets_crm.emulator.errors import ApiError
from sheets_crm.emulator.http import Application, fitting
from sheets_crm.emulator.page.answers import Answer, Files, answered, json_answer
from sheets_crm.emulator.page.asked import area_asked, number_asked, part_asked
from sheets_crm.emulator.page.charts import charts_folder
from sheets_crm.emulator.page.history import History
from sheets_crm.emulator.page.reading import Reading
from sheets_crm.emulator.page.writing import add_filled_tab, apply_edits
from sheets_crm.emulator.regional import check_regional
from sheets_crm.emulator.routes import Call, find_route
from sheets_crm.emulator.stats import Stats

__all__ = ["page"]

_STATIC = Path(str(files(__package__))) / "static"
_LONGEST_NAME = 64
_WAIT_SECONDS, _LOOK_SECONDS = 1.5, 0.1
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def page(application: Application) -> ASGIApp:
    """Make the page of an emulator.

    Args:
        application: The emulator, whose files the page shows. The page's own requests meet no faults and no
            quota, and do not count in the statistics.
    """
    return _Page(application)


class _Page:
    def __init__(self, application: Application) -> None:
        self._library = application.api.library
        self._api = Api(self._library, Stats())
        self._reading = Reading(self._library)
        self._history = History(self._library)
        self._token = secrets.token_urlsafe(32)
        self._charts = charts_folder()
        self._app = Starlette(routes=self._routes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def _routes(self) -> list[BaseRoute]:
        questions: dict[str, Answer] = {
            "files": self._files,
            "outline": self._outline,
            "cells": self._cells,
            "entry": self._entry,
            "numbers": self._numbers,
            "values": self._values,
            "table": self._table,
            "find": self._find,
            "totals": self._totals,
            "edge": self._edge,
            "key": self._key,
        }
        orders: dict[str, Answer] = {
            "edit": self._edit,
            "create": self._create,
            "import": self._import,
            "undo": self._undo,
            "redo": self._redo,
        }
        found: list[BaseRoute] = [Route("/", self._home)]
        found += [Route(f"/page/{name}", self._endpoint(answer)) for name, answer in questions.items()]
        found += [
            Route(f"/page/{name}", self._endpoint(answer), methods=["POST"]) for name, answer in orders.items()
        ]
        found.append(Route("/page/changes", self._changes))
        found.append(Route("/page/api/{path:path}", self._endpoint(self._call), methods=["GET", "POST", "PUT"]))
        found.append(Mount("/page/static", Files(directory=_STATIC)))
        if self._charts is not None:
            found.append(Mount("/page/echarts", Files(directory=self._charts)))
        return found

    async def _home(self, _: Request) -> Response:
        charts = "yes" if self._charts is not None else "no"
        text = (_STATIC / "index.html").read_text(encoding="utf-8")
        return HTMLResponse(text.replace("{token}", self._token).replace("{charts}", charts), headers=_HEADERS)

    # -- one question, one answer ---------------------------------------------------------------------------------

    def _endpoint(self, answer: Answer) -> Callable[[Request], Any]:
        async def respond(request: Request) -> Response:
            if not self._is_ours(request):
                return json_answer(
                    403, ApiError(403, "Open the page again: the emulator was started anew.").body()
                )
            raw = await request.body()
            return await run_in_threadpool(answered, answer, request, raw)

        return respond

    def _is_ours(self, request: Request) -> bool:
        """Let in only requests of the page that this emulator served since it was started."""
        given = request.headers.get("x-page-token", "").encode("latin-1")  # as bytes: texts have to be ASCII
        return hmac.compare_digest(given, self._token.encode())

    async def _changes(self, request: Request) -> Response:
        """Wait a little for a file to have another version than the page knows."""
        if not self._is_ours(request):
            return json_answer(403, ApiError(403, "Open the page again: the emulator was started anew.").body())
        known, file_id = request.query_params.get("version"), request.query_params.get("id", "")
        for _ in range(round(_WAIT_SECONDS / _LOOK_SECONDS)):
            try:
                version = self._reading.version(file_id)
            except ApiError as error:
                return json_answer(error.code, error.body())
            if str(version) != known:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        return json_answer(200, {"version": version})

    # -- questions ------------------------------------------------------------------------------------------------

    def _files(self, _: Request, __: Any) -> Any:
        return self._reading.files()

    def _outline(self, request: Request, _: Any) -> Any:
        return self._reading.outline(request.query_params.get("id", ""))

    def _cells(self, request: Request, _: Any) -> Any:
        return self._reading.cells(*_tab(request), area_asked(request))

    def _entry(self, request: Request, _: Any) -> Any:
        row, column = number_asked(request, "row"), number_asked(request, "column")
        return {"text": self._reading.entry(*_tab(request), row, column)}

    def _numbers(self, request: Request, _: Any) -> Any:
        return self._reading.numbers(*_tab(request), area_asked(request))

    def _values(self, request: Request, _: Any) -> Any:
        return self._reading.values(*_tab(request), area_asked(request))

    def _table(self, request: Request, _: Any) -> Any:
        return {"text": self._reading.table(*_tab(request))}

    def _find(self, request: Request, _: Any) -> Any:
        after = (number_asked(request, "row"), number_asked(request, "column"))
        text, back = request.query_params.get("text", ""), "back" in request.query_params
        return self._reading.find(*_tab(request), text, after, back=back)

    def _totals(self, request: Request, _: Any) -> Any:
        return self._reading.totals(*_tab(request), area_asked(request))

    def _edge(self, request: Request, _: Any) -> Any:
        start = (number_asked(request, "row"), number_asked(request, "column"))
        return self._reading.edge(
            *_tab(request), start, (number_asked(request, "down"), number_asked(request, "right"))
        )

    def _key(self, request: Request, _: Any) -> Any:
        return {"key": self._reading.key(*_tab(request), number_asked(request, "row"))}

    # -- orders ---------------------------------------------------------------------------------------------------

    def _edit(self, request: Request, body: Any) -> Any:
        file_id, sheet_id = part_asked(body, "id", str), part_asked(body, "sheet", int)
        edits = part_asked(body, "edits", list)
        with self._history.acting(_page_name(request)), self._library.change(file_id, OPERATOR) as batch:
            count = apply_edits(batch, sheet_id, edits)
        return {"cells": count, "version": self._reading.version(file_id)}

    def _create(self, _: Request, body: Any) -> Any:
        """Make a spreadsheet that belongs to the owner: whoever makes one is not bound by its protections."""
        locale, zone = part_asked(body, "locale", str), part_asked(body, "timeZone", str)
        properties = {"locale": locale, "timeZone": zone}
        check_regional(properties)
        book = self._library.create(part_asked(body, "title", str), OWNER, properties)
        return {"id": book.id}

    def _import(self, request: Request, body: Any) -> Any:
        file_id, title, rows = (
            part_asked(body, "id", str),
            part_asked(body, "title", str),
            part_asked(body, "rows", list),
        )
        with self._history.acting(_page_name(request)), self._library.change(file_id, OPERATOR) as batch:
            number = add_filled_tab(batch, title, rows)
        return {"sheet": number}

    def _undo(self, request: Request, body: Any) -> Any:
        return self._taken_back(request, body, "undo")

    def _redo(self, request: Request, body: Any) -> Any:
        return self._taken_back(request, body, "redo")

    def _taken_back(self, request: Request, body: Any, kind: str) -> Any:
        file_id = part_asked(body, "id", str)
        outcome = self._history.take_back(file_id, _page_name(request), kind)
        return {**outcome, "version": self._reading.version(file_id)}

    def _call(self, request: Request, body: Any) -> Any:
        """Run a method of the API as the operator: adding and renaming tabs, for example."""
        found = find_route(request.method, "/" + request.path_params["path"])
        if found is None:
            raise ApiError(404, "Not found.")
        query: dict[str, list[str]] = {}
        for name, text in request.query_params.multi_items():
            query.setdefault(name, []).append(text)
        with self._history.acting(_page_name(request)):
            return self._api.answer(found[0], Call(OPERATOR, found[1], query, fitting(found[0], body)))


def _page_name(request: Request) -> str:
    """Read the name that a page made up when it was loaded: its undo history goes by it."""
    return request.headers.get("x-page-name", "")[:_LONGEST_NAME]


def _tab(request: Request) -> tuple[str, int]:
    return request.query_params.get("id", ""), number_asked(request, "sheet")
