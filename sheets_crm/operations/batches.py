"""Batches from the command line: list, export as CSV, show, close, undo; and further attempts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sheets_crm.errors import SettingsError, SheetError
from sheets_crm.files import safe_name, write_csv
from sheets_crm.operations.context import Context
from sheets_crm.operations.runs import run_report
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.steps import Step
from sheets_crm.sync.decide import batches as decided
from sheets_crm.sync.decide.draft import Draft
from sheets_crm.sync.decide.storage import reopen as reopen_lead
from sheets_crm.sync.reading import read
from sheets_crm.sync.report import Report, Table
from sheets_crm.sync.run import Wish
from sheets_crm.sync.snapshot import Snapshot, as_text
from sheets_crm.workbook.cells import spelled
from sheets_crm.workbook.tabs import BATCHES

BATCH_ID = re.compile(r"[A-Z]-\d{4,}")


def listed(context: Context) -> Report:
    """List the batches with what is still out of each."""
    snapshot = read(context.gateway, context.settings, context.clock())
    frame = snapshot.sheets[BATCHES].frame
    header = ("id", "step", "size", "when", "returned", "outstanding", "stale")
    rows = [
        [
            batch,
            line["step"],
            line["size"],
            spelled(line["when"]),
            line["returned"],
            line["outstanding"],
            line["stale"],
        ]
        for batch, line in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    found = [dict(zip(header, row, strict=True)) for row in rows]
    return Report(f"{len(rows)} batches", tables=[Table("", header, rows)], json={"batches": found})


def export(context: Context, batch: str, *, parts: int, out: Path, excel_safe: bool) -> Report:
    """Write a batch as CSV files in the owner's exact columns, in as many equal parts as asked for.

    Raises:
        SettingsError: No batch is called so, or parts is below 1.
    """
    if parts < 1:
        raise SettingsError(f"--parts {parts}: at least 1.")
    snapshot = read(context.gateway, context.settings, context.clock())
    step = _step(context, snapshot, batch)
    of_batch = snapshot.leads[step.batch].to_numpy(dtype=object) == batch
    leads = snapshot.leads[of_batch]
    header = [header for header, _ in step.columns]
    columns = [leads.index.tolist() if name == LEAD_NUMBER else leads[name].tolist() for _, name in step.columns]
    rows = [[as_text(cell) for cell in row] for row in zip(*columns, strict=True)]
    pieces = np.array_split(np.arange(len(rows)), parts)
    written = []
    for n, piece in enumerate(pieces, start=1):
        name = f"{safe_name(batch)}.csv" if parts == 1 else f"{safe_name(batch)}-{n}of{parts}.csv"
        path = write_csv(out / name, header, [rows[place] for place in piece], excel_safe=excel_safe, inside=out)
        written.append({"path": str(path), "rows": len(piece)})
    table = Table("Files", ("path", "rows"), [[file["path"], file["rows"]] for file in written])
    return Report(f"{batch}: {len(rows)} leads in {parts} file(s)", tables=[table], json={"files": written})


def _step(context: Context, snapshot: Snapshot, batch: str) -> Step:
    frame = snapshot.sheets[BATCHES].frame
    if batch not in frame.index:
        known = ", ".join(map(str, frame.index[-5:])) or "none yet"
        raise SettingsError(
            f"There is no batch {batch!r}.", remedy=f"The newest are: {known}. See: sheets-crm batch list"
        )
    return context.settings.schema.step(str(frame.loc[batch, "step"]))


def act_on(context: Context, batch: str, act: Callable[[Draft, str], bool]) -> Report:
    """Show, close or undo a batch.

    Raises:
        SettingsError: No batch is called so.
    """

    def asked(draft: Draft) -> bool:
        _step(context, draft.snapshot, batch)
        return act(draft, batch)

    return run_report(context.run(Wish(now=True, act=asked)), context)


def show(draft: Draft, batch: str) -> bool:
    """Put a batch into its step's batch tabs."""
    draft.show(draft.schema.step(str(draft.batches.loc[batch, "step"])), batch)
    draft.log("log_shown", batch=batch)
    return True


close, undo = decided.close, decided.undo


def reopen(context: Context, lead: str, *, step: str, reason: str) -> Report:
    """Open a further attempt of one lead at a step.

    Raises:
        SettingsError: The step is unknown or the reason is blank.
        SheetError: There is no such lead, or it is not out of that step.
    """
    names = [known.name for known in context.settings.schema.steps]
    if step not in names:
        raise SettingsError(f"--step {step}: no such step.", remedy=f"One of: {', '.join(names)}")
    if not reason:
        raise SettingsError("--reason is blank: say why, it is recorded.")

    def asked(draft: Draft) -> bool:
        number = find_lead(draft.snapshot, lead)
        _refuse_unsent(draft, number, step)
        reopen_lead(draft, number, step, reason)
        return True

    return run_report(context.run(Wish(now=True, act=asked)), context)


def _refuse_unsent(draft: Draft, number: int, step: str) -> None:
    declared = draft.schema.step(step)
    line: dict[str, Any] = dict(draft.leads.loc[number])
    stored = step == "instantly" and line["storage"] is True
    if line[declared.sent] is not True and not stored:
        raise SheetError(
            f"Lead {number} was not sent to {step}: there is nothing to reopen.",
            where="Master",
            remedy="See what it is: sheets-crm history " + str(number),
            state="Nothing was changed.",
        )


def find_lead(snapshot: Snapshot, lead: str) -> int:
    """Return the LeadNumber of a lead named by its number or its e-mail.

    Raises:
        SheetError: No lead, or more than one, is named so.
    """
    text = lead.strip()
    if text.isdecimal() and int(text) in snapshot.leads.index:
        return int(text)
    emails = snapshot.leads["email"].astype(str).str.strip().str.casefold()
    found = list(snapshot.leads.index[emails == text.casefold()]) if text else []
    if len(found) != 1:
        many = "more than one lead has" if len(found) > 1 else "no lead has"
        raise SheetError(
            f"{lead}: {many} that LeadNumber or e-mail.",
            where="Master",
            remedy="Name it by its LeadNumber, as the Lead Profile tab shows it.",
            state="Nothing was changed.",
        )
    return int(found[0])
