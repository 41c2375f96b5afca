"""A workbook without its cells, as values: its tabs, the worker's marks on them, the guard's stamps.

Google's nouns: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sheets_crm.pipeline.columns import Cell

Rows = list[list[Cell]]
"""The rows of one range, as they come: trailing empty cells and trailing empty rows are left out."""

Columns = list[list[Cell]]
"""The same, column by column."""

JsonObject = dict[str, Any]

MARK_KEY = "sheets_crm.tab"
"""Key of the developer metadata, anchored to a tab, by which the worker knows its tabs again."""

GUARD_KEY = "sheets_crm.guard"
"""Key of the developer metadata, anchored to the spreadsheet, that each guarded write leaves behind."""

GUARD_BASE = 1_200_000_000
"""A stamp with sequence n has the metadata id GUARD_BASE + n (positive int32)."""


def mark_value(name: str, sheet_id: int) -> str:
    """Give the value of a tab's mark: its role and its own id, so that a duplicate of it is not taken for it.

    Args:
        name: What the tab is to the product, such as ``master``; free of ``@``.
        sheet_id: The id of the tab that the mark is anchored to.
    """
    return f"{name}@{sheet_id}"


def mark_name(value: str, sheet_id: int) -> str | None:
    """Read a mark back: the tab's role, or None when it was made for another tab (this one is a duplicate)."""
    name, _, owner = value.rpartition("@")
    return name if name and owner == str(sheet_id) else None


@dataclass(frozen=True, slots=True)
class ProtectionInfo:
    """One protected range of a tab.

    Attributes:
        protection_id: Google's protectedRangeId.
        range: The GridRange as it came; only ``sheetId`` (or nothing, for tab 0) when the whole tab is protected.
        unprotected: GridRanges left open inside a protection of the whole tab.
        description: The text shown beside it.
        editors: E-mail addresses of the users who may edit; empty when Google does not show them to us.
        warning_only: Whether it only warns.
        can_edit: Whether the account that asked may edit inside it.
    """

    protection_id: int
    range: JsonObject
    unprotected: tuple[JsonObject, ...] = ()
    description: str = ""
    editors: tuple[str, ...] = ()
    warning_only: bool = False
    can_edit: bool = True


@dataclass(frozen=True, slots=True)
class TabInfo:
    """One tab of the workbook, without its cells.

    Attributes:
        sheet_id: The tab's id, which renaming and moving leave alone.
        title: Its name as shown.
        index: Its place from the left, from 0.
        hidden: Whether it is hidden.
        rows: Rows of the grid, used or not; 0 for a chart on a tab of its own.
        columns: Columns of the grid, used or not.
        frozen_rows: Rows kept in view at the top.
        frozen_columns: Columns kept in view at the left.
        mark: The role in the tab's mark when that mark names this very tab, else None.
        mark_id: Metadata id of that mark.
        stale_marks: Metadata ids of marks made for another tab, which a duplicate brought with it.
        protected: Its protections.
        conditional_formats: How many conditional format rules it has (they are addressed by index).
        filter_views: Filter views as (id, title).
        banded: Ids of banded ranges.
        charts: Charts as (id, title).
        basic_filter: Whether a basic filter is on.
    """

    sheet_id: int
    title: str
    index: int
    hidden: bool
    rows: int
    columns: int
    frozen_rows: int = 0
    frozen_columns: int = 0
    mark: str | None = None
    mark_id: int | None = None
    stale_marks: tuple[int, ...] = ()
    protected: tuple[ProtectionInfo, ...] = ()
    conditional_formats: int = 0
    filter_views: tuple[tuple[int, str], ...] = ()
    banded: tuple[int, ...] = ()
    charts: tuple[tuple[int, str], ...] = ()
    basic_filter: bool = False

    @property
    def cells(self) -> int:
        """Count the cells that this tab's grid takes from the 10 million of a workbook."""
        return self.rows * self.columns


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one guarded write left behind in the workbook.

    Attributes:
        metadata_id: Its developer metadata id.
        sequence: The number this write took; every number is taken at most once.
        at: When its request was made, in seconds since 1970 by the writer's clock; 0 when unreadable.
        token: Who made it: the token that was given to `Gateway.apply`.
    """

    metadata_id: int
    sequence: int
    at: float
    token: str


@dataclass(frozen=True, slots=True)
class NamedRange:
    """A named range of the workbook: its id, its name and the GridRange as it came."""

    named_range_id: str
    name: str
    range: JsonObject


@dataclass(frozen=True, slots=True)
class WorkbookInfo:
    """A workbook without its cells: what one ``spreadsheets.get`` with a field mask answers.

    Attributes:
        spreadsheet_id: Google's id of the file.
        title: Its name.
        locale: Such as ``es_ES``.
        time_zone: An IANA name such as ``Europe/Madrid``.
        tabs: Its tabs from left to right.
        stamps: The guard's stamps, oldest first.
        other_metadata: Developer metadata of the spreadsheet itself that are not stamps, as they came.
        named_ranges: Its named ranges.
    """

    spreadsheet_id: str
    title: str
    locale: str
    time_zone: str
    tabs: tuple[TabInfo, ...]
    stamps: tuple[Stamp, ...] = ()
    other_metadata: tuple[JsonObject, ...] = ()
    named_ranges: tuple[NamedRange, ...] = ()

    @property
    def sequence(self) -> int:
        """Give the highest number a guarded write has taken; 0 when there was none."""
        return max((stamp.sequence for stamp in self.stamps), default=0)

    @property
    def cells(self) -> int:
        """Count the cells of all grids; Google allows `CELLS_LIMIT`."""
        return sum(tab.cells for tab in self.tabs)
