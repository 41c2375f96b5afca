"""Set up a workbook, repair it, adopt a copy or a rolled-back version, and add batch tabs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sheets_crm.engine.checks import refuse_other, rolled_back_to
from sheets_crm.engine.control_rows import ControlWrite, as_before, overwritten, put_back
from sheets_crm.engine.lead_cache import LeadCache
from sheets_crm.engine.ports import Gateway
from sheets_crm.engine.reading import declared_tabs, managed, refuse_newer
from sheets_crm.engine.retries import ReadAgain, RetryBudget, read_again
from sheets_crm.engine.settings import RunSettings
from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.engine.state import load_facts, save_facts
from sheets_crm.engine.verify import ids_beside, misplaced
from sheets_crm.errors import Conflict, SheetError
from sheets_crm.messages import said
from sheets_crm.workbook import migrations, system
from sheets_crm.workbook.cells import Cell, CellIn, quoted
from sheets_crm.workbook.declaration import ReadPolicy, TabSpec
from sheets_crm.workbook.info import Rows, TabInfo, WorkbookInfo
from sheets_crm.workbook.panel import PanelState, rows_of_ids
from sheets_crm.workbook.roles import LEADS, PANEL, SYSTEM, batch_key
from sheets_crm.workbook.setup import Existing, Setup, SetupPlan, plan_setup
from sheets_crm.workbook.system import SystemState
from sheets_crm.workbook.two_way.columns import header_ids

BLANK_TITLES = re.compile(r"(sheet|hoja|feuille|foglio|tabelle) ?1", re.IGNORECASE)
"""Titles of the empty tab that Google gives a new spreadsheet; while it is empty, it is deleted."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a set-up did.

    Attributes:
        created: Titles of the tabs made.
        repaired: Titles of the tabs repaired.
        info: The workbook without its cells, before.
        known: The sequence number that it was at before.
        sequence: The sequence number that it is at now.
        migrated: Name and effect of each migration that the workbook lacked.
        astray: What was written to Control, when its rows were moved before the write; it went to other rows.
        headers: Row 1 of each tab before, by key; of a table as ids.
    """

    created: tuple[str, ...]
    repaired: tuple[str, ...]
    info: WorkbookInfo
    known: int
    sequence: int
    migrated: tuple[str, ...] = ()
    astray: ControlWrite | None = None
    headers: Mapping[str, Sequence[Cell]] = field(default_factory=dict)


def init_workbook(
    gateway: Gateway,
    settings: RunSettings,
    new_ids: Iterator[int],
    token: str,
    salt: str,
    *,
    adopt: bool,
    remembered: Mapping[str, Any] | None = None,
    accepting: Callable[[int], None] = lambda _known: None,
    retries: RetryBudget,
) -> SetUp:
    """Create or repair every tab of a workbook in one guarded write; safe to repeat.

    It is repeated when another writer came first, and when tabs were renamed, or columns or rows of Control moved,
    meanwhile.

    Args:
        gateway: The workbook.
        settings: The run's settings.
        new_ids: Random ids for new tabs.
        token: Name of the run.
        salt: Random key for the hashes of erased people, used when the workbook has none.
        adopt: Accept a copy, or a rolled-back workbook, as it is.
        remembered: Facts of the workbook that this worker keeps: its last write, the next free LeadNumber.
        accepting: Called before the write with the sequence number that the workbook is at.
        retries: What the command may still spend on retries.

    Raises:
        SheetError: A title is taken, or headers moved beyond repair.
        RefusedPlan: The Master was deleted although there were leads; or it is a copy, or was rolled back, and is not
            adopted.
        Conflict: Another writer came first each time.
        WorkbookBusy: Tabs, columns or rows of Control moved each time.
    """
    made: SetUp | None = None

    def attempt() -> SetUp:
        nonlocal made
        repeated = made is not None
        done = _set_up_once(
            gateway,
            settings,
            new_ids,
            token,
            salt,
            adopt=adopt,
            # After a first write of this command the workbook is as that left it: nothing to compare or accept.
            remembered={} if repeated else remembered or {},
            accepting=_ignore if repeated else accepting,
            astray=made.astray if made else None,
        )
        made = done if made is None else _combined(made, done)
        titles = gateway.titles()
        renamed = any(titles.get(tab.sheet_id, tab.title) != tab.title for tab in made.info.tabs)
        if made.astray is not None or renamed or _columns_moved(gateway, settings, made, titles):
            # The formulas just written name a tab that was renamed since by its old title, and columns that were moved
            # by where they stood; the values just written to rows of Control that were moved stand beside other ids.
            raise ReadAgain(
                said("again.renamed"),
                state=said("again.renamed.state"),
            )
        _save_under_way(settings, under_way=False)
        return made

    return read_again(retries, attempt)


def _columns_moved(gateway: Gateway, settings: RunSettings, made: SetUp, titles: Mapping[int, str]) -> bool:
    """Whether a declared header stands elsewhere than at the read: a set-up adds columns at the right end alone.

    Row 1 is read after the write, not with it: in an answer that names a tab by a title which it has lost nothing can
    be read, Control neither.
    """
    tabs = {key: tab for key, tab in managed(made.info).items() if tab.sheet_id in titles}
    specs = [spec for spec in declared_tabs(tabs, settings) if spec.table and any(made.headers.get(spec.key, ()))]
    answers = gateway.values([f"{quoted(tabs[spec.key].title)}!1:1" for spec in specs])
    now = _headers({spec.key: rows for spec, rows in zip(specs, answers, strict=True)}, specs)
    return any(
        [header] != now[spec.key][place : place + 1]
        for spec in specs
        for place, header in enumerate(made.headers[spec.key])
        if header in spec.headers
    )


def _under_way(settings: RunSettings) -> bool:
    """Whether a set-up of this machine was written and not found right yet."""
    return bool(load_facts(settings.state_dir, settings.workbook).get("setting_up"))


def _save_under_way(settings: RunSettings, *, under_way: bool) -> None:
    """Record whether a set-up is under way.

    One that is cut off after its write may have named a tab by an old title, which no later read would notice: the next
    run of this machine sets up again.
    """
    save_facts(settings.state_dir, settings.workbook, {"setting_up": under_way})


def _combined(made: SetUp, again: SetUp) -> SetUp:
    """What two set-ups in a row did."""
    return replace(
        again,
        created=(*made.created, *again.created),
        repaired=tuple(dict.fromkeys((*made.repaired, *again.repaired))),
        known=made.known,
        migrated=(*made.migrated, *again.migrated),
    )


def _ignore(_sequence: int) -> None:
    """Do nothing with the sequence number."""


def _set_up_once(
    gateway: Gateway,
    settings: RunSettings,
    new_ids: Iterator[int],
    token: str,
    salt: str,
    *,
    adopt: bool,
    remembered: Mapping[str, Any],
    accepting: Callable[[int], None],
    astray: ControlWrite | None = None,
) -> SetUp:
    info = gateway.info()
    tabs = managed(info)
    ranges = _ranges(tabs, settings)
    unmarked = [tab for tab in info.tabs if tab.mark is None and BLANK_TITLES.fullmatch(tab.title.strip())]
    answers = gateway.values([*ranges.values()] + [quoted(tab.title) for tab in unmarked])
    cells = dict(zip(ranges, answers, strict=False))
    blank = frozenset(
        tab.sheet_id for tab, rows in zip(unmarked, answers[len(ranges) :], strict=True) if not any(map(any, rows))
    )
    state = settings.system.parse(cells[SYSTEM]) if SYSTEM in cells else SystemState()
    settings = settings.keeping((*system.kept_columns(state), *settings.schema.kept))
    control_was = _control_before(settings, info, cells[PANEL], astray) if PANEL in cells else []
    existing = Existing(
        info,
        _headers(cells, declared_tabs(tabs, settings)),
        cells.get(PANEL, []),
        control_was,
        blank,
        (*state.cells, *(f"{system.KEPT}{key}" for key in state.kept)),
        state.text(migrations.APPLIED),
        frozenset(state.text(migrations.MODULES).split()),
        state.number(migrations.MADE_WITH, 1),
        gateway.formulas([quoted(tabs[PANEL].title)])[0] if PANEL in cells else (),
        _texts(cells),
    )
    refuse_newer(state)
    if control_was:
        cells[PANEL] = control_was
    if not adopt:
        refuse_other(info, state, remembered)
    parts = _parts(settings, cells)
    stored = _stored(info, cells, state, settings, salt, adopt=adopt)
    stored["next_lead_number"] = max(
        state.number("next_lead_number", 1), int(remembered.get("next_lead_number", 1))
    )
    rolled_back = rolled_back_to(state)
    was_at = min(info.sequence, state.number("sequence", info.sequence)) if rolled_back is None else rolled_back
    accepting(was_at)
    plan, sequence, astray = _apply(gateway, settings, existing, parts, stored, new_ids, token)
    migrated = tuple(f"{migration.name}: {migration.what}" for migration in existing.waiting)
    return SetUp(plan.created, plan.repaired, info, was_at, sequence, migrated, astray, existing.headers)


def _headers(cells: Mapping[str, Rows], specs: Iterable[TabSpec]) -> dict[str, list[Cell]]:
    """Row 1 of each tab, by key; of a table as ids, in whatever language its headers are."""
    headers = _texts(cells)
    tables = (spec for spec in specs if spec.table and spec.key in headers)
    return headers | {spec.key: list(header_ids(spec, headers[spec.key])) for spec in tables}


def _texts(cells: Mapping[str, Rows]) -> dict[str, list[Cell]]:
    """Row 1 of each tab as it reads, by key."""
    return {key: list(rows[0]) if rows else [] for key, rows in cells.items()}


def _control_before(settings: RunSettings, info: WorkbookInfo, cells: Rows, astray: ControlWrite | None) -> Rows:
    """Control as it was before a write of this machine went to other rows of it; empty when none did.

    Args:
        settings: The run's settings.
        info: The workbook without its cells.
        cells: Control as read.
        astray: The write, when this command made it; else the pending write of an earlier process is taken.
    """
    if astray is not None:
        return as_before(cells, astray)
    cache = LeadCache(settings.state_dir, settings.workbook)
    pending = cache.pending_control({(stamp.sequence, stamp.token) for stamp in info.stamps})
    if pending is None:
        return []
    sequence, write = pending
    if (
        write.laid_out
        and sequence == info.sequence
        and not set(settings.features.panel_ids(settings.schema)) <= rows_of_ids(cells).keys()
    ):
        return as_before(cells, write)
    repairs = overwritten(cells, write, latest=sequence == info.sequence)
    return put_back(cells, repairs) if repairs else []


def _ranges(tabs: Mapping[str, TabInfo], settings: RunSettings) -> dict[str, str]:
    """What a set-up reads of each tab, by key; of tabs that this version does not declare, the header."""
    specs = {spec.key: spec for spec in declared_tabs(tabs, settings)}
    ranges: dict[str, str] = {}
    for key, tab in tabs.items():
        spec = specs.get(key)
        whole = spec is not None and spec.policy in {ReadPolicy.WHOLE, ReadPolicy.MERGING}
        if spec is not None and not spec.table:
            ranges |= {key: quoted(tab.title)} if whole else {}
        else:
            # Of small tables with a key the ids are read, from which lost counters follow.
            counted = whole and spec is not None and spec.key_column
            ranges[key] = f"{quoted(tab.title)}!1:{tab.rows if counted else 1}"
    return ranges


def _parts(settings: RunSettings, cells: Mapping[str, Rows]) -> dict[str, int]:
    asked = settings.features.parts(PanelState.of(cells[PANEL]), settings.schema) if PANEL in cells else {}
    return {
        step.name: max(asked.get(step.name, 1), settings.parts.get(step.name, 1)) for step in settings.schema.steps
    }


def _stored(
    info: WorkbookInfo,
    cells: Mapping[str, Rows],
    state: SystemState,
    settings: RunSettings,
    salt: str,
    *,
    adopt: bool,
) -> dict[str, CellIn]:
    """System's stored values: those it has, or for a new System those that follow from the other tabs."""
    used = any(key in cells for key in (LEADS, SYSTEM))
    defaults: dict[str, CellIn] = {
        migrations.MADE_WITH: 1 if used else migrations.made_with(),
        "workbook_id": info.spreadsheet_id,
        "next_lead_number": 1,
        "next_drop": 1,
        "lead_days": settings.lead_days,
        "leads_known": 0,
        "salt": salt,
        **{f"{system.NEXT_BATCH}{step.name}": 1 for step in settings.schema.steps},
        **{f"{system.NEXT_KEY}{spec.key}": 1 + len(spec.first_rows) for spec in settings.system.typed},
    }
    # The counters that a lost System held, as far as they follow from the tables.
    defaults |= settings.features.counters(cells, settings.schema)
    stored = defaults | dict(state.kept)
    stored |= {key: cell for key, cell in state.cells.items() if cell != "" and not _live(key)}
    stored[migrations.APPLIED] = migrations.names()
    stored[migrations.MODULES] = " ".join(settings.modules)
    stored[system.KEPT_COLUMNS] = system.kept_record(settings.schema.kept)
    if adopt:
        stored["workbook_id"] = info.spreadsheet_id
        stored["leads_known"] = 0
        stored["refusal"] = ""
    return stored


