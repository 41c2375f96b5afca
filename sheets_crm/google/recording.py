"""A recording: every request of a client and every answer, without what `redaction` removes.

Its form is that of recorded cassettes (``interactions`` of ``request`` and ``response``, as vcr and betamax write
them), so that what replays those replays it; under ``recording`` stands what they do not know.
docs/emulator.md describes the form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest, Response

from sheets_crm.google.headers import header_date
from sheets_crm.google.redaction import Redactor

FORMAT: Final = 1
"""Version of the recording's form."""

_FILE_OF: Final = re.compile(r"/(?:spreadsheets|files)/([^/:?]+)")
_CONTENT_TYPE: Final = re.compile(
    r"(?:application/json|text/html|text/plain|text/csv)(?:; ?charset=utf-8)?", re.IGNORECASE
)
_GOOGLE: Final = ("sheets.googleapis.com", "www.googleapis.com")
_ID: Final = "spreadsheetId"
_MAY_COME_AGAIN: Final = frozenset({401, 408, 425, 429})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt: what was asked, and the answer or why there was none.

    Attributes:
        probe: The probe that asked; "" while the workbook is made or deleted.
        method: HTTP's.
        url: As Google is asked, also when another server is.
        sent: The request's body; "" without one.
        sent_type: Its content type.
        status: Of the answer; 0 without one.
        headers: The answer's.
        answer: The answer's body.
    """

    probe: str
    method: str
    url: str
    sent: str = ""
    sent_type: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: bytes = b""

    @property
    def asked(self) -> tuple[str, str, str]:
        """What was asked; a repeated request is equal."""
        return self.method, self.url, self.sent

    @property
    def passing(self) -> bool:
        """Whether the client may ask the same once more."""
        return self.status in _MAY_COME_AGAIN or self.status >= 500 or self.status == 0


class Recorder:
    """Keeps exchanges in the order in which they were made.

    Args:
        redactor: Knows the account's own values.
        about: What the file says of itself: the product's version, the locale.
    """

    def __init__(self, redactor: Redactor, about: Mapping[str, Any]) -> None:
        self._redactor = redactor
        self._about = dict(about)
        self._exchanges: list[Exchange] = []
        self._started = datetime.now(UTC)
        self.probe = ""

    def __len__(self) -> int:
        return len(self._exchanges)

    @property
    def removed(self) -> Mapping[str, int]:
        """How many values of each kind have stand-ins in what was saved."""
        return self._redactor.counts()

    def see(self, request: PreparedRequest, url: str, answer: Response | Exception) -> None:
        """Keep one exchange.

        Args:
            request: As it was sent; its headers carry the token and are not kept.
            url: Its address before a base URL took the place of Google's.
            answer: The answer, or the exception that came instead.
        """
        body = request.body or b""
        sent = body if isinstance(body, str) else bytes(body).decode("utf-8", "replace")
        sent_type = str(request.headers.get("Content-Type", "")) if sent else ""
        kept = Exchange(self.probe, request.method or "", url, sent, sent_type)
        if isinstance(answer, Response):
            kept = replace(kept, status=answer.status_code, headers=dict(answer.headers), answer=answer.content)
        self._exchanges.append(kept)

    def as_bytes(self, *, complete: bool) -> bytes:
        """The recording as a file's content.

        Args:
            complete: Whether all probes have asked; a file of less says so.

        Raises:
            ValueError: One of the account's own values is still in it; a defect, and nothing may be written.
        """
        self._learn()
        interactions = self._interactions()
        about = {
            "format": FORMAT,
            **self._about,
            "recorded": self._started.isoformat(timespec="seconds"),
            "complete": complete,
            "removed": dict(sorted(self.removed.items())),
        }
        body = {"version": 1, "recording": about, "interactions": interactions}
        text = json.dumps(body, ensure_ascii=False, indent=1) + "\n"
        if self._redactor.leaks(_strings(body)):
            raise ValueError("the recording still holds a value of the account; it is not written")
        return text.encode("utf-8", "backslashreplace")

    def _learn(self) -> None:
        """Collect ids and names of all answers before the first is written: an early answer may hold a later id."""
        for exchange in self._exchanges:
            for file_id in _FILE_OF.findall(unquote(urlsplit(exchange.url).path)):
                self._redactor.learn_file(file_id)
            answer = _as_json(exchange.answer)
            if isinstance(answer, dict):
                self._redactor.learn_file(str(answer.get("id" if answer.get("kind") == "drive#file" else _ID, "")))
            self._redactor.learn(answer)

    def _interactions(self) -> list[dict[str, Any]]:
        interactions: list[dict[str, Any]] = []
        earlier: list[dict[str, Any]] = []
        for place, exchange in enumerate(self._exchanges):
            following = self._exchanges[place + 1 : place + 2]
            if exchange.passing and following and following[0].asked == exchange.asked:
                earlier.append(self._response(exchange))
                continue
            interaction: dict[str, Any] = {"probe": exchange.probe, "request": self._request(exchange)}
            if earlier:
                interaction["earlier_responses"] = earlier
            interactions.append({**interaction, "response": self._response(exchange)})
            earlier = []
        return interactions

    def _request(self, exchange: Exchange) -> dict[str, Any]:
        return {
            "method": exchange.method,
            "uri": self._uri(exchange),
            "body": self._redactor.ours(exchange.sent) or None,
            "headers": {"Content-Type": [exchange.sent_type]} if exchange.sent_type else {},
        }

    def _uri(self, exchange: Exchange) -> str:
        """The address with Google's own host; what is asked is ours, but for the id of the file."""
        parts = urlsplit(exchange.url)
        host = parts.hostname if parts.hostname in _GOOGLE else _GOOGLE[0]
        path = self._redactor.ours(parts.path)
        return f"https://{host}{path}" + (f"?{self._redactor.ours(parts.query)}" if parts.query else "")

    def _response(self, exchange: Exchange) -> dict[str, Any]:
        if exchange.status == 0:
            return {"status": {"code": 0, "message": "no answer"}, "headers": {}, "body": {"string": ""}}
        answer = _as_json(exchange.answer)
        if answer is None:
            # A page of a proxy, or half an answer: nobody knows what stands in it.
            text = f"[{len(exchange.answer)} bytes that are not JSON]" if exchange.answer else ""
        else:
            failed = exchange.status >= 400
            asked = f"{exchange.sent}\n{unquote(urlsplit(exchange.url).query)}"
            text = _compact(self._redactor.body(answer, sent=asked, error=failed))
        return {
            "status": {"code": exchange.status, "message": _phrase(exchange.status)},
            "headers": _kept(exchange.headers),
            "body": {"string": text},
        }


def _kept(headers: Mapping[str, str]) -> dict[str, list[str]]:
    """The headers that matter to a client, when they have the form that they should have."""
    given = {name.lower(): text.strip() for name, text in headers.items()}
    kind, wait, date = (given.get(name, "") for name in ("content-type", "retry-after", "date"))
    fits = {
        "Content-Type": kind if _CONTENT_TYPE.fullmatch(kind) else "",
        "Retry-After": wait if re.fullmatch(r"[0-9]{1,5}", wait) else _as_date(wait),
        "Date": _as_date(date),
    }
    return {name: [text] for name, text in fits.items() if text}


def _phrase(status: int) -> str:
    """HTTP's own words: a server's could hold anything."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""


def _as_date(text: str) -> str:
    date = header_date(text)
    return date.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT") if date else ""


def _as_json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _strings(value: Any) -> Iterator[str]:
    """Every text of a file; the names of its fields are its own, and those of bodies stand in texts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
