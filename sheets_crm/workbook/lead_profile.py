"""The Lead Profile: where a lead stands, its story and everything known of it, by live formulas, for sales.

Source: the owner's document, "una especie de Leads Profile para tener acceso fácil en ventas".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sheets_crm.messages import CATALOGUE, localize
from sheets_crm.pipeline.columns import (
    COMPANY,
    COPY,
    EMAIL,
    ENTERS,
    LEAD_NUMBER,
    NOTES,
    PERSON,
    PERSON_PHONE,
    Kind,
    prompt_columns,
)
from sheets_crm.pipeline.reply_words import REPLIES
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.states import BLOCKED, COMPLETED, NOT_ELIGIBLE, PROCESSING, READY
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import CellIn, Formula
from sheets_crm.workbook.lead_search import ROW_CELL, found_row, several, text
from sheets_crm.workbook.tabs import BOX1_HISTORY, MASTER, input_key

ASK_ROW: Final = 1
WIDTH: Final = 3
EARLIER: Final = 6
"""Earlier Box 1 results that the story has room for, besides what happened in the steps."""


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One row of the Lead Profile.

    Attributes:
        cells: Label, value, and the Master's header of a raw value.
        kind: ``heading``, ``when`` for a value that is a date and time, ``story`` for a row of the story, else "".
    """

    cells: tuple[CellIn, CellIn, CellIn]
    kind: str = ""


def rows(schema: Schema, language: str, where: Addresses) -> tuple[ProfileRow, ...]:
    """The rows of the Lead Profile from row 1; the operator writes in B2."""
    return tuple(_Writer(schema, language, where).rows())


