"""What ``init`` does: create every missing tab, repair those that are there, leave operators' cells alone.

The answer is a list of requests for one atomic write, so a workbook is never set up by half.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

from sheets_crm.errors import RefusedPlan, SheetError
from sheets_crm.pipeline.columns import NOTES, SEND, Kind
from sheets_crm.pipeline.drops.vocabulary import MEANINGS
from sheets_crm.pipeline.metric_list import METRICS
from sheets_crm.pipeline.steps import Schema
from sheets_crm.workbook import breakdown, charts, control, dashboard, lead_profile, requests, system
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import Cell, CellIn, Formula, grid_range
from sheets_crm.workbook.info import TabInfo, WorkbookInfo
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.tabs import (
    BOX1_HISTORY,
    CONTROL,
    DASHBOARD,
    HISTORY,
    IMPORTS,
    INBOX,
    LEAD_PROFILE,
    LOG,
    MASTER,
    REJECTED,
    STORAGE,
    SYSTEM,
    VOCABULARY,
    TabSpec,
    all_tabs,
)
from sheets_crm.workbook.words import word

INBOX_ROWS, INBOX_COLUMNS = 2000, 100
OWN_COLUMNS = 2
NOTED = frozenset({IMPORTS, BOX1_HISTORY, HISTORY, LOG, VOCABULARY})
"""Tabs whose first header says what they are for."""
METRIC_IDS = tuple(metric.id for metric in METRICS)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a workbook is set up with.

    Attributes:
        schema: Columns and steps.
        language: "es" or "en".
        parts: Batch tabs per step.
        account: The service account's address, which stays an editor of the protections.
        interval: Seconds between two looks of the scheduled worker, for Control's text.
        vocabulary: Rows of the verifier vocabulary to begin with.
        stored: Values of System's stored keys.
    """

    schema: Schema
    language: str
    parts: Mapping[str, int]
    account: str
    interval: int
    vocabulary: Sequence[Sequence[CellIn]] = ()
    stored: Mapping[str, CellIn] = field(default_factory=dict)

    @property
    def specs(self) -> tuple[TabSpec, ...]:
        """Every tab's declaration, in order."""
        return all_tabs(self.schema, METRIC_IDS, dict(self.parts))


@dataclass(frozen=True, slots=True)
class Existing:
    """What was read of a workbook before setting it up.

    Attributes:
        info: The workbook without its cells.
        headers: Row 1 of each marked table tab, by key.
        control: Control's cells from A1; empty when the tab is not there.
        blank: Ids of unmarked tabs that hold nothing.
    """

    info: WorkbookInfo
    headers: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    control: Sequence[Sequence[Cell]] = ()
    blank: frozenset[int] = frozenset()

    def tab(self, key: str) -> TabInfo | None:
        """Return the tab that bears a key's mark."""
        return next((tab for tab in self.info.tabs if tab.mark == key), None)


@dataclass(frozen=True, slots=True)
class SetupPlan:
    """The requests of one set-up, and what they make and mend."""

    requests: tuple[Request, ...]
    created: tuple[str, ...]
    repaired: tuple[str, ...]


def plan_setup(existing: Existing, setup: Setup, new_ids: Iterator[int]) -> SetupPlan:
    """Return what brings a workbook to its full set of tabs.

    Args:
        existing: What is there.
        setup: What it is set up with.
        new_ids: Unused tab ids to give to new tabs.

    Raises:
        SheetError: A title is taken by a tab that is not the worker's, or headers moved beyond repair.
        RefusedPlan: The Master is gone although the workbook had leads.
    """
    builder = _Builder(existing, setup, new_ids)
    return builder.plan()


