"""Which leads are to be pushed, what is known of those that were, and what the service is told of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.values import System
from sheets_crm.features.ids import number_of
from sheets_crm.features.push_cells import PushCell, parsed, row_of
from sheets_crm.pipeline.columns import BODIES, LEAD_NUMBER, PUSH, TARGET_ID, Cell
from sheets_crm.pipeline.imports.keys import email_key
from sheets_crm.pipeline.leads import filled
from sheets_crm.pipeline.push_words import PushedLead, Word
from sheets_crm.pipeline.schema import Step
from sheets_crm.pipeline.states import PROCESSING

STEP: Final = "instantly"
"""The step whose batches are pushed."""
COMPANY: Final = ("companyName_fromP", "companyName")
FIRST_NAME: Final = ("firstName_cleaned", "firstName")
LAST_NAME: Final = ("lastName_cleaned", "lastName")
_TOLD: Final = (TARGET_ID, "email", "subject", *BODIES, *COMPANY, *FIRST_NAME, *LAST_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushView:
    """What a run showed of the pushes of its workbook.

    Attributes:
        system: What System says of claims.
        spreadsheet_id: The id of the file that was read.
        rows: The enrolments of leads that are out in a batch, or whose claim is open, by id; those that were not
            claimed yet have no campaign.
        leads: What the service is told of those that may be claimed, by the enrolment's id.
        campaign: What Control names as the campaign: its id or name, or nothing.
        stopped: LeadNumbers of those among them that may not be contacted.
        stamps: Tokens of the newest writes that claimed or settled.
    """

    system: System
    spreadsheet_id: str
    rows: Mapping[str, Enrolment]
    leads: Mapping[str, PushedLead]
    campaign: str
    stopped: frozenset[str]
    stamps: tuple[str, ...]


def due_text(batch: str) -> str:
    """The cell of a lead that is sent in a batch and is to be pushed."""
    return PushCell(word=Word.DUE, batch=number_of(batch)).text


def push_rows(leads: pd.DataFrame, step: Step, also: Collection[int] = ()) -> dict[str, Enrolment]:
    """The enrolments of the leads that are out in a batch, whose push is in doubt, or that somebody asks for.

    Args:
        leads: All leads.
        step: The step whose batches are pushed.
        also: LeadNumbers of leads whose claims are open.
    """
    pushed = leads[filled(leads[PUSH])]
    rows = {}
    for number, text, batch, status, email in _cells(pushed, step):
        cell = parsed(text)
        assert cell is not None
        in_batch = status == PROCESSING and number_of(str(batch)) == cell.batch
        if in_batch or cell.word is Word.CLAIMED or number in also:
            row = row_of(number, email_key(str(email)), cell, in_batch=in_batch)
            rows[row.enrolment] = row
    return rows


def _cells(pushed: pd.DataFrame, step: Step) -> Iterable[tuple[int, Cell, Cell, Cell, Cell]]:
    columns = (pushed[name].to_numpy(dtype=object) for name in (PUSH, step.batch, step.status, "email"))
    return zip((int(number) for number in pushed.index), *columns, strict=True)


def pushed_leads(leads: pd.DataFrame, numbers: Sequence[int]) -> dict[int, PushedLead]:
    """What the service is told of leads, by LeadNumber."""
    chosen = leads.loc[list(numbers)]
    texts = {name: [_text(cell) for cell in chosen[name]] for name in _TOLD if name in chosen.columns}
    told: dict[int, PushedLead] = {}
    for place, number in enumerate(numbers):
        cells = {name: column[place] for name, column in texts.items()}
        company = _first(cells, COMPANY)
        variables = {name: cells.get(name, "") for name in (TARGET_ID, "subject", *BODIES)}
        told[number] = PushedLead(
            email=cells.get("email", ""),
            first_name=_first(cells, FIRST_NAME),
            last_name=_first(cells, LAST_NAME),
            company_name=company,
            variables={LEAD_NUMBER: number, "companyName": company, **variables},
        )
    return told


def _first(cells: Mapping[str, str], names: Iterable[str]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _text(cell: Cell) -> str:
    """A cell as a text; a number without a decimal point where it has none."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def counted(leads: pd.DataFrame, step: Step) -> dict[str, Counter[Word]]:
    """How many leads of each batch have which word, by batch."""
    cells = leads[PUSH].to_numpy(dtype=object)
    batches = leads[step.batch].to_numpy(dtype=object)
    counts: dict[str, Counter[Word]] = {}
    for place in np.flatnonzero((cells != "") & (batches != "")):
        cell = parsed(cells[place])
        if cell is not None and number_of(str(batches[place])) == cell.batch:
            counts.setdefault(str(batches[place]), Counter())[cell.word] += 1
    return counts
