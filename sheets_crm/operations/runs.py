"""Init and sync, and the report of a run."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final

from sheets_crm.engine import state
from sheets_crm.engine.commands import Command
from sheets_crm.engine.report import Report, Table
from sheets_crm.engine.session import RunRequest, RunResult
from sheets_crm.engine.setting_up import SetUp, init_workbook
from sheets_crm.errors import RefusedPlan
from sheets_crm.messages import Said, said
from sheets_crm.operations.context import Context
from sheets_crm.operations.spool import waiting_files
from sheets_crm.operations.step_names import step_title
from sheets_crm.plan.plan import Plan, counted
from sheets_crm.workbook.cells import Cell, spelled

COUNTED: Final = ("new", "updated", "unchanged", "duplicate", "rejected")
"""What becomes of the rows of an import."""


def init(context: Context, *, adopt: bool) -> Report:
    """Create or repair every tab of the workbook, then make a run that fills them."""
    setup = _set_up(context, adopt=adopt)
    facts: dict[str, Any] = {"sequence": setup.sequence, "time_zone": setup.info.time_zone}
    state.save_facts(context.settings.state_dir, context.settings.workbook, facts)
    replayed = context.replay_due()
    created, repaired = list(setup.created), list(setup.repaired)
    parts = [said("init.created", count=len(created)), said("init.repaired", count=len(repaired))]
    result = _filled(context, setup, parts, adopt=adopt)
    body: dict[str, Any] = {
        "spreadsheet_id": setup.info.spreadsheet_id,
        "title": setup.info.title,
        "locale": setup.info.locale,
        "time_zone": setup.info.time_zone,
        "created": created,
        "repaired": repaired,
        "migrated": [text.partition(":")[0] for text in setup.migrated],
        "problems": list(result.problems),
    }
    facts = {said("fact.locale"): setup.info.locale, said("fact.zone"): setup.info.time_zone}
    if replayed is not None:
        facts[said("fact.replayed")] = said("replayed_since", write=replayed)
        body["replayed_after"] = replayed
    if setup.migrated:
        facts[said("fact.migrated")] = " ".join(setup.migrated)
    if created:
        facts[said("fact.created")] = ", ".join(created)
    if repaired:
        facts[said("fact.repaired")] = ", ".join(repaired)
    title = said("init.title", title=setup.info.title, parts=parts)
    return Report(title, facts, notes=result.problems, json=body)


def _filled(context: Context, setup: SetUp, parts: list[Said], *, adopt: bool) -> RunResult:
    """Make the run that fills the tabs; one that is refused says that the layout was put in order before."""
    try:
        return context.run(RunRequest(now=True, force=adopt, whole=True))
    except RefusedPlan as refusal:
        if setup.created or setup.repaired or setup.migrated:
            refusal.state = said("set_up_then_refused", parts=[*parts, *setup.created, *setup.repaired])
        raise


def _set_up(context: Context, *, adopt: bool) -> SetUp:
    """Set the workbook up, with retries when somebody renamed a tab or another worker wrote meanwhile.

    Before the write that adopts a rolled-back workbook, the replay of its lost changes is recorded as due: a crash
    after the write cannot lose it.
    """
    ports, settings = context.ports(), context.settings
    last_facts = state.load_facts(settings.state_dir, settings.workbook)

    def accepting(sequence: int) -> None:
        due = context.replay_due()
        # At a second attempt the workbook has the sequence of the first attempt's write: the recorded one counts.
        if due is None and adopt and int(last_facts.get("sequence", 0)) > sequence:
            state.save_facts(settings.state_dir, settings.workbook, {"replay_after": sequence})

    return init_workbook(
        context.gateway,
        settings,
        ports.new_ids,
        ports.run,
        secrets.token_hex(16),
        adopt=adopt,
        remembered=last_facts,
        accepting=accepting,
        retries=context.retries,
    )


def sync(
    context: Context,
    *,
    plan: bool,
    now: bool,
    force: bool,
    scheduled: bool = False,
    commands: Sequence[Command] = (),
) -> Report:
    """Make one run, with the files that an interrupted import left; with ``plan`` only report what it would change.

    It also does what the commands of jobs ask for.
    """
    files = waiting_files(context, set())
    request = RunRequest(
        now=now, plan_only=plan, force=force, files=files, commands=tuple(commands), scheduled=scheduled
    )
    result = context.run(request)
    return run_report(result, context, planned=plan)


def run_report(result: RunResult, context: Context, *, planned: bool = False, heading: str = "") -> Report:
    """The report of a run, done or only planned."""
    plans = result.plans
    messages = [line for plan in plans for line in plan.summary.sentences]
    again = [_imported_before(label, when) for label, when in result.repeated.items()]
    nothing = again.pop(0) if again and not plans else said("nothing_to_do")
    title = said("planned" if planned else "done", parts=_parts(plans)) if plans else nothing
    imported = _imported(plans)
    tables = []
    if plans:
        tables.append(
            Table(
                said("table.changes"),
                (
                    said("column.tab"),
                    said("column.rows_added"),
                    said("column.rows_changed"),
                    said("column.rows_deleted"),
                ),
                _counts(plans),
            )
        )
    if imported:
        tables.append(_imports_table(imported, context))
    body: dict[str, Any] = {
        "idle": result.idle,
        "planned": planned,
        "writes": 0 if planned else len(plans),
        "sent": _merged(plan.summary.sent for plan in plans),
        "undone": _merged(plan.summary.undone for plan in plans),
        "closed": _merged(plan.summary.closed for plan in plans),
        "reopened": sum(plan.summary.reopened for plan in plans),
        "drops": imported,
        "changes": [dict(zip(("tab", "added", "changed", "deleted"), row, strict=True)) for row in _counts(plans)],
        "problems": list(result.problems),
        "settling": list(result.unsettled),
        "repeated": {label: when and spelled(when) for label, when in result.repeated.items()},
        "requests": dict(context.gateway.requests_made()),
    }
    notes = [*again, *messages, *result.problems]
    return Report(heading or title, {}, tables, notes, json=body)


def _imported_before(label: str, when: Cell) -> Said:
    """That a file was merged already."""
    code = "imported_before" if when != "" else "imported_before.undated"
    return said(code, source=label, when=spelled(when))


def _imports_table(imported: list[dict[str, Any]], context: Context) -> Table:
    counts = [said(f"column.{name}") for name in COUNTED]
    header = (said("column.import"), said("column.source"), said("column.step"), said("column.rows"), *counts)
    rows = [
        [row["drop"], row["source"], step_title(row["step"], context.settings.schema), row["rows"]]
        + [row[name] for name in COUNTED]
        for row in imported
    ]
    return Table(said("table.imports"), header, rows)


def _parts(plans: list[Plan]) -> list[Said]:
    """What was done, counted: leads sent, what became of the rows of imports, writes."""
    sent = sum(sum(plan.summary.sent.values()) for plan in plans)
    imported = _imported(plans)
    counts = {name: sum(int(row[name]) for row in imported) for name in COUNTED}
    parts = [said("done.sent", count=sent)] if sent else []
    parts += [said(f"done.{name}", count=count) for name, count in counts.items() if count]
    return [*parts, said("count.write", count=len(plans))]


def _counts(plans: list[Plan]) -> list[list[Any]]:
    total: dict[str, list[int]] = {}
    for plan in plans:
        for title, *counts in counted(plan):
            sums = total.setdefault(title, [0, 0, 0])
            for n, count in enumerate(counts):
                sums[n] += count
    return [[title, *counts] for title, counts in total.items()]


def _imported(plans: list[Plan]) -> list[dict[str, Any]]:
    """Counts of each import; of one that was merged in several plans, those of the last plan."""
    latest: dict[str, dict[str, Any]] = {}
    for plan in plans:
        for row in plan.summary.imported:
            latest[str(row["drop"])] = dict(row)
    return list(latest.values())


def _merged(parts: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for name, count in part.items():
            total[name] = total.get(name, 0) + count
    return total
