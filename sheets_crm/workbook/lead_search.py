"""The formulas by which Lead Profile finds a lead: by number, e-mail, profile, phone, name or company."""

from __future__ import annotations

from typing import Final

from sheets_crm.pipeline.columns import LEAD_NUMBER, PERSON_PHONE
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.tabs import MASTER

ASKED: Final = "TRIM($B$2)"
ROW_CELL: Final = "$B$3"
"""Where the 1-based row of the Master stands that was found."""
SHOWN: Final = 10
"""Leads of one name that are listed."""
DIGITS: Final = 6
"""A phone is asked for by at least so many digits."""
NAMES: Final = ("firstName", "lastName", "companyName", "companyName_fromP")


def text(words: str) -> str:
    """A text as a formula has it."""
    return '"' + words.replace('"', '""') + '"'


def found_row(schema: Schema, where: Addresses) -> str:
    """The expression of the Master's row of the lead that is asked for; blank when there is none, or several.

    What identifies one lead comes first: its number, an address, a profile, a phone. Part of a name or of a company
    counts when one lead alone has it.
    """

    def column(header: str) -> str:
        return where.column(MASTER, header)

    ways = [
        f"MATCH($B$2;{column(LEAD_NUMBER)};0)",
        # The number may have been typed as text; a phone of digits alone is none.
        f"MATCH(VALUE({ASKED});{column(LEAD_NUMBER)};0)",
        f"MATCH({ASKED};{column('email')};0)",
    ]
    # The slug of a profile, whatever stands before and after it.
    slug = f'REGEXEXTRACT({ASKED};"/(?:in|lead|people)/([^/?#,]+)")'
    profiles = [name for name in ("personLinkedinUrl", "personSalesUrl") if schema.has(name)]
    ways += [
        f'MATCH("*/"&{slug}&{text(end)};{column(name)};0)'
        for name in profiles
        for end in ("", "/*", "~?*", ",*", "#*")
    ]
    digits = f'REGEXREPLACE({ASKED};"[^0-9]";"")'
    asked = f'IF(AND(LEN({digits})>={DIGITS};REGEXMATCH({ASKED};"^[-+ ().0-9]+$"));"*"&{digits};NA())'
    if schema.has(PERSON_PHONE):
        ways.append(f"MATCH({asked};{column(PERSON_PHONE)};0)")
    if schema.has("phone"):
        plain = f'ARRAYFORMULA(REGEXREPLACE({column("phone")}&"";"[^0-9]";""))'
        ways.append(f"MATCH({asked};{plain};0)")
    one = f"IF(SUM({_fits(schema, where)})=1;MATCH(1;{_fits(schema, where)};0);NA())"
    chain = "".join(f"IFERROR({way};" for way in (*ways, one)) + "NA()" + ")" * (len(ways) + 1)
    return f'IF({ASKED}="";"";IFERROR({chain}+1;""))'


def several(schema: Schema, where: Addresses, missing: str, many: str) -> str:
    """The expression that says why no lead was found: there is none, or several that it lists.

    Args:
        schema: Columns of the Master.
        where: Where they stand.
        missing: What is said when there is none.
        many: What is said when there are several, with ``@`` for their number.
    """
    number = where.column(MASTER, LEAD_NUMBER)
    who = f'ARRAYFORMULA(TRIM({number}&" "&{_called(schema, where)}))'
    listed = f'TEXTJOIN(" · ";TRUE;TAKE(FILTER({who};fits=1);{SHOWN}))'
    count = "SUM(fits)"
    before, _, after = many.partition("@")
    said = f"{text(before)}&{count}&{text(after + ' ')}&{listed}"
    return (
        f'IF(OR({ASKED}="";{ROW_CELL}<>"");"";'
        f"LET(fits;{_fits(schema, where)};IFERROR(IF({count}>1;{said};{text(missing)});{text(missing)})))"
    )


def _called(schema: Schema, where: Addresses) -> str:
    """The person and the company of each lead, each once: the company by its own name, else by the person's export."""
    first, last, own, exported = (where.column(MASTER, name) if schema.has(name) else '""' for name in NAMES)
    return f'{first}&" "&{last}&" "&IF({own}="";{exported};{own})'


def _names(schema: Schema, where: Addresses) -> str:
    """The names of each lead, as one column of texts."""
    columns = [where.column(MASTER, name) for name in NAMES if schema.has(name)]
    return '&" "&'.join(columns)


def _fits(schema: Schema, where: Addresses) -> str:
    """1 for each lead in whose names stands what is asked for, else 0."""
    return f"ARRAYFORMULA(ISNUMBER(SEARCH({ASKED};{_names(schema, where)}))*1)"
