"""The formulas that show which rows of a two-way table were edited, and whether rows moved.

A row's *join* is its key and its operators' and shared cells, separated by ``␟``. `_seen` holds the join as the worker
last acted on it; a row whose join differs was edited. The join is the same text in every locale and never an error.
Formulas use English names, ``;`` and whole numbers, so that every locale reads them alike. A number that is joined to a
text has the locale's decimal mark, which becomes a point.
"""

from __future__ import annotations

from typing import Final

from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import Cell, Formula, column_letters, quoted
from sheets_crm.workbook.declaration import SEEN, TabSpec
from sheets_crm.workbook.two_way.columns import joined

SEPARATOR: Final = "␟"
"""Between the parts of a join (U+241F)."""
NOTES: Final = "␞"
"""In ``_seen``, between the join and the worker's notes (U+241E)."""
ERROR: Final = "#ERROR"
"""The part of a cell that shows an error."""
LISTED: Final = 200
"""Most edited rows that one spill lists; of more the table is read whole."""
ROW_LIMIT: Final = 38_000
"""Most characters of a join without cuts; with the marks of cuts it stays under 40,000."""
UNCUT: Final = 50_000
"""More than a cell holds."""
SPILL_WIDTH: Final = 2
"""Columns of the spill: row number and join. Its first row has the count of all edited rows instead."""


def column_from_top(where: Addresses, key: str, header: str) -> str:
    """A whole column with its header, such as ``'Master'!$A$1:$A``.

    A range that began in row 2 would begin in row 3 once somebody inserts a row below the header.
    """
    letters = column_letters(where.column_index(key, header))
    return f"{quoted(where.titles[key])}!${letters}$1:${letters}"


def longest_part(spec: TabSpec) -> int:
    """Characters that each cell of a row keeps in its join when the row has more than `ROW_LIMIT`."""
    return ROW_LIMIT // (len(joined(spec)) + 1)


def edited_rows(spec: TabSpec, where: Addresses) -> Formula:
    """The spill of a table's edited rows.

    In a closed table a blank `_seen` stands for a row with blank operators' cells: the worker writes none beside the
    rows that it adds.

    Its first cell is their count, 0 for none; below it stand the row number and the join of at most `LISTED` rows.
    An error means that the table has to be read whole: nothing here catches one.
    """
    key = column_from_top(where, spec.key, spec.key_column)
    columns = [spec.column(spec.key_column), *joined(spec)]
    cells = [column_from_top(where, spec.key, column.header) for column in columns]
    seen = column_from_top(where, spec.key, SEEN)
    glue, separators = f'&"{SEPARATOR}"&', len(columns) - 1
    quick = glue.join(_quick_part(column.kind, cell) for column, cell in zip(columns, cells, strict=True))
    careful = glue.join(map(_careful_part, cells))
    acted = f'IFERROR(LEFT({seen};FIND("{NOTES}";{seen}&"{NOTES}")-1);"{NOTES}")'
    acted = f'IF({seen}="";{_number(key)};{acted})' if spec.closed else acted
    bare = f'SUBSTITUTE(SUBSTITUTE(quick;"{SEPARATOR}";"");"{NOTES}";"")'
    # The parts of all rows are made quickly, and once more with care only if a row is too long or a text has a
    # separator. EXACT, for <> ignores case. What is worked out for every row has a name, so that it is done once.
    return Formula(
        "=ARRAYFORMULA(LET("
        f"quick;{quick};"
        f"long;IFERROR(LEN(quick);{UNCUT})>{ROW_LIMIT};"
        f"odd;SUM(long+(IFERROR(LEN(quick)-LEN({bare});0)<>{separators}));"
        f"room;IF(long;{longest_part(spec)};{UNCUT});"
        f'joins;REGEXREPLACE(IF(odd=0;quick;{careful});"{SEPARATOR}+$";"");'
        f"acted;{acted};"
        f"differs;(ROW({key})>1)*(1-EXACT(joins;acted));"
        "total;SUM(differs);"
        'IF(total=0;0;VSTACK(HSTACK(total;"");'
        f"ARRAY_CONSTRAIN(FILTER(HSTACK(ROW({key});joins);differs);{LISTED};{SPILL_WIDTH})))))"
    )


def _quick_part(kind: Kind, cell: str) -> str:
    """A cell's part of the join, of a text uncut and with its separators.

    A column that holds nothing but what its kind says costs a fraction of one that may hold anything.
    """
    if kind is Kind.FLAG:
        return _part_of_anything(cell, cell)
    plain, odd = (cell, f"COUNT({cell})") if kind is Kind.TEXT else (_number(cell), f'COUNTIF({cell};"*,*")')
    is_plain = f"{odd}+COUNTIF({cell};TRUE)+COUNTIF({cell};FALSE)=0"
    return f'IF({is_plain};IFERROR({plain};"{ERROR}");{_part_of_anything(cell, cell)})'


def _careful_part(cell: str) -> str:
    """A cell's part of the join, of a text without separators and cut if its row is too long.

    What is cut off leaves its length, so that most edits behind the cut show too.
    """
    text = f'SUBSTITUTE(SUBSTITUTE({cell};"{SEPARATOR}";" ");"{NOTES}";" ")'
    return _part_of_anything(cell, f'LEFT({text};room)&IF(LEN({cell})>room;"…"&LEN({cell});"")')


def _part_of_anything(cell: str, text: str) -> str:
    """A cell's part: of a tick 1 or nothing, of a number its digits, of an error `ERROR`, else the given text."""
    of_kind = f'IF(ISLOGICAL({cell});IF({cell}=TRUE;"1";"");IF(ISNUMBER({cell});{_number(cell)};{text}))'
    return f'IFERROR({of_kind};"{ERROR}")'


def _number(cell: str) -> str:
    return f'SUBSTITUTE({cell}&"";",";".")'


PRIME: Final = 99_991
CHARACTERS: Final = 16
"""Characters of a text key that count in the order sum."""


def order_sum(spec: TabSpec, where: Addresses) -> Formula:
    """A number that changes when rows are sorted, inserted, copied or deleted: each key times its row, in sum."""
    key = column_from_top(where, spec.key, spec.key_column)
    if spec.column(spec.key_column).kind is Kind.WHOLE:
        return Formula(f"=SUMPRODUCT((ROW({key})>1)*ROW({key});{key})")
    if spec.letter:  # the digits of keys such as S-0001
        value = f"VALUE(MID({key};{len(spec.letter) + 2};9))"
    else:
        padded = f'{key}&"{" " * CHARACTERS}"'
        codes = "+".join(f"UNICODE(MID({padded};{n};1))*{pow(131, n, PRIME)}" for n in range(1, CHARACTERS + 1))
        value = f"MOD({codes};{PRIME})"
    # A blank cell counts nothing, else blank rows below the table would change the sum.
    number = f'IFERROR(IF({key}="";0;{value});1)'
    return Formula(f"=SUMPRODUCT((ROW({key})>1)*ROW({key})*{number})")


def order_value(spec: TabSpec, key: Cell) -> int:
    """What `order_sum` takes for a key, to be multiplied by its 1-based row."""
    text = shown(key)
    if not text:
        return 0
    if spec.column(spec.key_column).kind is Kind.WHOLE:
        return int(text)
    if spec.letter:
        digits = text[len(spec.letter) + 1 :][:9]
        return int(digits) if digits.isascii() and digits.isdecimal() else 1
    codes = sum(
        ord(letter) * pow(131, n, PRIME) for n, letter in enumerate(text.ljust(CHARACTERS)[:CHARACTERS], start=1)
    )
    return codes % PRIME
