"""Formulas that stand in no cell: of conditional formats, of validation and of filters."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.a1 import Reference
from sheets_crm.emulator.formulas.compiled import Compiled, compile_formula
from sheets_crm.emulator.formulas.engine import FunctionEngine
from sheets_crm.emulator.formulas.evaluator import Evaluation
from sheets_crm.emulator.formulas.registry import CellSource
from sheets_crm.emulator.formulas.values import REF, Area, Block, Failure
from sheets_crm.emulator.languages import Language

__all__ = ["Loose"]


class _Moved(Evaluation):
    """A formula as its copy some rows down and columns right reads: references without ``$`` move along."""

    down = 0
    right = 0

    def resolve(self, reference: Reference) -> Area:
        """Bound a moved reference to the grid it lies on."""
        if not (self.down or self.right):
            return super().resolve(reference)
        top, left, bottom, right = (
            end if end is None or fixed else end + by
            for end, fixed, by in zip(
                (reference.top, reference.left, reference.bottom, reference.right),
                reference.fixed,
                (self.down, self.right, self.down, self.right),
                strict=True,
            )
        )
        if any(end is not None and end < 0 for end in (top, left, bottom, right)):
            raise Failure(REF)
        return super().resolve(
            Reference(reference.title, top, left, bottom, right, reference.fixed, single=reference.single)
        )


class Loose:
    """Works formulas out for a tab, over the results that its workbook has at this moment.

    Args:
        cells: Gives the workbook's cells and named ranges, up to date; called when the first formula is worked out.
        title: The tab.
        language: How the workbook's locale writes numbers and words.
        locale: The locale in which formulas are written.
        moment: The moment, in the workbook's time zone.
        engine: Lends functions.
    """

    def __init__(
        self,
        cells: Callable[[], tuple[CellSource, dict[str, Any]]],
        title: str,
        language: Language,
        locale: str,
        moment: datetime,
        engine: FunctionEngine,
    ) -> None:
        self._cells, self._title, self._language, self._locale = cache(cells), title, language, locale
        self.moment = moment
        self._engine = engine

    def compiled(self, text: str) -> Compiled:
        """Parse a formula; one that cannot be read comes to an error."""
        return compile_formula(text, self._locale)

    def value(self, text: str, place: tuple[int, int], moved: tuple[int, int] = (0, 0)) -> CellValue:
        """Work a formula out as if it stood in a cell.

        Args:
            text: The formula, as it reads in the cell it was written for.
            place: (row, column) of the cell it is asked for.
            moved: How many rows down and columns right that is of the cell it was written for.
        """
        source, names = self._cells()
        evaluation = _Moved(source, (self._title, *place), self._language, self.moment, names, self._engine)
        evaluation.down, evaluation.right = moved
        result = evaluation.result(self.compiled(text).node)
        return result.at(0, 0) if isinstance(result, Block) else result