class _Builder:
    def __init__(self, existing: Existing, setup: Setup, new_ids: Iterator[int]) -> None:
        self._existing = existing
        self._setup = setup
        self._specs = setup.specs
        taken = {tab.sheet_id for tab in existing.info.tabs}
        self._tabs = {spec.key: existing.tab(spec.key) for spec in self._specs}
        fresh = (number for number in new_ids if number not in taken)
        self._ids = {key: tab.sheet_id if tab else next(fresh) for key, tab in self._tabs.items()}
        titles = {spec.key: (self._tabs[spec.key] or spec).title for spec in self._specs}
        self._where = Addresses(titles, {spec.key: spec for spec in self._specs}, existing.headers)
        self._repaired: list[str] = []

    def plan(self) -> SetupPlan:
        self._refuse_what_cannot_be_mended()
        found: list[Request] = []
        for index, spec in enumerate(self._specs):
            if self._tabs[spec.key] is None:
                found.append(self._added(spec, index))
        for spec in self._specs:
            found += self._marked(spec)
            found += self._content(spec)
        for spec in self._specs:
            found += self._looks(spec)
            found += self._protected(spec)
        found += [requests.remove_tab(number) for number in sorted(self._existing.blank)]
        created = tuple(spec.title for spec in self._specs if self._tabs[spec.key] is None)
        return SetupPlan(tuple(found), created, tuple(self._repaired))

    def _refuse_what_cannot_be_mended(self) -> None:
        if self._tabs[MASTER] is None and self._tabs[SYSTEM] is not None and self._setup.stored.get("leads_known"):
            raise RefusedPlan(
                "The Master tab is gone although this workbook holds leads.",
                cause="master_missing",
                where="Master",
                remedy="Restore it: File › Version history › See version history, then run sheets-crm sync.",  # noqa: RUF001
                state="Nothing was changed.",
            )
        own = {tab.title for tab in self._tabs.values() if tab}
        for spec in self._specs:
            clash = next((tab for tab in self._existing.info.tabs if tab.title == spec.title), None)
            if self._tabs[spec.key] is None and clash is not None and clash.sheet_id not in self._existing.blank:
                if clash.title in own:
                    continue
                raise SheetError(
                    f"The workbook already has a tab named {spec.title} that this service did not make.",
                    where=spec.title,
                    remedy="Rename that tab, then run sheets-crm init again.",
                    state="Nothing was changed.",
                )

    # -- tabs and marks

    def _added(self, spec: TabSpec, index: int) -> Request:
        rows, columns, frozen = self._size(spec)
        grid = {
            "rowCount": rows,
            "columnCount": columns,
            "frozenRowCount": frozen,
            "frozenColumnCount": spec.frozen_columns,
        }
        if spec.free and spec.key == INBOX:
            grid.pop("frozenRowCount")
        number = self._ids[spec.key]
        return requests.add_tab(number, spec.title, index, grid, tint=spec.colour, hidden=spec.hidden)

    def _size(self, spec: TabSpec) -> tuple[int, int, int]:
        if spec.key == CONTROL:
            return len(self._control_rows()) + 2, control.WIDTH, 1
        if spec.key == DASHBOARD:
            return *self._dashboard_size(), 1
        if spec.key == SYSTEM:
            return system.GRID_ROWS, system.width(self._setup.schema), 1
        if spec.key == LEAD_PROFILE:
            return len(self._profile_rows()) + 2, 3, 2
        if spec.key == INBOX:
            return INBOX_ROWS, INBOX_COLUMNS, 0
        if spec.key == REJECTED:
            return 50, 60, 1
        if spec.key == VOCABULARY:
            return len(self._setup.vocabulary) + 20, len(spec.columns), 1
        own = OWN_COLUMNS if spec.headers[:1] == (SEND,) else 0
        return 2, len(spec.columns) + own, 1

    def _marked(self, spec: TabSpec) -> list[Request]:
        tab = self._tabs[spec.key]
        return [requests.mark(self._ids[spec.key], spec.key)] if tab is None else []

    # -- content

    def _content(self, spec: TabSpec) -> list[Request]:
        number = self._ids[spec.key]
        if spec.key == CONTROL:
            return self._control()
        if spec.key == DASHBOARD:
            return self._dashboard()
        if spec.key == LEAD_PROFILE:
            return self._profile()
        if spec.key == SYSTEM:
            return self._system()
        if spec.key == INBOX:
            return self._inbox(number)
        if spec.key == REJECTED:
            return self._rejected(number)
        return self._table(spec)

    def _table(self, spec: TabSpec) -> list[Request]:
        tab, number = self._tabs[spec.key], self._ids[spec.key]
        header = requests.header_row(number, spec.headers, self._notes(spec), spec.colour)
        if tab is None:
            body = [requests.write(number, 1, 0, self._setup.vocabulary)] if spec.key == VOCABULARY else []
            return [header, *(request for request in body if self._setup.vocabulary), *self._formats(spec)]
        if self._headers_stand(spec):
            return []
        if tab.columns < len(spec.columns):
            missing = len(spec.columns) - tab.columns
            self._repaired.append(spec.title)
            return [requests.append_columns(number, missing), header, *self._formats(spec)]
        self._repaired.append(spec.title)
        return [header, *self._formats(spec)]

    def _headers_stand(self, spec: TabSpec) -> bool:
        """Return whether all headers are there; raise when putting them back could mislabel a column."""
        there = [str(cell) for cell in self._existing.headers.get(spec.key, ())]
        if all(there.count(header) == 1 for header in spec.headers):
            return True
        moved = [name for n, name in enumerate(there) if name in spec.headers and spec.headers.index(name) != n]
        if moved:
            raise SheetError(
                f"The header row of {spec.title} lacks columns and others moved ({', '.join(moved)}).",
                where=f"{self._where.titles[spec.key]}!1:1",
                remedy="Put the columns back in order (Edit › Undo, or Version history), then run init again.",  # noqa: RUF001
                state="Nothing was changed.",
            )
        return False

    def _notes(self, spec: TabSpec) -> list[str]:
        known = {SEND: "note.send", NOTES: "note.notes", "reopen": "note.reopen"}
        known |= {name: f"note.{name}" for name in ("show", "close", "undo", "stale", "age")}
        if spec.key in NOTED:
            known[spec.headers[0]] = f"note.{spec.key}"
        if spec.key.startswith("batch."):
            known[spec.headers[0]] = "note.batch"
        if spec.key == MASTER:
            known = {"LeadNumber": "note.master"}
        language = self._setup.language
        return [word(known[name], language) if name in known else "" for name in spec.headers]

    def _formats(self, spec: TabSpec) -> list[Request]:
        number = self._ids[spec.key]
        found: list[Request] = []
        for place, column in enumerate(spec.columns):
            block = grid_range(number, 1, place, None, 1)
            if column.kind is Kind.WHEN:
                pattern = (
                    {"type": "DATE", "pattern": "yyyy-mm-dd"} if column.header == "date" else requests.DATE_TIME
                )
                found.append(requests.number_format(block, pattern))
            if spec.key == HISTORY and column.header.endswith("_ratio"):
                found.append(requests.number_format(block, {"type": "PERCENT", "pattern": "0.0%"}))
            if (column.operator or spec.key == MASTER) and column.kind is Kind.TEXT and spec.key != VOCABULARY:
                found.append(requests.number_format(block, requests.TEXT))
            if column.checkbox:
                found.append(requests.checkboxes(block))
            if spec.key == VOCABULARY and column.header == "normalised":
                found.append(requests.choices(block, MEANINGS))
            if spec.key == STORAGE and column.header == "reopen":
                found.append(requests.choices(block, ["instantly", "box1"]))
        return found

    def _control_rows(self) -> tuple[control.Row, ...]:
        setup = self._setup
        return control.rows(setup.schema, setup.language, self._where, setup.parts)

    def _control_places(self) -> dict[str, int]:
        return {row.id: n for n, row in enumerate(self._control_rows()) if row.id}

    def _control(self) -> list[Request]:
        """Write Control, carrying over what operators and the worker had put into rows that are already there.

        Operators' cells of a row that stays where it is are not written at all: somebody may be typing there.
        """
        rows, number = self._control_rows(), self._ids[CONTROL]
        before = {str(row[control.ID]): row for row in self._existing.control if len(row) > control.ID}
        stand = {n: str(row[control.ID]) for n, row in enumerate(self._existing.control) if len(row) > control.ID}
        theirs = [row.operator if row.id and stand.get(n) == row.id else () for n, row in enumerate(rows)]
        kept = {"status", "last_run_at", "heartbeat"}
        cells: list[list[CellIn]] = []
        for row in rows:
            values = list(row.cells)
            old = before.get(row.id) if row.id else None
            carried = row.operator if old is not None else ()
            for place in carried:
                values[place] = old[place] if old is not None else ""
            if old is not None and (row.id in kept or row.id.startswith("problem.")):
                values[control.VALUE] = old[control.VALUE]
            if old is not None and row.id.startswith("step."):
                values[control.SAID] = old[control.SAID]
            if row.id == "next_run":
                values[control.VALUE] = word(
                    "control.next_run.value", self._setup.language, seconds=self._setup.interval
                )
            cells.append(values)
        found = [requests.write(number, *block) for block in _blocks_around(cells, theirs)]
        return [*found, *self._control_looks(rows, number)]

    def _control_looks(self, rows: Sequence[control.Row], number: int) -> list[Request]:
        found: list[Request] = []
        for n, row in enumerate(rows):
            found += [requests.checkboxes(grid_range(number, n, place, 1, 1)) for place in row.checkboxes]
            if row.heading:
                size = 16 if row.heading == 1 else 11
                text = {"bold": True, "fontSize": size}
                look: dict[str, Any] = {"textFormat": text}
                if row.heading == 2:
                    look["backgroundColorStyle"] = {"rgbColor": requests.colour(0xE8EAED)}
                block = grid_range(number, n, 0, 1, control.ID)
                paths = "textFormat.bold,textFormat.fontSize,backgroundColorStyle"
                found.append(requests.style(block, look, paths))
            open_cells = [grid_range(number, n, place, 1, 1) for place in row.operator]
            yellow = {"backgroundColorStyle": {"rgbColor": requests.colour(0xFFF8E1)}}
            found += [requests.style(block, yellow, "backgroundColorStyle") for block in open_cells]
            if row.id in {"last_run_at", "heartbeat"}:
                found.append(requests.number_format(grid_range(number, n, 1, 1, 1), requests.DATE_TIME))
            if row.id in {"box1_version", "target_id"}:
                found.append(requests.number_format(grid_range(number, n, 1, 1, 1), requests.TEXT))
        return [
            *found,
            *self._control_choices(rows, number),
            requests.faint(grid_range(number, 0, control.ID, len(rows), 1)),
        ]

    def _control_choices(self, rows: Sequence[control.Row], number: int) -> list[Request]:
        """Return what the settings' cells accept: numbers, K from a list, versions and TargetIDs known so far."""
        language = self._setup.language
        listed = {
            "box1_version": breakdown.versions_listed(self._where),
            "target_id": breakdown.targets_listed(self._where),
        }
        found: list[Request] = []
        for n, row in enumerate(rows):
            if row.id.startswith("schedule."):
                hint = word("control.schedule.hint", language)
                found.append(requests.at_least(grid_range(number, n, control.VALUE, 1, 1), 0, hint))
            elif row.id.startswith("step."):
                hint = word("control.take.hint", language)
                found.append(requests.at_least(grid_range(number, n, control.TAKE, 1, 1), 1, hint))
                parts = [str(k) for k in range(1, control.MOST_PARTS + 1)]
                block = grid_range(number, n, control.PARTS, 1, 1)
                # The drop-down's arrow stands at the right, where numbers do.
                left = requests.style(block, {"horizontalAlignment": "LEFT"}, "horizontalAlignment")
                found += [requests.choices(block, parts), left]
            elif row.id in listed:
                found.append(requests.choices_of(grid_range(number, n, control.VALUE, 1, 1), listed[row.id]))
        return found

    def _dashboard_lines(self) -> tuple[dashboard.Line, ...]:
        rows = {key: n + 2 for n, key in enumerate(system.keys(self._setup.schema))}
        return dashboard.lines(self._setup.schema, self._setup.language, self._where, rows)

    def _dashboard_size(self) -> tuple[int, int]:
        below = breakdown.FIRST_ROW + len(breakdown.rows(self._setup.language, self._where))
        return max(len(self._dashboard_lines()), below) + 10, breakdown.FIRST_COLUMN + breakdown.WIDTH

    def _dashboard(self) -> list[Request]:
        lines, number = self._dashboard_lines(), self._ids[DASHBOARD]
        rows = {str(line.cells[-1]): n + 1 for n, line in enumerate(lines) if line.kind not in {"header", ""}}
        labels = {str(line.cells[-1]): str(line.cells[0]) for line in lines}
        funnel = charts.funnel_cells(rows, labels)
        found = [
            requests.write(number, 0, 0, [line.cells for line in lines]),
            requests.write(number, charts.FUNNEL_ROW, charts.FUNNEL_COLUMN, funnel),
        ]
        for n, line in enumerate(lines):
            found += _line_looks(number, n, line.kind)
        found.append(requests.faint(grid_range(number, 1, dashboard.WIDTH - 1, len(lines) - 1, 1)))
        found += self._breakdown(number)
        tab = self._tabs[DASHBOARD]
        if tab is None or not tab.charts:
            history = self._ids[HISTORY]
            found += charts.charts(number, history, self._where, self._setup.language, len(funnel))
        return found

    def _breakdown(self, number: int) -> list[Request]:
        """Write the block by version and by TargetID, on a grid that is large enough for it."""
        block, tab = breakdown.rows(self._setup.language, self._where), self._tabs[DASHBOARD]
        height, width = self._dashboard_size()
        grown: list[Request] = []
        if tab is not None and tab.columns < width:
            grown.append(requests.append_columns(number, width - tab.columns))
        if tab is not None and tab.rows < height:
            grown.append(requests.append_rows(number, height - tab.rows))
        row, column = breakdown.FIRST_ROW, breakdown.FIRST_COLUMN
        looks = [look for n, line in enumerate(block) for look in _block_looks(number, row + n, line)]
        return [*grown, requests.write(number, row, column, [line.cells for line in block]), *looks]

    def _profile_rows(self) -> tuple[tuple[CellIn, ...], ...]:
        return lead_profile.rows(self._setup.schema, self._setup.language, self._where)

    def _profile(self) -> list[Request]:
        """Write the Lead Profile around the cell that operators fill."""
        rows, number = self._profile_rows(), self._ids[LEAD_PROFILE]
        ask = lead_profile.ASK_ROW
        yellow = {"backgroundColorStyle": {"rgbColor": requests.colour(0xFFF59D)}, "textFormat": {"bold": True}}
        grey = {"backgroundColorStyle": {"rgbColor": requests.colour(0xE8EAED)}}
        moments = {column.name for column in self._setup.schema.columns if column.kind is Kind.WHEN}
        found = [
            requests.write(number, 0, 0, rows[:ask]),
            requests.write(number, ask, 0, [[rows[ask][0]]]),
            requests.write(number, ask + 1, 0, rows[ask + 1 :]),
            requests.style(grid_range(number, ask, 1, 1, 1), yellow, "backgroundColorStyle,textFormat.bold"),
            requests.style(
                grid_range(number, 0, 1, len(rows), 1),
                {"wrapStrategy": "WRAP", "horizontalAlignment": "LEFT"},
                "wrapStrategy,horizontalAlignment",
            ),
            requests.style(
                grid_range(number, 0, 0, len(rows), 1), {"textFormat": {"bold": True}}, "textFormat.bold"
            ),
            requests.style(
                grid_range(number, 0, 0, len(rows), 2), {"verticalAlignment": "TOP"}, "verticalAlignment"
            ),
            *(
                requests.style(grid_range(number, n, 0, 1, 2), grey, "backgroundColorStyle")
                for n, row in enumerate(rows)
                if n > ask and row[0] and not row[1]
            ),
        ]
        found += [
            requests.number_format(grid_range(number, n, 1, 1, 1), requests.DATE_TIME)
            for n, row in enumerate(rows)
            if row[0] in moments
        ]
        return found

    def _system(self) -> list[Request]:
        schema, number = self._setup.schema, self._ids[SYSTEM]
        live = system.formulas(schema, self._where, self._control_places())
        rows: list[list[CellIn]] = [["key", "value", "erased"]]
        rows += [[key, live.get(key, self._setup.stored.get(key, ""))] for key in system.keys(schema)]
        spills = system.spills(schema, self._where)
        return [
            requests.write(number, 0, 0, rows),
            requests.write(number, 1, system.FIRST_SPILL, [spills]),
        ]

    def _inbox(self, number: int) -> list[Request]:
        if self._tabs[INBOX] is not None:
            return []
        everything = grid_range(number, 0, 0, None, None)
        text = word("inbox.note", self._setup.language)
        return [requests.number_format(everything, requests.TEXT), requests.note(number, 0, 0, text)]

    def _rejected(self, number: int) -> list[Request]:
        if self._tabs[REJECTED] is not None:
            return []
        title = word("rejected.title", self._setup.language)
        return [
            requests.number_format(grid_range(number, 1, 2, None, None), requests.TEXT),
            requests.style(
                grid_range(number, 1, 0, None, None), {"verticalAlignment": "TOP"}, "verticalAlignment"
            ),
            requests.style(grid_range(number, 1, 2, None, 3), {"wrapStrategy": "WRAP"}, "wrapStrategy"),
            requests.write(number, 0, 2, [[title]]),
            requests.style(grid_range(number, 0, 0, 1, 8), {"textFormat": {"bold": True}}, "textFormat.bold"),
        ]

    # -- looks and protections

    def _looks(self, spec: TabSpec) -> list[Request]:
        if self._tabs[spec.key] is not None:
            return []
        number = self._ids[spec.key]
        fixed = {
            CONTROL: [285, 130, 90, 80, 100, 80, 460, 60],
            DASHBOARD: [392, 84, 85, 95, 82, 66, 20, 16, 220, *[98] * (breakdown.WIDTH - 1)],
            LEAD_PROFILE: [220, 620, 60],
            SYSTEM: [220, 160, 160],
            REJECTED: [60, 70, 280, 320, 220, 60],
        }
        pixels = fixed.get(spec.key) or [column.width for column in spec.columns]
        found = requests.widths(number, pixels)
        if spec.columns:
            clip = {"wrapStrategy": "CLIP"}
            found.append(requests.style(grid_range(number, 1, 0, None, len(spec.columns)), clip, "wrapStrategy"))
        if spec.headers[:1] == (SEND,):
            found.append(requests.filter_view(number, spec.title, len(spec.columns)))
            block = grid_range(number, 1, 0, None, len(spec.columns))
            found.append(requests.highlight(block, "=$A2=TRUE", 0xE6F4EA))
        if spec.key == REJECTED:
            found.append(requests.highlight(grid_range(number, 1, 0, None, None), '=$A2="retry"', 0xE8EAED))
        if spec.key == "batches":
            block = grid_range(number, 1, 0, None, len(spec.columns))
            found.append(requests.highlight(block, '=$H2<>""', 0xFCE8E6))
        return found

    def _protected(self, spec: TabSpec) -> list[Request]:
        tab, number = self._tabs[spec.key], self._ids[spec.key]
        if spec.free or (tab is not None and any(item.description == requests.OWNED for item in tab.protected)):
            return []
        if tab is not None:
            self._repaired.append(spec.title)
        return [requests.protect(number, self._setup.account, self._open_cells(spec, number))]

    def _open_cells(self, spec: TabSpec, number: int) -> list[dict[str, int]]:
        if spec.key == CONTROL:
            rows = enumerate(self._control_rows())
            return [grid_range(number, n, place, 1, 1) for n, row in rows for place in row.operator]
        if spec.key == LEAD_PROFILE:
            return [grid_range(number, lead_profile.ASK_ROW, 1, 1, 1)]
        places = [self._where.place(spec.key, column.header) for column in spec.columns if column.operator]
        found = [grid_range(number, 1, place, None, 1) for place in places]
        if spec.headers[:1] == (SEND,):
            found.append(grid_range(number, 0, len(spec.columns), None, None))
        return found


