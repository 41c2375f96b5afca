"""Doctor: checks of the settings, the workbook and this machine, each with its remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from zoneinfo import available_timezones

from sheets_crm.engine import archive, state, state_files
from sheets_crm.engine.checks import refuse_suspicious
from sheets_crm.engine.formula_drift import changed_formulas
from sheets_crm.engine.reading import read, set_aside_tabs
from sheets_crm.engine.report import Report, Table
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.survey import Survey, survey
from sheets_crm.errors import CrmError, SheetError
from sheets_crm.features import blocking
from sheets_crm.features.figures import formula_differences, metrics_of
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import said
from sheets_crm.operations import erasures
from sheets_crm.operations.context import Context
from sheets_crm.operations.findings import Finding, refused
from sheets_crm.operations.restore import Records
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook.requests import OWNED
from sheets_crm.workbook.tabs import step_of

KNOWN_LOCALES = ("en_", "es_")
CLOCK_APART = 60


def doctor(context: Context, *, warnings: tuple[str, ...] = (), of_modules: Iterable[Finding] = ()) -> Report:
    """Check credentials, sharing, set-up, locale, protections, formulas, states and cells.

    Args:
        context: The workbook, and the ports that a run uses.
        warnings: Warnings of loading the credentials.
        of_modules: What is found of the modules that are on, asked for last.
    """
    findings = [
        Finding(
            said("check.credentials"), not warnings, _all(warnings) or said("in_order"), said("doctor.warnings")
        )
    ]
    findings += [*_state_folder(context), *_workbook(context), *of_modules]
    rows = [
        [
            said("doctor.ok" if finding.ok else "doctor.look"),
            finding.check,
            finding.observed,
            "" if finding.ok else finding.remedy,
        ]
        for finding in findings
    ]
    header = ("", said("column.check"), said("column.observed"), said("column.remedy"))
    bad = sum(not finding.ok for finding in findings)
    title = said("count.finding", count=bad) if bad else said("doctor.fine")
    body = {
        "findings": [
            {
                "check": finding.check,
                "ok": finding.ok,
                "found": finding.observed,
                "remedy": "" if finding.ok else finding.remedy,
            }
            for finding in findings
        ]
    }
    return Report(title, {}, [Table("", header, rows)], ok=not bad, json=body)


def _all(texts: Sequence[str]) -> str:
    """Several texts as one; "" for none."""
    return said("together", texts=texts) if texts else ""


def with_probes(checked: Report, probed: Report) -> Report:
    """The doctor's report together with that of the probes."""
    return Report(
        said("two_sentences", first=checked.title, second=probed.title),
        checked.facts,
        [*checked.tables, *probed.tables],
        [*checked.notes, *probed.notes],
        ok=checked.ok and probed.ok,
        json={**checked.json, **probed.json},
    )


def _workbook(context: Context) -> list[Finding]:
    last_facts = state.load_facts(context.settings.state_dir, context.settings.workbook)
    try:
        snapshot = read(context.gateway, context.settings, context.clock, context.progress)
        tabs = said("doctor.tabs", title=snapshot.info.title, count=len(snapshot.tabs))
        findings = [Finding(said("check.access"), True, tabs)]
        refuse_suspicious(snapshot, last_facts, confirmed=snapshot.panel.confirm)
    except SheetError as error:
        return _surveyed(context, error, last_facts)
    except CrmError as error:
        return [Finding(said("check.workbook"), False, error.message, error.remedy)]
    findings += [finding for check in OF_TABS for finding in check(context, snapshot)]
    return [*findings, *(finding for check in OF_CELLS for finding in check(context, snapshot))]


def _surveyed(context: Context, error: SheetError, last_facts: Mapping[str, Any]) -> list[Finding]:
    """Every finding in a workbook that a run would stop at: all that it would stop at, and what its tabs show."""
    seen = survey(context.gateway, context.settings, last_facts, context.progress)
    refusals = [error, *(refusal for refusal in seen.refusals if refusal.message != error.message)]
    findings = [refused(said("check.workbook"), refusal) for refusal in refusals]
    return [*findings, *(finding for check in OF_TABS for finding in check(context, seen))]


