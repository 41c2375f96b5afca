"""Rows of the mirrors of two-way tables, made of their cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from sheets_crm.features import do_not_contact_rows
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.store.moments import moment_in_utc
from sheets_crm.workbook.cells import Cell, zone_of
from sheets_crm.workbook.declaration import TabSpec


@dataclass(frozen=True, slots=True)
class Mirrored:
    """How a two-way table stands in the store.

    Attributes:
        table: Name of the store's table.
        spec: The declaration of the tab.
        columns: The store's column of each header.
    """

    table: str
    spec: TabSpec
    columns: Mapping[str, str]


_NAMED: Final = ("entry", "reason", "lifted", "lift_reason", "source", "since")
MIRRORED: Final[Mapping[str, Mirrored]] = MappingProxyType(
    {
        do_not_contact_rows.DO_NOT_CONTACT: Mirrored(
            "suppressions",
            do_not_contact_rows.SPEC,
            {
                **{name: name for name in _NAMED},
                do_not_contact_rows.FORM: "normal_form",
                do_not_contact_rows.LIFTED_AT: "lifted_at",
            },
        )
    }
)
"""The two-way tables that the store mirrors, by key of the tab."""


def row_of(mirrored: Mirrored, cells: Mapping[str, Cell], time_zone: str) -> dict[str, Any]:
    """The row of a tab's row: its cells by the store's column; a blank one, and one of another kind, is NULL.

    Args:
        mirrored: How the table stands in the store.
        cells: The cells by header.
        time_zone: The workbook's, in which its moments are.
    """
    zone = zone_of(time_zone)
    return {
        column: _value(mirrored.spec.column(header).kind, cells.get(header, ""), zone)
        for header, column in mirrored.columns.items()
    }


def _value(kind: Kind, cell: Cell, zone: ZoneInfo) -> Any:
    if kind is Kind.FLAG:
        return cell if isinstance(cell, bool) else False if cell == "" else None
    if kind is Kind.WHEN:
        return moment_in_utc(cell, zone)
    return shown(cell).replace("\0", "") or None  # PostgreSQL refuses NUL
