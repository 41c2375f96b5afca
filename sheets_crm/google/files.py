"""Create and delete workbooks of the service account (for the demo, tests and probes); runs never do."""

from __future__ import annotations

from typing import Final

import gspread
from google.auth.exceptions import GoogleAuthError
from gspread.exceptions import APIError, GSpreadException
from requests import JSONDecodeError, RequestException

from sheets_crm.errors import CrmError, UnknownOutcome
from sheets_crm.google.failures import translate
from sheets_crm.messages import said

_FAILURES: Final = (GSpreadException, GoogleAuthError, RequestException, PermissionError)

_NO_ANSWER: Final = (JSONDecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError, AttributeError)
"""Exceptions of gspread over an answer of another shape: it reads answers without checking them."""


def create_spreadsheet(client: gspread.Client, title: str, *, locale: str, time_zone: str) -> str:
    """Create a workbook; the result is its id.

    Args:
        client: Opened with ``creating=True``.
        title: Its name.
        locale: Such as ``es_ES``; formulas and numbers typed by people follow it.
        time_zone: An IANA name such as ``Europe/Madrid``.

    Raises:
        CrmError: Google refused, or did not answer.
    """
    spreadsheet = create_file(client, title)
    set_place(client, spreadsheet, locale=locale, time_zone=time_zone)
    return spreadsheet


def create_file(client: gspread.Client, title: str) -> str:
    """Create a workbook as Google makes it; the result is its id.

    Raises:
        CrmError: Google refused, or did not answer.
    """
    try:
        return str(client.create(title).id)
    except _NO_ANSWER as error:
        raise UnknownOutcome(
            said("google.id_unknown"),
            state=said("google.id_unknown.state", title=title),
            remedy=said("run_again"),
        ) from error
    except _FAILURES as error:
        raise _translated(error, "") from error


def set_place(client: gspread.Client, spreadsheet: str, *, locale: str, time_zone: str) -> None:
    """Give a workbook its locale and time zone.

    Raises:
        CrmError: Google refused, or did not answer.
    """
    properties = {"locale": locale, "timeZone": time_zone}
    request = {"updateSpreadsheetProperties": {"properties": properties, "fields": "locale,timeZone"}}
    try:
        client.http_client.batch_update(spreadsheet, {"requests": [request]})
    except _FAILURES as error:
        raise _translated(error, spreadsheet) from error


def share_file(client: gspread.Client, spreadsheet: str, email: str) -> None:
    """Make a person an editor of a workbook, without a mail to them.

    Raises:
        CrmError: Google refused, or did not answer.
    """
    try:
        client.insert_permission(spreadsheet, email, perm_type="user", role="writer", notify=False)
    except _FAILURES as error:
        raise _translated(error, spreadsheet) from error


def delete_spreadsheet(client: gspread.Client, spreadsheet_id: str) -> None:
    """Delete a workbook that this account created.

    Raises:
        CrmError: Google refused, or did not answer.
    """
    try:
        client.del_spreadsheet(spreadsheet_id)
    except _FAILURES as error:
        raise _translated(error, spreadsheet_id) from error


def _translated(error: Exception, spreadsheet_id: str) -> CrmError:
    # gspread wraps some refusals into exceptions without the reason; the cause still has it.
    cause = error.__cause__ if isinstance(error.__cause__, APIError) else error
    return translate(cause, spreadsheet_id=spreadsheet_id, email="")
