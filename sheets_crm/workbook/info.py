"""A workbook without its cells, as values: its tabs, the worker's marks on them, the guard's stamps.

Google's nouns: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sheets_crm.pipeline.columns import Cell

Rows = list[list[Cell]]
"""The rows of one range, as received: trailing empty cells and trailing empty rows are left out."""

Columns = list[list[Cell]]
"""The same, column by column."""

JsonObject = dict[str, Any]

MARK_KEY = "sheets_crm.tab"
"""Key of the developer metadata, anchored to a tab, by which the worker recognises its tabs."""

GUARD_KEY = "sheets_crm.guard"
"""Key of the developer metadata, anchored to the spreadsheet, that each guarded write leaves behind."""

GUARD_BASE = 1_200_000_000
"""A stamp with sequence n has the metadata id GUARD_BASE + n (positive int32)."""


def mark_value(name: str, sheet_id: int) -> str:
    """The value of a tab's mark: its role and the tab's id, so that a duplicated tab is not taken for the original.

    Args:
        name: Role of the tab, such as ``master``; contains no ``@``.
        sheet_id: Id of the tab that the mark is anchored to.
    """
    return f"{name}@{sheet_id}"


def mark_name(value: str, sheet_id: int) -> str | None:
    """The role in a mark's value; None when it was made for another tab, of which this one is a duplicate."""
    name, _, owner = value.rpartition("@")
    return name if name and owner == str(sheet_id) else None


@dataclass(frozen=True, slots=True)
class ProtectionInfo:
    """One protected range of a tab.

    Attributes:
        protection_id: Google's protectedRangeId.
        range: The GridRange as received; only ``sheetId`` (or nothing, for tab 0) when the whole tab is protected.
        unprotected: GridRanges left open inside a protection of the whole tab.
        description: The text shown beside it.
        editors: E-mail addresses of the users who may edit; empty when Google does not show them to this account.
        warning_only: Whether it only warns.
        can_edit: Whether this account may edit inside it.
    """

    protection_id: int
    range: JsonObject
    unprotected: tuple[JsonObject, ...] = ()
    description: str = ""
    editors: tuple[str, ...] = ()
    warning_only: bool = False
    can_edit: bool = True


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A group of rows [start, end), from 0, that folds away; an outermost one has depth 1."""

    start: int
    end: int
    depth: int = 1
    collapsed: bool = False


@dataclass(frozen=True, slots=True)
class TabInfo:
    """One tab of the workbook, without its cells.

    Attributes:
        sheet_id: The tab's id, which stays when the tab is renamed or moved.
        title: Its displayed name.
        index: Its position from the left, from 0.
        hidden: Whether it is hidden.
        rows: Rows of the grid, used or not; 0 for a tab that is a chart.
        columns: Columns of the grid, used or not.
        frozen_rows: Rows kept in view at the top.
        frozen_columns: Columns kept in view at the left.
        mark: The role in the tab's mark, when the mark names this tab; else None.
        mark_id: Metadata id of that mark.
        stale_marks: Metadata ids of marks made for another tab, copied when that tab was duplicated.
        protected: Its protections.
        conditional_formats: Number of conditional format rules (they are addressed by index).
        filter_views: Filter views as (id, title).
        banded: Ids of banded ranges.
        charts: Charts as (id, title).
        basic_filter: Whether a basic filter is on.
        row_groups: Groups of rows that fold away.
        highlighted: The GridRanges of each conditional format rule, in the order of the rules.
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
    row_groups: tuple[RowGroup, ...] = ()
    highlighted: tuple[tuple[JsonObject, ...], ...] = ()

    @property
    def closed(self) -> bool:
        """Whether a protection keeps this account out of some of its cells."""
        return any(not item.can_edit and not item.warning_only for item in self.protected)

    @property
    def cells(self) -> int:
        """Cells of this tab's grid, used or not; they count towards a workbook's 10 million."""
        return self.rows * self.columns


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamp of one guarded write.

    Attributes:
        metadata_id: Its developer metadata id.
        sequence: The number that this write took; every number is taken at most once.
        at: Time of its request, in seconds since 1970 by the writer's clock; 0 when unreadable.
        token: The writer's token, given to `Gateway.apply`.
    """

    metadata_id: int
    sequence: int
    at: float
    token: str


@dataclass(frozen=True, slots=True)
class NamedRange:
    """A named range of the workbook: its id, its name and the GridRange as received."""

    named_range_id: str
    name: str
    range: JsonObject


@dataclass(frozen=True, slots=True)
class WorkbookInfo:
    """A workbook without its cells, from one ``spreadsheets.get`` with a field mask.

    Attributes:
        spreadsheet_id: Google's id of the file.
        title: Its name.
        locale: Such as ``es_ES``.
        time_zone: An IANA name such as ``Europe/Madrid``.
        tabs: Its tabs from left to right.
        stamps: The guard's stamps, oldest first.
        other_metadata: Developer metadata of the spreadsheet itself that are not stamps, as received.
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
        """The highest number that a guarded write has taken; 0 before the first."""
        return max((stamp.sequence for stamp in self.stamps), default=0)

    @property
    def cells(self) -> int:
        """Cells of all grids; Google allows `CELLS_LIMIT`."""
        return sum(tab.cells for tab in self.tabs)
