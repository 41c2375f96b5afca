"""The TargetID of new leads whose file has none: Control's label for the next import, which is used once.

The write that begins to merge an import of people takes the label off Control, so that a label typed from then on is
the next import's. What has still to be merged of the run, the rest of this import and others that were claimed with it,
gets the same label: a claimed tab's mark names it, also while the tab is set aside; for others the open record of
imports names the label and whose it is, until all of it is merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from sheets_crm.engine.snapshot import PendingImport
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.control import controls
from sheets_crm.pipeline.columns import TARGET_ID
from sheets_crm.pipeline.imports.formats import PEOPLE
from sheets_crm.pipeline.imports.text import fitted, shown
from sheets_crm.workbook.panel import VALUE
from sheets_crm.workbook.tabs import IMPORTS

LABELS: Final = "labels"
"""Key of the open record: labels that were taken off Control, by the imports that still need them."""


def label(working: WorkingState, source: PendingImport, step: str | None, record: Mapping[str, Any]) -> str:
    """The TargetID of new leads of an import whose row names none; "" for an output, which brings no people.

    Args:
        working: The working state.
        source: The import.
        step: What the block is.
        record: The open record of imports as it was read.
    """
    if step not in PEOPLE:
        return ""
    if source.target_id is not None:
        return fitted(source.target_id)
    noted = record.get(LABELS, {})
    if source.ref in noted:
        return str(noted[source.ref])
    if source.promised in {"", working.part(controls).target_id}:
        working.part(_took).add(source.ref)
    return fitted(source.promised or working.part(controls).target_id)


def _took(_working: WorkingState) -> set[str]:
    """The imports of this decision that took Control's label."""
    return set()


def use_up(working: WorkingState, source: PendingImport) -> None:
    """Take off Control the label of an import that is set aside: it keeps the label, and no other import gets it."""
    if source.promised and source.promised == working.part(controls).target_id:
        working.panel[("target_id", VALUE)] = ""


def use_once(working: WorkingState, waiting: Iterable[PendingImport], record: Mapping[str, Any], key: str) -> None:
    """Take the label off Control if it was taken, and note it for the imports that are not merged yet.

    Args:
        working: The working state.
        waiting: The imports of the run that are not merged yet.
        record: The open record of imports as it was read.
        key: Its key in System.
    """
    taken = working.part(controls).target_id if working.part(_took) else ""
    if taken:
        working.panel[("target_id", VALUE)] = ""
    noted = record.get(LABELS, {})
    still = [source.ref for source in waiting if source.ref in noted or (taken and _needs_one(source))]
    opened = working.stored.get(key)
    if still and isinstance(opened, str) and opened:
        labels = {ref: noted.get(ref, fitted(taken)) for ref in still}
        working.stored[key] = orjson.dumps({**orjson.loads(opened), LABELS: labels}).decode()


def _needs_one(source: PendingImport) -> bool:
    in_its_mark = source.tab is not None and source.promised
    return source.target_id is None and not in_its_mark and any(block.step in PEOPLE for block in source.blocks)


def of_import(working: WorkingState, import_id: str) -> str | None:
    """The TargetID that an earlier import was given; None when Imports does not have it."""
    imports = working.snapshot.sheets.get(IMPORTS)
    if imports is None or import_id not in imports.frame.index:
        return None
    return shown(imports.frame.loc[import_id, TARGET_ID])
