"""Doctor: checks of the settings, the workbook and this machine, each with its remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import available_timezones

from sheets_crm.engine import archive, state, state_files
from sheets_crm.engine.checks import refuse_suspicious
from sheets_crm.engine.formula_drift import changed_formulas
from sheets_crm.engine.reading import read, set_aside_tabs
from sheets_crm.engine.report import Report, Table
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.errors import CrmError
from sheets_crm.features.figures import formula_differences, metrics_of
from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import quantity
from sheets_crm.operations import erasures
from sheets_crm.operations.context import Context
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook.requests import OWNED
from sheets_crm.workbook.tabs import step_of

KNOWN_LOCALES = ("en_", "es_")
CLOCK_APART = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name, whether it is in order, the observation, the remedy."""

    check: str
    ok: bool
    observed: str
    remedy: str = ""


def doctor(context: Context, *, warnings: tuple[str, ...] = ()) -> Report:
    """Check credentials, sharing, set-up, locale, protections, formulas, states and cells.

    Args:
        context: The workbook, and the ports that a run uses.
        warnings: Warnings of loading the credentials.
    """
    findings = [
        Finding("credentials", not warnings, "; ".join(warnings) or "in order", "Correct what the warnings name.")
    ]
    findings += [*_state_folder(context), *_workbook(context)]
    rows = [
        ["ok" if finding.ok else "LOOK", finding.check, finding.observed, "" if finding.ok else finding.remedy]
        for finding in findings
    ]
    bad = sum(not finding.ok for finding in findings)
    title = "Everything is in order." if not bad else f"{quantity(bad, 'finding')} to check."
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
    return Report(title, {}, [Table("", ("", "check", "found", "what to do"), rows)], ok=not bad, json=body)


def with_probes(checked: Report, probed: Report) -> Report:
    """The doctor's report together with that of the probes."""
    return Report(
        f"{checked.title} {probed.title}",
        checked.facts,
        [*checked.tables, *probed.tables],
        [*checked.notes, *probed.notes],
        ok=checked.ok and probed.ok,
        json={**checked.json, **probed.json},
    )


def _workbook(context: Context) -> list[Finding]:
    try:
        snapshot = read(context.gateway, context.settings, context.clock, context.progress)
        findings = [Finding("access and tabs", True, f"{snapshot.info.title}: {len(snapshot.tabs)} tabs in place")]
        last_facts = state.load_facts(context.settings.state_dir, context.settings.workbook)
        refuse_suspicious(snapshot, last_facts, confirmed=snapshot.panel.confirm)
    except CrmError as error:
        return [Finding("workbook", False, error.message, error.remedy)]
    checks: tuple[Callable[[Context, Snapshot], Iterator[Finding]], ...] = (
        _sharing,
        _places,
        _protections,
        _left_over,
        _not_in_use,
        _set_aside,
        _formulas,
        _figures,
        _cells,
    )
    return [*findings, *(finding for check in checks for finding in check(context, snapshot))]


