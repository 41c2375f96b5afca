"""Do not contact: whom nobody may write to. Operators type and paste entries; only a lift with a reason ends one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from sheets_crm.engine.features import Feature
from sheets_crm.engine.table_edits import TwoWay, held_by_now, table_work
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features import blocking, suppressing
from sheets_crm.features.do_not_contact_rows import (
    DO_NOT_CONTACT,
    ENTRY,
    FORM,
    LIFTED_AT,
    MANUAL,
    REASON,
    SINCE,
    SOURCE,
    SPEC,
    Listing,
    bring_back,
    deleted,
    edits_handled,
    former,
    is_whole,
    listing,
    standing_after,
    typed_again,
    was_erased,
)
from sheets_crm.messages import localize
from sheets_crm.pipeline.do_not_contact import Standing, in_ascii
from sheets_crm.pipeline.imports.person import Person
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, TabSpec
from sheets_crm.workbook.two_way.edits import RowEdit, RowKind


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Do not contact: one row an entry."""
    yield SPEC


def edited(working: WorkingState, edit: RowEdit) -> Mapping[str, Cell]:
    """Note the entry in its normal form, and say what is wrong with the row.

    An entry that somebody has replaced by another one comes back in a row of its own.
    """
    if was_erased(edit):
        return {FORM: "", LIFTED_AT: "", SOURCE: working.message("do_not_contact.erased")}
    before = former(working, edit)
    made, wrong = standing_after(working, edit)
    if before.counts and made.form != before.form:
        bring_back(working, before.form)
    known = working.part(listing)
    known.put(edit.key, made)
    problems = [working.message(f"do_not_contact.{one.value}") for one in wrong]
    problems += [text for text in (_repeats(working, known, edit.key),) if text]
    if wrong and made.counts and not _is_new_entry(before, made):
        problems.append(working.message("do_not_contact.counts_still", entry=typed_again(made.form)))
    lifted_at: Cell = "" if made.lifted_at is None else made.lifted_at
    cells: dict[str, Cell] = {FORM: made.form, LIFTED_AT: lifted_at, PROBLEM: " ".join(problems)}
    if _is_new_entry(before, made) or (made.form and edit.source.cells.get(SINCE, "") == ""):
        cells |= {SOURCE: working.message("do_not_contact.operator"), SINCE: working.clock.serial}
    return cells


def _is_new_entry(before: Standing, made: Standing) -> bool:
    return bool(made.form) and made.form != before.form


def _repeats(working: WorkingState, known: Listing, key: str) -> str:
    """What is wrong with a row that repeats another one; "" for nothing."""
    first = known.repeats(key)
    return working.message("do_not_contact.twice", key=first) if first else ""


def required(working: WorkingState) -> Mapping[str, Mapping[str, Cell]]:
    """The rows that were deleted while their entries counted: they come back, by key."""
    text = working.message("do_not_contact.came_back")
    rows: dict[str, Mapping[str, Cell]] = {}
    for key, cells in deleted(working).items():
        form = shown(cells[FORM])
        kept = {name: cells.get(name, "") for name in (SOURCE, SINCE)}
        rows[key] = {ENTRY: typed_again(form), FORM: form, REASON: MANUAL, **kept, PROBLEM: text}
    return rows


def about(cells: Mapping[str, Cell], person: Person) -> Collection[str]:
    """The columns of a row that name a person by another way to write their address or phone."""
    return (ENTRY, FORM) if shown(cells.get(FORM, "")) in set(map(in_ascii, person.addresses)) else ()


def conclude(working: WorkingState) -> None:
    """Bring back what was emptied, say which rows repeat others, and block the leads that the list names."""
    if DO_NOT_CONTACT not in working.snapshot.tabs:
        return
    for edit in edits_handled(working):
        emptied = former(working, edit) if edit.kind is RowKind.ERASED else Standing()
        if emptied.counts:
            bring_back(working, emptied.form)
    if is_whole(working) and not held_by_now(working, DO_NOT_CONTACT):
        _say_repeated(working)
    blocking.conclude(working)


def _say_repeated(working: WorkingState) -> None:
    """Say in `problem` of rows that nobody edited whether they repeat another one, or that they no longer do."""
    known, frame = working.part(listing), working.snapshot.sheets[DO_NOT_CONTACT].frame
    work = working.part(table_work).get(DO_NOT_CONTACT)
    edited_keys = {row.key for row in work.read.rows} if work is not None else set()
    for key, present in zip(map(shown, frame.index), map(shown, frame[PROBLEM]), strict=True):
        text = _repeats(working, known, key)
        stale = _says_twice(present, working.settings.language) and present != text
        if key not in edited_keys and ((text and not present) or stale):
            working.rows(DO_NOT_CONTACT).set(key, {PROBLEM: text})


def _says_twice(text: str, language: str) -> bool:
    before, _, after = localize("do_not_contact.twice", language, key="\0").partition("\0")
    return bool(text) and text.startswith(before) and text.endswith(after)


FEATURE: Final = Feature(
    "do_not_contact",
    tables=tables,
    prepare=blocking.prepare,
    handlers={suppressing.Suppress: suppressing.obey},
    conclude=conclude,
    two_way={DO_NOT_CONTACT: TwoWay(edited=edited, required=required, about=about)},
)
