"""The greeting, the state of the system, and the lines that say what to do today, the most urgent first.

Each thing that may have to be done is a row of hidden columns: urgency, sentence, tab. One formula sorts
those that hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.workbook import tab_list
from sheets_crm.workbook.cells import Formula, column_letters, quoted
from sheets_crm.workbook.control import STATE_LINE
from sheets_crm.workbook.morning import places
from sheets_crm.workbook.morning.page import Cells, Page, block, cell
from sheets_crm.workbook.panel import ID
from sheets_crm.workbook.tabs import BATCHES, CONTROL, INBOX, REJECTED, input_key
from sheets_crm.workbook.waiting_rows import rejected_rows

NOW, SOON, CALM = 1, 2, 3
"""Urgencies."""
SHORT_DAYS, LONG_DAYS = 2, 7
"""Days of feed below which somebody has to act today, and soon."""
LONGEST: Final = 115
"""Characters of a problem that a line quotes: it shows whole on a screen of 1440 pixels."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may have to be done.

    Attributes:
        urgency: Expression of its urgency; blank while there is nothing to do.
        sentence: Expression of the line.
        tab: Key of the tab where it is done.
    """

    urgency: str
    sentence: str
    tab: str


def cells(page: Page) -> Iterator[Cells]:
    """Yield the greeting, the state, the lines, and the hidden rows that they come from."""
    yield Cells(places.GREETING, 0, ((Formula("=" + _greeting(page)), "", Formula("=TODAY()")),))
    yield Cells(places.GREETING, places.STATE_COLUMN, ((Formula("=" + _state(page)),),))
    yield Cells(places.TODAY, 0, ((page.say("morning.today"),),))
    yield from _hidden(page)
    for n in range(places.MOST_LINES):
        yield from _line(page, n)


def _greeting(page: Page) -> str:
    said = (f'"{page.say(f"morning.greeting.{part}")}"' for part in ("morning", "afternoon", "evening"))
    return "LET(hour;HOUR(NOW());IF(hour<6;{2};IF(hour<13;{0};IF(hour<20;{1};{2}))))".format(*said)


def _silence(page: Page) -> str:
    """The minutes since the system gave its last sign of life."""
    return f"(NOW()-{page.system('heartbeat')})*1440"


def _is_silent(page: Page) -> str:
    return f"AND(ISNUMBER({page.system('heartbeat')});{_silence(page)}>{page.silence()})"


def _state(page: Page) -> str:
    """The line that Control has of the state, wherever its row stands by now."""
    return f'IFERROR({_on_control(page, STATE_LINE, 0)};"")'


def _on_control(page: Page, row_id: str, column: int) -> str:
    """The cell of a row of Control, which is found by its id."""
    control, letters = quoted(page.where.titles[CONTROL]), column_letters(column)
    ids = f"{control}!${column_letters(ID)}:${column_letters(ID)}"
    return f'INDEX({control}!${letters}:${letters};MATCH("{row_id}";{ids};0))'


def _title(page: Page, tab: str) -> Formula:
    """What Control's list of tabs calls a tab, which follows its renames; Control itself does not stand there."""
    if tab == CONTROL:
        return tab_list.link(page.ids[tab], page.where.titles[tab])
    return Formula(f'=IFERROR({_on_control(page, f"{tab_list.ROW}{tab}", tab_list.LINK)};"")')


def _problems(page: Page) -> str:
    return f'COUNTIF({page.problem_cells()};"?*")'


def _line(page: Page, n: int) -> Iterator[Cells]:
    """Yield the cells of a line: a sign with a word, the sentence, the link."""
    row = places.LINES + n
    urgency, sentence, tab, title = (cell(row, places.SORTED_COLUMN + k) for k in range(4))
    signs = ";".join(f'"{page.say(f"morning.{name}")}"' for name in ("now", "soon", "calm"))
    yield Cells(row, 0, ((Formula(f'=IF(ISNUMBER({urgency});CHOOSE({urgency};{signs});"")'),),))
    yield Cells(row, places.SENTENCE_COLUMN, ((Formula(f'=IF(ISNUMBER({urgency});{sentence};"")'),),))
    link = f'=IF(ISNUMBER({urgency});HYPERLINK("#gid="&{tab};"→ "&{title});"")'
    yield Cells(row, places.LINK_COLUMN, ((Formula(link),),))


def _hidden(page: Page) -> Iterator[Cells]:
    listed = list(_candidates(page))
    calm = _calm(page, block(places.LINES, places.HELPER_COLUMN, len(listed), 1))
    every = [*listed, calm]
    for n, one in enumerate(every):
        number, title = page.ids[one.tab], _title(page, one.tab)
        yield Cells(
            places.LINES + n,
            places.HELPER_COLUMN,
            ((Formula("=" + one.urgency), Formula("=" + one.sentence), number, title),),
        )
    rows = block(places.LINES, places.HELPER_COLUMN, len(every), 4)
    urgencies = block(places.LINES, places.HELPER_COLUMN, len(every), 1)
    yield Cells(
        places.LINES,
        places.SORTED_COLUMN,
        ((Formula(f'=IFERROR(SORT(FILTER({rows};ISNUMBER({urgencies}));1;TRUE);"")'),),),
    )


