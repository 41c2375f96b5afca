"""The columns of the Master, declared once.

Source: the owner's document, "Columnas de cada página"; the order is the Master's.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

Cell = str | bool | int | float
"""One cell as Google renders it; an empty cell is ``""`` and an error cell its text, such as ``#N/A``."""

PROMPTS: Final = 4
"""How many prompts Box 1 reports when the settings say nothing."""
MOST_PROMPTS: Final = 20


class Kind(enum.Enum):
    """What a cell of a column holds in the sheet."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    MONEY = "amount of money"
    FLAG = "true or false"
    DATE = "date, days since 1899-12-30"
    WHEN = "date and time, days since 1899-12-30 in the workbook's time zone"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the Master: its header and the kind of its cells."""

    name: str
    kind: Kind = Kind.TEXT


LEAD_NUMBER: Final = "LeadNumber"
TARGET_ID: Final = "TargetID"
NOTES: Final = "notes"
SEND: Final = "send"
PERSON_PHONE: Final = "person_phone"
"""The person's own phone in E.164, which contact lists bring; `phone` is the company's."""

PUSH: Final = "instantly_push"
"""What became of the lead's push to Instantly; a column of the module's."""

ENTERS: Final = "enters"
"""The step at which a lead entered, where that is not the first one in use; the steps before it do not ask for it."""

PERSON: Final = (
    "LeadNumber",
    "TargetID",
    "firstName",
    "lastName",
    "personTitle",
    "personTitleDescription",
    "personSummary",
    "personLocation",
    "durationInRole",
    "durationInCompany",
    "personTimestamp",
    "personLinkedinUrl",
    "personSalesUrl",
    "companyName_fromP",
    "companyLinkedinUrl_fromP",
    "companySalesUrl_fromP",
)
EMAIL: Final = ("email", "email_validation", "validation_success", "firstName_cleaned", "lastName_cleaned")
COMPANY: Final = (
    "companyName",
    "companyDescription",
    "companyTagLine",
    "industry",
    "employeeCount",
    "companyLocation",
    "website",
    "domain",
    "yearFounded",
    "specialties",
    "phone",
    "minRevenue",
    "maxRevenue",
    "growth6Mth",
    "growth1Yr",
    "growth2Yr",
    "companyTimestampSN",
    "companyTimestampLN",
    "linkedInCompanyUrl",
    "salesNavigatorCompanyUrl",
)
BODIES: Final = ("body_1", "body_2", "body_3", "body_4")
COPY: Final = ("subject", *BODIES)
BOX1: Final = ("box1_version", "box1_result", *COPY)
COMPANY_URLS: Final = ("companyLinkedinUrl_fromP", "companySalesUrl_fromP")

FLAGS: Final = frozenset({"validation_success", "storage"})
MOMENTS: Final = frozenset({"instantly_status_at", "imported_at", "updated_at"})


def prompt_columns(prompts: int) -> tuple[str, ...]:
    """The three headers of each Box 1 prompt, in Master order."""
    parts = ("version", "user_prompt", "output")
    return tuple(f"prompt{n}_{part}" for n in range(1, prompts + 1) for part in parts)


def state_columns(step: str) -> tuple[Column, ...]:
    """The five state columns of a step: sent, sent at, batch, status, completed at."""
    return (
        Column(f"{step}_sent", Kind.FLAG),
        Column(f"{step}_sent_at", Kind.WHEN),
        Column(f"{step}_batch"),
        Column(status_column(step)),
        Column(f"{step}_completed_at", Kind.WHEN),
    )


def status_column(step: str) -> str:
    """The header of a step's state (`sheets_crm.pipeline.states`).

    Instantly's reply status already has the owner's header ``instantly_status``; headers are unique, so the state of
    that step gets another one.
    """
    return "instantly_step_status" if step == "instantly" else f"{step}_status"


def master_columns(
    steps: tuple[str, ...],
    prompts: int = PROMPTS,
    extra: tuple[str, ...] = (),
    own: tuple[tuple[str, tuple[str, ...]], ...] = (),
) -> tuple[Column, ...]:
    """Every column of the Master in order.

    Args:
        steps: Names of the built-in steps in the order leads pass them.
        prompts: How many prompts box 1 reports.
        extra: Further text columns from the settings, placed before the bookkeeping.
        own: The custom steps with the text columns that their output brings. They stand last, so that a step
            declared later moves no existing column.
    """
    names = (*PERSON, *EMAIL, *COMPANY, *BOX1, *prompt_columns(prompts))
    states = tuple(column for step in steps for column in state_columns(step))
    tail = ("storage", "instantly_status", "instantly_status_at", *extra, NOTES, "imported_at", "updated_at")
    tail = (*tail, PERSON_PHONE, ENTERS)
    last = (column for step, brings in own for column in (*state_columns(step), *map(Column, brings)))
    return (*map(_declared, names), *states, *map(_declared, tail), *last)


def _declared(name: str) -> Column:
    if name == LEAD_NUMBER:
        return Column(name, Kind.WHOLE)
    if name in FLAGS:
        return Column(name, Kind.FLAG)
    return Column(name, Kind.WHEN if name in MOMENTS else Kind.TEXT)
