"""Suppress: put people on Do not contact because of what happened, such as an unsubscribe or a bounce."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sheets_crm.engine.commands import Command
from sheets_crm.engine.erased import refuser
from sheets_crm.engine.table_rows import ReadTable
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.do_not_contact_rows import (
    DO_NOT_CONTACT,
    ENTRY,
    FORM,
    REASON,
    SINCE,
    SOURCE,
    country,
    is_whole,
    standings,
)
from sheets_crm.pipeline.do_not_contact import normal_form, revives
from sheets_crm.workbook.cells import Cell


@dataclass(frozen=True, slots=True)
class Suppression:
    """Somebody who is to be put on the list.

    Attributes:
        entry: An e-mail address, a domain, a phone or a LeadNumber.
        reason: Why, in a word: ``unsubscribed``.
        source: What brought it: ``instantly: unsubscribed``.
        at: When it happened (serial number in the workbook's time zone).
    """

    entry: str
    reason: str
    source: str
    at: float


def suppress(working: WorkingState, wanted: Sequence[Suppression]) -> tuple[Suppression, ...]:
    """Add a row for each entry that is not on the list yet; return those that are left for the next write.

    An entry that was lifted gets a new row if what happened is younger than the lift: operators' cells are never
    overwritten, so the lifted row stays as it is. Who was erased stays a keyed hash. The same entries a second time
    change nothing, so what an earlier write has done may be asked again.

    Raises:
        ReadTable: The list was not read whole.
    """
    if not wanted or DO_NOT_CONTACT not in working.snapshot.tabs:
        return ()
    is_new, left_over = _new_entries(working), working.budget.rows
    for n, one in enumerate(wanted):
        form = normal_form(one.entry, country(working))
        if not is_new(form, one.at):
            continue
        if not left_over:
            return tuple(wanted[n:])
        left_over -= 1
        entry = form.removeprefix("@")
        cells: dict[str, Cell] = {ENTRY: entry, REASON: one.reason, SOURCE: one.source, SINCE: one.at, FORM: form}
        working.rows(DO_NOT_CONTACT).append(cells)
    return ()


def _new_entries(working: WorkingState) -> Callable[[str, float], bool]:
    """The check whether something that happened to an entry puts it on the list: then it is on it for the next one.

    Raises:
        ReadTable: The list was not read whole.
    """
    if not is_whole(working):
        raise ReadTable(DO_NOT_CONTACT)
    counting: set[str] = set()
    lifts: dict[str, list[float]] = {}
    for one in standings(working).values():
        if one.lifted_at is None:
            counting.add(one.form)
        else:
            lifts.setdefault(one.form, []).append(one.lifted_at)
    refused = refuser(working.snapshot.system)

    def is_new(form: str, at: float) -> bool:
        if not form or form in counting or not revives(lifts.get(form, ()), at):
            return False
        if refused is not None and refused({"email": form, "phone": form, "lead_number": form}):
            return False
        counting.add(form)
        return True

    return is_new


@dataclass(frozen=True)
class Suppress(Command):
    """Put people on the list.

    Attributes:
        wanted: Whom, and why.
    """

    wanted: tuple[Suppression, ...]


def obey(working: WorkingState, command: Suppress) -> bool:
    """Add the rows, as many as a write takes."""
    left = suppress(working, command.wanted)
    working.more |= bool(left)
    return not left
