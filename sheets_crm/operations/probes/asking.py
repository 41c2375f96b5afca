"""What a probe is, and the requests and reads that probes are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

JsonObject = dict[str, Any]
Request = dict[str, Any]
Answer = tuple[int, JsonObject]
"""The status with the answer, or with the error's object."""

Outcome = str | dict[str, str]
"""The observation of a probe in words: one, or one for each case."""

TAB: Final = 7001
"""Id of the tab "Probe", which the first probes share; the others have tabs of their own."""


class RawClient(Protocol):
    """Raw calls on a throwaway spreadsheet, with refusals as results."""

    def get(self, path: str, params: Mapping[str, Any]) -> Answer:
        """Read; the result is the status with the answer, or with the error's object."""
        ...

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Write; the result is as of `get`."""
        ...

    def file(self, fields: str) -> Answer:
        """Read fields of the spreadsheet as a file of Drive; the result is as of `get`."""
        ...


@dataclass(frozen=True, slots=True)
class Probe:
    """One probe.

    Attributes:
        name: The behaviour that it tests; unique.
        matters: The part of the product, or of the emulator, that depends on it.
        ask: Makes the requests; the result is the observation in words.
        own_file: Whether it works only on a file that the account made.
    """

    name: str
    matters: str
    ask: Callable[[RawClient], Outcome]
    own_file: bool = False


def grid(rows: int, columns: int) -> JsonObject:
    """The size of a grid."""
    return {"rowCount": rows, "columnCount": columns}


def tab(number: int, title: str, rows: int = 20, columns: int = 6, **properties: Any) -> Request:
    """The request that adds a tab."""
    given = {"sheetId": number, "title": title, "gridProperties": grid(rows, columns)}
    return {"addSheet": {"properties": given | properties}}


def block(row: int, column: int, rows: int = 1, columns: int = 1, tab: int = TAB) -> JsonObject:
    """A closed GridRange; rows and columns count from 0."""
    return {
        "sheetId": tab,
        "startRowIndex": row,
        "endRowIndex": row + rows,
        "startColumnIndex": column,
        "endColumnIndex": column + columns,
    }


def write(client: RawClient, *requests: Request) -> Answer:
    """Send requests as one batch; the result is the status with the answer, or with the error's object."""
    return client.post(":batchUpdate", {"requests": list(requests)})


def value(content: Any) -> JsonObject:
    """A value as an ExtendedValue: a text that begins with = is a formula."""
    if isinstance(content, bool):
        return {"boolValue": content}
    if isinstance(content, int | float):
        return {"numberValue": content}
    if content is None:
        return {}
    return {"formulaValue": content} if content.startswith("=") else {"stringValue": content}


def cell(content: Any, pattern: str = "", kind: str = "") -> JsonObject:
    """CellData of a value, with a number format when a kind is given."""
    made: JsonObject = {"userEnteredValue": value(content)}
    if kind:
        number_format = {"type": kind} | ({"pattern": pattern} if pattern else {})
        made["userEnteredFormat"] = {"numberFormat": number_format}
    return made


def put(number: int, row: int, column: int, rows: Iterable[Sequence[Any]]) -> Request:
    """The request that writes rows of values, or of CellData, from one cell on."""
    lines = [{"values": [item if isinstance(item, dict) else cell(item) for item in line]} for line in rows]
    start = {"sheetId": number, "rowIndex": row, "columnIndex": column}
    return {
        "updateCells": {"start": start, "rows": lines, "fields": "userEnteredValue,userEnteredFormat.numberFormat"}
    }


def enter(client: RawClient, where: str, rows: Sequence[Sequence[Any]], option: str = "USER_ENTERED") -> Answer:
    """Write rows of values as they are typed (USER_ENTERED) or as they are (RAW); the answer holds them as taken."""
    body = {
        "valueInputOption": option,
        "data": [{"range": where, "values": [list(row) for row in rows]}],
        "includeValuesInResponse": True,
        "responseValueRenderOption": "UNFORMATTED_VALUE",
    }
    return client.post("/values:batchUpdate", body)


def values(client: RawClient, where: str, option: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
    """The values of a range, as `values.get` trims them."""
    _, body = client.get(f"/values/{where}", {"valueRenderOption": option})
    lines: list[list[Any]] = body.get("values", [])
    return lines


def one_value(client: RawClient, where: str, option: str = "UNFORMATTED_VALUE") -> str:
    """One cell's value in words."""
    lines = values(client, where, option)
    return repr(lines[0][0]) if lines and lines[0] else "blank"


def refused(answer: Answer) -> str:
    """The status and, of a refusal, Google's message without the numbers of ids."""
    status, body = answer
    words = re.sub(r"\d{3,}", "N", str(body.get("message", ""))) if status >= 400 else "accepted"
    return f"{status} {words}"
