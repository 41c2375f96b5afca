"""Full read of a workbook into a snapshot: two requests, one more for filled import tabs, and tall tabs in chunks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sheets_crm.engine.chunked_read import moved_meanwhile, read_in_chunks
from sheets_crm.engine.module_checks import refuse_missing_tabs, refuse_modules
from sheets_crm.engine.ports import Gateway
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import ImportTab, Snapshot, leads_of
from sheets_crm.engine.table_reads import Edited, orders_of, read_of_closed, read_of_table, row_problems
from sheets_crm.errors import RefusedPlan, SheetError, refusal_of
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.workbook import migrations, system
from sheets_crm.workbook.cells import column_letters, quoted
from sheets_crm.workbook.declaration import ReadPolicy, TabSpec
from sheets_crm.workbook.import_marks import ASIDE, CLAIM, ImportMark
from sheets_crm.workbook.info import Rows, TabInfo, WorkbookInfo
from sheets_crm.workbook.panel import ID, PanelState
from sheets_crm.workbook.roles import INBOX, LEADS, PANEL, SYSTEM, batch_key, batch_tabs, input_key
from sheets_crm.workbook.sheet import Sheet, read_sheet

IMPORT_TITLES = ("inbox ", "output ")
"""Beginnings of the titles, in any case, that make an operators' tab an import tab."""
NOTHING_EDITED = Edited()
"""No edit of a two-way table counts: nothing is going to be written."""
TORN_READS = 4
"""So many reads are made at most when the workbook changes between the requests of each."""


def managed(info: WorkbookInfo) -> dict[str, TabInfo]:
    """The tabs that bear the worker's marks, by key; tabs of imports are not among them."""
    return {tab.mark: tab for tab in info.tabs if tab.mark and ImportMark.parse(tab.mark) is None}


def declared_tabs(tabs: Mapping[str, TabInfo], settings: RunSettings) -> tuple[TabSpec, ...]:
    """The declarations of a workbook's tabs, with all batch tabs that it has.

    Those of a module that the workbook is not set up for are left out (`refuse_modules`), and those that an earlier
    version did not have (`refuse_older`).
    """
    specs = settings.specs({step.name: batch_tabs(step, tabs) for step in settings.schema.steps})
    later = migrations.later_tabs()
    return tuple(spec for spec in specs if spec.key in tabs or not (spec.module or spec.key in later))


def find_import_tabs(info: WorkbookInfo) -> list[TabInfo]:
    """The tabs that operators may have put outputs in, and the claimed ones."""
    return [tab for tab in info.tabs if tab.mark == INBOX or _is_import_tab(tab)]


def _is_import_tab(tab: TabInfo) -> bool:
    mark = ImportMark.parse(tab.mark)
    if mark is not None and mark.kind == CLAIM:
        return True
    title = tab.title.strip().casefold()
    # A tab that was set aside is an import tab again once operators give it such a title.
    return (tab.mark is None or mark is not None) and (
        title.startswith(IMPORT_TITLES) or title in {"output", "inbox"}
    )


def set_aside_tabs(info: WorkbookInfo) -> list[tuple[TabInfo, ImportMark]]:
    """The tabs of imports that were set aside and wait to be corrected or tried again."""
    marks = [(tab, ImportMark.parse(tab.mark)) for tab in info.tabs]
    return [
        (tab, mark) for tab, mark in marks if mark is not None and mark.kind == ASIDE and not _is_import_tab(tab)
    ]


def read(
    gateway: Gateway,
    settings: RunSettings,
    clock: Callable[[], float],
    progress: Callable[[str], None] = lambda _text: None,
    edited: Edited = NOTHING_EDITED,
) -> Snapshot:
    """Read the whole workbook.

    Tabs and cells come in several requests. When another worker wrote between them, the cells are newer than the
    guard's number beside them, and that worker's changes would look like hand edits; and rows of a tall tab may be
    moved between its chunks. Such a torn read is repeated.

    Raises:
        RefusedPlan: A managed tab or its header is not there.
    """
    for _ in range(TORN_READS - 1):
        try:
            snapshot, torn = _read_once(gateway, settings, clock, progress, edited)
        except RefusedPlan:
            raise
        except SheetError:
            continue  # a tab was renamed, or shrank, between the requests
        if not torn:
            return snapshot
    return _read_once(gateway, settings, clock, progress, edited)[0]


