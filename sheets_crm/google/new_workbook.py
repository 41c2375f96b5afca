"""Create the workbook of a settings file: once, whatever interrupts it, and shared with whom it is for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import orjson

from sheets_crm.engine import state_files
from sheets_crm.engine.state_files import DamagedFileError
from sheets_crm.errors import AccessError
from sheets_crm.google.client import Wire, connect
from sheets_crm.google.credentials import ServiceAccount
from sheets_crm.google.files import create_file, set_place, share_file
from sheets_crm.messages import Said, said

FILE: Final = "created-workbook.json"
"""Under ``state_dir``: the workbook that was created and does not stand in the settings yet."""
LOCALES: Final = {"es": "es_ES", "en": "en_US"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The workbook that is asked for.

    Attributes:
        title: Its name.
        locale: Such as ``es_ES``.
        time_zone: An IANA name.
        share: E-mail addresses of its editors.
    """

    title: str
    locale: str
    time_zone: str
    share: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Created:
    """A workbook that was created.

    Attributes:
        spreadsheet_id: Its id.
        title: Its name.
        endpoint: Where it was created; "" for Google.
    """

    spreadsheet_id: str
    title: str
    endpoint: str

    @property
    def url(self) -> str:
        """Its address, for people."""
        if self.endpoint:
            return f"{self.endpoint}/#{self.spreadsheet_id}"
        return f"https://docs.google.com/spreadsheets/d/{self.spreadsheet_id}/edit"


def create(
    account: ServiceAccount,
    wanted: Wanted,
    *,
    endpoint: str,
    state_dir: Path,
    wire: Wire,
    progress: Callable[[Said], None],
) -> Created:
    """Create a workbook, or find the one that an interrupted call created; it is recorded until `settled`.

    Args:
        account: The service account, which comes to own it.
        wanted: What it is to be like.
        endpoint: Base URL used instead of Google's; "" for Google itself.
        state_dir: Folder of the record.
        wire: Quota, retries and counts.
        progress: Told the id as soon as it is known and recorded: whatever comes, it is not lost.

    Raises:
        AccessError: The account may not create any; the remedy says how to go on.
        CrmError: Google refused otherwise, or did not answer.
    """
    client = connect(account, endpoint=endpoint, creating=True, wire=wire)
    created = _recorded(state_dir, endpoint)
    if created is None:
        try:
            created = Created(create_file(client, wanted.title), wanted.title, endpoint)
        except AccessError as error:
            raise AccessError(
                said("may_not_create", words=error.message),
                status=error.status,
                remedy=said("may_not_create.remedy", email=account.email),
                state=said("not_created"),
            ) from error
        state_files.write_whole(state_dir / FILE, orjson.dumps(asdict(created)))
        progress(said("new.created", title=created.title, url=created.url))
    else:
        progress(said("new.resumed", title=created.title, url=created.url))
    set_place(client, created.spreadsheet_id, locale=wanted.locale, time_zone=wanted.time_zone)
    for email in wanted.share:
        share_file(client, created.spreadsheet_id, email)
    return created


def settled(state_dir: Path) -> None:
    """Forget the record: the settings name the workbook now."""
    with suppress(FileNotFoundError):
        (state_dir / FILE).unlink()


def _recorded(state_dir: Path, endpoint: str) -> Created | None:
    """The workbook that was created at an endpoint and is not in the settings yet."""
    created = state_files.read(state_dir / FILE, _created)
    return created if created is not None and created.endpoint == endpoint else None


def _created(content: bytes) -> Created:
    body = orjson.loads(content)
    if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in Created.__slots__):
        raise DamagedFileError("no created workbook")
    return Created(**{name: body[name] for name in Created.__slots__})
