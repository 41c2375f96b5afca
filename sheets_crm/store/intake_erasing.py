"""Erasing a person from the intake: what came in about them goes, what came with it about others stays.

A body is searched as the reader of its kind would read it: each text of JSON, its escapes undone; of anything else the
text, and the text of a form. Addresses are found within long texts too: a reply quotes the mail that it answers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, Final
from urllib.parse import unquote_plus

import orjson
from sqlalchemy import Connection

from sheets_crm.engine.intake import ERASED, WAITING, Outcome
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.store.intake import bounded
from sheets_crm.store.schema import INTAKE

IsAbout = Callable[[dict[str, Any]], bool]
"""Whether an entry of the change journal is about the person."""

_ITEMS: Final = "items"
_PAGE: Final = frozenset({_ITEMS, "labels"})
"""What a page of a list has, as it is stored: its items, and the labels that they have."""

_NOBODY: Final = -1
_ROWS: Final = 500
_SIZE: Final = 8_000_000
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
_ADDRESS: Final = re.compile(r"[^\s<>()\[\]\"',;:=&|*?]+@[\w.-]+")


def erase(connection: Connection, workbook: str, is_about: IsAbout, at: dt.datetime) -> int:
    """Erase the person from the bodies of a workbook; return how many were changed."""
    with_body = (INTAKE.c.workbook == workbook) & INTAKE.c.body.is_not(None)
    after, changed = 0, 0
    while rows := bounded(connection, with_body, after, _ROWS, _SIZE):
        after = rows[-1].intake_id
        for row in rows:
            left = without(row.body, is_about)
            if left != row.body:
                of_row = INTAKE.update().where(INTAKE.c.intake_id == row.intake_id)
                connection.execute(of_row.values(_values(row, left, at)))
                changed += 1
    return changed


def without(body: bytes, is_about: IsAbout) -> bytes | None:
    """A body without what is about the person: a list or a page loses such parts, any other goes whole (None)."""
    try:
        content = orjson.loads(body)
    except ValueError:
        return None if is_about(_entry(_texts_of_bytes(body))) else body
    parts = _parts(content)
    if parts is None:
        return None if _is_about(content, is_about) else body
    kept = [part for part in parts if not _is_about(part, is_about)]
    if len(kept) == len(parts):
        return body
    return orjson.dumps({**content, _ITEMS: kept} if isinstance(content, dict) else kept) if kept else None


def _parts(content: Any) -> list[Any] | None:
    """The parts of a list, or of a page with its items: nothing else in a page is about anybody."""
    if isinstance(content, dict) and set(content) <= _PAGE:
        content = content.get(_ITEMS)
    return content if isinstance(content, list) else None


def _values(row: Any, left: bytes | None, at: dt.datetime) -> dict[str, Any]:
    if left is not None or row.state != WAITING:
        return {"body": left}
    return {"body": None, "state": Outcome.REFUSED.value, "reason": ERASED, "settled_at": at}


def _is_about(part: Any, is_about: IsAbout) -> bool:
    return is_about(_entry(_texts(part), _lead_number(part)))


def _entry(texts: Iterable[str], lead: int = _NOBODY) -> dict[str, Any]:
    """Texts as an entry of the journal has the cells of a lead."""
    whole = list(texts)
    within = (found.group().rstrip(".-") for text in whole for found in _ADDRESS.finditer(text))
    return {"lead": lead, "old": "", "new": dict(enumerate(chain(whole, within)))}


def _texts(part: Any) -> Iterator[str]:
    """All texts of a JSON value, keys too; a number as a text, for one may be a phone."""
    left = [part]  # no recursion: how deep it is nested is the sender's choice
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left += [*value, *value.values()]
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str | int) and not isinstance(value, bool):
            yield str(value)


def _texts_of_bytes(body: bytes) -> Iterator[str]:
    text = body.decode(errors="replace")
    yield from (text, unquote_plus(text))


def _lead_number(part: Any) -> int:
    """The LeadNumber that our own push put into what comes back: beside the fields of a post, within a listed lead."""
    fields = part if isinstance(part, dict) else {}
    variables = fields.get("payload")
    given = variables if isinstance(variables, dict) and LEAD_NUMBER not in fields else fields
    number = str(given.get(LEAD_NUMBER, ""))
    return int(number) if _NUMBER.fullmatch(number) else _NOBODY
