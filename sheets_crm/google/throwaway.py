"""The workbook that probes may alter: one of the account's own that is deleted afterwards, or a blank one given for it.

Google lets no service account own files any more (403, storageQuotaExceeded; reported since 2025), so most people have
to give one. The only workbook that is written to is this one, and a given one is refused unless nothing is in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote

import gspread
from google.auth.exceptions import GoogleAuthError
from gspread.exceptions import APIError
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL, SPREADSHEET_VALUES_URL
from gspread.utils import absolute_range_name
from requests import RequestException

from sheets_crm.errors import AccessError, SettingsError
from sheets_crm.google.client import parsed
from sheets_crm.google.failures import BadAnswer, translate
from sheets_crm.google.files import create_spreadsheet, delete_spreadsheet

LOCALE: Final = "es_ES"
TIME_ZONE: Final = "Europe/Madrid"
TITLE: Final = "sheets_crm probe"

GIVE_ONE: Final = (
    "Make a blank spreadsheet by hand (https://sheets.new), share it with the account as an Editor, and name it: "
    "sheets-crm doctor --probe --on ADDRESS. Delete it afterwards."
)

_FAILURES: Final = (APIError, GoogleAuthError, RequestException, BadAnswer, PermissionError)


@contextmanager
def created(client: gspread.Client) -> Iterator[str]:
    """A new workbook of the account's own in es_ES, deleted in the end; the value is its id.

    Args:
        client: Opened with ``creating=True``.

    Raises:
        AccessError: Google lets the account create none; the remedy says how to give one.
        CrmError: Google refused otherwise, or did not answer.
    """
    try:
        spreadsheet = create_spreadsheet(client, TITLE, locale=LOCALE, time_zone=TIME_ZONE)
    except AccessError as error:
        raise AccessError(
            error.message, status=error.status, state="No workbook was made.", remedy=GIVE_ONE
        ) from error
    try:
        yield spreadsheet
    finally:
        delete_spreadsheet(client, spreadsheet)


def check_blank(client: gspread.Client, spreadsheet: str, *, in_use: Collection[str], email: str) -> int:
    """Check that a workbook that somebody gave may be altered: it is no workbook of the settings, and it is blank.

    The result is the id of its only tab.

    Args:
        client: Any client of the account that does not record: it reads what is in the workbook.
        spreadsheet: Its id.
        in_use: Ids of the settings' workbooks.
        email: The account's address, for the remedy.

    Raises:
        SettingsError: It is in use, or something is in it; nothing was changed.
        CrmError: Google refused, or did not answer.
    """
    if spreadsheet in in_use:
        raise _unfit("is a workbook of the settings")
    try:
        tab, content = _content(client, spreadsheet)
    except _FAILURES as error:
        failure = translate(error, spreadsheet_id=spreadsheet, email=email)
        if isinstance(failure, AccessError) and failure.status == 404:
            failure.remedy = f"Check the address after --on, and share that spreadsheet with {email} as an Editor."
        raise failure from error
    if content:
        raise _unfit(f"is not blank: it has {content}")
    return tab


def prepare(client: gspread.Client, spreadsheet: str, *, tab: int, email: str) -> None:
    """Give a blank workbook the locale and the time zone that the probes are written for.

    Its names go too: somebody else chose them, and answers to the probes hold them.

    Args:
        client: Opened for the probes.
        spreadsheet: Its id.
        tab: The id of its tab; see `check_blank`.
        email: The account's address, for the remedy.

    Raises:
        CrmError: Google refused, or did not answer.
    """
    book = {"title": TITLE, "locale": LOCALE, "timeZone": TIME_ZONE}
    requests = [
        {"updateSpreadsheetProperties": {"properties": book, "fields": ",".join(book)}},
        {"updateSheetProperties": {"properties": {"sheetId": tab, "title": "Sheet1"}, "fields": "title"}},
    ]
    try:
        client.http_client.request("post", SPREADSHEET_BATCH_UPDATE_URL % spreadsheet, json={"requests": requests})
    except _FAILURES as error:
        raise translate(error, spreadsheet_id=spreadsheet, email=email) from error


def _content(client: gspread.Client, spreadsheet: str) -> tuple[int, str]:
    """The id of the first tab, and what a workbook has beyond one blank tab, in words; "" for nothing."""
    fields = (
        "namedRanges(name),developerMetadata(metadataId),"
        "sheets(properties(sheetId,title),protectedRanges(protectedRangeId),charts(chartId),developerMetadata(metadataId))"
    )
    body = _read(client, SPREADSHEET_URL % spreadsheet, {"fields": fields})
    tabs = body.get("sheets", [])
    if len(tabs) != 1:
        return 0, f"{len(tabs)} tabs"
    (tab,) = tabs
    things = {
        "named ranges": body.get("namedRanges"),
        "developer metadata": body.get("developerMetadata") or tab.get("developerMetadata"),
        "protected ranges": tab.get("protectedRanges"),
        "charts": tab.get("charts"),
    }
    name = absolute_range_name(tab["properties"]["title"])
    things["values"] = _read(client, SPREADSHEET_VALUES_URL % (spreadsheet, quote(name)), {}).get("values")
    return int(tab["properties"].get("sheetId", 0)), ", ".join(name for name, thing in things.items() if thing)


def _read(client: gspread.Client, url: str, params: dict[str, Any]) -> dict[str, Any]:
    return parsed(client.http_client.request("get", url, params=params))


def _unfit(why: str) -> SettingsError:
    return SettingsError(
        f"The workbook after --on {why}, and probes alter what they are given.",
        state="Nothing in it was changed.",
        remedy=GIVE_ONE,
    )
