"""The Control tab: its rows, and what operators asked for in it.

Rows are identified by the id in the last column, so the layout may change between versions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sheets_crm.messages import localize
from sheets_crm.pipeline.columns import PUSH
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.selection import Criteria
from sheets_crm.pipeline.ticks import is_tick, is_understood
from sheets_crm.workbook import tab_list
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import Cell, CellIn, Formula
from sheets_crm.workbook.panel import PROBLEM, PROBLEMS, PROBLEMS_HEADING, STEP, VALUE, WIDTH, PanelState
from sheets_crm.workbook.signals import count_ticks
from sheets_crm.workbook.state_line import SILENT_AFTER_ROW, state_line
from sheets_crm.workbook.tab_list import ListedTab
from sheets_crm.workbook.tabs import input_key
from sheets_crm.workbook.waiting_rows import rejected_rows

TAKE, SEND_NOW, PARTS = 3, 4, 5
ONLY: Final = "only."
"""Beginning of the id of the row with the criteria for a step's ``take N``."""
CRITERIA: Final = ("target_id", "title", "country")
"""The criteria in the order of their columns, from `panel.VALUE` on."""
ASKED: Final = ("control.take", "control.send_now", "control.parts")
"""Messages with the names of these columns."""
CAMPAIGN: Final = "instantly_campaign"
"""Id of the row that names the campaign to which batches are pushed."""
STATE_LINE: Final = "state"
"""Id of the row with the state of the system in words."""
MOST_PARTS: Final = 20
WEEKDAYS: Final = 7
DEFAULT_SCHEDULE: Final = (50, 50, 50, 50, 50, 0, 0)


EXAMPLES: Final = (
    ("export", ("firstName", "lastName", "title", "companyName", "vmid", "linkedInProfileUrl", "timestamp")),
    ("verification", ("LeadNumber", "email", "email_status")),
    ("company_scrap", ("query", "companyName", "industry", "website", "employeesOnLinkedIn", "timestamp")),
    ("box1", ("LeadNumber", "box1_result", "subject", "body_1", "body_2", "body_3", "body_4")),
    ("instantly", ("email", "lt_interest_status", "timestamp_last_contact")),
)
"""Example header rows that are recognised; each tool's own headers are too."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of Control.

    Attributes:
        id: Its id, "" for decoration.
        cells: The WIDTH cells that ``init`` writes; the id is the last.
        operator: Columns whose cells the operators own (written once, when the row is made).
        checkboxes: Columns that are checkboxes.
        heading: 1 for the title, 2 for a section, 3 for a group within one, 0 otherwise.
        under: Id of the heading under which it is folded away; "" for a row that always shows.
    """

    id: str
    cells: tuple[CellIn, ...]
    operator: tuple[int, ...] = ()
    checkboxes: tuple[int, ...] = ()
    heading: int = 0
    under: str = ""


def _row(row_id: str, *cells: CellIn, **kinds: object) -> Row:
    padded = (*cells, *([""] * (WIDTH - 1 - len(cells))), row_id)
    return Row(row_id, padded, **kinds)  # type: ignore[arg-type]


def rows(
    schema: Schema,
    language: str,
    addresses: Addresses,
    parts: Mapping[str, int],
    tabs: Sequence[ListedTab] = (),
    present: Collection[str] = (),
    silent: int = 30,
) -> tuple[Row, ...]:
    """Every row of Control as ``init`` lays it out.

    Args:
        schema: Columns and steps.
        language: The workbook's language.
        addresses: Titles and columns of the tabs.
        parts: Batch tabs per step.
        tabs: The tabs that it lists.
        present: Ids of the rows that Control has. A setting of a step that is no longer in use keeps its row, and so
            the operators' value, until the step is back.
        silent: Minutes without a sign of life after which the system counts as stopped.
    """
    return tuple(
        row
        for row in _rows(schema, language, addresses, parts, tabs, silent)
        if _is_asked(row.id, schema) or row.id in present
    )


def _is_asked(row_id: str, schema: Schema) -> bool:
    """Whether a step in use asks for a setting; any row that is no setting of a step is."""
    if row_id == "box1_version":
        return schema.has("box1_version")
    if row_id == CAMPAIGN:
        return PUSH in schema.names
    return not row_id.startswith("schedule.") or schema.sending is not None


def _rows(
    schema: Schema,
    language: str,
    where: Addresses,
    parts: Mapping[str, int],
    tabs: Sequence[ListedTab],
    silent: int,
) -> Iterator[Row]:
    yield _row("id", "sheets_crm · Control", heading=1)
    yield _row(STATE_LINE, state_line(language))
    yield _row("steps.space", "")
    yield from _step_rows(schema, language, where, parts)
    yield from _problem_rows(language)
    yield _row("next.space", "")
    yield from _next_rows(language)
    yield from _tab_rows(tabs, language)
    yield _row("settings.space", "")
    yield from _folded("settings", language, [*_setting_rows(language), *_detail_rows(language, where, silent)])
    yield from _folded("guide", language, _guide_rows(schema, language))