def _blocks_around(
    cells: Sequence[Sequence[CellIn]], left_out: Sequence[Sequence[int]]
) -> Iterator[tuple[int, int, list[Sequence[CellIn]]]]:
    """Part rows into blocks (first row, first column, cells) that leave out some columns of each row."""
    for places, group in groupby(range(len(cells)), key=lambda n: tuple(left_out[n])):
        rows = list(group)
        ends = [-1, *sorted(places), max(len(cells[n]) for n in rows)]
        for before, after in pairwise(ends):
            if after - before > 1:
                yield rows[0], before + 1, [cells[n][before + 1 : after] for n in rows]


def _block_looks(number: int, row: int, line: breakdown.BlockRow) -> list[Request]:
    """Return how a row of the block by version and TargetID looks."""
    block = grid_range(number, row, breakdown.FIRST_COLUMN, 1, breakdown.WIDTH)
    tints = {"title": 0x3C4043, "heads": 0xE8EAED}
    if line.kind in tints:
        ink = 0xFFFFFF if line.kind == "title" else 0x202124
        text = {"bold": True, "foregroundColorStyle": {"rgbColor": requests.colour(ink)}}
        look = {
            "textFormat": text,
            "backgroundColorStyle": {"rgbColor": requests.colour(tints[line.kind])},
            "wrapStrategy": "WRAP",
        }
        return [requests.style(block, look, "textFormat,backgroundColorStyle,wrapStrategy")]
    percent = {"type": "PERCENT", "pattern": "0.0%"}
    places = (grid_range(number, row, breakdown.FIRST_COLUMN + place, 1, 1) for place in line.ratios)
    return [requests.number_format(place, percent) for place in places]