def _sharing(context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    shut = [
        tab.title
        for tab in snapshot.tabs.values()
        if any(item.description == OWNED and not item.can_edit for item in tab.protected)
    ]
    account = context.settings.account or "the service account"
    observed = f"{account} may write" if not shut else f"{account} may read but not write {', '.join(shut[:4])}"
    yield Finding(
        "sharing", not shut, observed, f"Share the spreadsheet with {account} as Editor, then run: sheets-crm init"
    )


def _places(context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    locale = snapshot.info.locale
    tested = locale.startswith(KNOWN_LOCALES)
    yield Finding("locale", tested, locale, "Formulas are tested in es_ES and en_US: File › Settings › Locale.")  # noqa: RUF001
    zone = snapshot.info.time_zone
    valid = zone in available_timezones()
    yield Finding("time zone", valid, zone, "Choose the zone of a city: File › Settings › Time zone.")  # noqa: RUF001
    server = context.gateway.server_time()
    seconds = 0.0 if server is None else abs(context.clock() - server)
    observed = (
        "the server did not report its time" if server is None else f"differs from the server's by {seconds:.0f} s"
    )
    yield Finding("clock", seconds < CLOCK_APART, observed, "Correct this machine's clock, preferably by NTP.")


def _by_key(snapshot: Snapshot, key: str) -> bool:
    """Whether a tab is one that operators type rows into, whose sheet is not protected."""
    return key in snapshot.sheets and snapshot.sheets[key].spec.by_key


def _protections(_context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    free = {"inbox", "rejected", "vocabulary"}
    bare = [
        tab.title
        for key, tab in snapshot.tabs.items()
        if key not in free
        and not _by_key(snapshot, key)
        and not any(item.description == OWNED for item in tab.protected)
    ]
    observed = "every system tab is protected" if not bare else f"not protected: {', '.join(bare)}"
    yield Finding("protections", not bare, observed, "Run: sheets-crm init")


def _left_over(context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    """Report tabs of a step that the settings no longer declare: nobody maintains them, and they hold personal data."""
    schema = context.settings.schema
    names = {step.name for step in (*schema.steps, *schema.left_out)}
    left = [tab.title for key, tab in snapshot.tabs.items() if step_of(key) not in {"", *names}]
    if left:
        observed = f"of a step that is not in the settings: {', '.join(left)}"
        yield Finding("tabs", False, observed, "Put the step back in the settings, or delete these tabs by hand.")


def _not_in_use(context: Context, _snapshot: Snapshot) -> Iterator[Finding]:
    """Name the built-in steps that are not in use, and the settings that have no effect until they are."""
    schema, parts = context.settings.schema, context.settings.parts
    if not schema.left_out:
        return
    columns = {step.name: len(step.columns) for step in STEPS}
    idle = [f"parts of {step.name}" for step in schema.left_out if step.name in parts]
    idle += [f"extra_columns of {step.name}" for step in schema.left_out if len(step.columns) > columns[step.name]]
    observed = f"not in use: {', '.join(step.name for step in schema.left_out)}"
    yield Finding(
        "pipeline", True, f"{observed}; without effect until then: {', '.join(idle)}" if idle else observed
    )


def _set_aside(_context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    for tab, mark in set_aside_tabs(snapshot.info):
        observed = f"{mark.source} could not be merged and is in the tab {tab.title}: {mark.reason}"
        remedy = (
            "Correct the tab and give it a name that begins with Inbox, or delete it. "
            "To retry it unchanged: sheets-crm retry"
        )
        yield Finding("imports", False, observed, remedy)


def _state_folder(context: Context) -> Iterator[Finding]:
    """Report files of this machine that were damaged or set aside, and erasures that are not finished."""
    settings = context.settings
    for waiting in archive.set_aside(settings.state_dir, settings.workbook):
        observed = f"{waiting.label} could not be merged and is kept: {waiting.reason}"
        remedy = (
            f"Retry it: sheets-crm retry. To give it up, delete {settings.state_dir}/aside/{waiting.name}.json.gz"
        )
        yield Finding("imports", False, observed, remedy)
    for person in erasures.saved_notes(settings.state_dir, settings.workbook):
        observed = f"the erasure of lead {person.number} was started but not finished"
        yield Finding("erasures", False, observed, f"Run: sheets-crm forget {person.number} --yes")
    imports = set(archive.damaged_imports(settings.state_dir))
    for path in state_files.damaged(settings.state_dir):
        lost = "it was waiting to be imported; import it again" if path in imports else "it was rebuilt"
        yield Finding(
            "state folder", False, f"{path} is damaged: {lost}", "Inspect it if you like, then delete it."
        )


def _formulas(context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    wrong, compared = changed_formulas(context.gateway, context.settings, snapshot)
    more = f" and {len(wrong) - 4} more" if len(wrong) > 4 else ""
    observed = f"changed by hand: {', '.join(wrong[:4])}{more}" if wrong else f"all {compared} as written"
    yield Finding("formulas", not wrong, observed, "Run: sheets-crm init (it restores them; nothing else changes)")


def _figures(context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    moment = dt.datetime.fromtimestamp(context.clock(), tz=dt.UTC)
    wrong = formula_differences(snapshot, context.settings, moment)
    observed = ", ".join(
        f"{name} shows {cell!r}, but the worker counts {counted!r}" for name, cell, counted in wrong[:4]
    )
    yield Finding(
        "dashboard formulas", not wrong, observed or "equal to the worker's own figures", "Run: sheets-crm init"
    )
    conserved = bool(metrics_of(snapshot, context.settings, moment)["conservation_ok"].value)
    conservation = "every lead is in exactly one state of each step" if conserved else "the states do not add up"
    yield Finding("conservation", conserved, conservation, "Run: sheets-crm sync --force")


def _cells(_context: Context, snapshot: Snapshot) -> Iterator[Finding]:
    share = snapshot.info.cells / CELLS_LIMIT
    remedy = "Archive finished leads to another workbook before the next export."
    yield Finding("cells", share < 0.8, f"{snapshot.info.cells:,} of {CELLS_LIMIT:,} ({share:.0%})", remedy)
