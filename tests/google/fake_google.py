"""A small stand-in for Google on 127.0.0.1, scripted by each test: what it answers, loses, cuts or refuses."""

import gzip
import json
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sheets_crm.workbook.info import GUARD_BASE, GUARD_KEY

CUT = "cut"
RESET = "reset"


@dataclass
class Fault:
    """One scripted misbehaviour: answers `status` and `body`, before or after the request was applied."""

    match: str
    status: int = 503
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    action: str = ""
    also: Callable[[], None] = lambda: None


@dataclass
class FakeGoogle:
    """One spreadsheet with metadata and tabs; enough of batchUpdate to see what was applied and how often."""

    metadata: dict[int, dict] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    sheets: list[dict] = field(default_factory=list)
    values: dict[str, list] = field(default_factory=dict)
    applied: list[dict] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    queries: list[dict] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    tokens: int = 0
    grid: dict | None = None
    url: str = ""

    def next_fault(self, line: str) -> Fault | None:
        for fault in self.faults:
            if fault.match in line:
                self.faults.remove(fault)
                return fault
        return None

    def stamp(self, sequence: int, token: str, at: str = "2026-01-01T00:00:00.000+00:00") -> None:
        number = GUARD_BASE + sequence
        value = f"{sequence}@{at}@{token}"
        self.metadata[number] = {"metadataId": number, "metadataKey": GUARD_KEY, "metadataValue": value}

    def answer(self, method: str, path: str, query: dict, body: bytes) -> tuple[int, Any]:
        if path == "/token":
            self.tokens += 1
            return 200, {"access_token": f"t{self.tokens}", "expires_in": 3600, "token_type": "Bearer"}
        self.log.append(f"{method} {path}")
        self.queries.append(query)
        if path.endswith(":batchUpdate"):
            self.bodies.append(body)
            return self.batch(json.loads(body))
        if "values:batchGet" in path:
            missing = [r for r in query["ranges"] if r not in self.values]
            if missing:
                return 400, error(400, f"Unable to parse range: {missing[0]}")
            return 200, {
                "valueRanges": [({"values": v} if (v := self.values[r]) else {}) for r in query["ranges"]]
            }
        return 200, {
            "spreadsheetId": "S",
            "properties": {"title": "W", "locale": "es_ES", "timeZone": "Europe/Madrid"},
            "developerMetadata": list(self.metadata.values()),
            "sheets": self.sheets,
        }

    def batch(self, body: dict) -> tuple[int, Any]:
        made = dict(self.metadata)
        replies = []
        for i, request in enumerate(body["requests"]):
            ((kind, value),) = request.items()
            where = f"Invalid requests[{i}].{kind}: "
            if kind == "createDeveloperMetadata":
                entry = value["developerMetadata"]
                if entry["metadataId"] in made or entry["metadataId"] in self.hidden:
                    return 400, error(400, where + "Cannot add developer metadata: that ID already exists.")
                made[entry["metadataId"]] = entry
                replies.append({kind: {"developerMetadata": entry}})
            elif kind == "deleteDeveloperMetadata":
                del made[value["dataFilter"]["developerMetadataLookup"]["metadataId"]]
                replies.append({kind: {}})
            elif kind == "bad":
                return 400, error(400, where + "No grid with id: 7")
            else:
                replies.append({"echo": value})
        self.metadata = made
        self.applied.append(body)
        answer: dict = {"replies": replies}
        if body.get("includeSpreadsheetInResponse"):
            answer["updatedSpreadsheet"] = self.grid
        return 200, answer


def error(status: int, message: str, **more: Any) -> dict:
    return {"error": {"code": status, "message": message, "status": "X"} | more}


def handler(fake: FakeGoogle) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body go apart: the second waits for an acknowledgement else

        def log_message(self, *args: object) -> None:
            pass

        def serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = unquote(parts.path)
            line = f"{self.command} {path}"
            fault = fake.next_fault(line)
            status, value, headers = 0, None, {}
            if fault is None or fault.after:
                status, value = fake.answer(self.command, path, parse_qs(parts.query), body)
            elif path.endswith(":batchUpdate"):
                fake.bodies.append(body)
            if fault is not None:
                fault.also()
                if fault.action == RESET:
                    linger = struct.pack("ii", 1, 0)
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                if fault.action != CUT:
                    status, value, headers = fault.status, fault.body, fault.headers
            self.reply(status, value, headers, cut=fault is not None and fault.action == CUT)

        def reply(self, status: int, value: Any, headers: dict[str, str], *, cut: bool) -> None:
            raw = value.encode() if isinstance(value, str) else json.dumps(value).encode()
            packed = gzip.compress(raw) if "gzip" in self.headers.get("Accept-Encoding", "") else raw
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            if packed is not raw:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(packed)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(packed[: len(packed) // 2] if cut else packed)
            self.close_connection = cut

        do_GET = do_POST = do_DELETE = serve  # noqa: N815 - the names are the library's

    return Handler


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
