"""Which method of the API a path means."""

import re
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import unquote

__all__ = ["Answer", "Call", "Route", "find_route"]


@dataclass(slots=True)
class Call:
    """One request.

    Attributes:
        email: Who asks.
        path: The variable parts of the path.
        query: The query, checked.
        body: The body, checked; for uploads the bytes as they came.
        content_type: The type of the body.
    """

    email: str
    path: dict[str, str]
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    content_type: str = ""


#: Answers a call with JSON, with bytes and their type, or with nothing (204).
Answer: TypeAlias = dict[str, Any] | tuple[bytes, str] | None


@dataclass(frozen=True, slots=True)
class Route:
    """A method of the API.

    Attributes:
        verb: The HTTP method.
        template: The path as statistics name it.
        name: The method's name in the discovery document, or ``drive`` for what is not checked against one.
        writes: Whether it counts as a write for quotas; None for what has no quota.
        run: Name of the method of `Api` that answers.
    """

    verb: str
    template: str
    name: str
    writes: bool | None
    run: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """The raw path as an expression."""
        text = re.escape(self.template).replace(r"\{range\}", "(?P<range>.+?)")
        return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/:]+)", text))


_FILE = "/v4/spreadsheets/{spreadsheetId}"
_DRIVE = "/drive/v3/files"
_ROUTES = [
    Route("POST", "/v4/spreadsheets", "create", True, "create"),
    Route("GET", _FILE, "get", False, "get"),
    Route("POST", f"{_FILE}:batchUpdate", "batchUpdate", True, "batch_update"),
    Route("POST", f"{_FILE}:getByDataFilter", "getByDataFilter", False, "get_by_data_filter"),
    Route("POST", f"{_FILE}/sheets/{{sheetId}}:copyTo", "sheets.copyTo", True, "copy_to"),
    Route("GET", f"{_FILE}/developerMetadata/{{metadataId}}", "developerMetadata.get", False, "metadata_get"),
    Route("POST", f"{_FILE}/developerMetadata:search", "developerMetadata.search", False, "metadata_search"),
    Route("GET", f"{_FILE}/values:batchGet", "values.batchGet", False, "values_batch_get"),
    Route("POST", f"{_FILE}/values:batchUpdate", "values.batchUpdate", True, "values_batch_update"),
    Route("POST", f"{_FILE}/values:batchClear", "values.batchClear", True, "values_batch_clear"),
    Route("POST", f"{_FILE}/values:batchGetByDataFilter", "values.batchGetByDataFilter", False, "filter_get"),
    Route(
        "POST", f"{_FILE}/values:batchUpdateByDataFilter", "values.batchUpdateByDataFilter", True, "filter_update"
    ),
    Route("POST", f"{_FILE}/values:batchClearByDataFilter", "values.batchClearByDataFilter", True, "filter_clear"),
    Route("POST", f"{_FILE}/values/{{range}}:append", "values.append", True, "values_append"),
    Route("POST", f"{_FILE}/values/{{range}}:clear", "values.clear", True, "values_clear"),
    Route("GET", f"{_FILE}/values/{{range}}", "values.get", False, "values_get"),
    Route("PUT", f"{_FILE}/values/{{range}}", "values.update", True, "values_update"),
    Route("GET", _DRIVE, "drive", None, "drive_list"),
    Route("POST", _DRIVE, "drive", None, "drive_create"),
    Route("GET", f"{_DRIVE}/{{fileId}}", "drive", None, "drive_get"),
    Route("PATCH", f"{_DRIVE}/{{fileId}}", "drive", None, "drive_update"),
    Route("DELETE", f"{_DRIVE}/{{fileId}}", "drive", None, "drive_delete"),
    Route("POST", f"{_DRIVE}/{{fileId}}/copy", "drive", None, "drive_copy"),
    Route("GET", f"{_DRIVE}/{{fileId}}/export", "drive", None, "drive_export"),
    Route("GET", f"{_DRIVE}/{{fileId}}/comments", "drive", None, "drive_comments"),
    Route("GET", f"{_DRIVE}/{{fileId}}/permissions", "drive", None, "drive_permissions"),
    Route("POST", f"{_DRIVE}/{{fileId}}/permissions", "drive", None, "drive_share"),
    Route("DELETE", f"{_DRIVE}/{{fileId}}/permissions/{{permissionId}}", "drive", None, "drive_unshare"),
    Route("PUT", "/upload/drive/v2/files/{fileId}", "upload", None, "drive_upload"),
]
_PATTERNS = [(route, route.pattern) for route in _ROUTES]


def find_route(verb: str, raw_path: str) -> tuple[Route, dict[str, str]] | None:
    """Find the method for a raw path, and the path's variable parts, decoded."""
    path = re.sub("%3a", ":", raw_path, flags=re.IGNORECASE) if "/values/" not in raw_path else raw_path
    for route, pattern in _PATTERNS:
        found = pattern.fullmatch(path) if route.verb == verb else None
        if found:
            return route, {name: unquote(text) for name, text in found.groupdict().items()}
    return None
