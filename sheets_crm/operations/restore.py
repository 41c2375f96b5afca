"""Restore: bring leads back that somebody deleted from the Master, from the change journal of this machine."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sheets_crm.engine import archive
from sheets_crm.engine.erased import NUMBER, hashed, refuser
from sheets_crm.engine.reading import read
from sheets_crm.engine.report import Report, Table
from sheets_crm.engine.restoring import RestoreLeads, recorded
from sheets_crm.engine.session import RunRequest
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.errors import SettingsError
from sheets_crm.messages import said
from sheets_crm.operations.answered_headers import answered_headers
from sheets_crm.operations.context import Context
from sheets_crm.operations.runs import run_report
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.keys import email_key
from sheets_crm.pipeline.imports.matching import lead_number
from sheets_crm.pipeline.imports.person import Person, known_rows
from sheets_crm.pipeline.imports.same_lead import STRONG, same_leads
from sheets_crm.pipeline.leads import cells_of
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.states import COMPLETED

Cells = Mapping[str, Any]


@dataclass(frozen=True)
class Records:
    """What is known of the leads that may be restored.

    Attributes:
        snapshot: The workbook as read.
        schema: Its columns and steps.
        cells: The leads that this machine's journal has, by LeadNumber.
        index: The keys of the leads that are in the Master, and of those on record.
    """

    snapshot: Snapshot
    schema: Schema
    cells: Mapping[int, Cells]
    index: LeadIndex

    @classmethod
    def of(cls, context: Context, snapshot: Snapshot) -> Records:
        """Read the journal beside a workbook."""
        cells, leads = recorded(context.journal.entries()), snapshot.leads
        gone = [number for number in cells if number not in leads.index]
        rows = [[cells[number].get(name, "") for name in leads.columns] for number in gone]
        frame = pd.DataFrame(rows, pd.Index(gone, dtype="int64"), leads.columns, dtype=object)
        return cls(snapshot, context.settings.schema, cells, LeadIndex.of(leads).with_leads(frame))

    @property
    def deleted(self) -> list[int]:
        """The leads on record that are not in the Master."""
        return sorted(set(self.cells) - set(map(int, self.snapshot.leads.index)))

    def obstacles(self, numbers: Iterable[int]) -> dict[int, str]:
        """Why each lead does not come back, as a message; "" when nothing stands against it.

        Of several that are the same person, the one that went furthest comes back, of equals the newest.
        """
        found: dict[int, str] = {}
        accepted: set[int] = set()
        for number in sorted(numbers, key=self._furthest, reverse=True):
            found[number] = self._obstacle(number, accepted)
            if not found[number]:
                accepted.add(number)
        return {number: found[number] for number in numbers}

    def _furthest(self, number: int) -> tuple[int, int]:
        """How far a lead went: the last step that it was sent to, or has completed; then its number."""
        cells, ways = self.cells.get(number, {}), [0]
        for n, step in enumerate(self.schema.steps):
            ways += [2 * n + 1] * (cells.get(step.sent) is True)
            ways += [2 * n + 2] * (cells.get(step.status) == COMPLETED)
        return max(ways), number

    def _obstacle(self, number: int, accepted: Container[int]) -> str:
        """Why a lead does not come back beside those that do; "" when nothing stands against it."""
        system = self.snapshot.system
        if number in self.snapshot.leads.index:
            return said("restore.present")
        if hashed(system.text("salt"), NUMBER, str(number)) in system.erased:
            return said("restore.forgotten")
        if not 0 < number < system.number("next_lead_number", 1):
            return said("restore.never")
        if number not in self.cells:
            return said("restore.unrecorded")
        person = Person.of_cells(number, self.cells[number])
        refused = refuser(system)
        if refused is not None and any(refused({kind: key}) for kind, key in person.keys if kind in STRONG):
            return said("restore.forgotten")
        other = self._same(number, accepted)
        return said("restore.same", other=str(other)) if other else ""

    def _same(self, number: int, accepted: Container[int]) -> int:
        """The same person or company in the Master, or among those that come back; 0 for none."""
        leads = self.snapshot.leads
        found = same_leads(
            self.cells[number],
            self.index,
            lambda other: cells_of(leads, other) if other in leads.index else self.cells[other],
        )
        return min((other for other in found if other in leads.index or other in accepted), default=0)


def restore(context: Context, leads: Sequence[str], *, everything: bool, plan: bool) -> Report:
    """Bring deleted leads back into the Master, with their LeadNumber and every cell that is on record.

    Args:
        context: The workbook, and the ports that a run uses.
        leads: LeadNumbers, or e-mails that the leads had.
        everything: Restore every lead on record that the Master lacks.
        plan: Only report who would come back.

    Raises:
        SettingsError: A word is neither a LeadNumber nor the e-mail of a lead on record.
    """
    snapshot = read(context.gateway, context.settings, context.clock, context.progress)
    records = Records.of(context, snapshot)
    numbers = records.deleted if everything else list(dict.fromkeys(_numbers(records, leads)))
    obstacles = records.obstacles(numbers)
    back = {number: records.cells[number] for number, why in obstacles.items() if not why}
    kept_out = {number: why for number, why in obstacles.items() if why}
    report = _report(back, _with_sources(context, kept_out, everything=everything), plan=plan)
    if plan or not back:
        return report
    result = context.run(RunRequest(now=True, whole=True, commands=(RestoreLeads(back),)))
    done = run_report(result, context, heading=report.title)
    return replace(done, tables=[*report.tables, *done.tables], ok=report.ok, json={**done.json, **report.json})


def _numbers(records: Records, leads: Sequence[str]) -> Iterator[int]:
    """The LeadNumbers that people name, by number or e-mail.

    Raises:
        SettingsError: A word is neither.
    """
    for lead in leads:
        number, key = lead_number(lead), email_key(lead)
        if number is not None:
            yield number
            continue
        of_email = [n for n in records.deleted if key and email_key(str(records.cells[n].get("email", ""))) == key]
        if not of_email:
            raise SettingsError(
                said("no_deleted_lead", lead=lead), remedy=said("no_deleted_lead.remedy"), state=said("unchanged")
            )
        yield from of_email


def _with_sources(context: Context, kept_out: Mapping[int, str], *, everything: bool) -> dict[int, str]:
    """The reasons, and for leads without a record the archived imports that name them."""
    unrecorded = {n for n, why in kept_out.items() if why == said("restore.unrecorded")}
    if not unrecorded or everything:
        return dict(kept_out)
    sources = _archived(context, unrecorded)
    named = {n: said("restore.archived", source=sources[n]) for n in unrecorded if n in sources}
    return {**kept_out, **named}


def _archived(context: Context, numbers: set[int]) -> dict[int, str]:
    """The source of an archived import that has rows of each lead."""
    sources: dict[int, str] = {}
    settings, answered = context.settings, answered_headers(context)
    for _, body in archive.archived(settings.state_dir, settings.workbook):
        for _, row in known_rows(body["cells"], answered.schema, body.get("step"), answered.answers):
            number = lead_number(row.get(LEAD_NUMBER, ""))
            if number in numbers and number is not None:
                sources.setdefault(number, str(body.get("source", "")))
    return sources


def _report(back: Mapping[int, Cells], kept_out: Mapping[int, str], *, plan: bool) -> Report:
    """Who comes back and who does not; not ok when a lead that was asked for does not."""
    leads = said("count.lead", count=len(back))
    title = said("restore.planned" if plan else "restore.title", leads=leads) if back else said("restore.none")
    tables = []
    if back:
        header = [said(f"column.{name}") for name in ("lead", "name", "company", "cells")]
        tables.append(Table(said("table.restored"), header, [_line(*item) for item in back.items()]))
    if kept_out:
        rows = [[str(number), why] for number, why in kept_out.items()]
        tables.append(Table(said("table.not_restored"), [said("column.lead"), said("column.why")], rows))
    body = {
        "restored": sorted(back),
        "not_restored": {str(number): str(why) for number, why in kept_out.items()},
        "planned": plan,
    }
    return Report(title, tables=tables, ok=bool(back) or not kept_out, json=body)


def _line(number: int, cells: Cells) -> list[Any]:
    name = " ".join(str(cells.get(part, "")) for part in ("firstName", "lastName")).strip()
    return [str(number), name, cells.get("companyName_fromP", ""), len(cells)]
