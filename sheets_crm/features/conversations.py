"""Conversations: what leads answered, by lead and channel; operators class, snooze and close them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sheets_crm.engine.features import Feature
from sheets_crm.engine.table_edits import TwoWay, held_by_now
from sheets_crm.engine.table_rows import TableRows
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.conversation_rows import (
    CLOSED,
    CONVERSATIONS,
    SNOOZED,
    SPEC,
    HeardMail,
    after_mails,
    is_over,
    woken,
)
from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.imports.matching import lead_number
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.pipeline.leads import put
from sheets_crm.pipeline.reply_words import NEGATIVE, POSITIVE, RANK
from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.declaration import PROBLEM, TabSpec
from sheets_crm.workbook.two_way.edits import RowEdit

_WORDS = {"positive": POSITIVE, "negative": NEGATIVE}
"""The word of ``instantly_status`` that an operator's class means."""


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """Conversations: a row for each lead and channel."""
    yield SPEC


def take_mails(working: WorkingState, mails: Iterable[HeardMail]) -> bool:
    """Put mails into their conversations, as many as a write takes; return whether nothing is left."""
    heard = _by_conversation(mail for mail in mails if mail.lead in working.leads.index)
    if not heard:
        return True
    rows = working.rows(CONVERSATIONS)
    known = _known(rows)
    left = working.budget.leads
    for place, (lead, channel) in enumerate(sorted(heard)):
        key = known.get((lead, channel))
        row = rows.row(key) if key is not None else {}
        cells = after_mails({**row, "state": _state_id(row)}, heard[lead, channel])
        if not cells or (key is None and not any(mail.received for mail in heard[lead, channel])):
            continue  # nothing new, or a campaign's mail: only an answer makes it a conversation
        if left == 0 and place:
            working.more = True
            return False
        left -= 1
        if key is None:
            rows.append({**_of_lead(working, lead, channel), **cells})
        else:
            rows.set(key, cells)
    return True


def _by_conversation(mails: Iterable[HeardMail]) -> dict[tuple[int, str], list[HeardMail]]:
    found: dict[tuple[int, str], list[HeardMail]] = {}
    for mail in mails:
        found.setdefault((mail.lead, mail.channel), []).append(mail)
    return found


def _known(rows: TableRows) -> dict[tuple[int, str], str]:
    """The newest conversation of each lead and channel: its key."""
    found: dict[tuple[int, str], str] = {}
    for key in rows.keys:
        row = rows.row(key)
        number = lead_number(shown(row.get("LeadNumber", "")))
        if number is not None:
            found[number, shown(row.get("channel", ""))] = key
    return found


def _of_lead(working: WorkingState, lead: int, channel: str) -> dict[str, Cell]:
    """What a conversation says of its lead."""
    row = working.leads.loc[lead]
    names = [shown(row[f"{part}_cleaned"]) or shown(row[part]) for part in ("firstName", "lastName")]
    return {
        "LeadNumber": lead,
        "company": shown(row["companyName_fromP"]),
        "contact": " ".join(filter(None, names)),
        "channel": channel,
    }


def edited(working: WorkingState, edit: RowEdit) -> Mapping[str, Cell]:
    """Close, snooze, class or assign a conversation; a reply cannot leave yet, and says so."""
    cells: dict[str, Cell] = {PROBLEM: ""}
    source = edit.source.cells
    number = lead_number(shown(source.get("LeadNumber", "")))
    if number is None and (assigned := lead_number(shown(edit.values["lead"]))) is not None:
        if assigned in working.leads.index:
            cells |= _of_lead(working, assigned, shown(source.get("channel", "")))
            number = assigned
        else:
            cells[PROBLEM] = with_remedy("conversations.no_lead", working.settings.language, lead=assigned)
    if number is not None and "class" in {change.header for change in edit.changes}:
        _class_of_lead(working, number, shown(edit.values["class"]))
    until, today = edit.values["snooze_until"], int(working.clock.serial)
    if isinstance(until, int | float) and until > today:
        cells |= {"state": SNOOZED, "unread": 0}
    else:
        cells |= woken({**source, "snooze_until": until, "state": _state_id(source)}, today)
    if "close" in edit.acts:
        cells |= {"state": CLOSED, "unread": 0}
    if "send" in edit.acts:
        cells[PROBLEM] = with_remedy("conversations.no_sending", working.settings.language)
    return cells


def _state_id(cells: Mapping[str, Cell]) -> str:
    """The id of the state that a row shows, in whatever language."""
    text = shown(cells.get("state", ""))
    choices = SPEC.column("state").choices
    return next((one.id for one in choices if text in {one.id, one.name("es"), one.name("en")}), "")


def _class_of_lead(working: WorkingState, number: int, given: str) -> None:
    """Let an operator's word decide what the lead answered, unless something stronger is known."""
    word = _WORDS.get(given)
    if word is None or number not in working.leads.index:
        return
    present = shown(working.leads.loc[number, "instantly_status"])
    if RANK.get(present, 0) <= RANK[word] and present != word:
        now = working.clock.serial
        cells: dict[str, Cell] = {"instantly_status": word, "instantly_status_at": now, "updated_at": now}
        working.leads = put(working.leads, [number], cells)
        working.cause([number], "classed by an operator")


def conclude(working: WorkingState) -> None:
    """Wake conversations whose day has come, and let closed ones and those of erased people leave.

    It is done where the table was read whole; for somebody who is erased it is read.
    """
    if working.erased and CONVERSATIONS in working.snapshot.tabs:
        rows = working.rows(CONVERSATIONS)
        own = [
            key for key in rows.keys if lead_number(shown(rows.row(key).get("LeadNumber", ""))) in working.erased
        ]
        rows.delete(own)
    if CONVERSATIONS not in working.snapshot.sheets or held_by_now(working, CONVERSATIONS):
        return
    rows, now = working.rows(CONVERSATIONS), working.clock.serial
    over = []
    for key in rows.keys:
        if key in rows.added:
            continue  # its cells are ids, and it has just begun
        row = rows.row(key)
        row["state"] = _state_id(row)
        if is_over(row, now):
            over.append(key)
        elif cells := woken(row, int(now)):
            rows.set(key, cells)
    rows.delete(over)


FEATURE = Feature(
    "conversations",
    tables=tables,
    conclude=conclude,
    two_way={CONVERSATIONS: TwoWay(edited)},
)
