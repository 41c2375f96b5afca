"""A module of the tests' own with the scratch table: what its edits do, and what the worker adds to it."""

from dataclasses import dataclass

from scratch import SCRATCH

from sheets_crm.engine.commands import Command
from sheets_crm.engine.features import Feature
from sheets_crm.engine.table_edits import TwoWay, Waits
from sheets_crm.features.modules import Module
from sheets_crm.pipeline.columns import Column
from sheets_crm.pipeline.leads import put


@dataclass(frozen=True)
class Work(Command):
    """Change rows of the table as a worker does."""

    append: tuple = ()
    set: tuple = ()
    delete: tuple = ()


def tables(_schema, _parts):
    """The scratch table."""
    yield SCRATCH


def edited(working, edit):
    """Show the word, close what is ticked, and note each enrolment at the first lead; in one write, or in two."""
    if edit.values["word"] in {"ask for 1", "explode"}:
        working.untick("input.verification", "send", 1 if edit.values["word"] == "ask for 1" else 2, value=True)
    if edit.values["word"] == "explode":
        working.leads = put(working.leads, [1], {"enrolled": "half done"})
        raise ValueError("a defect of the feature")
    if edit.values["word"] == "in two writes" and len(edit.acts) == 2:
        working.leads = put(working.leads, [1], {"enrolled": f"{edit.key}:closed;"})
        return Waits(("enrol",))
    cells = {"shown": str(edit.values["word"]).upper()}
    if "close" in edit.acts:
        cells |= {"stage": "won", "closed_at": working.clock.serial}
    if "enrol" in edit.acts:
        noted = working.leads.loc[1, "enrolled"]
        working.leads = put(working.leads, [1], {"enrolled": f"{noted}{edit.key}:{edit.acts['enrol']};"})
    return cells


REQUIRED = {}
"""Rows that come back, by key; tests fill it."""


def work(working, command):
    """Change rows of the table."""
    rows = working.rows("scratch")
    for cells in command.append:
        rows.append(cells)
    for key, cells in command.set:
        rows.set(key, cells)
    rows.delete(command.delete)
    return True


NOTEBOOK = Feature(
    "notebook",
    tables=tables,
    handlers={Work: work},
    two_way={"scratch": TwoWay(edited=edited, required=lambda _working: REQUIRED)},
)
MODULE = Module(features=(NOTEBOOK,), columns=(Column("enrolled"),))
ON = {"modules": ["notebook"]}
"""The settings that switch it on."""
