"""A module of the tests' own: a tab, a column of the Master, and a command that writes into both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from sheets_crm.engine.commands import Command
from sheets_crm.engine.features import Feature
from sheets_crm.engine.working_state import WorkingState
from sheets_crm.features.modules import Module
from sheets_crm.pipeline.columns import Column
from sheets_crm.pipeline.leads import put
from sheets_crm.pipeline.schema import Schema
from sheets_crm.plan.changes import Change
from sheets_crm.plan.diff import diff
from sheets_crm.workbook.declaration import Group, ReadPolicy, TabColumn, TabSpec

GUESTS = "guests"


@dataclass(frozen=True)
class Greet(Command):
    """Write a lead's name into the guest book."""

    lead: int


def tables(_schema: Schema, _parts: Mapping[str, int]) -> Iterator[TabSpec]:
    """The guest book."""
    columns = (TabColumn("guest"), TabColumn("greeting"))
    yield TabSpec(GUESTS, "Guest book", columns, "guest", policy=ReadPolicy.WHOLE, group=Group.SALES)


def greet(working: WorkingState, command: Greet) -> bool:
    """Add the lead's row and note it in the Master."""
    name = str(working.leads.loc[command.lead, "firstName"])
    row = pd.DataFrame([{"greeting": f"Hello {name}"}], index=pd.Index([name], name="guest"), dtype=object)
    working.tables[GUESTS] = pd.concat([working.table(GUESTS), row])
    working.leads = put(working.leads, [command.lead], {"guest_since": "today"})
    working.log("log_reopened", lead=command.lead, step="guests", reason="greeted")
    return True


def changes(working: WorkingState) -> list[Change]:
    """The changes of the guest book."""
    return diff(working.snapshot.sheets[GUESTS], working.table(GUESTS), delete=False)


MODULE = Module(
    features=(Feature("guests", tables=tables, handlers={Greet: greet}, changes=changes),),
    columns=(Column("guest_since"),),
)
WITHOUT_TABLE = Module()
