"""Sends a recording's requests to an emulator of its own, over HTTP, and compares the answers."""

import http.client
import json
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self
from urllib.parse import urlsplit

from sheets_crm.emulator.accounts import SERVICE
from sheets_crm.emulator.replay.comparing import FILE_ID, Bindings, Difference, differences
from sheets_crm.emulator.replay.recording import Interaction, Recording
from sheets_crm.emulator.server import Server

_SPREADSHEET = "application/vnd.google-apps.spreadsheet"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a replay gave.

    Attributes:
        differences: In the order of the requests.
        requests: How many requests were sent.
        equal: How many of them were answered as recorded.
        left_out: How many were not sent, because their answer says nothing of them.
    """

    differences: tuple[Difference, ...]
    requests: int
    equal: int
    left_out: int


def replay(recording: Recording) -> Outcome:
    """Send every request to a new emulator, whose clock is set to the time of the recording."""
    start, begun = (recording.recorded.timestamp() if recording.recorded else time.time()), time.monotonic()

    def clock() -> float:
        return start + time.monotonic() - begun

    with TemporaryDirectory() as folder, Server(Path(folder), clock=clock, page=None) as emulator:
        token = emulator.application.tokens.issue(SERVICE)
        with _Connection(emulator.url, token) as connection:
            return _replayed(recording, connection)


def _replayed(recording: Recording, connection: "_Connection") -> Outcome:
    bound = Bindings()
    sent = [interaction for interaction in recording.interactions if interaction.comparable]
    results = [_compared(interaction, connection, bound) for interaction in sent]
    return Outcome(
        tuple(one for result in results for one in result),
        len(sent),
        sum(not result for result in results),
        len(recording.interactions) - len(sent),
    )


def _compared(interaction: Interaction, connection: "_Connection", bound: Bindings) -> list[Difference]:
    _provide(interaction, connection, bound)
    status, text = connection.send(
        interaction.method, bound.text(interaction.target), _body(interaction, bound), interaction.content_type
    )
    expected, got = _as_json(interaction.answer), _as_json(text)
    if interaction.method == "POST" and isinstance(expected, dict) and expected.get("kind") == "drive#file":
        _bind_file(expected, got, bound)
    places = []
    if status != interaction.status:
        places.append(("/status", str(interaction.status), str(status)))
    if expected is None:
        if interaction.answer.strip() != text.strip():
            places.append(("/", interaction.answer[:300], text[:300]))
    else:
        places += differences(expected, got, bound)
    return [Difference(interaction.probe, interaction.number, *place) for place in places]


def _provide(interaction: Interaction, connection: "_Connection", bound: Bindings) -> None:
    """Make a spreadsheet for a request that names one that the recording did not create: somebody had given it."""
    for file_id in FILE_ID.findall(interaction.path):
        if file_id not in bound.files:
            body = json.dumps({"name": "given", "mimeType": _SPREADSHEET})
            _, text = connection.send("POST", "/drive/v3/files", body, "application/json")
            bound.files[file_id] = json.loads(text)["id"]


def _bind_file(expected: dict[str, Any], got: Any, bound: Bindings) -> None:
    if isinstance(got, dict) and "id" in expected and "id" in got:
        bound.files[expected["id"]] = got["id"]


def _body(interaction: Interaction, bound: Bindings) -> str:
    """The body with the emulator's ids; one in which nothing is bound goes as it is, byte by byte."""
    body = _as_json(interaction.body)
    translated = bound.body(body)
    return interaction.body if translated == body else json.dumps(translated, ensure_ascii=False)


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


class _Connection:
    """One connection to the emulator, with the service account's token."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._token = token

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def send(self, method: str, target: str, body: str, content_type: str) -> tuple[int, str]:
        """Send a request; the result is the status and the text of the answer."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": content_type}
        self._connection.request(method, target, body.encode() if body else None, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