def _sharing(context: Context, snapshot: Snapshot | Survey) -> Iterator[Finding]:
    shut = [
        tab.title
        for tab in snapshot.tabs.values()
        if any(item.description == OWNED and not item.can_edit for item in tab.protected)
    ]
    account = context.settings.account or said("doctor.the_account")
    observed = said("doctor.may_write", account=account)
    if shut:
        observed = said("doctor.may_not_write", account=account, tabs=shut[:4])
    yield Finding(said("check.sharing"), not shut, observed, said("doctor.share", account=account))


def _places(context: Context, snapshot: Snapshot | Survey) -> Iterator[Finding]:
    locale = snapshot.info.locale
    tested = locale.startswith(KNOWN_LOCALES)
    yield Finding(said("check.locale"), tested, locale, said("doctor.locale"))
    zone = snapshot.info.time_zone
    valid = zone in available_timezones()
    yield Finding(said("check.zone"), valid, zone, said("doctor.zone"))
    server = context.gateway.server_time()
    seconds = 0.0 if server is None else abs(context.clock() - server)
    apart = said("doctor.clock_apart", seconds=seconds)
    observed = said("doctor.no_server_time") if server is None else apart
    yield Finding(said("check.clock"), seconds < CLOCK_APART, observed, said("doctor.clock"))


def _by_key(snapshot: Snapshot | Survey, key: str) -> bool:
    """Whether a tab is one that operators type rows into, whose sheet is not protected."""
    return key in snapshot.sheets and snapshot.sheets[key].spec.by_key


def _protections(_context: Context, snapshot: Snapshot | Survey) -> Iterator[Finding]:
    free = {"inbox", "rejected", "vocabulary"}
    bare = [
        tab.title
        for key, tab in snapshot.tabs.items()
        if key not in free
        and not _by_key(snapshot, key)
        and not any(item.description == OWNED for item in tab.protected)
    ]
    observed = said("doctor.unprotected", tabs=bare) if bare else said("doctor.all_protected")
    yield Finding(said("check.protections"), not bare, observed, said("run_init"))


def _left_over(context: Context, snapshot: Snapshot | Survey) -> Iterator[Finding]:
    """Report tabs of a step that the settings no longer declare: nobody maintains them, and they hold personal data."""
    schema = context.settings.schema
    names = {step.name for step in (*schema.steps, *schema.left_out)}
    left = [tab.title for key, tab in snapshot.tabs.items() if step_of(key) not in {"", *names}]
    if left:
        observed = said("doctor.left_over", tabs=left)
        yield Finding(said("check.tabs"), False, observed, said("doctor.left_over.remedy"))


def _not_in_use(context: Context, _snapshot: Snapshot | Survey) -> Iterator[Finding]:
    """Name the built-in steps that are not in use, and the settings that have no effect until they are."""
    schema, parts = context.settings.schema, context.settings.parts
    if not schema.left_out:
        return
    columns = {step.name: len(step.columns) for step in STEPS}
    idle = [f"parts of {step.name}" for step in schema.left_out if step.name in parts]
    idle += [f"extra_columns of {step.name}" for step in schema.left_out if len(step.columns) > columns[step.name]]
    steps = [step.name for step in schema.left_out]
    observed = said("doctor.without_effect" if idle else "doctor.not_in_use", steps=steps, idle=idle)
    yield Finding(said("check.pipeline"), True, observed)


def _set_aside(_context: Context, snapshot: Snapshot | Survey) -> Iterator[Finding]:
    for tab, mark in set_aside_tabs(snapshot.info):
        observed = said("doctor.set_aside", source=mark.source, tab=tab.title, reason=mark.reason)
        yield Finding(said("check.imports"), False, observed, said("doctor.set_aside.remedy"))