def _step_rows(schema: Schema, language: str, where: Addresses, parts: Mapping[str, int]) -> Iterator[Row]:
    """Yield the steps as one table, and below it the criteria of each for a send."""
    heads = ("control.step", "control.available", "control.ticked", *ASKED, "control.said")
    yield _row("steps", *(localize(name, language) for name in heads), heading=2)
    for step in schema.steps:
        key = input_key(step)
        available = Formula(f"=COUNT({where.column(key, 'LeadNumber')})")
        ticked = Formula(count_ticks(where.column(key, "send")))
        cells = (step.title, available, ticked, "", False, parts.get(step.name, 1), "")
        yield _row(f"{STEP}{step.name}", *cells, operator=(TAKE, SEND_NOW, PARTS), checkboxes=(SEND_NOW,))
    criteria = ("control.only", *(f"control.only.{name}" for name in CRITERIA), "control.only.help")
    yield _row("only", *(localize(name, language) for name in criteria), heading=2)
    for step in schema.steps:
        yield _row(f"{ONLY}{step.name}", step.title, operator=tuple(range(VALUE, VALUE + len(CRITERIA))))


def _problem_rows(language: str) -> Iterator[Row]:
    """Yield the rows of problems, which are hidden while there is none."""
    yield _row(PROBLEMS_HEADING, localize("control.problems", language), heading=2)
    for n in range(1, PROBLEMS + 1):
        yield _row(f"{PROBLEM}{n}", f"{localize('control.problem', language)} {n}")


def _next_rows(language: str) -> Iterator[Row]:
    """Yield what concerns the next run: its label, and the ticks that ask for it or accept what was refused."""
    yield _row("next", localize("control.next", language), heading=2)
    named = Formula(
        f'=IF(INDEX($B:$B;MATCH("target_id";$H:$H;0))="";"{localize("control.target_id.none", language)}";'
        f'"{localize("control.target_id.set", language)}")'
    )
    yield _row("target_id", localize("control.target_id", language), "", named, operator=(VALUE,))
    for name in ("import_kind", "enters"):
        blank = (localize(f"control.{name}", language), "", localize(f"control.{name}.help", language))
        yield _row(name, *blank, operator=(VALUE,))
    for name in ("sync_now", "confirm"):
        cells = (localize(f"control.{name}", language), False, localize(f"control.{name}.help", language))
        yield _row(name, *cells, operator=(VALUE,), checkboxes=(VALUE,))


def _folded(name: str, language: str, folded: Iterable[Row]) -> Iterator[Row]:
    """Yield a section that is folded away, below a heading with the tick that opens it."""
    show = (tab_list.SHOW,)
    heading = f"{tab_list.GROUP}{name}"
    cells = (localize(f"control.{name}", language), False, tab_list.FOLDED)
    yield _row(heading, *cells, operator=show, checkboxes=show, heading=3)
    yield from (replace(row, under=heading) for row in folded)


def _setting_rows(language: str) -> Iterator[Row]:
    version = (localize("control.box1_version", language), "v1", localize("control.box1_version.help", language))
    yield _row("box1_version", *version, operator=(VALUE,))
    campaign = (localize("control.instantly_campaign", language), "")
    yield _row(CAMPAIGN, *campaign, localize("control.instantly_campaign.help", language), operator=(VALUE,))
    for day, number in enumerate(DEFAULT_SCHEDULE):
        label = f"{localize('control.schedule', language)} · {localize(f'weekday.{day}', language)}"
        yield _row(f"schedule.{day}", label, number, operator=(VALUE,))


def _detail_rows(language: str, where: Addresses, silent: int) -> Iterator[Row]:
    """Yield the times and counts that the line of the state puts into words."""
    for name in ("status", "last_run_at", "heartbeat", "next_run"):
        yield _row(name, localize(f"control.{name}", language))
    yield _row(SILENT_AFTER_ROW, localize("control.silent_after", language), silent)
    yield _row("rejected", localize("control.rejected", language), Formula(f"={rejected_rows(where)}"))


def _guide_rows(schema: Schema, language: str) -> Iterator[Row]:
    for n in range(1, 7):
        yield _row(f"guide.{n}", localize(f"control.guide.{n}", language))
    yield _row("guide.examples", localize("control.examples", language))
    for name, headers in examples(schema):
        yield _row(f"example.{name}", schema.title_of(name), ", ".join(headers))


def _tab_rows(tabs: Sequence[ListedTab], language: str) -> Iterator[Row]:
    """Yield the list of the tabs: every row of it has an id, so that each is found wherever it stands."""
    if not tabs:
        return
    heads = (localize(f"control.{name}", language) for name in ("tabs", "show", "tab_state"))
    yield _row(tab_list.SPACE, "")
    yield _row(tab_list.HEADING, *heads, localize("control.tabs.help", language), heading=2)
    for group, of_group in tab_list.by_group(tabs).items():
        name, show = localize(f"group.{group.value}", language), (tab_list.SHOW,)
        heading = (f"{tab_list.GROUP}{group.value}", name, False, tab_list.FOLDED)
        yield _row(*heading, heading=3, operator=show, checkboxes=show)
        for tab in of_group:
            cells = (tab_list.link(tab.sheet_id, tab.title), tab.shown, tab_list.state(language, shown=tab.shown))
            row_id = f"{tab_list.ROW}{tab.key}"
            yield _row(row_id, *cells, operator=show, checkboxes=show, under=heading[0])