def _read_once(
    gateway: Gateway,
    settings: RunSettings,
    clock: Callable[[], float],
    progress: Callable[[str], None],
    edited: Edited,
) -> tuple[Snapshot, bool]:
    """Read everything once; return the snapshot and whether it is torn.

    System comes with the last request, so that its signals cover all that was read before.
    """
    info = gateway.info()
    tabs = managed(info)
    refuse_missing(tabs, settings)
    import_tabs = find_import_tabs(info)
    specs = [spec for spec in declared_tabs(tabs, settings) if spec.policy is not ReadPolicy.NEVER]
    tall = read_in_chunks(gateway, specs, tabs, progress)
    ranges = {spec.key: _full_range(spec, tabs[spec.key]) for spec in specs if spec.key not in tall}
    read_at = clock()
    answers = gateway.values([*ranges.values(), *(quoted(tab.title) for tab in import_tabs)])
    cells = dict(zip(ranges, answers, strict=False))
    tabs_read = list(zip(import_tabs, answers[len(ranges) :], strict=True))
    snapshot = _snapshot(gateway, settings, info, specs, cells, tall, tabs_read, read_at, edited)
    torn = snapshot.system.number("sequence") > snapshot.sequence or moved_meanwhile(tall, snapshot.system)
    return snapshot, torn


def _full_range(spec: TabSpec, tab: TabInfo) -> str:
    """What a full read reads of a tab: all of it, or its results."""
    return quoted(tab.title) + (f"!{spec.results}" if spec.policy is ReadPolicy.RESULTS else "")


def refuse_missing(tabs: Mapping[str, TabInfo], settings: RunSettings) -> None:
    """Stop when a managed tab was deleted: the rest cannot be trusted to be complete.

    Raises:
        RefusedPlan: Names the tabs.
    """
    if not tabs:
        raise refusal_of("not_set_up")
    missing = _missing(tabs, settings, later=False)
    if missing:
        refuse_new_step(tabs, settings.schema)
        refuse_missing_tabs(missing)


def refuse_missing_later(tabs: Mapping[str, TabInfo], settings: RunSettings) -> None:
    """Stop when a tab was deleted that a migration brought, now that the migration is known to be made.

    Raises:
        RefusedPlan: Names the tabs.
    """
    missing = _missing(tabs, settings, later=True)
    if missing:
        refuse_missing_tabs(missing)


def _missing(tabs: Mapping[str, TabInfo], settings: RunSettings, *, later: bool) -> list[str]:
    """The titles of the core's tabs that are not there: those that a migration brought, or the others.

    A module's tabs are another matter: whether the workbook has the module at all, System says (`refuse_modules`).
    """
    brought = migrations.later_tabs()
    expected = [spec for spec in settings.specs({}) if not spec.module and (spec.key in brought) == later]
    return [spec.name(settings.language) for spec in expected if spec.key not in tabs]


def refuse_new_step(tabs: Mapping[str, TabInfo], schema: Schema) -> None:
    """Stop when a step is in use that the workbook has no tab of.

    Raises:
        RefusedPlan: Names the steps.
    """
    _refuse_new(
        [step.name for step in schema.steps if input_key(step) not in tabs and batch_key(step) not in tabs]
    )


def _refuse_new(new: Sequence[str]) -> None:
    if new:
        raise refusal_of("step_new:" + ",".join(new))


def refuse_other_steps(state: system.SystemState, schema: Schema) -> None:
    """Stop when the workbook was last set up with a step that is no longer in use, or without one that is.

    Raises:
        RefusedPlan: Names the steps.
    """
    declared = {step.name for step in schema.steps}
    made_for = system.steps_known(state.cells)
    undeclared = [name for name in made_for if name not in declared]
    out = [step.name for step in schema.left_out if step.name in undeclared]
    if out:
        raise refusal_of("step_out:" + ",".join(out))
    if undeclared:
        raise refusal_of("step_gone:" + ",".join(undeclared))
    # One lost row of System is reported as that: of a step that the workbook was not set up with every row is missing.
    if state.cells:
        _refuse_new([step.name for step in schema.steps if not _has_keys(step, state)])


def _has_keys(step: Step, state: system.SystemState) -> bool:
    """Whether System has a key of a step."""
    return any(key.endswith(f".{step.name}") for key in state.cells)


def _snapshot(
    gateway: Gateway,
    settings: RunSettings,
    info: WorkbookInfo,
    specs: Sequence[TabSpec],
    cells: Mapping[str, Rows],
    tall: Mapping[str, Sheet],
    tabs_read: Sequence[tuple[TabInfo, Rows]],
    read_at: float,
    edited: Edited,
) -> Snapshot:
    tabs = managed(info)
    panel = PanelState.of(cells[PANEL])
    system_state = settings.system.parse(cells[SYSTEM])
    refuse_newer(system_state)
    refuse_older(system_state)
    refuse_missing_later(tabs, settings)
    refuse_modules(system_state, settings, tabs)
    refuse_layout(tabs, panel, system_state, settings, settings.system.keys)
    sheets = {
        spec.key: tall.get(spec.key) or read_sheet(spec, tabs[spec.key], cells[spec.key])
        for spec in specs
        if spec.table
    }
    refuse_headers(sheets)
    return Snapshot(
        info=info,
        tabs=tabs,
        sheets=sheets,
        panel=panel,
        system=system_state,
        leads=leads_of(sheets[LEADS], settings.schema),
        cells=raw_cells(specs, cells),
        import_tabs=read_import_tabs(gateway, tabs_read),
        edits={
            spec.key: read_of_table(sheets[spec.key], system_state.edits[spec.key], edited, cells[spec.key])
            if spec.by_key
            else read_of_closed(sheets[spec.key], system_state.edits[spec.key], edited)
            for spec in settings.system.tables
        },
        orders=orders_of(system_state, [spec.key for spec in settings.system.typed]),
        row_problems={spec.key: row_problems(sheets[spec.key]) for spec in settings.system.tables},
        sequence=info.sequence,
        read_at=read_at,
    )


