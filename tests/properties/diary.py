"""A module of the histories' own with the scratch table: what each edit and each obeyed act leaves to be counted."""

from dataclasses import dataclass

from scratch import SCRATCH

from sheets_crm.config import Settings
from sheets_crm.engine.commands import Command
from sheets_crm.engine.features import Feature
from sheets_crm.engine.table_edits import TwoWay
from sheets_crm.features.modules import MODULES, Entry, Module

TITLE = "Borrador"
TAG = "señal"
"""A column of the operators' own: what stands there tells which row is which, wherever it goes."""
PREPARED = 24
"""Rows that the table has from the start: more than a part that is sorted may move unseen."""


@dataclass(frozen=True)
class Work(Command):
    """Add rows with these words, and set the stage of rows that are still there."""

    append: tuple = ()
    lose: tuple = ()


def tables(_schema, _parts):
    """The scratch table."""
    yield SCRATCH


def edited(_working, edit):
    """Put down what was obeyed, once more each time, and then the values that count by now."""
    before = "" if edit.new else str(edit.source.cells.get("shown", "")).partition("|")[0]
    close = "close;" if "close" in edit.acts else ""
    enrol = f"{edit.acts['enrol']};" if "enrol" in edit.acts else ""
    values = "|".join(str(edit.values[name]) for name in ("word", "count", "notes"))
    return {"shown": f"{before}{close}{enrol}|{values}"} | ({"stage": "won"} if close else {})


def work(working, command):
    """Change rows of the table as a worker does."""
    rows = working.rows("scratch")
    for word in command.append:
        rows.append({"word": word})
    for key in command.lose:
        if key in rows.keys:
            rows.set(key, {"stage": "lost_deal"})
    return True


DIARY = Feature("diary", tables=tables, handlers={Work: work}, two_way={"scratch": TwoWay(edited=edited)})
MODULE = Module(features=(DIARY,))


def with_table(desk):
    """Switch the module on, and type the rows that every history begins with."""
    desk.settings = Settings(**{**desk.settings.model_dump(), "modules": ["diary"]})
    desk.app = desk.worker()
    desk.init()
    desk.sync()
    header = desk.cells(TITLE)[0]
    words, tags = header.index("palabra"), len(header)
    number = desk.tab_id(TITLE)
    desk.structure({"appendDimension": {"sheetId": number, "dimension": "COLUMNS", "length": 4}}, who="operator")
    rows = [["", "", f"w{n:02}", n] for n in range(PREPARED)]
    assert words == 2
    desk.put(TITLE, "A2", rows)
    desk.put(TITLE, f"{chr(ord('A') + tags)}1", [[TAG], *([f"fila {n}"] for n in range(PREPARED))])
    desk.sync()
    assert desk.sync()["idle"]


def registered(patch):
    """Put the module into the registry."""
    patch.setitem(MODULES, "diary", Entry("diary:MODULE"))


__all__ = ["PREPARED", "TAG", "TITLE", "Work", "registered", "with_table"]
