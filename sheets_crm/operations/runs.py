"""Init and sync, and the report of a run."""

from __future__ import annotations

import secrets
from typing import Any

from sheets_crm.engine import state
from sheets_crm.engine.report import Report, Table
from sheets_crm.engine.session import RunRequest, RunResult
from sheets_crm.engine.setting_up import SetUp, init_workbook
from sheets_crm.messages import quantity
from sheets_crm.operations.context import Context
from sheets_crm.operations.spool import waiting_files
from sheets_crm.plan.plan import Plan, counted


def init(context: Context, *, adopt: bool) -> Report:
    """Create or repair every tab of the workbook, then make a run that fills them."""
    setup = _set_up(context, adopt=adopt)
    facts: dict[str, Any] = {"sequence": setup.sequence, "time_zone": setup.info.time_zone}
    state.save_facts(context.settings.state_dir, context.settings.workbook, facts)
    replayed = context.replay_due()
    result = context.run(RunRequest(now=True, force=adopt, whole=True))
    created, repaired = list(setup.created), list(setup.repaired)
    title = f"{setup.info.title}: {quantity(len(created), 'tab')} created, {len(repaired)} repaired"
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
    facts = {"locale": setup.info.locale, "time zone": setup.info.time_zone}
    if replayed is not None:
        facts["reapplied from the journal"] = f"every change since write {replayed}"
        body["replayed_after"] = replayed
    if setup.migrated:
        facts["migrated"] = " ".join(setup.migrated)
    if created:
        facts["created"] = ", ".join(created)
    if repaired:
        facts["repaired"] = ", ".join(repaired)
    return Report(title, facts, notes=result.problems, json=body)


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


def sync(context: Context, *, plan: bool, now: bool, force: bool, scheduled: bool = False) -> Report:
    """Make one run, with the files that an interrupted import left; with ``plan`` only report what it would change."""
    files = waiting_files(context, set())
    result = context.run(RunRequest(now=now, plan_only=plan, force=force, files=files, scheduled=scheduled))
    return run_report(result, context, planned=plan)


def run_report(result: RunResult, context: Context, *, planned: bool = False, heading: str = "") -> Report:
    """The report of a run, done or only planned."""
    plans = result.plans
    messages = [line for plan in plans for line in plan.summary.sentences]
    if not plans:
        title = "Nothing to do."
    elif planned:
        title = f"Plan: {_words(plans)}. Nothing was written."
    else:
        title = f"Done: {_words(plans)}."
    imported = _imported(plans)
    tables = []
    if plans:
        tables.append(
            Table("Changes by tab", ("tab", "rows added", "rows changed", "rows deleted"), _counts(plans))
        )
    if imported:
        columns = ("drop", "source", "step", "rows", "new", "updated", "unchanged", "duplicate", "rejected")
        rows = [[row[name] for name in columns] for row in imported]
        tables.append(Table("Imports", ("import", *columns[1:]), rows))
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
        "requests": dict(context.gateway.requests_made()),
    }
    notes = [*messages, *result.problems]
    return Report(heading or title, {}, tables, notes, json=body)


def _words(plans: list[Plan]) -> str:
    sent = sum(sum(plan.summary.sent.values()) for plan in plans)
    imported = _imported(plans)
    rejected = sum(int(row["rejected"]) for row in imported)
    merged = sum(int(row["rows"]) for row in imported) - rejected
    parts = [f"{quantity(sent, 'lead')} sent"] if sent else []
    parts += [f"{quantity(merged, 'row')} merged"] if merged else []
    parts += [f"{quantity(rejected, 'row')} rejected"] if rejected else []
    parts += [quantity(len(plans), "write")]
    return ", ".join(parts)


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
