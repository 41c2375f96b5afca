"""The rows of Do not contact: the tab, what each row comes to, and all of them as they are by now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.table_edits import table_work
from sheets_crm.engine.table_rows import key_number
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.pipeline.columns import Kind
from sheets_crm.pipeline.do_not_contact import Standing, Typed, Wrong, standing
from sheets_crm.pipeline.imports.contacts.phones import country_of
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, Group, Owner, ReadPolicy, TabColumn, TabSpec, Tick
from sheets_crm.workbook.two_way.columns import table_columns
from sheets_crm.workbook.two_way.edits import RowEdit, RowKind

DO_NOT_CONTACT: Final = "do_not_contact"
ENTRY, REASON, LIFTED, LIFT_REASON = "entry", "reason", "lifted", "lift_reason"
SOURCE, SINCE = "source", "since"
FORM, LIFTED_AT = "_entry", "_lifted_at"
"""Hidden: the entry in its normal form, and when it was lifted. What counts of a row are these two."""
MANUAL: Final = "manual"
"""The reason of an entry whose operator gave none."""

SPEC: Final = TabSpec(
    DO_NOT_CONTACT,
    "Do not contact",
    table_columns(
        TabColumn(ENTRY, owner=Owner.OPERATOR, width=260, es="entrada"),
        TabColumn(REASON, owner=Owner.OPERATOR, width=160, es="motivo", default=MANUAL),
        TabColumn(LIFTED, Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.STATE, width=90, es="levantada"),
        TabColumn(LIFT_REASON, owner=Owner.OPERATOR, width=200, es="motivo para levantarla"),
        TabColumn(SOURCE, width=180, es="origen"),
        TabColumn(SINCE, Kind.WHEN, width=140, es="desde"),
        TabColumn(FORM, width=70, hidden=True),
        TabColumn(LIFTED_AT, Kind.WHEN, width=70, hidden=True),
    ),
    "_key",
    colour=0xB71C1C,
    policy=ReadPolicy.BY_KEY,
    two_way=True,
    letter="X",
    es="No contactar",
    group=Group.OUTREACH,
    needed_by_imports=True,
)


def standing_of(cells: Mapping[str, Cell]) -> Standing:
    """What a row came to when the worker last acted on it, by its cells."""
    at = cells.get(LIFTED_AT, "")
    lifted_at = float(at) if isinstance(at, int | float) and not isinstance(at, bool) else None
    return Standing(shown(cells.get(FORM, "")), lifted_at)


def country(working: WorkingState) -> str:
    """The country that a phone without one is assumed to be of."""
    return country_of(working.snapshot.info.locale)


def former(working: WorkingState, edit: RowEdit) -> Standing:
    """What an edited row came to before the edit; of a new one nothing."""
    if edit.new:
        return Standing()
    read = standing_of(edit.source.cells)
    # Of a row whose every cell was emptied nothing is left to read.
    return read if read.form else standing_of(_remembered(working).get(edit.key, {}))


def standing_after(working: WorkingState, edit: RowEdit) -> tuple[Standing, tuple[Wrong, ...]]:
    """What an edited row comes to, and what is wrong with its cells."""
    if edit.kind is RowKind.ERASED:
        return former(working, edit), ()
    if was_erased(edit):
        return Standing(), ()
    typed = Typed(shown(edit.values[ENTRY]), bool(edit.values[LIFTED]), shown(edit.values[LIFT_REASON]))
    return standing(former(working, edit), typed, working.clock.serial, country(working))


def was_erased(edit: RowEdit) -> bool:
    """Whether a row named somebody who was erased: what is left of it says when it came on the list."""
    cells = edit.source.cells
    blank = not any(shown(cells.get(name, "")).strip() for name in (ENTRY, FORM))
    return edit.kind is RowKind.ADOPTED and blank and cells.get(SINCE, "") != ""


def edits_read(working: WorkingState) -> tuple[RowEdit, ...]:
    """The edits of the tab; more than a write takes on are handled in the next runs, but count for whom they block."""
    work = working.part(table_work).get(DO_NOT_CONTACT)
    return work.edits.rows if work is not None else ()


def edits_handled(working: WorkingState) -> tuple[RowEdit, ...]:
    """The edits of the tab that this write handles."""
    return edits_read(working)[: working.budget.rows]


def is_whole(working: WorkingState) -> bool:
    """Whether the whole list was read."""
    return DO_NOT_CONTACT in working.snapshot.sheets


def standings(working: WorkingState) -> dict[str, Standing]:
    """What every row that was read comes to by now, by key; rows without one have a name of their own.

    That is the whole list, or the rows that were edited. A deleted row counts, for it comes back.
    """
    rows = dict(_of_sheet(working)) if is_whole(working) else {}
    rows |= {key: standing_of(cells) for key, cells in deleted(working).items()}
    rows |= {edit.key or f"row {edit.row}": standing_after(working, edit)[0] for edit in edits_read(working)}
    work = working.row_work.get(DO_NOT_CONTACT)
    return rows | {key: standing_of(cells) for key, cells in (work.added if work else {}).items()}


def _of_sheet(working: WorkingState) -> Iterator[tuple[str, Standing]]:
    return standings_of(working.snapshot)


def standings_of(snapshot: Snapshot) -> Iterator[tuple[str, Standing]]:
    """Yield the key of each row of a list that was read whole, and what it came to when the worker last acted on it."""
    frame = snapshot.sheets[DO_NOT_CONTACT].frame
    for key, form, lifted_at in zip(frame.index, frame[FORM], frame[LIFTED_AT], strict=True):
        yield shown(key), standing_of({FORM: form, LIFTED_AT: lifted_at})


def _remembered(working: WorkingState) -> Mapping[str, Mapping[str, Cell]]:
    return working.snapshot.memory.remembered.get(DO_NOT_CONTACT, {})


def deleted(working: WorkingState) -> dict[str, Mapping[str, Cell]]:
    """The worker's cells of the rows that somebody deleted while their entries counted, by key."""
    if not is_whole(working):
        return {}
    present = set(map(shown, working.snapshot.sheets[DO_NOT_CONTACT].frame.index))
    return {
        key: cells
        for key, cells in _remembered(working).items()
        if key not in present and standing_of(cells).counts
    }


