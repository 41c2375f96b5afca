"""The workbook: recalculation out of sight, empty texts at a row's end, duplicated tabs, Drive, another locale."""

from __future__ import annotations

from typing import Any, Final

from sheets_crm.operations.probes.asking import (
    Outcome,
    Probe,
    RawClient,
    Request,
    block,
    put,
    refused,
    tab,
    values,
    write,
)
from sheets_crm.operations.probes.cells import at, read, said
from sheets_crm.operations.probes.joined import JOINED, LOOKS
from sheets_crm.operations.probes.shown import TEXTS
from sheets_crm.operations.probes.typed import american

SOURCE: Final = 7201
HIDDEN: Final = 7202
PROTECTED: Final = 7203
TAIL: Final = 7204
DOUBLED: Final = 7205
TWIN: Final = 7206


def _out_of_sight(client: RawClient) -> Outcome:
    """Formulas on a hidden and on a protected tab, read after the cell that they depend on has changed."""
    protected: Request = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": PROTECTED}}}}
    write(
        client,
        tab(SOURCE, "Source", 3, 2),
        tab(HIDDEN, "Hidden", 3, 2, hidden=True),
        tab(PROTECTED, "Locked", 3, 2),
        put(SOURCE, 0, 0, [[1]]),
        put(HIDDEN, 0, 0, [["=Source!A1*2"], ["=SUM(Source!A:A)"]]),
        put(PROTECTED, 0, 0, [["=Source!A1*2"], ["=Hidden!A1+1"]]),
        protected,
    )
    write(client, put(SOURCE, 0, 0, [[21]]))
    _, body = client.get("/values:batchGet", {"ranges": ["Hidden!A1:A2", "Locked!A1:A2"]})
    hidden, locked = (part.get("values", []) for part in body["valueRanges"])
    return {"hidden": str(hidden), "protected": str(locked)}


def _tail(client: RawClient) -> Outcome:
    """Cells that show nothing, at the end of rows and below everything else."""
    rows: list[list[Any]] = [
        ["a", '=""'],
        ["a", '=IF(FALSE;"x";"")'],
        ["a", None, '=""'],
        ["a", "=IFERROR(1/0)"],
        ["a", "=A20"],
        ["a", "=T(5)"],
        ["a", '=ARRAYFORMULA(IF(A1:C1="z";1;""))'],
        ["a", " "],
        ["a", ""],
        [None, '=""'],
    ]
    write(client, tab(TAIL, "Tail", 20, 5), put(TAIL, 0, 0, rows))
    plain = values(client, "Tail!A1:E20")
    outcome = {"rows": str(len(plain))}
    for n, row in enumerate(rows):
        outcome[f"row {n + 1}: {row[-1] or 'an empty text'}"] = str(plain[n] if n < len(plain) else "not there")
    return outcome


def _duplicated(client: RawClient) -> Outcome:
    """A tab with everything on it, and what its copy has."""
    mark: Request = {
        "createDeveloperMetadata": {
            "developerMetadata": {
                "metadataId": 7_205_001,
                "metadataKey": "column",
                "location": {
                    "dimensionRange": {"sheetId": DOUBLED, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
                },
                "visibility": "DOCUMENT",
            }
        }
    }
    rule = {"booleanRule": {"condition": {"type": "BLANK"}, "format": {"textFormat": {"bold": True}}}}
    here = block(0, 0, 3, 2, DOUBLED)
    answer = write(
        client,
        tab(DOUBLED, "Doubled", 5, 3),
        put(DOUBLED, 0, 0, [["a", "b"], [1, "=A2*2"]]),
        mark,
        {"addNamedRange": {"namedRange": {"namedRangeId": "probe.doubled", "name": "doubled", "range": here}}},
        {"addConditionalFormatRule": {"rule": {"ranges": [here], **rule}}},
        {"setBasicFilter": {"filter": {"range": here}}},
        {"addBanding": {"bandedRange": {"bandedRangeId": 7205, "range": here, "rowProperties": _BANDS}}},
        {"duplicateSheet": {"sourceSheetId": DOUBLED, "newSheetId": TWIN, "newSheetName": "Twin"}},
    )
    if answer[0] != 200:
        return refused(answer)
    mask = (
        "namedRanges(name,range(sheetId)),sheets(properties(sheetId,index),conditionalFormats(booleanRule(condition)),"
        "basicFilter(range(sheetId)),bandedRanges(range(sheetId)),data(columnMetadata(developerMetadata(metadataKey))))"
    )
    _, body = client.get("", {"ranges": "Twin!A1:C3", "fields": mask})
    (twin,) = (sheet for sheet in body["sheets"] if sheet["properties"].get("sheetId") == TWIN)
    names = [name["name"] for name in body.get("namedRanges", []) if name.get("range", {}).get("sheetId") == TWIN]
    kept = {
        "conditional formats": twin.get("conditionalFormats"),
        "basic filter": twin.get("basicFilter"),
        "banding": twin.get("bandedRanges"),
        "column metadata": "metadataKey" in str(twin.get("data")),
        "named ranges": names,
    }
    return {name: "copied" if thing else "not copied" for name, thing in kept.items()}


_BANDS: Final = {"firstBandColor": {"red": 1}, "secondBandColor": {"green": 1}}


def _drive_version(client: RawClient) -> Outcome:
    """Whether an edit of a cell changes what Drive says of the file."""
    _, before = client.file("version")
    status = refused(write(client, put(SOURCE, 0, 0, [[22]])))
    code, after = client.file("version")
    if code != 200:
        return f"{code} {after.get('message', '')}"
    grown = int(after["version"]) > int(before["version"])
    return f"edit {status}; version {'grew' if grown else 'stayed'}"


def _to_american(client: RawClient) -> Outcome:
    """What the same cells show once the workbook is in en_US: formulas, TEXT patterns, joined values."""
    properties = {"properties": {"locale": "en_US"}, "fields": "locale"}
    outcome = {"the change": refused(write(client, {"updateSpreadsheetProperties": properties}))}
    groups = {"Texts!A": TEXTS, "Joined!C": JOINED, "Looks!C": LOOKS}
    blocks = read(client, *(f"{place}1:{place[-1]}{len(formulas)}" for place, formulas in groups.items()))
    for formulas, rows in zip(groups.values(), blocks, strict=True):
        outcome |= {formula: said(at(rows, n), asked=formula) for n, formula in enumerate(formulas)}
    return outcome


PROBES: Final = (
    Probe(
        "recalculation on hidden and protected tabs", "System is hidden, most tabs are protected", _out_of_sight
    ),
    Probe("empty texts at the end of rows", "where a table ends", _tail),
    Probe("what else duplicateSheet copies", "operators duplicate tabs", _duplicated),
    Probe("Drive's version after an edit", "a cheaper poll", _drive_version, own_file=True),
)
AFTER_THE_CHANGE: Final = (
    Probe("the cells after the change to en_US", "workbooks in en_US, and changes of the locale", _to_american),
    Probe("numbers, dates, flags and formulas typed in en_US", "operators of workbooks in en_US", american),
)
"""These leave the workbook in en_US, so they come last."""
