"""Create and delete workbooks of the service account's own (the demo, tests and probes); running never does."""

from __future__ import annotations

import gspread
from google.auth.exceptions import GoogleAuthError
from gspread.exceptions import GSpreadException
from requests import RequestException

from sheets_crm.google.failures import translate

_FAILURES = (GSpreadException, GoogleAuthError, RequestException, PermissionError)


def create_spreadsheet(client: gspread.Client, title: str, *, locale: str, time_zone: str) -> str:
    """Create a workbook and give its id.

    Args:
        client: Opened with ``creating=True``.
        title: Its name.
        locale: Such as ``es_ES``; formulas and numbers typed by people follow it.
        time_zone: An IANA name such as ``Europe/Madrid``.

    Raises:
        CrmError: Google refused, or did not answer.
    """
    try:
        workbook = client.create(title)
        properties = {"locale": locale, "timeZone": time_zone}
        request = {"updateSpreadsheetProperties": {"properties": properties, "fields": "locale,timeZone"}}
        workbook.batch_update({"requests": [request]})
    except _FAILURES as error:
        raise translate(error, spreadsheet_id="", email="") from error
    return str(workbook.id)


def delete_spreadsheet(client: gspread.Client, spreadsheet_id: str) -> None:
    """Delete a workbook that this account created.

    Raises:
        CrmError: Google refused, or did not answer.
    """
    try:
        client.del_spreadsheet(spreadsheet_id)
    except _FAILURES as error:
        raise translate(error, spreadsheet_id=spreadsheet_id, email="") from error
