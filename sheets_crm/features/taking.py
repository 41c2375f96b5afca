"""``take N`` and ``send N now``: which of a step's available leads a send takes, and what Control says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.batches import batch_count
from sheets_crm.features.control import controls
from sheets_crm.pipeline.columns import TARGET_ID
from sheets_crm.pipeline.imports.text import shown
from sheets_crm.pipeline.schema import Step
from sheets_crm.pipeline.selection import EVERYBODY, Criteria, asks_for_all, fitting
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.control import SEND_NOW


@dataclass(frozen=True, slots=True)
class Taken:
    """What ``send N now`` took.

    Attributes:
        leads: LeadNumbers in the order of the rows.
        criteria: What restricted them.
        fit: How many fitted before the first part of the send.
        count: How many of them the send takes in all its parts.
        asked: The cell ``take N`` when it was obeyed, as a text.
        refusal: Why nothing was taken although it was asked for.
    """

    leads: tuple[int, ...] = ()
    criteria: Criteria = EVERYBODY
    fit: int = 0
    count: int = 0
    asked: str = ""
    refusal: str = ""

    def is_asked(self, cell: Cell) -> bool:
        """Whether the cell still holds what was obeyed, and not what somebody has typed for the next send."""
        return bool(self.leads) and self.asked in {"", shown(cell)}

    def record(self, left: int) -> dict[str, Any]:
        """What the next part of the send has to know: how many are left, and by which criteria they are chosen.

        The criteria of the first part count: operators may change theirs meanwhile.
        """
        asked = {"asked": self.asked} if self.leads else {}
        if not self.criteria:
            return {"take": left, **asked, **({"refused": self.refusal} if self.refusal else {})}
        return {"take": left, **asked, "only": self.criteria.as_json(), "fit": self.fit, "count": self.count}


NOBODY: Final = Taken()


def taken_leads(working: WorkingState, step: Step, record: Mapping[str, Any], available: Sequence[int]) -> Taken:
    """The leads that ``take N`` and ``send N now`` ask for: the first N that fit, in the order of the rows.

    Args:
        working: The working state.
        step: The step.
        record: Its open send, if one was cut.
        available: The ready leads in the order of the rows.
    """
    if record.get("take"):
        criteria = Criteria.of(record.get("only", {}))
        leads = _fitting(working, available, criteria)[: int(record["take"])]
        fit, count, asked = int(record.get("fit", 0)), int(record.get("count", 0)), str(record.get("asked", ""))
        return Taken(leads, criteria, fit, count, asked)
    if record:
        return Taken(refusal=str(record.get("refused", "")))
    control = working.part(controls)
    if step.name not in control.send_now:
        return NOBODY
    cell, criteria = control.take[step.name], control.criteria[step.name]
    leads = _fitting(working, available, criteria)
    wanted = len(leads) if asks_for_all(cell) else _whole(cell)
    code = _refusal(cell, wanted, len(leads), criteria)
    if code:
        values = {"value": cell, "fit": len(leads), "available": len(available), "only": criteria}
        if code == "take_means_nothing":
            values["only"] = " · ".join(criteria.meaningless)
        return Taken(refusal=_refuse(working, step, code, **values))
    return Taken(leads[:wanted], criteria, len(leads), wanted or 0, shown(cell))


def _fitting(working: WorkingState, available: Sequence[int], criteria: Criteria) -> tuple[int, ...]:
    if not criteria or not available:
        return tuple(available)
    mask = fitting(working.leads.loc[list(available)], criteria, working.leads[TARGET_ID])
    return tuple(number for number, fits in zip(available, mask, strict=True) if fits)


def _refusal(cell: Cell, wanted: int | None, fit: int, criteria: Criteria) -> str:
    """The code of why nothing is taken; "" when so many can be."""
    if wanted is None or (wanted < 1 and not asks_for_all(cell)):
        return "take_not_whole"
    if criteria.meaningless:
        return "take_means_nothing"
    if not fit and criteria:
        return "take_none_fits"
    if not fit and asks_for_all(cell):
        return "take_nobody"
    if wanted > fit:
        return "take_too_many_fit" if criteria else "take_too_many"
    return ""


def _whole(cell: Cell) -> int | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, str):
        text = cell.strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
    return int(cell) if float(cell).is_integer() else None


def _refuse(working: WorkingState, step: Step, code: str, **values: object) -> str:
    """Say on the step's row why nothing was sent, and clear the tick so that it does not fire later."""
    text = working.message(code, step=step.name, **values)
    working.said[step.name] = text
    working.panel[(f"step.{step.name}", SEND_NOW)] = False
    return text


def answer(working: WorkingState, batch: str, taken: Taken) -> str:
    """What Control says about a send: how many went, and of how many that fitted the criteria."""
    size = batch_count(working, batch, "size")
    if taken.criteria:
        chosen = {"fit": taken.fit, "taken": taken.count, "only": taken.criteria}
        return working.message("sent_fitting", count=size, batch=batch, **chosen)
    sent = working.message("sent", count=size, batch=batch)
    return f"{sent}. {taken.refusal}" if taken.refusal else sent
