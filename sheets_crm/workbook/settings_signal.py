"""The signal over Control's settings: the cells that may hold what cannot be used, so that a poll sees them change.

It is blank while every number is one that counts and no word is named, which keeps an idle poll as small as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.control import MOST_PARTS, PARTS, ids
from sheets_crm.workbook.panel import STEP, VALUE
from sheets_crm.workbook.roles import PANEL
from sheets_crm.workbook.signals import Rows, Signal

SCHEDULE: Final = "schedule."
WORDS: Final = ("import_kind", "enters")
SHOWN: Final = 60
"""So many characters of a cell the signal holds."""


def settings_signal(schema: Schema) -> Signal:
    """The signal over the settings of these steps."""

    def formula(where: Addresses, panel: Rows) -> str:
        return "=" + "&".join(_parts(schema, where, panel))

    return Signal("settings", formula, asks=False, recalled=True)


def _parts(schema: Schema, where: Addresses, panel: Rows) -> Iterator[str]:
    """Yield, for each setting, the expression of what stands there; blank for a number that counts."""
    for n, row_id in enumerate(ids(schema)):
        if row_id.startswith(STEP):
            cell = where.cell(PANEL, panel[row_id], PARTS)
            number = f"N({cell})"
            yield _told(n, cell, f"({number}=INT({number}))*({number}>=1)*({number}<={MOST_PARTS})")
        elif row_id.startswith(SCHEDULE):
            cell = where.cell(PANEL, panel[row_id], VALUE)
            yield _told(n, cell, f"N({cell})>=0")
        elif row_id in WORDS:
            yield _told(n, where.cell(PANEL, panel[row_id], VALUE), "FALSE")


def _told(n: int, cell: str, counts: str) -> str:
    """The expression of a cell with its place, blank when the cell is, or is a number of which `counts` is true."""
    fits = f'OR({cell}="";IF(ISNUMBER({cell});{counts};FALSE))'
    return f'IFERROR(IF({fits};"";"{n}:"&LEFT({cell};{SHOWN})&"|");"{n}!")'
