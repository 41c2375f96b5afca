"""What the page's scripts ask, without a browser."""

import re

import requests


class Visitor:
    """What the page's scripts do, for one spreadsheet."""

    def __init__(self, server, sheet, name="a page"):
        self.url, self.id = server.url, sheet.id
        self.session = requests.Session()
        text = self.session.get(f"{self.url}/", timeout=5).text
        self.session.headers["x-page-token"] = re.search('name="page-token" content="([^"]+)"', text)[1]
        self.session.headers["x-page-name"] = name
        self.tab = 0

    def get(self, name, **asked):
        return self.session.get(
            f"{self.url}/page/{name}", params={"id": self.id, "sheet": self.tab} | asked, timeout=5
        )

    def cells(self, top=0, bottom=20, left=0, right=20):
        answer = self.get("cells", top=top, bottom=bottom, left=left, right=right)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def texts(self, **area):
        return [row.get("texts", []) for row in self.cells(**area)["rows"]]

    def keys(self):
        return [row.get("key") for row in self.cells()["rows"]]

    def edit(self, *edits):
        body = {"id": self.id, "sheet": self.tab, "edits": list(edits)}
        return self.session.post(f"{self.url}/page/edit", json=body, timeout=5)

    def order(self, name, **body):
        answer = self.session.post(f"{self.url}/page/{name}", json={"id": self.id} | body, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def undo(self):
        return self.order("undo")

    def redo(self):
        return self.order("redo")

    def update(self, *wanted):
        """Send requests of the API's batchUpdate as the operator, as the page does for its tabs."""
        url = f"{self.url}/page/api/v4/spreadsheets/{self.id}:batchUpdate"
        return self.session.post(url, json={"requests": list(wanted)}, timeout=5)

    def type(self, row, column, values, key=None):
        return self.edit({"kind": "values", "row": row, "key": key, "column": column, "values": values})


def checkboxes(raw, first, last, column=0):
    area = {"sheetId": 0, "startRowIndex": first, "endRowIndex": last, "startColumnIndex": column}
    rule = {"condition": {"type": "BOOLEAN"}}
    area["endColumnIndex"] = column + 1
    raw.ok({"setDataValidation": {"range": area, "rule": rule}})


def protect(raw, *holes):
    raw.ok({"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "unprotectedRanges": list(holes)}}})
