"""Single calls to a server, with refusals as results in place of exceptions: for probes, which examine them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gspread
from gspread.exceptions import APIError
from gspread.urls import DRIVE_FILES_API_V3_URL, SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL

from sheets_crm.google.client import parsed
from sheets_crm.google.failures import BadAnswer, google_error, translate


class RawClient:
    """Raw calls on one spreadsheet; implements `sheets_crm.operations.probes.asking.RawClient`.

    Args:
        client: Opened by `sheets_crm.google.client.connect`.
        spreadsheet_id: Google's id of the file.
    """

    def __init__(self, client: gspread.Client, spreadsheet_id: str) -> None:
        self._http = client.http_client
        self._id = spreadsheet_id

    def get(self, path: str, params: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Read; the result is the status with the answer, or with the error's object.

        Raises:
            Retryable: No answer came, or it is not the API's.
        """
        return self._asked("get", path, params, None)

    def post(self, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Write; the result is as of `get`. ``:batchUpdate`` is the usual path."""
        return self._asked("post", path, {}, body)

    def file(self, fields: str) -> tuple[int, dict[str, Any]]:
        """Read fields of the spreadsheet as a file of Drive; the result is as of `get`."""
        return self._answered("get", f"{DRIVE_FILES_API_V3_URL}/{self._id}", {"fields": fields}, None)

    def _asked(
        self, method: str, path: str, params: Mapping[str, Any], body: Mapping[str, Any] | None
    ) -> tuple[int, dict[str, Any]]:
        url = SPREADSHEET_BATCH_UPDATE_URL if path == ":batchUpdate" else f"{SPREADSHEET_URL}{path}"
        return self._answered(method, url % self._id, params, body)

    def _answered(
        self, method: str, url: str, params: Mapping[str, Any], body: Mapping[str, Any] | None
    ) -> tuple[int, dict[str, Any]]:
        try:
            answer = self._http.request(method, url, params=dict(params), json=body)
        except APIError as error:
            return error.response.status_code, google_error(error.response)
        try:
            return answer.status_code, parsed(answer)
        except BadAnswer as error:
            raise translate(error, spreadsheet_id=self._id, email="") from error
