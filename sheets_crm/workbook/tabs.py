"""The tabs of the workbook, declared once: titles, columns, the owner of each cell.

Source: the owner's document, "Columnas de cada página" and section 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sheets_crm.pipeline.columns import BODIES, BOX1, LEAD_NUMBER, NOTES, SEND, Kind, prompt_columns
from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.workbook.declaration import Group, Owner, ReadPolicy, TabColumn, TabSpec, Tick

CONTROL: Final = "control"
DASHBOARD: Final = "dashboard"
INBOX: Final = "inbox"
REJECTED: Final = "rejected"
BATCHES: Final = "batches"
IMPORTS: Final = "imports"
STORAGE: Final = "storage"
BOX1_HISTORY: Final = "box1_history"
LEAD_PROFILE: Final = "lead_profile"
HISTORY: Final = "history"
LOG: Final = "log"
VOCABULARY: Final = "vocabulary"
SYSTEM: Final = "system"
MASTER: Final = "master"


STEP_COLOURS: Final = (0x4285F4, 0x00ACC1, 0x8E24AA, 0x34A853, 0xF4511E, 0x6D4C41)
WIDTHS: Final = {
    LEAD_NUMBER: 90,
    "TargetID": 110,
    "personTitle": 220,
    "personSummary": 260,
    "personTitleDescription": 260,
    "companyDescription": 260,
    "email": 220,
    "Email": 220,
    **dict.fromkeys(("Body 1", "Body 2", "Body 3", "Body 4"), 260),
}


def input_key(step: Step) -> str:
    """The key of a step's input tab."""
    return f"input.{step.name}"


def batch_key(step: Step, part: int = 1) -> str:
    """The key of a step's K-th batch tab (from 1)."""
    return f"batch.{step.name}.{part}"


def step_of(key: str) -> str:
    """The name of the step whose input or batch tab has a key; "" for any other tab."""
    kind, _, rest = key.partition(".")
    return rest.split(".")[0] if kind in {"input", "batch"} else ""


def batch_title(step: Step, part: int) -> str:
    """The title of a step's K-th batch tab."""
    return step.batch_tab if part == 1 else f"{step.batch_tab} {part}"


def _kind(schema: Schema, name: str) -> Kind:
    return next((column.kind for column in schema.columns if column.name == name), Kind.TEXT)


def _step_columns(schema: Schema, step: Step) -> tuple[TabColumn, ...]:
    return tuple(
        TabColumn(header, _kind(schema, name), width=WIDTHS.get(header, 130)) for header, name in step.columns
    )


def input_tab(schema: Schema, step: Step) -> TabSpec:
    """A step's input tab: send, the owner's exact columns, notes."""
    columns = (
        TabColumn(SEND, Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT, width=60),
        *_step_columns(schema, step),
        TabColumn(NOTES, owner=Owner.OPERATOR, width=200),
    )
    colour = STEP_COLOURS[schema.steps.index(step) % len(STEP_COLOURS)]
    return TabSpec(
        input_key(step),
        step.input_tab,
        columns,
        LEAD_NUMBER,
        colour=colour,
        frozen_columns=2,
        policy=ReadPolicy.LEADS,
        group=Group.PROSPECTING,
    )


def batch_tab(schema: Schema, step: Step, part: int = 1) -> TabSpec:
    """A step's K-th batch tab: the owner's exact columns, ready for File > Download > CSV."""
    colour = STEP_COLOURS[schema.steps.index(step) % len(STEP_COLOURS)]
    return TabSpec(
        batch_key(step, part),
        batch_title(step, part),
        _step_columns(schema, step),
        LEAD_NUMBER,
        colour=colour,
        policy=ReadPolicy.LEADS,
        group=Group.PROSPECTING,
    )