def _live(key: str) -> bool:
    return key.startswith(system.LIVE)


def _apply(
    gateway: Gateway,
    settings: RunSettings,
    existing: Existing,
    parts: Mapping[str, int],
    stored: dict[str, CellIn],
    new_ids: Iterator[int],
    token: str,
) -> tuple[SetupPlan, int, ControlWrite | None]:
    """Make the write; return the plan, the number of the write, and its write to Control if that went to other rows."""
    info = existing.info
    number = stored.get("next_lead_number")
    floor = int(number) if isinstance(number, int | float) else 1
    stored["next_lead_number"] = floor
    if existing.tab(LEADS) is not None and "next_lead_number" not in existing.system:
        # A lost counter follows from the Master; an existing one stays, so that the next run detects and reports a
        # lead that somebody typed under a number not yet given.
        stored["next_lead_number"] = max(_next_lead_number(gateway, existing), floor)
    specs = settings.specs(parts)
    made = sum(existing.tab(spec.key) is None for spec in specs) - len(existing.blank)
    stored["sequence"] = info.sequence + 1
    stored["drops_watched"] = ""
    stored["tabs_known"] = len(info.tabs) + made
    setup = Setup(
        settings.schema,
        settings.language,
        parts,
        settings.account,
        settings.interval_seconds,
        specs,
        stored,
        settings.heartbeat_minutes,
    )
    plan = plan_setup(existing, setup, new_ids)
    control_tab, cache = existing.tab(PANEL), LeadCache(settings.state_dir, settings.workbook)
    checks = ids_beside(control_tab.title, plan.ids) if control_tab is not None else []
    # The note of an earlier pending write is still needed to put rows right, and must not be replaced by this one's.
    noted = not cache.waiting()
    write = ControlWrite(plan.control, (), [list(row) for row in existing.control], plan.laid_out)
    if noted and checks:
        cache.save_pending(info.sequence + 1, token, [], control=write)
    earlier = _under_way(settings)
    _save_under_way(settings, under_way=True)
    try:
        applied = gateway.apply(
            plan.requests, sequence=info.sequence, token=token, read_back=[check.range for check in checks]
        )
    except (Conflict, SheetError):
        # Refused, this write left nothing to finish; one before it may have.
        _save_under_way(settings, under_way=earlier)
        if noted:
            cache.clear_pending()
        raise
    cache.passed(applied.sequence)
    moved = bool(misplaced(checks, applied.read_back))
    if not moved:
        cache.clear_pending_control()
    return plan, applied.sequence, write if moved else None


def _next_lead_number(gateway: Gateway, existing: Existing) -> int:
    master = existing.tab(LEADS)
    assert master is not None
    (rows,) = gateway.values([f"{quoted(master.title)}!A2:A"])
    numbers = [cell for row in rows for cell in row if isinstance(cell, int | float)]
    return int(max(numbers, default=0)) + 1


def widen(
    gateway: Gateway,
    settings: RunSettings,
    snapshot: Snapshot,
    new_ids: Iterator[int],
    token: str,
    retries: RetryBudget,
) -> bool:
    """Add the batch tabs that ``parts K`` on Control asks for, or finish a set-up; return whether either was needed."""
    asked = settings.features.parts(snapshot.panel, settings.schema)
    missing = _under_way(settings) or any(
        batch_key(step, asked.get(step.name, 1)) not in snapshot.tabs for step in settings.schema.steps
    )
    if not missing:
        return False
    wider_settings = replace(settings, parts={**settings.parts, **asked})
    init_workbook(
        gateway, wider_settings, new_ids, token, snapshot.system.text("salt"), adopt=False, retries=retries
    )
    return True