def examples(schema: Schema) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """An example header row for each step; that of a custom step has its status and the columns that it brings."""
    left_out = {step.name for step in schema.left_out}
    owner = tuple(example for example in EXAMPLES if example[0] not in left_out)
    custom = ((step.name, ("LeadNumber", step.status, *step.brings)) for step in schema.custom)
    return (*owner, *custom)


def ids(schema: Schema) -> tuple[str, ...]:
    """Ids of the rows of steps and settings that a run needs."""
    steps = (f"{kind}{step.name}" for step in schema.steps for kind in (STEP, ONLY))
    days = (f"schedule.{day}" for day in range(WEEKDAYS))
    return tuple(
        row_id
        for row_id in ("box1_version", CAMPAIGN, "target_id", "import_kind", "enters", *steps, *days)
        if _is_asked(row_id, schema)
    )


@dataclass(frozen=True, slots=True)
class ControlState:
    """What operators set and ask for on Control.

    Attributes:
        take: The ``take N`` cell of each step, unchecked.
        send_now: Steps whose ``send N now`` is ticked.
        criteria: What the leads that ``take N`` takes have in common, of each step.
        parts: Parts K of each step, 1 where the cell is not a whole number from 1 to 20.
        box1_version: Version for the next send to box 1.
        target_id: Label for the next import.
        schedule: New leads per weekday, Monday first.
        unclear: Ids of settings whose cell is invalid; their default is used.
    """

    take: Mapping[str, Cell] = field(default_factory=dict)
    send_now: frozenset[str] = frozenset()
    criteria: Mapping[str, Criteria] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    box1_version: str = "v1"
    target_id: str = ""
    schedule: tuple[float, ...] = DEFAULT_SCHEDULE
    unclear: tuple[str, ...] = ()


def control_state(panel: PanelState, schema: Schema) -> ControlState:
    """What operators set and ask for; invalid cells count as their default."""
    unclear: list[str] = []
    days = [f"schedule.{day}" for day in range(WEEKDAYS)]
    steps = [step.name for step in schema.steps]
    schedule = tuple(_number(panel.value(day), day, unclear) for day in days)
    parts = {name: _parts(panel.value(f"{STEP}{name}", PARTS), f"parts.{name}", unclear) for name in steps}
    return ControlState(
        take={name: panel.value(f"{STEP}{name}", TAKE) for name in steps},
        send_now=frozenset(name for name in steps if is_tick(panel.value(f"{STEP}{name}", SEND_NOW))),
        criteria={name: _criteria(panel, name) for name in steps},
        parts=parts,
        box1_version=_text(panel.value("box1_version")) or "v1",
        target_id=_text(panel.value("target_id")),
        schedule=schedule,
        unclear=tuple(unclear),
    )


def _criteria(panel: PanelState, step: str) -> Criteria:
    texts = (_text(panel.value(f"{ONLY}{step}", n)) for n in range(VALUE, VALUE + len(CRITERIA)))
    return Criteria(*texts)


def unclear_ticks(panel: PanelState, schema: Schema, language: str) -> Iterator[tuple[str, Cell]]:
    """Yield label and cell of the ticks of Control in which something stands that is neither a yes nor a no."""
    cells = {localize(f"control.{name}", language): panel.value(name) for name in ("confirm", "sync_now")}
    now = localize("control.send_now", language)
    cells |= {f"{now} · {step.title}": panel.value(f"{STEP}{step.name}", SEND_NOW) for step in schema.steps}
    yield from ((label, cell) for label, cell in cells.items() if not is_understood(cell))


def named(unclear: str, schema: Schema, language: str) -> tuple[str, int]:
    """Label of an invalid setting of Control, and the default that is used for it."""
    kind, _, which = unclear.partition(".")
    if kind == "parts":
        return f"{localize('control.parts', language)} · {schema.title_of(which)}", 1
    return f"{localize('control.schedule', language)} · {localize(f'weekday.{which}', language)}", 0


def place_of(unclear: str) -> tuple[str, int]:
    """Id of the row and 0-based column of an invalid setting of Control."""
    kind, _, which = unclear.partition(".")
    return (f"{STEP}{which}", PARTS) if kind == "parts" else (unclear, VALUE)


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _number(cell: Cell, name: str, unclear: list[str]) -> float:
    if cell == "":
        return 0
    if isinstance(cell, bool) or not isinstance(cell, int | float) or cell < 0:
        unclear.append(name)
        return 0
    return cell


def _parts(cell: Cell, name: str, unclear: list[str]) -> int:
    if cell == "":
        return 1
    if (
        isinstance(cell, bool)
        or not isinstance(cell, int | float)
        or cell != int(cell)
        or not 1 <= cell <= MOST_PARTS
    ):
        unclear.append(name)
        return 1
    return int(cell)
