"""Work out the formulas that a read needs, and again only those that a change reaches.

A tab's formulas are parsed when the tab is first read, or one whose formulas read it. From then on a change makes
dirty all that it reaches. A dirty formula is worked out when it is read itself, when what is read needs it, or when it
may spill on a tab that is needed: of a workbook with thousands of formulas, whoever reads a few cells waits for few.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.columns import Column, Columns
from sheets_crm.emulator.formulas.compiled import Compiled, compile_formula
from sheets_crm.emulator.formulas.engine import FunctionEngine
from sheets_crm.emulator.formulas.evaluator import Evaluation
from sheets_crm.emulator.formulas.graph import Cell, Graph, overlap
from sheets_crm.emulator.formulas.ironcalc_engine import IronCalcEngine
from sheets_crm.emulator.formulas.look_walk import LookWalk
from sheets_crm.emulator.formulas.looks import Looks
from sheets_crm.emulator.formulas.loose import Loose
from sheets_crm.emulator.formulas.nodes import Node
from sheets_crm.emulator.formulas.number_formats import NumberFormat
from sheets_crm.emulator.formulas.reasons import CIRCULAR
from sheets_crm.emulator.formulas.results import Read, Results
from sheets_crm.emulator.formulas.spills import Spills
from sheets_crm.emulator.formulas.values import Area, Block, Failure
from sheets_crm.emulator.formulas.view import WorkbookView
from sheets_crm.emulator.languages import language_of
from sheets_crm.emulator.regional import zone_of

__all__ = ["Calculator"]

_log = logging.getLogger(__name__)
_ROUNDS = 25
#: How many reads' results are remembered, until a formula is worked out again.
_KEPT = 16


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Calculator:
    """Works out one workbook's formulas and remembers them until something they read changes.

    Args:
        time_zone: The spreadsheet's, such as ``Europe/Madrid``, for NOW and TODAY.
        locale: The spreadsheet's, in which formulas are written.
        clock: The moment; one without a time zone is taken as the spreadsheet's own.
        engine: Lends the functions that are not worked out here.
    """

    def __init__(
        self,
        time_zone: str,
        locale: str,
        clock: Callable[[], datetime] = _utc_now,
        engine: FunctionEngine | None = None,
    ) -> None:
        self._zone, self._locale, self._clock = zone_of(time_zone), locale, clock
        self._language = language_of(locale)
        self._engine = engine or IronCalcEngine(locale)
        self._refused: set[str] = set()
        self._reset()

    def _reset(self) -> None:
        self._columns = Columns()
        self._spills = Spills(self._columns)
        self._graph = Graph()
        self._compiled: dict[Cell, Compiled] = {}
        self._texts: dict[str, Mapping[tuple[int, int], str]] = {}
        self._unparsed: set[str] = set()
        self._text_versions: dict[str, int] = {}
        self._versions: dict[Column, int] = {}
        self._structure: Any = None
        self._names: dict[str, Any] = {}
        self._minute: datetime | None = None
        self._dirty: set[Cell] = set()
        self._results: dict[Read | None, Results] = {}

    def evaluate(self, view: WorkbookView, read: Read | None = None) -> Results:
        """Give formulas' values, for the workbook as it is now and the present minute.

        A formula that fails is an error cell; a failure of the calculation itself drops all that was
        remembered and tries once more before it is raised.

        Args:
            view: The workbook.
            read: What of it is read; `None` for everything. Nothing else of the answer may be used.
        """
        try:
            return self._evaluate(view, read)
        except Exception:  # noqa: BLE001 - what is remembered can always be rebuilt
            _log.exception("the formulas' memory is dropped and rebuilt")
            self._reset()
            return self._evaluate(view, read)

    def looks(self) -> Looks:
        """Give the looks of the results that `evaluate` gave last; formats are read of the same workbook."""
        now = self._local_now()

        def node_of(cell: Cell) -> Node | None:
            compiled = self._compiled.get(cell)
            return None if compiled is None else compiled.node

        return Looks(
            node_of, self._spills.owners, lambda cell: self._evaluation(cell, now), self._columns.number_format
        )

    def loose(self, view: WorkbookView, title: str) -> Loose:
        """Give what works out formulas that stand in no cell of a tab; good until the next `evaluate`."""

        def cells() -> tuple[Columns, dict[str, Any]]:
            self.evaluate(view)
            return self._columns, self._names

        return Loose(cells, title, self._language, self._locale, self._local_now(), self._engine)

    def _local_now(self) -> datetime:
        now = self._clock()
        return (now if now.tzinfo is None else now.astimezone(self._zone)).replace(tzinfo=None)

    def _evaluate(self, view: WorkbookView, read: Read | None) -> Results:
        now = self._local_now()
        self._make_dirty(self._look(view), now)
        tabs = self._parsed(read)
        if self._work(read, tabs, now):
            self._results.clear()
        if read not in self._results:
            if len(self._results) >= _KEPT:
                self._results.clear()
            self._results[read] = self._snapshot(read)
        return self._results[read]

    def _make_dirty(self, seeds: set[Cell], now: datetime) -> None:
        """Add the formulas that a change reaches, and each minute those that time changes."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            self._minute = minute
            seeds.update(cell for cell, compiled in self._compiled.items() if compiled.volatile)
        self._dirty &= self._compiled.keys()
        if seeds:
            self._dirty |= self._graph.closure(seeds)

    def _parsed(self, read: Read | None) -> set[str] | None:
        """Give the tabs on which a read needs formulas, parsed; `None` for all tabs."""
        while True:
            tabs = None if read is None else self._graph.precedent_tabs(read.title)
            fresh = self._unparsed & tabs if tabs is not None else set(self._unparsed)
            if not fresh:
                return tabs
            self._unparsed -= fresh
            cells = {(title, *place): text for title in fresh for place, text in self._texts[title].items()}
            for cell, text in cells.items():
                self._add(cell, text)
            self._dirty |= cells.keys() | self._changed_columns()

    def _needed(self, read: Read | None, tabs: set[str] | None) -> set[Cell]:
        """The dirty formulas that must be worked out before a read."""
        if read is None or tabs is None:
            return set(self._dirty)
        wanted = [
            cell for cell in self._dirty if read.wants(cell) or (cell[0] in tabs and self._compiled[cell].spills)
        ]
        return self._graph.with_precedents(wanted, self._dirty)

    def _look(self, view: WorkbookView) -> set[Cell]:
        """Take in what changed; give the formulas to work out again."""
        tabs = view.tabs()
        names = view.named_ranges()
        structure = ([(tab.title, tab.row_count, tab.column_count) for tab in tabs], sorted(names.items()))
        changed_texts = [tab for tab in tabs if self._text_versions.get(tab.title) != tab.formulas_version]
        for tab in changed_texts:
            self._text_versions[tab.title] = tab.formulas_version
            self._texts[tab.title] = dict(tab.formulas())
        self._columns.look(tabs, self._texts)
        if changed_texts or structure != self._structure:
            self._results.clear()
        if structure != self._structure:
            self._structure = structure
            self._begin({tab.title for tab in tabs}, names)
            return set()
        seeds: set[Cell] = set()
        for tab in changed_texts:
            if tab.title not in self._unparsed:
                seeds |= self._retext(tab.title)
        seeds |= self._changed_columns() | {cell for cell, one in self._compiled.items() if one.dynamic}
        # A formula that one tab's texts asked for may have gone with the texts of the next.
        return seeds & self._compiled.keys()

    def _begin(self, titles: set[str], names: Mapping[str, tuple[str, int, int | None, int, int | None]]) -> None:
        """Forget what the formulas came to, as when tabs, grids or named ranges changed: all are parsed anew."""
        for gone in set(self._texts) - titles:
            del self._texts[gone], self._text_versions[gone]
        self._spills.clear()
        self._graph, self._compiled, self._dirty = Graph(), {}, set()
        self._names = {name.lower(): self._named_area(*place) for name, place in names.items()}
        self._unparsed = set(self._texts)

    def _named_area(self, title: str, top: int, bottom: int | None, left: int, right: int | None) -> Any:
        rows, columns = self._columns.size(title) or (0, 0)
        last_row = rows if bottom is None else min(bottom, rows)
        last_column = columns if right is None else min(right, columns)
        if top >= last_row or left >= last_column:
            return ErrorValue("#REF!", "The named range lies outside the grid.")
        return Area(title, top, left, last_row - 1, last_column - 1)

    def _add(self, cell: Cell, text: str) -> None:
        compiled = compile_formula(text, self._locale)
        self._compiled[cell] = compiled
        evaluation = self._evaluation(cell, datetime.min)  # noqa: DTZ901 - only references are resolved
        areas: list[Area] = []
        for reference in compiled.references:
            try:
                area = evaluation.resolve(reference)
            except Failure:
                continue
            if not self._columns.outside(area):
                areas.append(area)
        areas.extend(area for area in (self._names.get(name) for name in compiled.names) if isinstance(area, Area))
        self._graph.add(cell, areas, anywhere=compiled.anywhere)

    def _refuse(self, cell: Cell, text: str, reason: str) -> None:
        if text not in self._refused:
            self._refused.add(text)
            _log.warning("formula refused at %s!R%dC%d: %s: %s", cell[0], cell[1] + 1, cell[2] + 1, reason, text)

    def _retext(self, title: str) -> set[Cell]:
        """Take in the formulas of a tab that appeared, changed or went."""
        texts = self._texts[title]
        seeds: set[Cell] = set()
        for cell in [cell for cell in self._compiled if cell[0] == title]:
            if texts.get(cell[1:]) != self._compiled[cell].text:
                seeds |= self._graph.closure([cell]) - {cell}
                self._spills.remove(cell)
                self._graph.remove(cell)
                del self._compiled[cell]
        for (row, column), text in texts.items():
            cell = (title, row, column)
            if cell not in self._compiled:
                self._add(cell, text)
                seeds.add(cell)
                seeds |= self._graph.readers_of_column((title, column))
        blocked = {cell for cell in self._graph.spans if cell not in self._spills.spilled}
        return (seeds | blocked) & set(self._compiled)

    def _changed_columns(self) -> set[Cell]:
        seeds: set[Cell] = set()
        for column in self._graph.watched():
            version = self._columns.version(column)
            if self._versions.get(column) != version:
                self._versions[column] = version
                self._columns.forget(column)
                seeds |= self._graph.readers_of_column(column)
        return seeds

    def _evaluation(self, cell: Cell, now: datetime) -> Evaluation:
        return Evaluation(self._columns, cell, self._language, now, self._names, self._engine, self._shown_format)

    def _shown_format(self, evaluation: Evaluation, node: Node, down: int, right: int) -> NumberFormat | None:
        """Say how a part of a formula is shown, for TO_TEXT; the workbook's own formats are read each time."""
        return LookWalk(evaluation, self.looks().shown_format, {}).look(node, down, right)

    def _work(self, read: Read | None, tabs: set[str] | None, now: datetime) -> bool:
        """Work out what a read needs, and again what read a spill that came after it; tell if there was any."""
        late: set[Cell] = set()
        cells = self._needed(read, tabs)
        if not cells:
            return False
        for _ in range(_ROUNDS):
            self._dirty -= cells
            late = self._round(cells, now)
            self._dirty |= self._graph.closure(late)
            cells = self._needed(read, tabs) if late else set()
            if not cells:
                return True
        late &= cells
        for cell in late:
            self._lay(cell, CIRCULAR)
        self._dirty -= cells
        self._round(cells - late, now)
        return True

    def _round(self, cells: set[Cell], now: datetime) -> set[Cell]:
        dynamic = {cell for cell in cells if self._compiled[cell].dynamic}
        order, circular = self._graph.order(cells, dynamic)
        places = {cell: place for place, cell in enumerate(order)}
        late: set[Cell] = set()
        for cell in order:
            span_before = self._graph.spans.get(cell)
            if cell in circular:
                result: CellValue | Block = CIRCULAR
            else:
                result = self._result(cell, now)
            changed = self._lay(cell, result)
            if self._feeds_itself(cell):
                changed |= self._lay(cell, CIRCULAR)
            if changed:
                late |= self._missed(cell, span_before, places)
        return late

    def _feeds_itself(self, cell: Cell) -> bool:
        """Whether a formula's spill covers cells that it reads."""
        span = self._graph.spans.get(cell)
        return span is not None and any(overlap(span, area) for area in self._graph.reads[cell])

    def _missed(self, cell: Cell, before: Area | None, places: Mapping[Cell, int]) -> set[Cell]:
        """Formulas that read of a spill before it was laid, and spills that it kept from their place."""
        spans = [span for span in (before, self._graph.spans.get(cell)) if span is not None]
        waiting = {
            other
            for other, area in self._graph.spans.items()
            if other not in self._spills.spilled and other != cell and any(overlap(span, area) for span in spans)
        }
        return waiting | {
            other
            for other, areas in self._graph.reads.items()
            if places.get(other, -1) <= places[cell]
            and any(overlap(span, area) for span in spans for area in areas)
        }

    def _result(self, cell: Cell, now: datetime) -> CellValue | Block:
        compiled = self._compiled[cell]
        evaluation = self._evaluation(cell, now)
        try:
            result = evaluation.result(compiled.node)
        except Exception:  # noqa: BLE001 - one formula must not take the workbook down
            place = (cell[0], cell[1] + 1, cell[2] + 1)
            _log.exception("formula failed at %s!R%dC%d: %s", *place, compiled.text)
            return ErrorValue("#ERROR!", "The emulator failed on this formula.")
        if evaluation.refusal is not None:
            self._refuse(cell, compiled.text, evaluation.refusal)
        return result

    def _lay(self, cell: Cell, result: CellValue | Block) -> bool:
        """Lay a result; tell whether cells covered by its spill changed."""
        area, changed = self._spills.lay(cell, result)
        if area is None:
            self._graph.spans.pop(cell, None)
        else:
            self._graph.spans[cell] = area
            for column in range(area.left, area.right + 1):
                self._versions.setdefault((area.title, column), self._columns.version((area.title, column)))
        return changed

    def _snapshot(self, read: Read | None) -> Results:
        cells: dict[str, dict[tuple[int, int], CellValue]] = {}
        covered: dict[str, dict[tuple[int, int], CellValue]] = {}
        for (title, row, column), value in self._spills.values.items():
            if read is None or read.wants((title, row, column)):
                cells.setdefault(title, {})[row, column] = value
        for anchor, places in self._spills.spilled.items():
            if read is None or anchor[0] == read.title:
                covered.setdefault(anchor[0], {}).update({place[1:]: value for place, value in places.items()})
        return Results(cells, covered)
