"""The Drive calls that gspread makes: create, copy, list, get, rename, delete, export, import of CSV, sharing."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from sheets_crm.emulator.drive_queries import ROOT, parse_query
from sheets_crm.emulator.errors import DriveError, invalid
from sheets_crm.emulator.inputs import enter
from sheets_crm.emulator.library import Library
from sheets_crm.emulator.masks import apply_mask, parse_mask
from sheets_crm.emulator.rendering import Rendering, read_block
from sheets_crm.emulator.requests.sheets import copy_sheet
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["Drive"]

_MIME = "application/vnd.google-apps.spreadsheet"
_KEPT = ("name", "mimeType", "trashed", "parents")
_BRIEF = ("kind", "id", "name", "mimeType")
_SEPARATORS = {"text/csv": ",", "text/tab-separated-values": "\t"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What `orderBy` names, as fields of files here; "" where all files are equal.
_ORDERED = {
    **dict.fromkeys(("name", "name_natural"), "name"),
    **dict.fromkeys(("createdTime", "sharedWithMeTime"), "createdTime"),
    **dict.fromkeys(("modifiedTime", "modifiedByMeTime", "viewedByMeTime", "recency"), "modifiedTime"),
    **dict.fromkeys(("folder", "starred", "quotaBytesUsed"), ""),
}


class Drive:
    """Files as Drive v3 shows them (and the upload of v2)."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def resource(self, book: Spreadsheet, fields: str | None = None) -> dict[str, Any]:
        """Give a file's resource: four fields unless asked for others."""
        whole = self._whole(book)
        if not fields:
            return {name: whole[name] for name in _BRIEF}
        masked: dict[str, Any] = apply_mask(whole, parse_mask(fields))
        return masked

    def _whole(self, book: Spreadsheet) -> dict[str, Any]:
        kept = {
            name: value for name, value in book.file.items() if name in ("name", "createdTime", "modifiedTime")
        }
        return {
            "kind": "drive#file",
            "id": book.id,
            "mimeType": _MIME,
            **kept,
            "version": str(book.file.get("version", 1)),
            "trashed": bool(book.file.get("trashed")),
            "ownedByMe": True,
            "owners": [{"kind": "drive#user", "emailAddress": book.file["owner"]}],
            "permissions": self.permissions(book),
        }

    def create(self, body: dict[str, Any], email: str) -> dict[str, Any]:
        """Answer `files.create`."""
        if body.get("mimeType") not in (None, _MIME):
            raise invalid(f"The emulator keeps only files of type {_MIME}.")
        _check_kept(body)
        return self.resource(self._library.create(body.get("name") or "Untitled", email))

    def listing(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Answer `files.list`: what the query finds, page by page.

        Args:
            query: `q`, `fields`, `orderBy`, `pageSize` (1 to 1000) and `pageToken` of the request.
        """
        accepts = parse_query(query.get("q", ""))
        found = [(book, self._whole(book)) for book in self._library.files()]
        found = [(book, whole) for book, whole in found if accepts(whole)]
        for name, descending in reversed(_order(query.get("orderBy", ""))):
            found.sort(key=lambda pair: str(pair[1][name]).lower(), reverse=descending)
        start = _number(query, "pageToken", 0, 0, len(found))
        end = start + _number(query, "pageSize", 100, 1, 1000)
        answer: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": False}
        if end < len(found):
            answer["nextPageToken"] = str(end)
        if query.get("fields"):
            files = [whole for _, whole in found[start:end]]
            masked: dict[str, Any] = apply_mask({**answer, "files": files}, parse_mask(query["fields"]))
            return masked
        return {**answer, "files": [self.resource(book) for book, _ in found[start:end]]}

    def copy(self, file_id: str, body: dict[str, Any], email: str) -> dict[str, Any]:
        """Answer `files.copy`: everything but the history and the sharing; developer metadata is copied too."""
        _check_kept(body)
        source = self._library.open(file_id)
        book = self._library.create(body.get("name") or f"Copy of {source.title}", email, source.properties)
        with self._library.change(book.id, email) as batch:
            fresh = batch.book
            fresh.sheets.clear()
            for sheet in source.sheets:
                copied = copy_sheet(batch, sheet, sheet.id, sheet.title)
                copied.properties = dict(sheet.properties)
                for name, items in sheet.attached.items():
                    copied.attach(name, items)
                fresh.add(copied, None)
            fresh.named_ranges = dict(source.named_ranges)
            fresh.metadata = dict(source.metadata)
        return self.resource(self._library.open(book.id))

    def update(self, file_id: str, body: dict[str, Any], email: str, fields: str | None) -> dict[str, Any]:
        """Answer `files.update`: the name, and whether the file lies in the trash, where it can still be opened."""
        _check_kept(body)
        with self._library.change(file_id, email) as batch:
            if body.get("name"):
                batch.book.file["name"] = body["name"]
            if "trashed" in body:
                batch.book.file["trashed"] = bool(body["trashed"])
        return self.resource(self._library.open(file_id), fields)

    def export(self, file_id: str, mime: str) -> tuple[bytes, str]:
        """Answer `files.export`: CSV and TSV of the first tab, or an XLSX of values."""
        book = self._library.open(file_id)
        if mime in _SEPARATORS:
            return self._separated(book, _SEPARATORS[mime]).encode(), mime
        if mime == _XLSX:
            return self._xlsx(book), mime
        raise DriveError(400, "badRequest", f"The requested conversion is not supported by the emulator: {mime}")

    def _separated(self, book: Spreadsheet, separator: str) -> str:
        sheet = book.sheets[0]
        bounds = (0, sheet.row_count, 0, sheet.column_count)
        computed = self._library.evaluator.computed(book, sheet, looks=[bounds])
        block = read_block(sheet, bounds, Rendering(book.locale), computed)
        width = max((len(row) for row in block), default=0)
        target = io.StringIO()
        csv.writer(target, delimiter=separator, lineterminator="\r\n").writerows(
            [*row, *[""] * (width - len(row))] for row in block
        )
        return target.getvalue().removesuffix("\r\n")

    def _xlsx(self, book: Spreadsheet) -> bytes:
        from openpyxl import Workbook  # noqa: PLC0415 - slow to import, and only this needs it

        target = Workbook(write_only=True)
        for sheet in book.sheets:
            page = target.create_sheet(sheet.title[:31])
            rendering = Rendering(book.locale, "UNFORMATTED_VALUE")
            bounds = (0, sheet.row_count, 0, sheet.column_count)
            for row in read_block(sheet, bounds, rendering, self._library.evaluator.computed(book, sheet)):
                page.append([None if cell == "" else cell for cell in row])
        stream = io.BytesIO()
        target.save(stream)
        return stream.getvalue()

    def upload(self, file_id: str, content: bytes, mime: str, email: str) -> dict[str, Any]:
        """Answer the v2 upload: the file then has one tab, named like the file, with the CSV in it."""
        if mime not in _SEPARATORS:
            raise invalid(f"The emulator imports only {' and '.join(_SEPARATORS)}.")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=_SEPARATORS[mime]))
        with self._library.change(file_id, email) as batch:
            book = batch.book
            kept = copy_sheet(batch, book.sheets[0], book.sheets[0].id, book.title)
            for sheet in list(book.sheets):
                book.remove(sheet)
            book.add(kept, None)
            batch.clear_values(kept, (0, kept.row_count, 0, kept.column_count))
            kept.row_count = max(kept.row_count, len(rows))
            kept.column_count = max(kept.column_count, *(len(row) for row in rows), 26)
            for index, row in enumerate(rows):
                for column, text in enumerate(row):
                    enter(kept, index, column, text, locale=book.locale, now=batch.now)
            book.properties["timeZone"] = "America/Los_Angeles"
        return self._resource_v2(self._library.open(file_id), email)

    def _resource_v2(self, book: Spreadsheet, email: str) -> dict[str, Any]:
        edit = f"https://docs.google.com/spreadsheets/d/{book.id}"
        own = f"https://www.googleapis.com/drive/v2/files/{book.id}"
        user = {"displayName": email, "kind": "drive#user", "isAuthenticatedUser": True, "emailAddress": email}
        created, changed = book.file["createdTime"], book.file["modifiedTime"]
        return {
            "kind": "drive#file",
            "userPermission": {"id": "me", "type": "user", "role": "owner", "kind": "drive#permission"},
            "selfLink": own,
            "ownerNames": [book.file["owner"]],
            "lastModifyingUserName": email,
            "editable": True,
            "writersCanShare": True,
            "mimeType": _MIME,
            "exportLinks": dict.fromkeys(_SEPARATORS, f"{edit}/export?format=csv"),
            "parents": [],
            "thumbnailLink": f"{edit}/thumbnail",
            "appDataContents": False,
            "iconLink": f"https://drive-thirdparty.googleusercontent.com/16/type/{_MIME}",
            "shared": False,
            "lastModifyingUser": user,
            "owners": [user],
            "copyable": True,
            "etag": f'"{book.file["version"]}"',
            "alternateLink": f"{edit}/edit?usp=drivesdk",
            "embedLink": f"{edit}/htmlembed",
            "fileSize": "1024",
            "copyRequiresWriterPermission": False,
            "spaces": ["drive"],
            "id": book.id,
            "title": book.title,
            "labels": dict.fromkeys(("restricted", "starred", "hidden", "trashed"), False) | {"viewed": True},
            "explicitlyTrashed": False,
            "createdDate": created,
            "modifiedDate": changed,
            "modifiedByMeDate": changed,
            "lastViewedByMeDate": changed,
            "markedViewedByMeDate": "1970-01-01T00:00:00.000Z",
            "quotaBytesUsed": "1024",
            "version": str(book.file["version"]),
            "capabilities": {"canEdit": True, "canCopy": True},
        }

    # -- sharing: kept as told, but it decides nothing -----------------------------------------------------------

    def permissions(self, book: Spreadsheet) -> list[dict[str, Any]]:
        """List who a file is shared with."""
        own = {"kind": "drive#permission", "id": "owner", "type": "user", "role": "owner",
               "emailAddress": book.file["owner"]}  # fmt: skip
        return [own, *(book.file.get("permissions") or [])]

    def share(self, file_id: str, body: dict[str, Any], email: str) -> dict[str, Any]:
        """Answer `permissions.create`."""
        kept = {name: body[name] for name in ("type", "role", "emailAddress", "domain") if body.get(name)}
        if not kept.get("type") or not kept.get("role"):
            raise invalid("The permission type field is required.")
        with self._library.change(file_id, email) as batch:
            fresh = {"kind": "drive#permission", "id": str(batch.book.new_number()), **kept}
            batch.book.file["permissions"] = [*(batch.book.file.get("permissions") or []), fresh]
        return {name: fresh[name] for name in ("kind", "id", "type", "role")}

    def unshare(self, file_id: str, permission_id: str, email: str) -> None:
        """Answer `permissions.delete`."""
        if permission_id == "owner":  # pygsheets and others look for this sentence (B)
            raise DriveError(403, "cannotRemoveOwner", "The owner of a file cannot be removed.")
        with self._library.change(file_id, email) as batch:
            old = batch.book.file.get("permissions") or []
            kept = [found for found in old if found["id"] != permission_id]
            if len(kept) == len(old):
                raise DriveError(404, "notFound", f"Permission not found: {permission_id}.", "permissionId")
            batch.book.file["permissions"] = kept


def _check_kept(body: Mapping[str, Any]) -> None:
    """Refuse what a file's metadata would keep at Drive and not here; folders there are none."""
    others = sorted(set(body) - {*_KEPT, "kind", "id"})
    if others:
        raise DriveError(400, "badRequest", f"The emulator does not keep {', '.join(others)} of a file.")
    folders = body.get("parents") or []
    for folder in folders if isinstance(folders, list) else [folders]:
        if folder != ROOT:
            raise DriveError(404, "notFound", f"File not found: {folder}.", "fileId")


def _order(text: str) -> list[tuple[str, bool]]:
    """Read `orderBy`: names of fields, each with or without ` desc`."""
    keys = [key.split() for key in text.split(",") if key.strip()]
    for key in keys:
        if key[0] not in _ORDERED or key[1:] not in ([], ["desc"]):
            raise DriveError(400, "invalid", "Invalid Value", "orderBy")
    return [(_ORDERED[key[0]], len(key) > 1) for key in keys if _ORDERED[key[0]]]


def _number(query: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = query.get(name) or str(default)
    if not text.isdecimal() or not least <= int(text[:10]) <= most:
        raise DriveError(
            400, "invalid", f"Invalid value '{text}'. Values must be within the range: [{least}, {most}]", name
        )
    return int(text)
