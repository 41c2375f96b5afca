"""May this store's worker claim in this workbook? Judged at the start of each pass from ids, epochs and sequence."""

from __future__ import annotations

import enum

from sheets_crm.claims.values import StoreFacts, View


class Judgement(enum.StrEnum):
    """How store and workbook stand to each other; all but the first claim nothing, and have one way out."""

    IN_ORDER = "in order"
    COPIED = "copied"  # init --adopt
    OTHER_STORE = "another store"  # store adopt
    SET_BACK = "set back"  # init --adopt
    RESTORED = "store restored"  # store adopt


def judge(facts: StoreFacts, view: View) -> Judgement:
    """The judgement of a workbook, read while the store's facts stood still.

    An epoch that is pending is in order: the write that raised it may have been applied. One that was withdrawn was
    written on a number that came back: the workbook was set back before that write arrived. One above all that the
    store knows was raised by the same store at a later time, which this one has lost.
    """
    system = view.system
    if system.spreadsheet_id != view.spreadsheet_id:
        return Judgement.COPIED
    if system.store_id != facts.store_id:
        return Judgement.OTHER_STORE
    if system.store_epoch > facts.raised:
        return Judgement.RESTORED
    known = {facts.confirmed, *(pending.epoch for pending in facts.pending)}
    in_order = system.store_epoch in known and system.sequence >= facts.sequence
    return Judgement.IN_ORDER if in_order else Judgement.SET_BACK
