"""Custom steps: the problems of a declaration in the settings, and the `Step` that a valid one stands for.

Source: the owner's document, section 3: a step is its input columns, its condition and what its output brings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from sheets_crm.messages import said
from sheets_crm.pipeline.columns import LEAD_NUMBER, NOTES, SEND, Kind, state_columns
from sheets_crm.pipeline.imports.layout import known_headers
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.metric_list import METRICS, SECTIONS, custom_ids, tallies
from sheets_crm.pipeline.schema import Need, Schema, Step
from sheets_crm.pipeline.steps import BUILT_IN, STEPS
from sheets_crm.pipeline.tallies import of_step

ANYTHING: Final = "*"
"""The value of a condition that any non-blank cell meets."""
IMPORT_LETTER: Final = "D"
RESERVED_NAMES: Final = frozenset({"export", "control", "system", "master"})
TAKEN_TITLES: Final = frozenset(step.title.casefold() for step in STEPS)
PASTE_TITLES: Final = ("inbox", "output")
WORKER_COLUMNS: Final = frozenset({SEND, NOTES})

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,29}")
TITLE: Final = re.compile(r"[^\W_](?:[\w .&+-]{0,38}[\w])?")
LETTER: Final = re.compile(r"[A-Z]")

Condition = str | bool


@dataclass(frozen=True, slots=True)
class Declared:
    """A step as the settings declare it.

    Attributes:
        name: Fixed name in the Master's headers: lower case, digits, underscore.
        title: The word that its tabs begin with.
        letter: First letter of its batch ids.
        columns: Master columns of its input tab.
        brings: Further Master columns that its output fills.
        ready_when: Master column to the value that it has to hold, ``*`` for anything but blank; all of them.
    """

    name: str
    title: str
    letter: str
    columns: tuple[str, ...]
    brings: tuple[str, ...]
    ready_when: Mapping[str, Condition]


def step_of(declared: Declared) -> Step:
    """The step of a declaration without problems."""
    shown = tuple(dict.fromkeys((LEAD_NUMBER, *declared.columns)))
    needs = tuple(
        Need(column, None if value == ANYTHING else value)
        for column, value in declared.ready_when.items()
        if column != LEAD_NUMBER  # every lead has one
    )
    return Step(
        declared.name,
        declared.title,
        declared.letter,
        tuple((name, name) for name in shown),
        needs=(needs,),
        brings=declared.brings,
        custom=True,
    )


def problems(steps: Sequence[Declared], base: Schema) -> list[str]:
    """The problems of the declared steps, each beginning with the step's name.

    Args:
        steps: The declarations in order.
        base: The columns and steps of a workbook without them.
    """
    messages: list[str] = []
    for n, declared in enumerate(steps):
        checker = _Checker(declared, steps[:n], steps, base)
        messages += [f"{declared.name}: {text}" for text in checker.problems()]
    return messages


class _Checker:
    """Checks one declaration against the steps before it and the workbook's columns."""

    def __init__(
        self, declared: Declared, earlier: Sequence[Declared], steps: Sequence[Declared], base: Schema
    ) -> None:
        self._declared = declared
        self._earlier = earlier
        self._base = base
        self._states = tuple(column.name for column in state_columns(declared.name))
        self._unused = {name: step.name for step in base.left_out for name in step.own_columns}
        self._kinds = {column.name: column.kind for column in base.columns}
        self._kinds |= {column.name: column.kind for other in earlier for column in state_columns(other.name)}
        self._kinds |= {name: Kind.TEXT for other in steps for name in other.brings}

    def problems(self) -> Iterator[str]:
        """Yield the problems in the order of the declaration."""
        yield from self._name()
        yield from self._title()
        yield from self._letter()
        yield from self._columns()
        yield from self._brings()
        yield from self._conditions()

    def _name(self) -> Iterator[str]:
        name = self._declared.name
        taken = {header_key(other) for other in (*BUILT_IN, *(other.name for other in self._earlier))}
        if header_key(name) in taken:
            yield f"name: a step named {name} already exists"
        elif self._reserved():
            yield f"name: {name} is reserved: headers or metrics already use it; choose another"

    def _reserved(self) -> bool:
        name = self._declared.name
        step = Step(name, "", "", (), ((),))
        ids = {metric.id for metric in METRICS} | set(tallies(self._base))
        words = RESERVED_NAMES | {section.id for section in SECTIONS}
        counted = of_step(step, self._base.states)
        headers = {header_key(header) for header in self._base.names}
        headers |= {header_key(column.name) for other in self._earlier for column in state_columns(other.name)}
        own = {header_key(header) for header in self._states}
        return name in words or bool(ids & {*custom_ids(step), *counted}) or bool(headers & own)

    def _title(self) -> Iterator[str]:
        title = self._declared.title
        if title.casefold() in TAKEN_TITLES | {other.title.casefold() for other in self._earlier}:
            yield f"title: another step's tabs are already named {title}"
        if title.casefold().startswith(PASTE_TITLES):
            yield "title: names that begin with Inbox or Output are reserved for pasting; choose another"

    def _letter(self) -> Iterator[str]:
        letter = self._declared.letter
        if letter in {step.letter for step in STEPS} | {other.letter for other in self._earlier}:
            yield f"letter: {letter} is already used by another step's batch ids"
        if letter == IMPORT_LETTER:
            yield f"letter: {IMPORT_LETTER} is reserved for import ids (D-0001); choose another"

    def _columns(self) -> Iterator[str]:
        names = self._declared.columns
        if not names:
            yield "columns: empty; list the Master columns that the input tab shows"
        yield from (f"columns: duplicate column: {name}" for name in _duplicates(names))
        for name in dict.fromkeys(names):
            if name in WORKER_COLUMNS:
                yield f"columns: every input tab already has {name}"
            elif name in self._declared.brings:
                yield f"columns: {name} is also in brings; a column that is sent cannot identify the output"
            else:
                yield from self._unknown("columns", name)

    def _unknown(self, where: str, name: str) -> Iterator[str]:
        if name in self._states:
            yield f"{where}: {name} is a state of this step itself"
        elif name in self._unused and (where == "ready_when" or name not in self._kinds):
            yield f"{where}: {name} is a column of {self._unused[name]}, which is not in use (see the setting pipeline)"
        elif name not in self._kinds:
            yield f"{where}: unknown Master column: {name}{meant(name, self._kinds)}"

    def _brings(self) -> Iterator[str]:
        names = self._declared.brings
        taken = {header_key(name): name for name in (*self._base.names, *self._states, SEND)}
        taken |= {header_key(name): name for other in self._earlier for name in other.brings}
        taken |= {
            header_key(column.name): column.name for other in self._earlier for column in state_columns(other.name)
        }
        tool_headers = known_headers(Schema(STEPS))
        yield from (
            f"brings: duplicate column: {name}" for name in _duplicates([header_key(name) for name in names])
        )
        for name in dict.fromkeys(names):
            key = header_key(name)
            if not key:
                yield "brings: a column name is blank"
            elif key in taken:
                yield f"brings: the Master already has a column {taken[key]}"
            elif key in tool_headers:
                yield f"brings: {name} is a header of the tools' own outputs; choose a name unique to this step"

    def _conditions(self) -> Iterator[str]:
        conditions = self._declared.ready_when
        if not conditions:
            yield f'ready_when: empty; write {{ {LEAD_NUMBER} = "*" }} if every lead is ready at once'
        for name, value in conditions.items():
            unknown = list(self._unknown("ready_when", name))
            yield from unknown or self._condition(name, value)

    def _condition(self, name: str, value: Condition) -> Iterator[str]:
        kind = self._kinds[name]
        if value == "":
            yield f'ready_when: the value of {name} is empty; write "{ANYTHING}" for anything but blank'
        elif kind is Kind.FLAG and not isinstance(value, bool):
            yield f"ready_when: {name} is a flag in the Master; write true or false"
        elif kind in {Kind.WHEN, Kind.WHOLE} and value != ANYTHING:
            yield f'ready_when: {name} is a {kind.value.split(",")[0]}; the only condition allowed is "{ANYTHING}"'
        elif kind is Kind.TEXT and isinstance(value, bool):
            yield f'ready_when: {name} is text in the Master; write the text, or "{ANYTHING}" for anything but blank'


def _duplicates(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


FEW = 10
"""Up to this many known words a message lists them all; beyond it names the nearest only."""


def meant(word: str, known: Collection[str]) -> str:
    """The end of a message about an unknown word: the nearest known one, else all of them if they are few."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return said("settings.did_you_mean", name=close[0])
    return said("settings.known", names=list(known)) if len(known) <= FEW else ""
