"""Validation and conditional formats: what a rule refuses, what it shows and how it reads back."""

from __future__ import annotations

import json
from typing import Any, Final

from sheets_crm.operations.probes.asking import (
    JsonObject,
    Outcome,
    Probe,
    RawClient,
    Request,
    block,
    cell,
    enter,
    put,
    refused,
    tab,
    write,
)
from sheets_crm.operations.probes.cells import at, plain, read_one

STRICT: Final = 7191
COLOURED: Final = 7194

VALIDATIONS: Final[tuple[tuple[str, list[str]], ...]] = (
    ("BOOLEAN", []),
    ("ONE_OF_LIST", ["uno", "dos"]),
    ("NUMBER_GREATER", ["1,5"]),
    ("DATE_IS_VALID", []),
    ("TEXT_IS_EMAIL", []),
)

CONDITIONS: Final[tuple[tuple[str, list[str]], ...]] = (
    ("CUSTOM_FORMULA", ["=$A1>1,5"]),
    ("NUMBER_GREATER", ["1,5"]),
    ("NUMBER_BETWEEN", ["1", "=A1+2"]),
    ("TEXT_CONTAINS", ["a"]),
    ("TEXT_EQ", ["ana"]),
    ("BLANK", []),
    ("DATE_BEFORE", ["03/04/2026"]),
)


def condition(kind: str, given: list[str]) -> JsonObject:
    """A BooleanCondition."""
    return {"type": kind} | ({"values": [{"userEnteredValue": text} for text in given]} if given else {})


def _strict(client: RawClient) -> Outcome:
    """A text that no rule allows, written by each way into a row of its own."""
    rules: list[Request] = [
        {
            "setDataValidation": {
                "range": block(0, n, 4, tab=STRICT),
                "rule": {"condition": condition(kind, given), "strict": True},
            }
        }
        for n, (kind, given) in enumerate(VALIDATIONS)
    ]
    wrong = [["nada"] * len(VALIDATIONS)]
    outcome = {"setDataValidation": refused(write(client, tab(STRICT, "Strict", 4, len(VALIDATIONS)), *rules))}
    outcome["updateCells"] = refused(write(client, put(STRICT, 0, 0, wrong)))
    outcome["USER_ENTERED"] = refused(enter(client, "Strict!A2", wrong))
    outcome["RAW"] = refused(enter(client, "Strict!A3", wrong, "RAW"))
    rows = read_one(client, "Strict!A1:E3", "effectiveValue,dataValidation")
    for row, name in enumerate(("updateCells", "USER_ENTERED", "RAW")):
        cells = [at(rows, row, place) for place in range(len(VALIDATIONS))]
        outcome[f"{name}: the cells"] = " ".join(plain(item.get("effectiveValue", {})) for item in cells)
    return outcome


def _coloured(client: RawClient) -> Outcome:
    """Rules for conditional formats, one for each column, and what is read back of each."""
    red = {"backgroundColor": {"red": 1}}
    rules: list[Any] = [
        {
            "ranges": [block(0, n, 3, tab=COLOURED)],
            "booleanRule": {"condition": condition(kind, given), "format": red},
        }
        for n, (kind, given) in enumerate(CONDITIONS)
    ]
    points = {
        "minpoint": {"type": "MIN", "color": {"red": 1}},
        "maxpoint": {"type": "NUMBER", "value": "2,5", "color": {"green": 1}},
    }
    rules.append({"ranges": [block(0, len(CONDITIONS), 3, tab=COLOURED)], "gradientRule": points})
    width = len(rules)
    added = [{"addConditionalFormatRule": {"rule": rule, "index": n}} for n, rule in enumerate(rules)]
    cells = put(COLOURED, 0, 0, [[2, 2, 2, "casa", "Ana", None, cell(46000, kind="DATE"), 1], [1] * width])
    answer = write(client, tab(COLOURED, "Coloured", 4, width), cells, *added)
    if answer[0] != 200:
        return refused(answer)
    mask = "sheets(conditionalFormats,data(rowData(values(effectiveFormat(backgroundColor)))))"
    _, body = client.get("", {"ranges": "Coloured!A1:H1", "fields": mask})
    sheet = body["sheets"][0]
    names = [*(kind for kind, _ in CONDITIONS), "gradient"]
    kept = {name: _rule_words(rule) for name, rule in zip(names, sheet["conditionalFormats"], strict=True)}
    looks = sheet["data"][0].get("rowData", [{}])[0].get("values", [])
    shown = {f"{name} in its cell": _colour(item) for name, item in zip(names, looks, strict=False)}
    return kept | shown


def _rule_words(rule: JsonObject) -> str:
    told = {name: part for name, part in rule.items() if name != "ranges"}
    return json.dumps(told, sort_keys=True, ensure_ascii=False)


def _colour(item: JsonObject) -> str:
    return json.dumps(item.get("effectiveFormat", {}).get("backgroundColor", {}), sort_keys=True)


PROBES: Final = (
    Probe("strict validation against every way of writing", "ticks in words, operators' own lists", _strict),
    Probe("conditional formats read back in es_ES", "rules are compared before they are written", _coloured),
)
