"""The order of a set-up: refuse, add tabs, mark and fill them, format and protect them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sheets_crm.errors import SheetError, refusal_of
from sheets_crm.messages import said
from sheets_crm.workbook import requests
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import TabSpec
from sheets_crm.workbook.import_marks import ImportMark
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.setup import (
    control_tab,
    dashboard_tab,
    grids,
    import_tabs,
    profile_tab,
    protections,
    system_tab,
    tab_list_rows,
    tables,
    versions_tab,
)
from sheets_crm.workbook.setup.layout import Existing, Layout, Setup
from sheets_crm.workbook.tabs import (
    CONTROL,
    DASHBOARD,
    INBOX,
    LEAD_PROFILE,
    MASTER,
    REJECTED,
    SYSTEM,
    VERSIONS,
    is_left_out,
    step_of,
)

CONTENT: Final[dict[str, Callable[[Layout], list[Request]]]] = {
    CONTROL: control_tab.content,
    DASHBOARD: dashboard_tab.content,
    VERSIONS: versions_tab.content,
    LEAD_PROFILE: profile_tab.content,
    SYSTEM: system_tab.content,
    INBOX: import_tabs.inbox,
    REJECTED: import_tabs.rejected,
}
"""Content of the tabs that are not tables."""


@dataclass(frozen=True, slots=True)
class SetupPlan:
    """The plan of one set-up.

    Attributes:
        requests: Its requests.
        created: Titles of the new tabs.
        repaired: Titles of the repaired tabs.
        ids: Id of each row of Control, by 0-based grid row.
        control: Cells that it writes on Control: id of the row, 0-based column, value.
        laid_out: Whether rows of Control move.
    """

    requests: tuple[Request, ...]
    created: tuple[str, ...]
    repaired: tuple[str, ...]
    ids: Mapping[int, str] = field(default_factory=dict)
    control: tuple[tuple[str, int, Cell], ...] = ()
    laid_out: bool = False


def plan_setup(existing: Existing, setup: Setup, new_ids: Iterator[int]) -> SetupPlan:
    """Plan the set-up that gives a workbook its full set of tabs.

    Args:
        existing: The workbook as read.
        setup: The settings.
        new_ids: Ids for new tabs; those in use are skipped.

    Raises:
        SheetError: A title is taken by a tab that is not the worker's, or headers moved beyond repair.
        RefusedPlan: The Master is missing although the workbook had leads.
    """
    layout = tab_list_rows.with_room(Layout.of(existing, setup, new_ids))
    _refuse_lost_master(layout)
    _refuse_taken_titles(layout)
    _refuse_taken_headers(layout)
    writes = [grids.add_tab(layout, spec, index) for spec, index in _places(layout)]
    writes += grids.rows_below_headers(layout)
    writes += tab_list_rows.requests_before(layout)
    writes += dashboard_tab.requests_before(layout)
    for spec in layout.specs:
        writes += _mark(layout, spec)
        writes += _content(layout, spec)
    for spec in layout.specs:
        writes += grids.formatting(layout, spec) if _missing(layout, spec) else []
        writes += protections.protected(layout, spec)
    writes += _module_tabs(layout)
    writes += _shown(layout)
    writes += tab_list_rows.folded(layout)
    for migration in existing.waiting:
        writes += migration.requests(layout) if migration.requests is not None else ()
    writes += [requests.remove_tab(number) for number in sorted(existing.blank)]
    created = tuple(spec.title for spec in layout.specs if _missing(layout, spec))
    return SetupPlan(
        tuple(writes),
        created,
        tuple(_repaired(layout)),
        control_tab.ids(layout),
        control_tab.written(layout),
        control_tab.unmoved_rows(layout) != control_tab.ids(layout),
    )


def _missing(layout: Layout, spec: TabSpec) -> bool:
    return layout.tabs[spec.key] is None


def _places(layout: Layout) -> Iterator[tuple[TabSpec, int]]:
    """The new tabs with their positions: each right of the tab declared before it, wherever people moved that one."""
    tabs = sorted(layout.existing.info.tabs, key=lambda tab: tab.index)
    order = [tab.sheet_id for tab in tabs]
    # Tabs are added one after the other, so each position counts the tabs that were inserted before.
    position = 0
    for spec in layout.specs:
        number = layout.ids[spec.key]
        if _missing(layout, spec):
            order.insert(position, number)
            yield spec, position
        position = order.index(number) + 1


def _module_tabs(layout: Layout) -> Iterator[Request]:
    """The requests that hide the tabs of modules that were switched off, and show those of modules that are on again.

    A module that is off is not imported, so its tabs are known by being nobody's: marked, and declared no more.
    """
    before, on = layout.existing.modules, {name for name, _ in layout.schema.of_modules}
    if before == on:
        return
    declared = {spec.key: spec for spec in layout.specs}
    for tab in layout.existing.info.tabs:
        if tab.mark is None or ImportMark.parse(tab.mark) is not None or step_of(tab.mark):
            continue
        spec = declared.get(tab.mark)
        if spec is None and not tab.hidden:
            yield requests.tab_properties(tab.sheet_id, hidden=True)
        elif spec is not None and spec.module in on - before and tab.hidden and not spec.rare:
            yield requests.tab_properties(tab.sheet_id, hidden=False)


def _shown(layout: Layout) -> Iterator[Request]:
    """The requests that hide the tabs of steps that are no longer in use, and show those of steps that are again."""
    if not layout.other_steps:
        return
    for tab in layout.existing.info.tabs:
        if tab.mark is None:
            continue
        hidden = is_left_out(tab.mark, layout.schema)
        if hidden != layout.existing.was_out_of_use(tab.mark) and hidden != tab.hidden:
            yield requests.tab_properties(tab.sheet_id, hidden=hidden)


def _mark(layout: Layout, spec: TabSpec) -> list[Request]:
    return [requests.mark(layout.ids[spec.key], spec.key)] if _missing(layout, spec) else []


def _content(layout: Layout, spec: TabSpec) -> list[Request]:
    write = CONTENT.get(spec.key)
    return tables.content(layout, spec) if write is None else write(layout)


def _repaired(layout: Layout) -> Iterator[str]:
    """Titles of the tabs that lost a header, then of those that lost their protection."""
    for spec in layout.specs:
        if spec.key in CONTENT or _missing(layout, spec):
            continue
        if spec.key in layout.rebuilt or not tables.headers_complete(layout, spec):
            yield layout.where.titles[spec.key]
    for spec in layout.specs:
        if not _missing(layout, spec) and protections.is_unprotected(layout, spec):
            yield layout.where.titles[spec.key]


def _refuse_lost_master(layout: Layout) -> None:
    had_leads = layout.tabs[SYSTEM] is not None and layout.setup.stored.get("leads_known")
    if layout.tabs[MASTER] is None and had_leads:
        raise refusal_of("master_missing", where="Master")


def _refuse_taken_headers(layout: Layout) -> None:
    """Stop when operators' own columns have the headers of hidden columns that a migration is going to add.

    Raises:
        SheetError: Names the tab and the headers.
    """
    if not layout.existing.system:
        return  # no record tells whether they were added before
    for spec in (spec for spec in layout.specs if spec.classic):
        added = {header for migration in layout.existing.waiting for header in migration.adds(spec.key)}
        row = {str(cell).strip() for cell in layout.existing.headers.get(spec.key, ())}
        taken = [
            " / ".join(dict.fromkeys((column.header, column.name("es"))))
            for column in spec.columns
            if column.hidden and column.header in added & row
        ]
        if taken:
            raise SheetError(
                said("headers_taken", tab=layout.where.titles[spec.key], headers=taken),
                where=f"{layout.where.titles[spec.key]}!1:1",
                remedy=said("headers_taken.remedy"),
                state=said("unchanged"),
            )


def _refuse_taken_titles(layout: Layout) -> None:
    """Refuse when a new tab would have the title of a tab that is not the worker's."""
    own = {tab.title for tab in layout.tabs.values() if tab}
    others = {
        tab.title
        for tab in layout.existing.info.tabs
        if tab.sheet_id not in layout.existing.blank and tab.title not in own
    }
    for spec in layout.specs:
        if _missing(layout, spec) and spec.title in others:
            raise SheetError(
                said("title_taken", tab=spec.title),
                where=spec.title,
                remedy=said("title_taken.remedy"),
                state=said("unchanged"),
            )
