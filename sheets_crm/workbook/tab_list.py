"""Control's list of the tabs: a row for each, by group, with a link to the tab and a tick that shows or hides it.

The tick is the operators' cell, the word beside it the worker's record of whether the tab was visible when it last
looked. So a run tells what an operator asks for (tick and record differ) from what somebody did by hand (the tab and
the record differ), and System's signal needs no more than this list.

Each group is folded away, and opens by a tick of the same kind: Control is protected, and Sheets may keep those who may
not edit a row from opening its group with the + beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sheets_crm.messages import LANGUAGES, localize
from sheets_crm.pipeline.ticks import is_tick
from sheets_crm.workbook.cells import Cell, CellIn, Formula, quoted
from sheets_crm.workbook.declaration import Group, TabSpec
from sheets_crm.workbook.info import RowGroup, TabInfo
from sheets_crm.workbook.tabs import CONTROL

LINK, SHOW, STATE = 0, 1, 2
"""Columns of a tab's row: the link, the operators' tick, the worker's record."""
ROW: Final = "tab."
"""Beginning of the id of a tab's row; the tab's key follows."""
HEADING: Final = "tabs"
SPACE: Final = "tabs.space"
GROUP: Final = "tabs."
"""Beginning of the id of a group's row; the group follows."""
VISIBLE: Final = "visible"
"""The record of a visible tab, in both languages, so that the signal's formula is one."""

OPEN, FOLDED = "▾", "▸"
"""The records of a group, in both languages."""
STATES: Final = frozenset({VISIBLE, *(localize("control.tab_hidden", language) for language in LANGUAGES)})
"""Every record, in both languages."""

GROUP_COLOURS: Final = {
    Group.TODAY: 0xD93025,
    Group.PROSPECTING: 0x1967D2,
    Group.OUTREACH: 0x8E24AA,
    Group.SALES: 0x188038,
    Group.SETUP: 0x5F6368,
}
"""Colour of a module's new tabs, 0xRRGGBB; the core's tabs have colours of their own."""


@dataclass(frozen=True, slots=True)
class ListedTab:
    """A tab that Control lists.

    Attributes:
        key: Its role.
        sheet_id: Its id, which the link names.
        title: Its displayed name.
        group: The group that it stands under.
        shown: Whether it is visible.
    """

    key: str
    sheet_id: int
    title: str
    group: Group
    shown: bool


def is_listed(spec: TabSpec) -> bool:
    """Whether Control lists a tab: one with a group, Control itself apart, which has to stay visible."""
    return spec.group is not None and spec.key != CONTROL


def by_group(tabs: Iterable[ListedTab]) -> dict[Group, list[ListedTab]]:
    """The tabs of each group that has any, in the order of the groups and of the declarations."""
    grouped: dict[Group, list[ListedTab]] = {group: [] for group in Group}
    for tab in tabs:
        grouped[tab.group].append(tab)
    return {group: of_group for group, of_group in grouped.items() if of_group}


def link(sheet_id: int, title: str) -> Formula:
    """The formula that shows a tab's title and leads to the tab."""
    label = title.replace('"', '""')
    return Formula(f'=HYPERLINK("#gid={sheet_id}";"{label}")', title)


def state(language: str, *, shown: bool) -> str:
    """The record of a visible or hidden tab."""
    return VISIBLE if shown else localize("control.tab_hidden", language)


def signal(control_title: str) -> str:
    """The formula that is 0 as long as every tick of the list agrees with its record.

    Each row that differs counts with its number, so that the sum also changes when one tick is exchanged for another
    between two polls.
    """
    ids, ticks, records = (f"{quoted(control_title)}!${letter}$1:${letter}" for letter in "HBC")
    listed = f'((LEFT({ids};4)="{ROW}")+(LEFT({ids};5)="{GROUP}"))'
    ticked = f'({ticks}<>FALSE)*({ticks}<>"")'
    recorded = f'({records}="{VISIBLE}")-({records}="{OPEN}")'
    return f"=SUMPRODUCT({listed}*ABS({ticked}-{recorded})*ROW({ids}))"


@dataclass(frozen=True, slots=True)
class TabAnswer:
    """What a run does about one row of the list.

    Attributes:
        tab: The tab as it is.
        shown: Whether it is visible after the run.
        cells: The cells of its row that change, by column.
    """

    tab: TabInfo
    shown: bool
    cells: Mapping[int, CellIn]

    @property
    def changes_tab(self) -> bool:
        """Whether the tab is shown or hidden."""
        return self.tab.hidden is self.shown