BATCH_COLUMNS: Final = (
    TabColumn("id", width=80),
    TabColumn("step", width=120),
    TabColumn("size", Kind.WHOLE, width=70),
    TabColumn("when", Kind.WHEN, width=140),
    TabColumn("returned", Kind.WHOLE, width=80),
    TabColumn("outstanding", Kind.WHOLE, width=90),
    TabColumn("age", Kind.WHOLE, width=60, live=True),
    TabColumn("stale", width=70, live=True),
    TabColumn("show", Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT, width=60),
    TabColumn("close", Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT, width=60),
    TabColumn("undo", Kind.FLAG, owner=Owner.OPERATOR, tick=Tick.ACT, width=60),
    TabColumn("version", width=80),
    TabColumn("shown", width=70),
    TabColumn("closed", Kind.WHOLE, width=70),
    TabColumn("undone", Kind.WHOLE, width=70),
)
IMPORT_COLUMNS: Final = (
    TabColumn("when", Kind.WHEN, width=140),
    TabColumn("source", width=200),
    TabColumn("step", width=120),
    TabColumn("rows", Kind.WHOLE, width=70),
    TabColumn("new", Kind.WHOLE, width=70),
    TabColumn("updated", Kind.WHOLE, width=70),
    TabColumn("unchanged", Kind.WHOLE, width=80),
    TabColumn("duplicate", Kind.WHOLE, width=80),
    TabColumn("rejected", Kind.WHOLE, width=80),
    TabColumn("leads touched", Kind.WHOLE, width=100),
    TabColumn("content hash", width=140),
    TabColumn("ignored columns", width=240),
    TabColumn("not sent before", Kind.WHOLE, width=110),
    TabColumn("doubtful cells", Kind.WHOLE, width=100),
    TabColumn("drop", width=80),
)
STORAGE_COLUMNS: Final = (
    TabColumn("reopen", owner=Owner.OPERATOR, width=90),
    TabColumn("reason", owner=Owner.OPERATOR, width=200),
    TabColumn(LEAD_NUMBER, Kind.WHOLE, width=90),
    *tuple(
        TabColumn(name, width=WIDTHS.get(name, 140))
        for name in (
            "TargetID",
            "firstName",
            "lastName",
            "personTitle",
            "companyName",
            "email",
            "box1_version",
            "subject",
        )
    ),
    TabColumn("box1_completed_at", Kind.WHEN, width=140),
    TabColumn(NOTES, width=200),
)
LOG_COLUMNS: Final = (
    TabColumn("when", Kind.WHEN, width=140),
    TabColumn("run", width=110),
    TabColumn("result", width=110),
    TabColumn("what", width=680),
    TabColumn("sent", Kind.WHOLE, width=70),
    TabColumn("merged", Kind.WHOLE, width=70),
    TabColumn("rejected", Kind.WHOLE, width=80),
)
VOCABULARY_COLUMNS: Final = (
    TabColumn("word", owner=Owner.OPERATOR, width=200),
    TabColumn("normalised", owner=Owner.OPERATOR, width=140),
    TabColumn("counts as success", owner=Owner.OPERATOR, width=140),
)
REJECTED_COLUMNS: Final = ("retry", "discard", "reason", "remedy", "source", "row")


def box1_history_columns(prompts: int) -> tuple[TabColumn, ...]:
    """The columns of Box1 History: the lead, the earlier result, its times."""
    names = (*BOX1, *prompt_columns(prompts))
    return (
        TabColumn(LEAD_NUMBER, Kind.WHOLE, width=90),
        *tuple(TabColumn(name, width=200 if name in BODIES else 120) for name in names),
        TabColumn("box1_batch", width=80),
        TabColumn("box1_sent_at", Kind.WHEN, width=140),
        TabColumn("box1_completed_at", Kind.WHEN, width=140),
        TabColumn("instantly_sent_at", Kind.WHEN, width=140),
    )


def history_columns(metric_ids: tuple[str, ...]) -> tuple[TabColumn, ...]:
    """The columns of History: the day, then every metric by its id."""
    return (TabColumn("date", Kind.WHEN, width=100), *(TabColumn(name, Kind.WHOLE) for name in metric_ids))


