"""Labels: what the words and labels of Instantly mean, as operators edit it.

The rows of a new workbook are the interest labels that every workspace has. A label of the workspace's own, or an event
of a type that nobody knows, is listed once; what it means, operators say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.table_edits import TwoWay
from sheets_crm.engine.table_reads import held
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.conversation_rows import CLASSES
from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.imports.text import header_key, shown
from sheets_crm.pipeline.reply_words import CONTACTED, CONVERTED, NEGATIVE, POSITIVE, REPLIES, SENT
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, Choice, Group, Owner, ReadPolicy, TabColumn, TabSpec
from sheets_crm.workbook.two_way.columns import table_columns
from sheets_crm.workbook.two_way.edits import RowEdit
from sheets_crm.workbook.two_way.typed import typed

LABELS: Final = "labels"
LABEL, STATUS, CLASS = "label", "instantly_status", "class"
MOST_ROWS: Final = 500
"""Rows up to which the worker lists labels that nobody has answered: event types are texts that others choose."""

OWN: Final = (
    TabColumn(LABEL, owner=Owner.OPERATOR, width=200, es="etiqueta"),
    TabColumn(
        STATUS,
        owner=Owner.OPERATOR,
        width=160,
        choices=tuple(Choice(reply.word) for reply in REPLIES if reply.word != SENT),
    ),
    TabColumn(CLASS, owner=Owner.OPERATOR, width=130, es="clase", choices=CLASSES),
    TabColumn("target_id", owner=Owner.OPERATOR, width=120),
    TabColumn("instantly_campaign", owner=Owner.OPERATOR, width=220, es="campaña de Instantly"),
)
SPEC: Final = TabSpec(
    LABELS,
    "Labels",
    table_columns(*OWN),
    "_key",
    colour=0x00796B,
    policy=ReadPolicy.BY_KEY,
    two_way=True,
    letter="G",
    es="Etiquetas",
    group=Group.SETUP,
    rare=True,
    needed_by_imports=True,
)

_OF_EVERY_WORKSPACE: Final = (
    ("Interested", POSITIVE, "positive"),
    ("Meeting booked", POSITIVE, "positive"),
    ("Meeting completed", POSITIVE, "positive"),
    ("Closed", CONVERTED, "positive"),
    ("Not interested", NEGATIVE, "negative"),
    ("Wrong person", NEGATIVE, "negative"),
    ("Lost", NEGATIVE, "negative"),
    ("No show", NEGATIVE, "negative"),
    ("Out of office", CONTACTED, "out_of_office"),
    ("Neutral", CONTACTED, "other"),
)


def _first_rows() -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a new tab, with their keys."""
    for number, (label, status, kind) in enumerate(_OF_EVERY_WORKSPACE, start=1):
        cells = {SPEC.key_column: f"{SPEC.letter}-{number:04d}", LABEL: label, STATUS: status, CLASS: kind}
        yield tuple(cells.get(header, "") for header in SPEC.headers)


TABLE: Final = replace(SPEC, first_rows=tuple(_first_rows()))


def label_key(text: str) -> str:
    """What spellings of a label have in common; an event's type names the label behind ``lead_``."""
    key = header_key(text)
    return key.removeprefix("lead") if text.casefold().startswith("lead_") else key


def meanings(snapshot: Snapshot, settings: RunSettings) -> dict[str, str]:
    """What labels mean: words of ``instantly_status``, "" for one that nobody has answered, by `label_key`.

    While a part of the tab is sorted by hand, none is known: cells may stand beside other labels.
    """
    sheet = snapshot.sheets.get(LABELS)
    if sheet is None or held(snapshot.system, LABELS):
        return {}
    found: dict[str, str] = {}
    for label, status in zip(sheet.frame[LABEL], sheet.frame[STATUS], strict=True):
        reading = typed(SPEC.column(STATUS), status, settings.language)
        key = label_key(shown(label))
        if key and not found.get(key):
            found[key] = "" if reading.problem else shown(reading.value)
    return found


def list_unknown(working: WorkingState, labels: Iterable[str]) -> None:
    """List labels that are not in the tab yet, for operators to say what they mean."""
    rows = working.rows(LABELS)
    listed = {label_key(shown(rows.row(key).get(LABEL, ""))) for key in rows.keys}
    for label in sorted(set(labels), key=label_key):
        if label_key(label) not in listed and len(listed) < MOST_ROWS:
            rows.append({LABEL: label[:200], PROBLEM: _without_meaning(working)})
            listed.add(label_key(label))


def edited(working: WorkingState, edit: RowEdit) -> dict[str, Cell]:
    """Say in the row whether its label still has no meaning; a row that names a campaign alone needs none."""
    working.rows(LABELS)  # read whole: what was imported by other meanings is imported again
    waits = shown(edit.values[LABEL]).strip() and not (edit.values[STATUS] or edit.values[CLASS])
    return {PROBLEM: _without_meaning(working) if waits else ""}


def _without_meaning(working: WorkingState) -> str:
    return with_remedy("label_unanswered", working.settings.language)


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Labels: a row a label."""
    yield TABLE


FEATURE: Final = Feature("labels", tables=tables, two_way={LABELS: TwoWay(edited)})