def _calm(page: Page, others: str) -> Candidate:
    """What is said when there is nothing to do: the next thing that will be."""
    said = page.sentence("morning.nothing")
    if page.has("next_export_by"):
        date = page.value("next_export_by")
        later = page.sentence("morning.nothing.export", date=f'TEXT({date};"ddd d mmm")')
        said = f"IF(ISNUMBER({date});{later};{said})"
    return Candidate(f'IF(COUNT({others})=0;{CALM};"")', said, CONTROL)


def _candidates(page: Page) -> Iterator[Candidate]:
    yield Candidate(
        f'IF({_is_silent(page)};{NOW};"")', page.sentence("morning.silent", age=page.age(_silence(page))), CONTROL
    )
    first = _shortened(f"INDEX({page.problem_cells()};1)")
    yield Candidate(
        f'IF({_problems(page)}>0;{NOW};"")',
        page.sentence("morning.problems", count=_problems(page), first=first),
        CONTROL,
    )
    yield from _of_modules(page)
    equal = page.value("conservation_ok")
    yield Candidate(f'IF({equal}=TRUE;"";{NOW})', page.sentence("morning.unequal"), CONTROL)
    yield _late(page)
    yield _rejected(page)
    if page.has("feed_days"):
        yield _feed(page)
        yield _export(page)
    yield Candidate(f'IF({page.value("leads_total")}=0;{SOON};"")', page.sentence("morning.first"), INBOX)
    for step in page.schema.steps:
        ready = f"COUNT({page.where.column(input_key(step), LEAD_NUMBER)})"
        said = page.sentence("morning.ready", count=ready, step=f'"{step.title}"')
        yield Candidate(f'IF({ready}>0;{SOON};"")', said, input_key(step))


def _of_modules(page: Page) -> Iterator[Candidate]:
    """Yield the lines of tables whose rows wait for somebody."""
    for key, spec in page.where.specs.items():
        if spec.waits is None or key not in page.ids:
            continue
        choices = spec.column(spec.waits.header).choices
        shown = next(choice.name(page.language) for choice in choices if choice.id == spec.waits.value)
        letters = column_letters(page.where.column_index(key, spec.waits.header))
        # From the header on: a row that is inserted below it would move a range that begins in row 2.
        number = f'COUNTIF({quoted(page.where.titles[key])}!${letters}$1:${letters};"{shown}")'
        yield Candidate(f'IF({number}>0;{NOW};"")', page.sentence(spec.waits.code, count=number), key)


def _shortened(text: str) -> str:
    """The expression of a text as far as its last whole word within `LONGEST` characters, then with an ellipsis."""
    cut = f'REGEXREPLACE(LEFT(text;{LONGEST});"[ ,;:]+[^ ]*$";"")&"…"'
    return f"LET(text;{text};IF(LEN(text)>{LONGEST};{cut};text))"


def _late(page: Page) -> Candidate:
    columns = [page.where.column(BATCHES, name) for name in ("id", "age", "outstanding", "stale")]
    late = f'({columns[3]}<>"")*({columns[2]}>0)'
    number = f"SUMPRODUCT({late})"
    oldest = f"SORT(FILTER(HSTACK({';'.join(columns[:3])});{late});2;FALSE)"
    batch, days, out = (f"INDEX(oldest;1;{n})" for n in (1, 2, 3))
    said = page.sentence("morning.late", count=number, batch=batch, days=days, out=out)
    return Candidate(f'IF({number}>0;{NOW};"")', f'IFERROR(LET(oldest;{oldest};{said});"")', BATCHES)


def _rejected(page: Page) -> Candidate:
    number = f"({rejected_rows(page.where)})"
    return Candidate(f'IF({number}>0;{NOW};"")', page.sentence("morning.rejected", count=number), REJECTED)


def _feed(page: Page) -> Candidate:
    ready, coming = page.value("feed_days"), page.value("feed_days_with_pipeline")
    parts = {"days": f"FIXED({ready};1)", "more": f"FIXED({coming}-{ready};1)"}
    send, export, unknown = (
        page.sentence(f"morning.feed.{name}", **parts) for name in ("send", "export", "unknown")
    )
    said = f"IF(ISNUMBER({coming});IF({coming}>={LONG_DAYS};{send};{export});{unknown})"
    low = f'IF({ready}<{SHORT_DAYS};{NOW};IF({ready}<{LONG_DAYS};{SOON};""))'
    return Candidate(f'IF(AND(ISNUMBER({ready});{page.value("leads_total")}>0);{low};"")', said, CONTROL)


def _export(page: Page) -> Candidate:
    date = page.value("next_export_by")
    day = f'TEXT({date};"ddd d mmm")'
    soon, late = page.sentence("morning.export", date=day), page.sentence("morning.export.late", date=day)
    urgency = f'IF({date}<=TODAY();{NOW};IF({date}<=TODAY()+{LONG_DAYS};{SOON};""))'
    # The line about the feed says already that an export is needed.
    told = f"AND({page.value('feed_days')}<{LONG_DAYS};{page.value('feed_days_with_pipeline')}<{LONG_DAYS})"
    return Candidate(
        f'IF(AND(ISNUMBER({date});{page.value("leads_total")}>0;NOT({told}));{urgency};"")',
        f"IF({date}<TODAY();{late};{soon})",
        INBOX,
    )
