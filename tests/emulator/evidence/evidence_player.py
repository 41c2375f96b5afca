"""Plays what is known of Google's answers against a server over the wire: cells with their results, and conversations.

`cells/*.toml` hold cells: what stands in a small tab of its own and what Google says of one cell of it. `conversations/*.toml`
hold requests with the answers they got. Both say where the fact comes from and its grade (A: Google's documentation or a
recorded answer; B: reported word for word, or a suite that passes against Google). `open.toml` lists what the emulator
does not answer alike today, with the reason.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODES = {
    "N_A": "#N/A",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
}
NOTHING = "(absent)"
#: Tabs in one spreadsheet: many in one take longer than as many in several.
TABS = 150


@dataclass(frozen=True)
class Outcome:
    """One fact and whether the server answers it.

    Attributes:
        key: Which fact, for `open.toml`.
        topic: What it is about.
        kind: The field of a cell, or the request.
        grade: A or B.
        source: Where it was found.
        wanted: Google's answer.
        answered: The server's.
    """

    key: str
    topic: str
    kind: str
    grade: str
    source: str
    wanted: object
    answered: object

    @property
    def equal(self):
        return alike(self.wanted, self.answered)


def alike(wanted, answered):
    """Whether an answer has all that is wanted; numbers may differ in their last bits."""
    if isinstance(wanted, dict) and isinstance(answered, dict):
        return all(name in answered and alike(value, answered[name]) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(answered, list):
        return len(wanted) == len(answered) and all(map(alike, wanted, answered))
    if isinstance(wanted, bool) or isinstance(answered, bool):
        return wanted is answered
    if isinstance(wanted, int | float) and isinstance(answered, int | float):
        return abs(wanted - answered) <= 1e-14 * max(1, abs(wanted))
    return wanted == answered


def facts(folder, kind):
    """Every entry of the files of a folder, with the defaults that stand at the top of its file."""
    for path in sorted((HERE / folder).glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        defaults = {name: value for name, value in data.items() if name != kind}
        for entry in data[kind]:
            yield {"locale": "en_US", "topic": path.stem, **defaults, **entry}


def place(address):
    """(row, column) of an address such as B2."""
    letter, row = re.fullmatch(r"([A-Z])(\d+)", address).groups()
    return int(row) - 1, COLUMNS.index(letter)


def played_cells(client):
    """Put every case into a tab of its own, spreadsheets of some tabs for each locale, and compare what is read."""
    cases = list(facts("cells", "case"))
    for locale in sorted({case["locale"] for case in cases}):
        of_locale = [case for case in cases if case["locale"] == locale]
        for start in range(0, len(of_locale), TABS):
            block = of_locale[start : start + TABS]
            titles = [f"T{number}" for number in range(len(block))]
            client.create(locale)
            write_cells(client, block, titles)
            described = read_cells(client, block, titles)
            for case, title in zip(block, titles, strict=True):
                yield from compared(case, described[title], client.shown.get(title, {}))


def case_key(case):
    formula = case.get("formula", "")
    return case.get("id") or f"{case['locale']} {formula}"


def write_cells(client, cases, titles):
    """One batchUpdate for tabs and cells, one values:batchUpdate for what is typed."""
    requests, typed = [], []
    for number, (case, title) in enumerate(zip(cases, titles, strict=True), 100):
        size = {"rowCount": case.get("rows", 14), "columnCount": case.get("columns", 12)}
        requests.append({"addSheet": {"properties": {"sheetId": number, "title": title, "gridProperties": size}}})
        cells = {address: {"userEnteredValue": entered(value)} for address, value in case.get("cells", {}).items()}
        for address, form in case.get("formats", {}).items():
            cells.setdefault(address, {})["userEnteredFormat"] = {"numberFormat": form}
        if "formula" in case:
            cells.setdefault(at(case), {})["userEnteredValue"] = {"formulaValue": case["formula"]}
        requests += [update(number, address, cell) for address, cell in cells.items()]
        typed += [
            {"range": f"{title}!{address}", "values": [[text]]} for address, text in case.get("typed", {}).items()
        ]
    client.ok("POST", ":batchUpdate", {"requests": requests})
    if typed:
        client.ok("POST", "/values:batchUpdate", {"valueInputOption": "USER_ENTERED", "data": typed})
    # Fields that a server may refuse go alone, so that the rest is kept.
    for number, case in enumerate(cases, 100):
        if "more" in case:
            requests = [update(number, address, cell) for address, cell in case["more"].items()]
            client.send("POST", ":batchUpdate", {"requests": requests})


def at(case):
    return case.get("at", "F1")


def entered(value):
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    return {"formulaValue": value} if value.startswith("=") else {"stringValue": value.removeprefix("'")}


def update(sheet_id, address, cell):
    row, column = place(address)
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": ",".join(cell)}}


def read_cells(client, cases, titles):
    """Every cell as the server describes it, and the values by render option where a case asks for them."""
    answer = client.ok("GET", "?includeGridData=true&fields=sheets(properties.title,data.rowData.values)")
    described = {
        sheet["properties"]["title"]: [
            row.get("values", []) for row in sheet.get("data", [{}])[0].get("rowData", [])
        ]
        for sheet in answer["sheets"]
    }
    client.shown = {}
    for option in ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"):
        asked = [
            (title, f"{title}!{case.get('range', at(case))}")
            for case, title in zip(cases, titles, strict=True)
            if option in case.get("get", {})
        ]
        if asked:
            query = "&".join(["valueRenderOption=" + option, *(f"ranges={address}" for _, address in asked)])
            ranges = client.ok("GET", f"/values:batchGet?{query}")["valueRanges"]
            for (title, _), found in zip(asked, ranges, strict=True):
                client.shown.setdefault(title, {})[option] = found.get("values", NOTHING)
    return described


def compared(case, rows, by_option):
    """The facts of one case beside what the server says."""
    cell = cell_at(rows, *place(case.get("seen", at(case))))
    number_format = cell.get("effectiveFormat", {}).get("numberFormat", {})
    checks = []
    if "is" in case:
        checks.append(("value", case["is"], values(rows, case)))
    if "message" in case:
        checks.append(("message", case["message"], reach(cell, "effectiveValue.errorValue.message")))
    if "shown" in case:
        checks.append(("formattedValue", case["shown"], cell.get("formattedValue", NOTHING)))
    if "look" in case:
        wanted = case["look"] or "no numberFormat"
        checks.append(("look", wanted, number_format or "no numberFormat"))
    if "back" in case:
        checks.append(("formula", case["back"], reach(cell, "userEnteredValue.formulaValue")))
    for path, wanted in case.get("has", {}).items():
        checks.append((path, wanted, reach(cell, path)))
    checks += [(path, NOTHING, reach(cell, path)) for path in case.get("lacks", [])]
    for option, wanted in case.get("get", {}).items():
        checks.append((option, wanted, by_option.get(option, NOTHING)))
    for kind, wanted, answered in checks:
        key = f"{case_key(case)} | {kind}"
        yield Outcome(key, case["topic"], kind, case["grade"], case["source"], wanted, answered)


def cell_at(rows, row, column):
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else {}


def values(rows, case):
    """The results from the seen cell on, as far as the case says; a cell more each way, to see where a spill ends."""
    top, left = place(case.get("seen", at(case)))
    if not isinstance(case["is"], list):
        return effective(cell_at(rows, top, left))
    height, width = len(case["is"]), len(case["is"][0])
    block = [[effective(cell_at(rows, top + r, left + c)) for c in range(width)] for r in range(height)]
    beyond = [effective(cell_at(rows, top, left + width)), effective(cell_at(rows, top + height, left))]
    return block if beyond == ["", ""] else [*block, ["and beyond", *beyond]]


def effective(cell):
    value = cell.get("effectiveValue", {})
    if "errorValue" in value:
        return CODES.get(value["errorValue"]["type"], value["errorValue"]["type"])
    return next(iter(value.values()), "")


def reach(data, path):
    """What a path such as `a.b.0` leads to."""
    for name in path.split("."):
        if isinstance(data, list) and name.isdigit() and int(name) < len(data):
            data = data[int(name)]
        elif isinstance(data, dict) and name in data:
            data = data[name]
        else:
            return NOTHING
    return data


def played_conversations(client):
    """Play every conversation in a spreadsheet of its own, with one tab T (id 7, 1000 rows, 26 columns)."""
    for talk in facts("conversations", "conversation"):
        client.create(talk["locale"], talk.get("tab", {}))
        for number, step in enumerate(talk["step"], 1):
            verb, _, path = step["call"].partition(" ")
            body = json.loads(step["body"]) if "body" in step else None
            answer = client.send(verb, path, body)
            kind = f"{verb} {re.sub('[?].*', '', re.sub('/values/[^:]*!?[^:]*(:[A-Z0-9]+)?', '/values/RANGE', path)) or '/'}"
            for name, wanted, answered in told(step, answer):
                key = f"{talk['id']} {number} | {name}"
                yield Outcome(key, talk["topic"], kind, talk["grade"], talk["source"], wanted, answered)


def told(step, answer):
    """The facts of one request beside the answer."""
    body = answer.json()
    if "message" in step:
        error = body.get("error", {})
        wanted = [step.get("status", 400), step["message"]]
        return [("message", wanted, [answer.status_code, error.get("message", NOTHING)])]
    if answer.status_code != step.get("status", 200):
        return [("status", step.get("status", 200), [answer.status_code, body])]
    checks = []
    if "answer" in step:
        checks.append(("answer", json.loads(step["answer"]), body))
    checks += [(path, NOTHING, reach(body, path)) for path in step.get("lacks", [])]
    return checks or [("status", step.get("status", 200), answer.status_code)]


class Client:
    """Raw requests to one server, about one spreadsheet at a time."""

    def __init__(self, url, session):
        self._root, self._session = url, session
        self.url, self.shown = "", {}

    def create(self, locale, tab=None):
        grid = {"rowCount": 1000, "columnCount": 26, **(tab or {})}
        sheet = {"properties": {"sheetId": 7, "title": "T", "gridProperties": grid}}
        body = {"properties": {"locale": locale, "timeZone": "Etc/UTC"}, "sheets": [sheet]}
        answer = self._session.post(f"{self._root}/v4/spreadsheets", json=body)
        self.url = f"{self._root}/v4/spreadsheets/{answer.json()['spreadsheetId']}"

    def send(self, verb, path, body=None):
        return self._session.request(verb, self.url + path, json=body)

    def ok(self, verb, path, body=None):
        answer = self.send(verb, path, body)
        assert answer.status_code == 200, answer.text[:2000]
        return answer.json()


def play(url, session):
    """Every fact beside what the server at a URL answers."""
    client = Client(url, session)
    return [*played_cells(client), *played_conversations(client)]


def still_open():
    """What is not answered alike today: key to reason."""
    data = tomllib.loads((HERE / "open.toml").read_text(encoding="utf-8"))
    return {key: reason for reason, keys in data.items() for key in keys}
