"""Rows from Instantly: the reply status of a lead and its time."""

from __future__ import annotations

import json
from typing import Final

from sheets_crm.pipeline.columns import LEAD_NUMBER, TARGET_ID, Cell
from sheets_crm.pipeline.imports.matching import Reject, Row
from sheets_crm.pipeline.imports.row_updates import MergeContext, RowUpdate
from sheets_crm.pipeline.imports.text import header_key, shown
from sheets_crm.pipeline.imports.timestamps import instant, serial
from sheets_crm.pipeline.imports.words import instantly_status, interest_status, lead_status
from sheets_crm.pipeline.reply_words import (
    BOUNCED,
    CONTACTED,
    LISTED,
    NOT_CONTACTED,
    RANK,
    REPLIES,
    SENT,
    UNSUBSCRIBED,
)

_CAMPAIGN: Final = frozenset({"@interest", "@status", "@replies", "@last_contact"})
_SKIPPED: Final = frozenset({"skipped", "omitido"})
_SKIPPED_CODE: Final = "-3"
_TIMES: Final = {reply.word: reply.times for reply in REPLIES}


def instantly(row: Row, number: int, context: MergeContext) -> RowUpdate | Reject:
    """The update of a lead by a row: its status, unless the lead already has a stronger or newer one.

    The first status other than *sent* completes the step. Of two statuses of one rank the newer by Instantly's time
    counts, else the one merged last; *sent* never replaces *not contacted*.
    """
    status = stated(row, context)
    if isinstance(status, Reject):
        return status
    moment = _moment(row, status, context)
    current = str(context.overlay.get(number, "instantly_status"))
    since = context.overlay.get(number, "instantly_status_at")
    completes = status != SENT
    values: dict[str, Cell] = {}
    if _overwrites(status, current, moment, since):
        values = {"instantly_status": status, "instantly_status_at": context.now if moment is None else moment}
        # Two contradicting rows of an import that is merged again restore the status, and with it its time: no change.
        if context.overlay.before_import(number, "instantly_status") == status:
            values["instantly_status_at"] = context.overlay.before_import(number, "instantly_status_at")
    return RowUpdate(values | context.custom_columns(row), completes=completes)


def _overwrites(status: str, current: str, moment: float | None, since: Cell) -> bool:
    rank, current_rank = RANK[status], RANK.get(current, 0)
    if rank < current_rank or status in {current, SENT}:
        return status == SENT and current == ""
    if rank > current_rank or current == SENT:
        return True
    return moment is None or not isinstance(since, float | int) or moment >= since


def stated(row: Row, context: MergeContext) -> str | Reject:
    """The owner's status for a row, by its most explicit column, or the reason for rejecting the row."""
    if "@word" in row:
        return instantly_status(row["@word"]) or Reject.of("unknown_status", value=row["@word"][:80], **LISTED)
    labels = [row[target] for target in ("@label", "@interest") if target in row]
    read = [status for status in map(interest_status, labels) if status is not None]
    if labels and not read:
        return Reject.of("unknown_status", value=labels[0][:80], **LISTED)
    if read and read[0] != CONTACTED:
        return read[0]
    if "@status" in row and lead_status(row["@status"]) is None:
        return Reject.of("unknown_status", value=row["@status"][:80], **LISTED)
    if not _CAMPAIGN & context.targets:
        return CONTACTED if "@label" in row else Reject.of("blank_status", **LISTED)
    return _contact(row)


def _contact(row: Row) -> str:
    """Whether and how a lead was reached, by the campaign's own columns; every row is a lead of the campaign."""
    ended = lead_status(row.get("@status", ""))
    if ended in {BOUNCED, UNSUBSCRIBED} or _is_skipped(row.get("@status", "")):
        return ended or NOT_CONTACTED
    replied = row.get("@replies", "0").strip() not in {"0", "0.0"}
    labelled = "@label" in row or row.get("@interest", "0").strip() not in {"0", "0.0"}
    if replied or labelled or "@last_contact" in row:
        return CONTACTED
    return ended or NOT_CONTACTED


def _is_skipped(status: str) -> bool:
    word = status.strip().removesuffix(".0")
    return word == _SKIPPED_CODE or header_key(word) in _SKIPPED


def _moment(row: Row, status: str, context: MergeContext) -> float | None:
    for target in _TIMES[status]:
        moment = instant(row[target]) if target in row else None
        if moment is not None:
            return serial(moment, context.time_zone)
    return None


def with_payload(row: Row) -> Row:
    """The row with LeadNumber and TargetID from Instantly's custom variables where it has no LeadNumber."""
    if "@payload" not in row or LEAD_NUMBER in row:
        return row
    try:
        payload = json.loads(row["@payload"])
    except ValueError:
        return row
    if not isinstance(payload, dict):
        return row
    wanted = {header_key(name): name for name in (LEAD_NUMBER, TARGET_ID)}
    custom = {
        wanted[header_key(name)]: shown(value)
        for name, value in payload.items()
        if header_key(name) in wanted and shown(value).strip()
    }
    return {**custom, **row}