def answers(
    tabs: Mapping[str, TabInfo],
    rows: Mapping[str, Sequence[Cell]],
    language: str,
    opened: frozenset[str] = frozenset(),
    closed: frozenset[str] = frozenset(),
) -> list[TabAnswer]:
    """What a run does about every row of the list of which something has to change.

    A tick that differs from its record was changed by an operator since the worker last looked, and wins. Else the
    tick follows the tab, which somebody may have hidden or shown by hand.

    Args:
        tabs: The tabs as they are, by key.
        rows: Control's rows of the list, by key of the tab; those of tabs that are not there are left alone.
        language: The workbook's language.
        opened: Keys of tabs that have to be visible whatever is ticked.
        closed: Keys of tabs that the worker hides, unless an operator has just ticked one.
    """
    given = (
        _answer(tabs[key], row, language, forced=key in opened, hides=key in closed)
        for key, row in rows.items()
        if key in tabs
    )
    return [answer for answer in given if answer.changes_tab or answer.cells]


def _answer(tab: TabInfo, row: Sequence[Cell], language: str, *, forced: bool, hides: bool = False) -> TabAnswer:
    title, tick, record = (row[column] if column < len(row) else "" for column in (LINK, SHOW, STATE))
    visible = not tab.hidden
    recorded = record == VISIBLE if record in STATES else visible
    shown = forced or _decided(tick, recorded=recorded, actual=visible and not hides)
    cells = _differing(row, {SHOW: shown, STATE: state(language, shown=shown)})
    if title != tab.title:
        cells[LINK] = link(tab.sheet_id, tab.title)
    return TabAnswer(tab, shown, cells)


def _decided(tick: Cell, *, recorded: bool, actual: bool) -> bool:
    """What stands after a run: a tick that an operator changed wins, else the list follows what was done by hand."""
    ticked = is_tick(tick)
    return ticked if ticked != recorded else actual


def _differing(row: Sequence[Cell], wanted: Mapping[int, CellIn]) -> dict[int, CellIn]:
    """The wanted cells of a row that it does not hold; TRUE is not 1."""
    cells = {column: row[column] if column < len(row) else "" for column in wanted}
    return {n: value for n, value in wanted.items() if (type(cells[n]), cells[n]) != (type(value), value)}


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """What a run does about the row of one group.

    Attributes:
        row_id: The id of its row.
        opened: Whether it is open after the run.
        cells: The cells of its row that change, by column.
        span: Rows [start, end) to fold or unfold; None when they are as they should be, or in no group.
    """

    row_id: str
    opened: bool
    cells: Mapping[int, CellIn]
    span: tuple[int, int] | None


def group_answers(
    cells: Sequence[Sequence[Cell]], places: Mapping[str, int], groups: Iterable[RowGroup]
) -> list[GroupAnswer]:
    """What a run does about every group of the list of which something has to change.

    Args:
        cells: Control's cells from A1.
        places: The 0-based grid row of each id of Control.
        groups: The groups of rows of Control.
    """
    spans = {group.start: group for group in groups if group.depth == 1}
    headings = {name: n for name, n in places.items() if name.startswith(GROUP) and name != SPACE}
    given = (_group_answer(name, cells[n], spans.get(n + 1)) for name, n in headings.items())
    return [answer for answer in given if answer.cells or answer.span]


def _group_answer(row_id: str, row: Sequence[Cell], group: RowGroup | None) -> GroupAnswer:
    tick, record = (row[column] if column < len(row) else "" for column in (SHOW, STATE))
    actual = not group.collapsed if group else record == OPEN
    opened = _decided(tick, recorded=record == OPEN, actual=actual)
    span = (group.start, group.end) if group and opened is not actual else None
    return GroupAnswer(row_id, opened, _differing(row, {SHOW: opened, STATE: OPEN if opened else FOLDED}), span)


def leave_none_visible(tabs: Iterable[TabInfo], given: Sequence[TabAnswer]) -> bool:
    """Whether no tab would be visible after the answers, which Sheets refuses."""
    after = {answer.tab.sheet_id: answer.shown for answer in given}
    return not any(after.get(tab.sheet_id, not tab.hidden) for tab in tabs)


def rows_read(cells: Sequence[Sequence[Cell]], places: Mapping[str, int]) -> dict[str, list[Cell]]:
    """The rows of the list as read, by key of the tab.

    Args:
        cells: Control's cells from A1.
        places: The 0-based grid row of each id of Control.
    """
    return {name.removeprefix(ROW): list(cells[n]) for name, n in places.items() if name.startswith(ROW)}


def of_specs(
    specs: Iterable[TabSpec], ids: Mapping[str, int], titles: Mapping[str, str], shown: Mapping[str, bool]
) -> Iterator[ListedTab]:
    """Yield the listed tabs among declared ones.

    Args:
        specs: The declarations, in order.
        ids: Id of each tab that exists or is going to, by key; others are left out.
        titles: Titles by key.
        shown: Whether each is visible, by key.
    """
    for spec in specs:
        if is_listed(spec) and spec.key in ids and spec.group is not None:
            yield ListedTab(spec.key, ids[spec.key], titles[spec.key], spec.group, shown[spec.key])
