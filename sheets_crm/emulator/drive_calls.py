"""The methods of Drive as functions of a call."""

from sheets_crm.emulator.drive import Drive
from sheets_crm.emulator.errors import ApiError, DriveError
from sheets_crm.emulator.library import Library
from sheets_crm.emulator.routes import Answer, Call
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["DriveCalls"]


class DriveCalls:
    """Each method of Drive that gspread calls."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._drive = Drive(library)

    def drive_list(self, call: Call) -> Answer:
        """`files.list`."""
        return self._drive.listing(call.query)

    def drive_create(self, call: Call) -> Answer:
        """`files.create`."""
        return self._drive.create(call.body or {}, call.email)

    def drive_get(self, call: Call) -> Answer:
        """`files.get`."""
        return self._drive.resource(self._drive_file(call), call.query.get("fields"))

    def drive_update(self, call: Call) -> Answer:
        """`files.update`."""
        self._drive_file(call)
        for name in call.query.keys() & {"addParents", "removeParents"}:
            raise DriveError(400, "badRequest", f"The emulator has no folders: {name}.", name)
        return self._drive.update(call.path["fileId"], call.body or {}, call.email, call.query.get("fields"))

    def drive_delete(self, call: Call) -> Answer:
        """`files.delete`."""
        self._drive_file(call)
        self.library.delete(call.path["fileId"])
        return None

    def drive_copy(self, call: Call) -> Answer:
        """`files.copy`."""
        self._drive_file(call)
        return self._drive.copy(call.path["fileId"], call.body or {}, call.email)

    def drive_export(self, call: Call) -> Answer:
        """`files.export`."""
        self._drive_file(call)
        return self._drive.export(call.path["fileId"], call.query.get("mimeType", ""))

    def drive_comments(self, call: Call) -> Answer:
        """`comments.list`: there never are any."""
        self._drive_file(call)
        return {"comments": []}

    def drive_permissions(self, call: Call) -> Answer:
        """`permissions.list`."""
        return {"kind": "drive#permissionList", "permissions": self._drive.permissions(self._drive_file(call))}

    def drive_share(self, call: Call) -> Answer:
        """`permissions.create`."""
        self._drive_file(call)
        return self._drive.share(call.path["fileId"], call.body or {}, call.email)

    def drive_unshare(self, call: Call) -> Answer:
        """`permissions.delete`."""
        self._drive_file(call)
        self._drive.unshare(call.path["fileId"], call.path["permissionId"], call.email)
        return None

    def drive_upload(self, call: Call) -> Answer:
        """`PUT /upload/drive/v2/files/{fileId}`: a CSV takes the place of all tabs."""
        self._drive_file(call)
        return self._drive.upload(call.path["fileId"], call.body, call.content_type, call.email)

    def _drive_file(self, call: Call) -> Spreadsheet:
        try:
            return self.library.open(call.path["fileId"])
        except ApiError as error:
            if error.code == 404:
                text = f"File not found: {call.path['fileId']}."
                raise DriveError(404, "notFound", text, "fileId") from error
            raise
