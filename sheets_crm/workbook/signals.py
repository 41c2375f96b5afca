"""Signals: live formulas of System by which a poll, which reads System alone, sees what operators ask for in a tab.

They are declared with the tab that they watch (`TabSpec.signals`); `SystemLayout` gives each its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sheets_crm.pipeline.columns import LEAD_NUMBER, SEND
from sheets_crm.pipeline.imports.text import TRUE_WORDS
from sheets_crm.workbook.cells import Formula, quoted

if TYPE_CHECKING:
    from sheets_crm.workbook.addresses import Addresses

PREFIX: Final = "signal."
"""Beginning of the keys of signals in System."""
LISTED: Final = 1000
"""So many rows a signal lists at most: System's grid has no room for more."""

Rows = Mapping[str, int]
"""The 0-based row of each id of Control."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal.

    Attributes:
        name: Its name; its key in System is ``signal.<name>``.
        formula: Its text, given the addresses of all tabs and the 0-based row of each id of Control.
        asks: Whether a run is needed while it is neither 0, FALSE nor blank.
        lists: Expressions, each of which spills a column of System that lists the rows that are counted; given the
            addresses. The first lists their keys. They stay blank while the signal is 0 or more than `most`.
        most: So many rows are listed at most; of more, none.
        recalled: Whether a run is needed when it is not as this worker's last run saw it.
    """

    name: str
    formula: Callable[[Addresses, Rows], str] = field(compare=False)
    asks: bool = True
    lists: tuple[Callable[[Addresses], str], ...] = field(default=(), compare=False)
    most: int = LISTED
    recalled: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.most <= LISTED:
            raise ValueError(f"signal {self.name!r} lists up to {self.most} rows; System has room for {LISTED}")

    @property
    def key(self) -> str:
        """Its key in System."""
        return f"{PREFIX}{self.name}"


def count_entries(block: str, *words: str) -> str:
    """The formula that counts the cells of a block that are neither blank nor FALSE nor one of these literals."""
    without = "".join(f"-COUNTIF({block};{word})" for word in ("FALSE", *words))
    return f"=COUNTA({block}){without}"


def count_ticks(block: str) -> str:
    """The formula that counts the ticks of a block (`sheets_crm.pipeline.ticks`), and no other text."""
    # COUNTIF takes these words for the value or the number that they are in some locale, as which they are counted.
    words = sorted({*TRUE_WORDS, "sí"} - {"true", "verdadero", "vrai", "1"})
    texts = "+".join(f'COUNTIF({block};"{word}")' for word in words)
    return f'=COUNTIF({block};TRUE)+COUNTIF({block};1)+IF(COUNTIF({block};"*")=0;0;{texts})'


def import_signal(titles: Sequence[str]) -> Formula:
    """The formula that counts the filled cells of the import tabs."""
    return Formula("=" + "+".join(f"COUNTA({quoted(title)}!$A$1:$EZ)" for title in titles))


def ticks(key: str, name: str) -> Signal:
    """The signal over the ticks of an input tab: their count, and the ticked LeadNumbers with their rows.

    Args:
        key: Key of the input tab.
        name: Name of the step.
    """

    def listing(what: str, where: Addresses) -> str:
        send = where.column(key, SEND)
        return f'IFERROR(FILTER({what};({send}<>FALSE)*({send}<>""));"")'

    return Signal(
        f"ticks.{name}",
        lambda where, _panel: count_entries(where.column(key, SEND)),
        lists=(
            lambda where: listing(where.column(key, LEAD_NUMBER), where),
            lambda where: listing(f"ROW({where.column(key, SEND)})", where),
        ),
    )


def order(key: str) -> Signal:
    """The signal over the order of a tab of leads: it changes when somebody sorts or moves rows.

    It is the sum of LeadNumber times row; cached rows are not used when it is not as the worker left it.
    """

    def formula(where: Addresses, _panel: Rows) -> str:
        numbers = where.column(key, LEAD_NUMBER)
        return f"=SUMPRODUCT({numbers};ROW({numbers}))"

    return Signal(f"order.{key}", formula, asks=False)
