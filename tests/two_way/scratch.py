"""A two-way table with every kind of column, owner and tick; and one whose key is visible."""

from sheets_crm.pipeline.columns import Kind
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.declaration import Choice, Owner, ReadPolicy, TabColumn, TabSpec, Tick
from sheets_crm.workbook.two_way.columns import table_columns

STAGES = (Choice("new", "nueva"), Choice("won", "ganada"), Choice("lost_deal", "perdida", "lost"))
OPERATOR, SHARED = Owner.OPERATOR, Owner.SHARED

OWN = (
    TabColumn("word", owner=OPERATOR, es="palabra", required=True),
    TabColumn("count", Kind.WHOLE, owner=OPERATOR, es="cantidad", default=1),
    TabColumn("ratio", Kind.NUMBER, owner=OPERATOR, es="proporción"),
    TabColumn("value", Kind.MONEY, owner=OPERATOR, es="valor"),
    TabColumn("due_on", Kind.DATE, owner=OPERATOR, es="vence"),
    TabColumn("call_at", Kind.WHEN, owner=OPERATOR, es="llamada"),
    TabColumn("active", Kind.FLAG, owner=OPERATOR, tick=Tick.STATE, es="activa", default=True),
    TabColumn("close", Kind.FLAG, owner=OPERATOR, tick=Tick.ACT, es="cerrar"),
    TabColumn("enrol", owner=OPERATOR, tick=Tick.ACT, es="inscribir"),
    TabColumn("stage", owner=SHARED, es="etapa", choices=STAGES, default="new"),
    TabColumn("closed_at", Kind.WHEN, es="cerrada"),
    TabColumn("shown", es="mostrada"),
    TabColumn("notes", owner=OPERATOR, es="notas"),
)
"""Its own columns: what operators decide, what both do, and what the worker shows."""

SCRATCH = TabSpec(
    "scratch",
    "Scratch",
    table_columns(*OWN),
    "_key",
    policy=ReadPolicy.BY_KEY,
    two_way=True,
    letter="S",
    es="Borrador",
)
"""Its first header is a person's word, so its key is the hidden ``_key``."""
KEYED = TabSpec(
    "keyed",
    "Keyed",
    table_columns(*OWN, key=TabColumn("KeyedID", width=90)),
    "KeyedID",
    policy=ReadPolicy.BY_KEY,
    two_way=True,
    letter="K",
)
"""The same with a key that people see."""
NUMBERED = TabSpec(
    "numbered",
    "Numbered",
    table_columns(*OWN, key=TabColumn("LeadNumber", Kind.WHOLE)),
    "LeadNumber",
    policy=ReadPolicy.BY_KEY,
    two_way=True,
)
"""The same with LeadNumbers for keys."""


def where(*specs, headers=None):
    """Addresses of tables that stand as declared, or as the given header rows."""
    return Addresses({spec.key: spec.title for spec in specs}, {spec.key: spec for spec in specs}, headers or {})


def cells_of(spec=SCRATCH, **given):
    """The cells of a row by header, blank where nothing is given."""
    return {column.header: given.get(column.header, "") for column in spec.columns}