def typed_again(form: str) -> str:
    """A normal form as somebody would type it: a domain without ``@``."""
    return form.removeprefix("@")


def bring_back(working: WorkingState, form: str) -> None:
    """Add a row for an entry that counts still although its row was written over, emptied or deleted."""
    text = working.message("do_not_contact.came_back")
    cells: dict[str, Cell] = {ENTRY: typed_again(form), FORM: form, SINCE: working.clock.serial, PROBLEM: text}
    working.rows(DO_NOT_CONTACT).append({**cells, SOURCE: working.message("do_not_contact.operator")})


def remembers(working: WorkingState) -> bool:
    """Whether this worker knows the rows as it left them, so that it sees which were deleted."""
    return DO_NOT_CONTACT in working.snapshot.memory.remembered


@dataclass(slots=True)
class Listing:
    """The rows of the list by entry, as far as this worker knows them: who repeats whom.

    Attributes:
        keys: Keys of the rows whose entry counts, by its normal form.
        forms: The normal form of each of those rows.
    """

    keys: dict[str, set[str]] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)

    def put(self, key: str, one: Standing) -> None:
        """Note what a row comes to."""
        self.keys.get(self.forms.pop(key, ""), set()).discard(key)
        if one.counts:
            self.forms[key] = one.form
            self.keys.setdefault(one.form, set()).add(key)

    def repeats(self, key: str) -> str:
        """The key of the row whose entry a row repeats; "" for none. The row that came first counts."""
        same = self.keys.get(self.forms.get(key, ""), {key})
        first = min(same, key=lambda one: (key_number(SPEC, one), one))
        return "" if first == key else first


def listing(working: WorkingState) -> Listing:
    """The rows of the list before the edits of this run (`WorkingState.part`)."""
    made = Listing()
    rows = (
        dict(_of_sheet(working))
        if is_whole(working)
        else {key: standing_of(cells) for key, cells in _remembered(working).items()}
    )
    for key, one in rows.items():
        made.put(key, one)
    return made
