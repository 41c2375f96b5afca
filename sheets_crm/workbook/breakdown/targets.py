"""The block by TargetID: the funnel of the leads of each, with the range of every ratio."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from sheets_crm.messages import localize
from sheets_crm.pipeline.columns import LEAD_NUMBER, TARGET_ID
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.states import COMPLETED
from sheets_crm.pipeline.steps import COMPANY_SCRAP, VERIFICATION
from sheets_crm.pipeline.tallies import (
    BOX1_DONE,
    IS_CONVERTED,
    IS_POSITIVE,
    IS_SENT_TO_INSTANTLY,
    IS_VERIFIED,
    TALLIES,
    Clause,
    one_of,
)
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.breakdown.rows import (
    WIDTH,
    BlockRow,
    at,
    in_use,
    listing,
    overflow,
    product,
    ratio_formulas,
    shown,
    wide,
)
from sheets_crm.workbook.breakdown.versions import REPLIED
from sheets_crm.workbook.cells import CellIn, Formula
from sheets_crm.workbook.tabs import MASTER
from sheets_crm.workbook.tally_formulas import factors

TARGETS_LISTED: Final = 30
NAMES: Final = WIDTH + 1
"""Hidden column of the TargetIDs; below the last of them it is blank, as the TargetID of leads without one is."""
COUNTS: Final = ("checked", "done", "replied", "positive", "converted")
"""Counts in hidden columns right of the names, from which ratios and ranges follow."""
END_COLUMN: Final = NAMES + 1 + len(COUNTS)
HEADS: Final = (
    ("target", "TargetID"),
    ("leads", "LeadNumber"),
    ("verified", "validation_success"),
    ("verification_ratio", "validation_success"),
    ("verification_low", "validation_success"),
    ("verification_high", "validation_success"),
    ("scraped", COMPANY_SCRAP.status),
    ("hit", "box1_result"),
    ("hit_ratio", "box1_result"),
    ("hit_low", "box1_result"),
    ("hit_high", "box1_result"),
    ("sent", "instantly_sent"),
    ("reply_ratio", "instantly_status"),
    ("reply_low", "instantly_status"),
    ("reply_high", "instantly_status"),
    ("positive_ratio", "instantly_status"),
    ("positive_low", "instantly_status"),
    ("positive_high", "instantly_status"),
    ("conversion_ratio", "instantly_status"),
    ("conversion_low", "instantly_status"),
    ("conversion_high", "instantly_status"),
)
RATIOS: Final = {
    "verification": ("verified", "checked"),
    "hit": ("hit", "done"),
    "reply": ("replied", "sent"),
    "positive": ("positive", "sent"),
    "conversion": ("converted", "positive"),
}
_COLUMN_OF_COUNT: Final = {
    "checked": "validation_success",
    "done": "box1_result",
    "replied": "instantly_status",
    "positive": "instantly_status",
    "converted": "instantly_status",
}


def rows(schema: Schema, language: str, where: Addresses, above: int) -> Iterator[BlockRow]:
    """Yield the rows of the block, below so many others."""
    names, heads = where.column(MASTER, TARGET_ID), in_use(HEADS, schema)
    title = localize("breakdown.targets", language)
    yield BlockRow((*wide((title,))[:-1], Formula(overflow(names, TARGETS_LISTED))), "title")
    yield BlockRow(wide(localize(f"breakdown.head.{head}", language) for head in heads), "heads")
    block = _Block(schema, language, where, heads, above + 3)
    ratios = tuple(n for n, head in enumerate(heads) if head.endswith(("_ratio", "_low", "_high")))
    for n in range(TARGETS_LISTED + 1):
        yield BlockRow(wide(block.row(n), END_COLUMN), "body", ratios, block.cases())


class _Block:
    """The rows of the TargetIDs, of which the first stands in a 1-based row."""

    def __init__(self, schema: Schema, language: str, where: Addresses, heads: list[str], first: int) -> None:
        self._schema, self._language, self._where, self._heads = schema, language, where, heads
        self._first = first
        self._places = {head: n for n, head in enumerate(heads)}
        self._places |= {f"#{count}": NAMES + 1 + n for n, count in enumerate(COUNTS)}
        self._ratios = [name for name in RATIOS if f"{name}_ratio" in self._places]

    def cases(self) -> tuple[tuple[int, int], ...]:
        """The column of each ratio with that of its cases."""
        return tuple((self._places[f"{name}_ratio"], self._column(RATIOS[name][1])) for name in self._ratios)

    def _column(self, head: str) -> int:
        return self._places[f"#{head}"] if head in COUNTS else self._places[head]

    def row(self, n: int) -> Iterator[CellIn]:
        """Yield the cells of the n-th row: of a TargetID, or below the last of them of the leads without one."""
        row, names = self._first + n, self._where.column(MASTER, TARGET_ID)
        label, name = at(0, row), at(NAMES, row)
        own = f'EXACT({names};{name})*({self._where.column(MASTER, LEAD_NUMBER)}<>"")'
        cells, counts = self._formulas(own, row), self._counts(own)
        yield self._label(n, name)
        yield from (shown(label, cells[head]()) for head in self._heads[1:])
        yield from [""] * (NAMES - len(self._heads))
        yield listing(names, TARGETS_LISTED) if n == 0 else ""
        for count in COUNTS:
            used = self._schema.has(_COLUMN_OF_COUNT[count])
            yield shown(label, counts[count]()) if used else ""

    def _label(self, n: int, name: str) -> Formula:
        listed = f"COUNTA({at(NAMES, self._first)}:{at(NAMES, self._first + TARGETS_LISTED - 1)})"
        # With no TargetID at all the list is one blank text.
        known = f'IF({at(NAMES, self._first)}="";0;{listed})'
        names, numbers = self._where.column(MASTER, TARGET_ID), self._where.column(MASTER, LEAD_NUMBER)
        nameless = product(f'({names}="")', f'({numbers}<>"")')
        none = localize("breakdown.no_target", self._language)
        return Formula(f'=IF({n}<{known};{name};IF({n}>{known};"";IF({nameless}>0;"{none}";"")))')

    def _count(self, own: str, *clauses: Clause) -> str:
        return product(own, *factors(clauses, self._where))

    def _counts(self, own: str) -> dict[str, Callable[[], str]]:
        return {
            "checked": lambda: self._count(own, one_of(VERIFICATION.status, COMPLETED)),
            "done": lambda: self._count(own, BOX1_DONE),
            "replied": lambda: self._count(own, REPLIED),
            "positive": lambda: self._count(own, IS_POSITIVE),
            "converted": lambda: self._count(own, IS_CONVERTED),
        }

    def _formulas(self, own: str, row: int) -> dict[str, Callable[[], str]]:
        cells: dict[str, Callable[[], str]] = {
            "leads": lambda: product(own),
            "verified": lambda: self._count(own, IS_VERIFIED),
            "scraped": lambda: self._count(own, one_of(COMPANY_SCRAP.status, COMPLETED)),
            "hit": lambda: self._count(own, *TALLIES["box1_hit"].clauses),
            "sent": lambda: self._count(own, IS_SENT_TO_INSTANTLY),
        }
        ratios = {name: RATIOS[name] for name in self._ratios}
        cells.update(ratio_formulas(ratios, lambda head: at(self._column(head), row)))
        return cells