def _state_folder(context: Context) -> Iterator[Finding]:
    """Report files of this machine that were damaged or set aside, and erasures that are not finished."""
    settings = context.settings
    for waiting in archive.set_aside(settings.state_dir, settings.workbook):
        observed = said("doctor.file_aside", source=waiting.label, reason=waiting.reason)
        kept = f"{settings.state_dir}/aside/{waiting.name}.json.gz"
        yield Finding(said("check.imports"), False, observed, said("doctor.file_aside.remedy", path=kept))
    for person in erasures.saved_notes(settings.state_dir, settings.workbook):
        number = str(person.number)
        remedy = said("doctor.erasure.remedy", lead=number)
        yield Finding(said("check.erasures"), False, said("doctor.erasure", lead=number), remedy)
    imports = set(archive.damaged_imports(settings.state_dir))
    for path in state_files.damaged(settings.state_dir):
        observed = said("doctor.damaged_import" if path in imports else "doctor.damaged", path=path)
        yield Finding(said("check.state_folder"), False, observed, said("doctor.delete_it"))


def _formulas(context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    wrong, compared = changed_formulas(context.gateway, context.settings, snapshot)
    more = said("doctor.and_more", count=len(wrong) - 4) if len(wrong) > 4 else ""
    observed = said("doctor.formulas_right", count=compared)
    if wrong:
        observed = said("doctor.formulas_changed", tabs=wrong[:4], more=more)
    yield Finding(said("check.formulas"), not wrong, observed, said("doctor.formulas"))


def _figures(context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    moment = dt.datetime.fromtimestamp(context.clock(), tz=dt.UTC)
    wrong = formula_differences(snapshot, context.settings, moment)
    differing = [
        said("doctor.figure", metric=name, shown=repr(cell), counted=repr(counted))
        for name, cell, counted in wrong[:4]
    ]
    observed = _all(differing) or said("doctor.figures_right")
    yield Finding(said("check.figures"), not wrong, observed, said("run_init"))
    conserved = bool(metrics_of(snapshot, context.settings, moment)["conservation_ok"].value)
    observed = said("doctor.conserved" if conserved else "doctor.not_conserved")
    yield Finding(said("check.conservation"), conserved, observed, said("doctor.sync_force"))


def _cells(_context: Context, snapshot: Snapshot | Survey) -> Iterator[Finding]:
    share = snapshot.info.cells / CELLS_LIMIT
    observed = said("doctor.cells_used", cells=snapshot.info.cells, most=CELLS_LIMIT, share=f"{share:.0%}")
    yield Finding(said("check.cells"), share < 0.8, observed, said("doctor.cells"))


OF_TABS: Final[tuple[Callable[[Context, Snapshot | Survey], Iterator[Finding]], ...]] = (
    _sharing,
    _places,
    _protections,
    _left_over,
    _not_in_use,
    _set_aside,
    _cells,
)
"""Checks of what the tabs show, which any workbook allows that can be opened."""


def _deleted(context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    """Say how many leads on record are gone; nothing is wrong with that when somebody meant it."""
    count = len(Records.of(context, snapshot).deleted)
    if count:
        yield Finding(said("check.deleted"), True, said("doctor.deleted", count=count))


def _do_not_contact(context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    """Compare the states of the leads with Do not contact, where there is such a list."""
    found = blocking.check(snapshot, context.settings.schema)
    if found is None:
        return
    observed = said("doctor.do_not_contact", entries=found.entries, leads=found.blocked)
    if found.wrong:
        observed = said("doctor.do_not_contact_wrong", count=found.wrong)
    yield Finding(said("check.do_not_contact"), not found.wrong, observed, said("doctor.sync_force"))


OF_CELLS: Final[tuple[Callable[[Context, Snapshot], Iterator[Finding]], ...]] = (
    _formulas,
    _figures,
    _deleted,
    _do_not_contact,
)
"""Checks of cells, which only a workbook allows that a run would not stop at."""
