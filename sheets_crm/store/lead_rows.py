"""Rows of the table `leads`, made of the leads frame."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
import pandas as pd

from sheets_crm.pipeline.columns import LEAD_NUMBER, Cell, Kind
from sheets_crm.store.lead_columns import BY_HEADER, COLUMNS
from sheets_crm.store.moments import moment_in_utc
from sheets_crm.store.schema import HEAD
from sheets_crm.workbook.cells import zone_of

_BY_HEADER: Final = {header: (name, COLUMNS[name]) for header, name in BY_HEADER.items()}
_BLANK: Final[dict[str, Any]] = {**dict.fromkeys(COLUMNS), "other_cells": None}


def rows_of(leads: pd.DataFrame, workbook: str, time_zone: str) -> Iterator[dict[str, Any]]:
    """Yield the row of each lead.

    Args:
        leads: The leads.
        workbook: Id of the spreadsheet.
        time_zone: The workbook's, in which its moments are.
    """
    zone, headers = zone_of(time_zone), _headers(leads)
    for (number, digest), cells in zip(digests(leads, time_zone).items(), _lines(leads, headers), strict=True):
        key = {"workbook": workbook, "lead_number": number, "digest": digest}
        yield {**key, **_row(dict(zip(headers, cells, strict=True)), zone)}


def digests(leads: pd.DataFrame, time_zone: str) -> dict[int, int]:
    """A number for all cells of a lead, by LeadNumber: as long as it is the same, so is the row."""
    headers = _headers(leads)
    # What else the row depends on: where its cells stand, its moments' zone, the table's columns.
    common = hashlib.blake2b(orjson.dumps([headers, time_zone, HEAD]), digest_size=8)
    return {
        int(number): _digest(common.copy(), cells)
        for number, cells in zip(leads.index, _lines(leads, headers), strict=True)
    }


def _digest(common: hashlib.blake2b, cells: tuple[Cell, ...]) -> int:
    common.update(orjson.dumps(cells, option=orjson.OPT_SERIALIZE_NUMPY))
    return int.from_bytes(common.digest(), signed=True)


def _headers(leads: pd.DataFrame) -> list[str]:
    return [str(name) for name in leads.columns if name != LEAD_NUMBER]


def _lines(leads: pd.DataFrame, headers: list[str]) -> Iterator[tuple[Cell, ...]]:
    columns = [leads[name].tolist() for name in headers]
    return zip(*columns, strict=True) if columns else iter([()] * len(leads))


def _row(cells: Mapping[str, Cell], zone: ZoneInfo) -> dict[str, Any]:
    """The row of a lead: its cells by column; the others, and those of another kind, as JSON by header."""
    row, other = dict(_BLANK), {}
    for header, cell in cells.items():
        if cell == "":
            continue
        name, kind = _BY_HEADER.get(header, ("", None))
        value = None if kind is None else _value(cell, kind, zone)
        if value is None:
            other[header] = cell
        else:
            row[name] = value
    if other:
        row["other_cells"] = orjson.dumps(other, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return row


def _value(cell: Cell, kind: Kind, zone: ZoneInfo) -> str | bool | dt.datetime | None:
    """A cell as its column keeps it; None for one of another kind, such as an error in a column of moments."""
    if kind is Kind.FLAG:
        return cell if isinstance(cell, bool) else None
    if kind is Kind.WHEN:
        return moment_in_utc(cell, zone)
    return cell.replace("\0", "") if isinstance(cell, str) else None  # PostgreSQL refuses NUL