def _line_looks(number: int, row: int, kind: str) -> list[Request]:
    """Return how a Dashboard row looks, by the kind of its metric."""
    block = grid_range(number, row, 0, 1, dashboard.WIDTH)
    if kind in {"header", "section"}:
        tint = 0x3C4043 if kind == "header" else 0xE8EAED
        ink = 0xFFFFFF if kind == "header" else 0x202124
        text = {"bold": True, "foregroundColorStyle": {"rgbColor": requests.colour(ink)}}
        look = {"textFormat": text, "backgroundColorStyle": {"rgbColor": requests.colour(tint)}}
        return [requests.style(block, look, "textFormat,backgroundColorStyle")]
    patterns = {
        "count": {"type": "NUMBER", "pattern": "#,##0"},
        "ratio": {"type": "PERCENT", "pattern": "0.0%"},
        "days": {"type": "NUMBER", "pattern": "0.0"},
        "date": {"type": "DATE", "pattern": "yyyy-mm-dd"},
        "moment": requests.DATE_TIME,
    }
    if kind not in patterns:
        return []
    value = grid_range(number, row, 1, 1, 1)
    found = [requests.number_format(value, patterns[kind])]
    if kind in {"ratio", "count"}:
        found.append(requests.number_format(grid_range(number, row, 4, 1, 2), patterns[kind]))
    return found


__all__ = ["Existing", "Formula", "Setup", "SetupPlan", "plan_setup"]
