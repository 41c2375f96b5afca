"""The line on Control that says in words how the system is: alive since when, last changes, what waits for a person.

It is a live formula, so that it tells of a worker that can write no more. It finds its cells by the ids of their rows,
wherever these stand.
"""

from __future__ import annotations

from typing import Final

from sheets_crm.messages import localize
from sheets_crm.workbook.cells import Formula, column_letters
from sheets_crm.workbook.panel import ID, PROBLEM, VALUE

SILENT_AFTER: Final = 3
"""So many signs of life may fail to come before the system counts as stopped."""
SILENT_AFTER_ROW: Final = "silent_after"
"""Id of the row of Control with these minutes: as a value, so that no formula changes with a setting."""
STOPPED, WAITING, FINE = "●", "▲", "✓"
"""The first letter of the line: somebody has to act, rows wait for a person, all is in order."""

_IDS, _VALUES = (f"${column_letters(n)}:${column_letters(n)}" for n in (ID, VALUE))


def silent_minutes(heartbeat_minutes: float, interval_seconds: float) -> int:
    """The minutes without a sign of life after which the system counts as stopped."""
    return max(1, int(SILENT_AFTER * max(heartbeat_minutes, interval_seconds / 60)))


def state_line(language: str) -> Formula:
    """The formula of the line.

    Args:
        language: "es" or "en".
    """

    def phrase(code: str, **cells: str) -> str:
        return _joined(
            localize(f"state.{code}", language, **{name: f"\0{cell}\0" for name, cell in cells.items()})
        )

    age = 'IF(age<90;age&" min";IF(age<2880;ROUND(age/60)&" h";ROUND(age/1440)&" d"))'
    when = 'TEXT(last;IF(INT(last)=TODAY();"hh:mm";"d mmm hh:mm"))'
    many = f"IF(problems=1;{phrase('problem')};{phrase('problems', count='problems')})"
    rows = f"IF(waiting=1;{phrase('row')};{phrase('rows', count='waiting')})"
    alive = f'IF(problems>0;"{STOPPED}";IF(waiting>0;"{WAITING}";"{FINE}"))&" "&{phrase("alive", age=age)}'
    parts = (
        f'IF(silent;"{STOPPED} "&{phrase("stopped", age=age)};{alive})',
        f'IF(last="";"";" · "&{phrase("last", when=when)})',
        f'IF(problems>0;" · "&{many};"")',
        f'IF(waiting>0;" · "&{rows};"")',
        f'IF(OR(silent;problems>0;waiting>0);"";" · "&{phrase("fine")})',
    )
    named = (
        ("beat", _cell("heartbeat")),
        ("last", _cell("last_run_at")),
        ("waiting", f"N({_cell('rejected')})"),
        ("problems", f'SUMPRODUCT((LEFT({_IDS};{len(PROBLEM)})="{PROBLEM}")*({_VALUES}<>""))'),
        ("age", "MAX(1;ROUND((NOW()-N(beat))*1440))"),
        ("silent", f"age>{_cell(SILENT_AFTER_ROW)}"),
    )
    names = ";".join(f"{name};{text}" for name, text in named)
    never = f'"{STOPPED} "&{phrase("never")}'
    return Formula(f'=LET({names};IF(beat="";{never};{"&".join(parts)}))')


def _cell(row_id: str) -> str:
    return f'INDEX({_VALUES};MATCH("{row_id}";{_IDS};0))'


def _joined(text: str) -> str:
    """A text as an expression; what stands between two NULs in it is an expression already."""
    pieces = text.split("\0")
    return "&".join(piece if n % 2 else f'"{piece}"' for n, piece in enumerate(pieces) if piece)