class _Writer:
    """Builds the rows for the columns and tabs of a workbook, in its language."""

    def __init__(self, schema: Schema, language: str, where: Addresses) -> None:
        self._schema, self._language, self._where = schema, language, where

    def rows(self) -> Iterator[ProfileRow]:
        say = self._say
        yield ProfileRow(("Lead Profile", say("profile.hint"), ""))
        yield ProfileRow((say("profile.ask"), "", ""))
        yield ProfileRow((say("profile.row"), Formula("=" + found_row(self._schema, self._where)), ""))
        missing = several(self._schema, self._where, say("profile.not_found"), say("profile.several", count="@"))
        yield ProfileRow(("", Formula("=" + missing), ""))
        yield self._heading("profile.who")
        yield from self._who()
        yield self._heading("profile.where")
        yield ProfileRow((say("profile.next"), self._of_lead(self._next()), ""))
        for step in self._schema.steps:
            yield ProfileRow((step.title, self._of_lead(self._state(step)), ""))
        yield self._heading("profile.story")
        yield from self._story()
        yield from self._raw()

    def _say(self, code: str, **params: object) -> str:
        return localize(code, self._language, **params)

    def _heading(self, code: str) -> ProfileRow:
        return ProfileRow((self._say(code), "", ""), "heading")

    # -- cells of the lead

    def _cell(self, header: str) -> str:
        """The expression of a cell of the lead in the Master."""
        return f"INDEX({self._where.column(MASTER, header)};{ROW_CELL}-1)"

    @staticmethod
    def _of_lead(expression: str) -> Formula:
        """The formula of an expression that is blank while no lead is chosen."""
        return Formula(f'=IF({ROW_CELL}="";"";IFERROR({expression};""))')

    def _filled(self, code: str, **params: str) -> str:
        """The expression of a text whose placeholders are expressions."""
        pieces = re.split(r"\{(\w+)\}", self._say(code, **{name: f"{{{name}}}" for name in params}))
        return "&".join(params[piece] if n % 2 else text(piece) for n, piece in enumerate(pieces) if piece)

    def _joined(self, *headers: str, by: str = " ") -> str:
        cells = ";".join(self._cell(header) for header in headers if self._schema.has(header))
        return f"TEXTJOIN({text(by)};TRUE;{cells})"

    # -- who

    def _who(self) -> Iterator[ProfileRow]:
        say, has = self._say, self._schema.has
        yield ProfileRow((say("profile.name"), self._of_lead(self._joined("firstName", "lastName")), ""))
        yield ProfileRow((say("column.personTitle"), self._of_lead(self._cell("personTitle")), ""))
        company = self._first("companyName", "companyName_fromP")
        yield ProfileRow((say("column.companyName"), self._of_lead(company), ""))
        yield ProfileRow(
            (say("column.email"), self._of_lead(self._joined("email", "email_validation", by=" · ")), "")
        )
        phones = [name for name in (PERSON_PHONE, "phone") if has(name)]
        if phones:
            yield ProfileRow((say("profile.phone"), self._of_lead(self._first(*phones)), ""))
        url = self._first("personLinkedinUrl", "personSalesUrl")
        link = f'IF(LEFT({url};4)="http";HYPERLINK({url};{url});{url})'
        yield ProfileRow((say("column.personLinkedinUrl"), self._of_lead(link), ""))
        yield ProfileRow((say("column.notes"), self._notes(), ""))

    def _first(self, *headers: str) -> str:
        """The first cell of some that is not blank."""
        *others, last = (self._cell(header) for header in headers if self._schema.has(header))
        return "".join(f'IF({cell}<>"";{cell};' for cell in others) + f'{last}&""' + ")" * len(others)

    # -- where the lead stands

    def _state(self, step: Step) -> str:
        status, texts = (
            self._cell(step.status),
            {
                NOT_ELIGIBLE: self._filled("profile.state."),
                READY: self._filled("profile.state.ready"),
                PROCESSING: self._filled("profile.state.processing", batch=self._cell(step.batch)),
                COMPLETED: self._filled("profile.state.completed"),
                BLOCKED: self._filled("profile.state.blocked"),
            },
        )
        states = [state.cell for state in self._schema.states_of(step) if state.cell in texts]
        chosen = "".join(f"IF({status}={text(cell)};{texts[cell]};" for cell in states)
        result = [name for name in _RESULTS.get(step.name, ()) if self._schema.has(name)]
        shown = f"{chosen}{status}{')' * len(states)}"
        if not result:
            return shown
        return f'{shown}&IF({status}={text(COMPLETED)};": "&{self._joined(*result)};"")'

    def _next(self) -> str:
        """What has to be done with the lead, by the step that it has come to."""
        after = self._filled("profile.next.nothing")
        if self._schema.has("storage"):
            after = f"IF({self._cell('storage')}=TRUE;{self._filled('profile.next.storage')};{after})"
        if self._schema.has("instantly_status"):
            after = self._after_sending(after)
        for step in self._schema.steps:
            status, tab = self._cell(step.status), input_key(step)
            lead = self._cell(LEAD_NUMBER)
            row = f"MATCH({lead};{self._where.column(tab, LEAD_NUMBER)};0)+1"
            send = self._filled("profile.next.send", step=text(step.title), row=f"({row})")
            days = f"TODAY()-INT({self._cell(step.sent_at)})"
            since = f"IF({days}<1;{self._filled('profile.today')};{self._filled('profile.days_ago', days=f'({days})')})"
            batch = self._cell(step.batch)
            wait = self._filled("profile.next.wait", batch=batch, step=text(step.title), since=since)
            if any(state.cell == BLOCKED for state in self._schema.states_of(step)):
                after = f"IF({status}={text(BLOCKED)};{self._filled('profile.next.blocked')};{after})"
            after = f"IF({status}={text(READY)};{send};IF({status}={text(PROCESSING)};{wait};{after}))"
        return after

    def _after_sending(self, otherwise: str) -> str:
        """What has to be done with a lead that has a word of ``instantly_status``."""
        status = self._cell("instantly_status")
        chosen = f'IF({status}<>"";{self._filled("profile.next.reply", status=status)};{otherwise})'
        for reply in REPLIES:
            if reply.replied:
                kind = "converted" if reply.converted else "positive" if reply.positive else "negative"
                chosen = f"IF({status}={text(reply.word)};{self._filled(f'profile.next.{kind}')};{chosen})"
        return chosen

    # -- the story

    def _story(self) -> Iterator[ProfileRow]:
        """One formula that spills what happened to the lead, the newest first, over rows that are kept free for it."""
        events = [(self._cell("imported_at"), self._event("profile.story.imported", "TargetID"))]
        for step in self._schema.steps:
            sent = self._event("profile.story.sent", step.batch, step=step.title)
            back = self._event("profile.story.back", *_RESULTS.get(step.name, ()), step=step.title)
            events += [(self._cell(step.sent_at), sent), (self._cell(step.completed_at), back)]
        if self._schema.has("instantly_status_at"):
            at, sent_at = self._cell("instantly_status_at"), self._instantly_sent_at()
            when = f'IF({at}={sent_at};"";{at})' if sent_at else at
            events.append((when, self._event("profile.story.reply", "instantly_status")))
        room = len(events) + (EARLIER if self._schema.has("box1_result") else 0)
        # SORT keeps the order of equal moments: what follows from another event is listed before it.
        whens, whats = (";".join(reversed(parts)) for parts in zip(*events, strict=True))
        found = f"HSTACK(VSTACK({whens});VSTACK({whats}))"
        if self._schema.has("box1_result"):
            found = f"VSTACK({found};{self._earlier()})"
        listed = f"LET(all;{found};TAKE(SORT(FILTER(all;ISNUMBER(CHOOSECOLS(all;1)));1;FALSE);{room}))"
        yield ProfileRow((self._of_lead(listed), "", ""), "story")
        for _ in range(room - 1):
            yield ProfileRow(("", "", ""), "story")

    def _event(self, code: str, *headers: str, **params: str) -> str:
        said = text(self._say(code, **params))
        kept = [header for header in headers if self._schema.has(header)]
        if not kept:
            return said
        return f'TEXTJOIN(": ";TRUE;{said};{self._joined(*kept)})'

    def _instantly_sent_at(self) -> str:
        """When the lead was sent to be contacted: the status that this writes is no event of its own."""
        return next((self._cell(step.sent_at) for step in self._schema.steps if step.sending), "")

    def _earlier(self) -> str:
        lead = self._cell(LEAD_NUMBER)
        column, whens, versions, found = (
            self._where.column(BOX1_HISTORY, name)
            for name in (LEAD_NUMBER, "box1_completed_at", "box1_version", "box1_result")
        )
        said = text(self._say("profile.story.earlier") + ": ")
        what = f'ARRAYFORMULA({said}&FILTER({versions};{column}={lead})&" "&FILTER({found};{column}={lead}))'
        return f'IFERROR(HSTACK(FILTER({whens};{column}={lead});{what});HSTACK("";""))'

    # -- all that is known

    def _raw(self) -> Iterator[ProfileRow]:
        schema = self._schema
        kinds = {column.name: column.kind for column in schema.columns}
        states = tuple(name for name in kinds if _is_state(schema, name))
        sections = (
            ("person", (*PERSON, PERSON_PHONE)),
            ("email", EMAIL),
            ("company", COMPANY),
            ("copy", ("box1_version", "box1_result", *COPY, *prompt_columns(schema.prompts))),
            (
                "states",
                (
                    *states,
                    "storage",
                    "instantly_status",
                    "instantly_status_at",
                    ENTERS,
                    "imported_at",
                    "updated_at",
                ),
            ),
            ("others", schema.added),
        )
        for title, names in sections:
            shown = [name for name in names if schema.has(name)]
            if shown:
                yield self._heading(f"profile.{title}")
            for name in shown:
                kind = "when" if kinds.get(name) is Kind.WHEN else ""
                yield ProfileRow((self._label(name), self._of_lead(self._cell(name)), name), kind)

    def _label(self, name: str) -> str:
        """What people call a column: its header, where nobody has given it another name."""
        if f"column.{name}" in CATALOGUE:
            return self._say(f"column.{name}")
        if prompt := re.fullmatch(r"prompt(\d+)_(version|user_prompt|output)", name):
            part = self._say(f"column.prompt.{prompt[2]}")
            return self._say("column.prompt", number=prompt[1], part=part)
        for step in self._schema.steps:
            for which, header in _state_headers(step):
                if header == name:
                    return self._say(f"column.state.{which}", step=step.title)
        return name

    def _notes(self) -> Formula:
        """The lead's notes, from the input tab that lists it, where operators edit them, else from the Master."""
        lead = self._cell(LEAD_NUMBER)
        notes = f'IFERROR({self._cell(NOTES)};"")'
        for key in map(input_key, self._schema.steps):
            row = f"MATCH({lead};{self._where.column(key, LEAD_NUMBER)};0)"
            notes = f'IFERROR(INDEX({self._where.column(key, NOTES)};{row})&"";{notes})'
        return Formula(f'=IF({ROW_CELL}="";"";{notes})')


_RESULTS: Final = {
    "verification": ("email_validation",),
    "box1": ("box1_version", "box1_result"),
    "instantly": ("instantly_status",),
}
"""The Master columns that say what came back, by step."""


def _state_headers(step: Step) -> Sequence[tuple[str, str]]:
    return (
        ("sent", step.sent),
        ("sent_at", step.sent_at),
        ("batch", step.batch),
        ("status", step.status),
        ("completed_at", step.completed_at),
    )


def _is_state(schema: Schema, name: str) -> bool:
    return any(name == header for step in schema.steps for _, header in _state_headers(step))