def master_tab(schema: Schema) -> TabSpec:
    """The Master's declaration."""
    columns = tuple(
        TabColumn(column.name, column.kind, width=WIDTHS.get(column.name, 130)) for column in schema.columns
    )
    return TabSpec(
        MASTER,
        "Master",
        columns,
        LEAD_NUMBER,
        hidden=True,
        colour=0x202124,
        frozen_columns=1,
        policy=ReadPolicy.LEADS,
    )


def all_tabs(schema: Schema, metric_ids: tuple[str, ...], parts: dict[str, int]) -> tuple[TabSpec, ...]:
    """Every tab in the order of the workbook, Master last.

    Args:
        schema: Columns and steps.
        metric_ids: Ids of the metrics, for History.
        parts: Number of batch tabs by step name; 1 for a step that is not listed.
    """
    return tuple(_in_order(schema, metric_ids, parts))


def _of_results(schema: Schema) -> Iterator[TabSpec]:
    """Yield the tabs that exist while a step in use gives leads a result: stored leads, and earlier results."""
    if schema.has("storage"):
        yield TabSpec(
            STORAGE,
            "Storage",
            STORAGE_COLUMNS,
            LEAD_NUMBER,
            colour=0xB06000,
            frozen_columns=3,
            policy=ReadPolicy.LEADS,
            group=Group.PROSPECTING,
        )
    if schema.has("box1_result"):
        columns = box1_history_columns(schema.prompts)
        yield TabSpec(
            BOX1_HISTORY,
            "Box1 History",
            columns,
            colour=0x8E24AA,
            policy=ReadPolicy.END,
            group=Group.PROSPECTING,
        )


def is_left_out(key: str, schema: Schema) -> bool:
    """Whether a tab belongs to a built-in step that is not in use."""
    results = {spec.key for spec in _of_results(schema)}
    return (key in {STORAGE, BOX1_HISTORY} and key not in results) or step_of(key) in {
        step.name for step in schema.left_out
    }


def _in_order(schema: Schema, metric_ids: tuple[str, ...], parts: dict[str, int]) -> Iterator[TabSpec]:
    """Yield the tabs; those of a step that is not in use are not among them."""
    today, prospecting, setup = Group.TODAY, Group.PROSPECTING, Group.SETUP
    whole, end, never = ReadPolicy.WHOLE, ReadPolicy.END, ReadPolicy.NEVER
    yield TabSpec(CONTROL, "Control", colour=0xD93025, policy=whole, group=today)
    yield TabSpec(DASHBOARD, "Dashboard", colour=0xF9AB00, policy=ReadPolicy.RESULTS, group=today)
    for step in schema.steps:
        yield input_tab(schema, step)
    yield TabSpec(INBOX, "Inbox", free=True, colour=0xE91E63, policy=never, group=prospecting)
    yield TabSpec(REJECTED, "Rejected", free=True, colour=0xC5221F, policy=ReadPolicy.ASKED, group=prospecting)
    yield TabSpec(
        BATCHES,
        "Batches",
        BATCH_COLUMNS,
        "id",
        colour=0x1967D2,
        frozen_columns=1,
        policy=whole,
        group=prospecting,
    )
    for step in schema.steps:
        for part in range(1, max(1, parts.get(step.name, 1)) + 1):
            yield batch_tab(schema, step, part)
    yield TabSpec(IMPORTS, "Imports", IMPORT_COLUMNS, "drop", colour=0x5F6368, policy=whole, group=prospecting)
    yield from _of_results(schema)
    yield TabSpec(LEAD_PROFILE, "Lead Profile", colour=0x137333, policy=never, group=today)
    yield TabSpec(
        HISTORY, "History", history_columns(metric_ids), "date", frozen_columns=1, policy=end, group=setup
    )
    yield TabSpec(LOG, "Log", LOG_COLUMNS, policy=end, group=setup)
    yield TabSpec(
        VOCABULARY, "Vocabulary", VOCABULARY_COLUMNS, free=True, colour=0x00796B, policy=whole, group=setup
    )
    yield TabSpec(SYSTEM, "System", hidden=True, colour=0x202124, policy=whole)
    yield master_tab(schema)