def raw_cells(specs: Sequence[TabSpec], cells: Mapping[str, Rows]) -> dict[str, Rows]:
    """The cells that a snapshot holds as they were read; Control and System have a state of their own."""
    raw = [spec.key for spec in specs if spec.raw and spec.key not in {PANEL, SYSTEM}]
    return {key: cells[key] for key in raw if key in cells}


def refuse_newer(state: system.SystemState) -> None:
    """Stop when a newer version of the program has changed the workbook's layout, which this one would not understand.

    Raises:
        RefusedPlan: Names the unknown migrations.
    """
    names = migrations.unknown(state.text(migrations.APPLIED))
    if names:
        raise refusal_of("newer:" + ",".join(names), migrations=len(names))


def refuse_older(state: system.SystemState) -> None:
    """Stop when the workbook lacks a change of the layout that this version brings.

    Raises:
        RefusedPlan: Names the migrations that are waiting.
    """
    names = [migration.name for migration in migrations.waiting(state.text(migrations.APPLIED))]
    if state.cells and names:
        raise refusal_of("older:" + ",".join(names), migrations=len(names))


def refuse_layout(
    tabs: Mapping[str, TabInfo],
    panel: PanelState,
    state: system.SystemState,
    settings: RunSettings,
    keys: Sequence[str],
) -> None:
    """Stop when rows of Control or System were deleted or moved: a value would be written beside another name.

    Args:
        tabs: The tabs by key.
        panel: Control as read.
        state: System as read.
        settings: The run's settings.
        keys: The keys of the rows of System that were read.

    Raises:
        RefusedPlan: Names the tab.
    """
    refuse_other_steps(state, settings.schema)
    lost = [name for name in settings.features.panel_ids(settings.schema) if name not in panel.rows]
    moved = state.gap or tuple(state.cells) != tuple(keys)
    tab_key = SYSTEM if moved else PANEL if lost else None
    if tab_key is None:
        return
    column = "A" if tab_key == SYSTEM else column_letters(ID)
    rows = ", ".join(lost[:4]) if tab_key == PANEL else ""
    raise refusal_of(f"layout:{tab_key}", where=f"{tabs[tab_key].title}!{column}:{column}", rows=rows)


def refuse_headers(sheets: Mapping[str, Sheet]) -> None:
    """Stop when a header is missing or repeated: its column could be taken for another.

    Raises:
        RefusedPlan: Names tab and headers.
    """
    for key, sheet in sheets.items():
        spec: TabSpec = sheet.spec
        if not sheet.missing and not sheet.doubled:
            continue
        # No words: the cause is one in every language.
        changed = [*sheet.missing, *(f"{name} (2)" for name in sheet.doubled)]
        shown = changed[:6] + (["…"] if len(changed) > 6 else [])
        raise refusal_of(
            f"header:{key}:{','.join(shown)}",
            where=f"{sheet.tab.title}!1:1",
            missing=len(sheet.missing),
            twice=len(sheet.doubled),
            columns=len(spec.columns),
        )


def read_import_tabs(gateway: Gateway, tabs_read: Sequence[tuple[TabInfo, Rows]]) -> tuple[ImportTab, ...]:
    """The import tabs that hold something, with their displayed text where Sheets has converted a cell.

    A claimed tab counts even when it is empty, or nothing would ever delete it.
    """
    full = [(tab, cells) for tab, cells in tabs_read if any(cell != "" for row in cells for cell in row)]
    claimed_empty = [(tab, cells) for tab, cells in tabs_read if (tab, cells) not in full and _claim(tab)]
    converted = [tab for tab, cells in full if any(not isinstance(cell, str) for row in cells for cell in row)]
    answers = gateway.displayed([quoted(tab.title) for tab in converted]) if converted else []
    shown = {tab.sheet_id: rows for tab, rows in zip(converted, answers, strict=True)}
    import_tabs = []
    for tab, cells in [*full, *claimed_empty]:
        claim = _claim(tab)
        displayed = shown.get(tab.sheet_id, cells)
        if claim is None:
            import_tabs.append(ImportTab(tab, cells, displayed, None, tab.title))
        else:
            import_tabs.append(
                ImportTab(tab, cells, displayed, claim.spans, claim.source, claim.progress, *claim.named)
            )
    return tuple(import_tabs)


def is_claimed(tab: TabInfo) -> bool:
    """Whether a tab is a claimed tab."""
    return _claim(tab) is not None


def _claim(tab: TabInfo) -> ImportMark | None:
    mark = ImportMark.parse(tab.mark)
    return mark if mark is not None and mark.kind == CLAIM else None
