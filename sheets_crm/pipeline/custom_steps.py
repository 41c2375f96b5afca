"""Custom steps: the problems of a declaration in the settings, and the `Step` that a valid one stands for.

Source: the owner's document, section 3: a step is its input columns, its condition and what its output brings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from string import ascii_uppercase
from typing import Final

from sheets_crm.messages import Said, said
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
PASTE_TITLES: Final = ("Inbox", "Output")
WORKER_COLUMNS: Final = frozenset({SEND, NOTES})

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,29}")
TITLE: Final = re.compile(r"[^\W_](?:[\w .&+-]{0,38}[\w])?")
LETTER: Final = re.compile(r"[A-Z]")

Condition = str | bool
Found = tuple[str, Said]
"""A problem: the key of the declaration that it is about, and what is wrong."""


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
    return [
        said("custom_step.place", step=declared.name, key=key, problem=problem)
        for n, declared in enumerate(steps)
        for key, problem in _Checker(declared, steps[:n], steps, base).problems()
    ]


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

    def problems(self) -> Iterator[Found]:
        """Yield the problems in the order of the declaration."""
        yield from self._name()
        yield from self._title()
        yield from self._letter()
        yield from self._columns()
        yield from self._brings()
        yield from self._conditions()

    def _name(self) -> Iterator[Found]:
        name = self._declared.name
        taken = (*BUILT_IN, *(other.name for other in self._earlier))
        if header_key(name) in map(header_key, taken):
            yield "name", said("custom_step.name_taken", name=name, taken=taken)
        elif self._reserved():
            yield "name", said("custom_step.name_reserved", name=name)

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

    def _title(self) -> Iterator[Found]:
        title = self._declared.title
        taken = [*(step.title for step in STEPS), *(other.title for other in self._earlier)]
        if title.casefold() in map(str.casefold, taken):
            yield "title", said("custom_step.title_taken", title=title, taken=taken)
        if title.casefold().startswith(tuple(map(str.casefold, PASTE_TITLES))):
            yield "title", said("custom_step.title_reserved", title=title, words=PASTE_TITLES)

    def _letter(self) -> Iterator[Found]:
        letter = self._declared.letter
        taken = {*(step.letter for step in STEPS), *(other.letter for other in self._earlier)}
        free = [one for one in ascii_uppercase if one not in {*taken, IMPORT_LETTER}]
        if letter in taken:
            yield "letter", said("custom_step.letter_taken", letter=letter, free=free)
        if letter == IMPORT_LETTER:
            yield "letter", said("custom_step.letter_reserved", letter=letter, free=free)

    def _columns(self) -> Iterator[Found]:
        names = self._declared.columns
        if not names:
            yield "columns", said("custom_step.no_columns")
        yield from (("columns", said("custom_step.column_twice", names=name)) for name in _duplicates(names))
        for name in dict.fromkeys(names):
            if name in WORKER_COLUMNS:
                yield "columns", said("custom_step.column_always", name=name)
            elif name in self._declared.brings:
                yield "columns", said("custom_step.column_brought", name=name)
            else:
                yield from self._unknown("columns", name)

    def _unknown(self, where: str, name: str) -> Iterator[Found]:
        if name in self._states:
            yield where, said("custom_step.own_state", name=name)
        elif name in self._unused and (where == "ready_when" or name not in self._kinds):
            yield where, said("custom_step.column_unused", name=name, other=self._unused[name])
        elif name not in self._kinds:
            yield where, said("custom_step.column_unknown", name=name, meant=meant(name, self._kinds))

    def _brings(self) -> Iterator[Found]:
        names = self._declared.brings
        taken = {header_key(name): name for name in (*self._base.names, *self._states, SEND)}
        taken |= {header_key(name): name for other in self._earlier for name in other.brings}
        taken |= {
            header_key(column.name): column.name for other in self._earlier for column in state_columns(other.name)
        }
        tool_headers = known_headers(Schema(STEPS))
        for key in _duplicates([key for name in names if (key := header_key(name))]):
            alike = [name for name in names if header_key(name) == key]
            yield "brings", said("custom_step.column_twice", names=alike)
        for name in dict.fromkeys(names):
            key = header_key(name)
            if not key:
                yield "brings", said("custom_step.column_blank", place=names.index(name) + 1)
            elif key in taken:
                yield "brings", said("custom_step.column_there", name=name, column=taken[key])
            elif key in tool_headers:
                yield "brings", said("custom_step.column_of_tools", name=name)

    def _conditions(self) -> Iterator[Found]:
        conditions = self._declared.ready_when
        if not conditions:
            example = f'{{ {LEAD_NUMBER} = "{ANYTHING}" }}'
            yield "ready_when", said("custom_step.no_conditions", example=example)
        for name, value in conditions.items():
            unknown = list(self._unknown("ready_when", name))
            yield from unknown or self._condition(name, value)

    def _condition(self, name: str, value: Condition) -> Iterator[Found]:
        wrong = _wrong_value(self._kinds[name], value)
        if wrong:
            found = str(value).lower() if isinstance(value, bool) else value
            yield "ready_when", said(wrong, name=name, found=found, anything=ANYTHING)


def _wrong_value(kind: Kind, value: Condition) -> str:
    """The code of what is wrong with the value that a column of a kind has to hold; "" if nothing is."""
    if value == "":
        return "custom_step.condition_blank"
    if kind is Kind.FLAG and not isinstance(value, bool):
        return "custom_step.condition_flag"
    if kind is Kind.WHOLE and value != ANYTHING:
        return "custom_step.condition_number"
    if kind is Kind.WHEN and value != ANYTHING:
        return "custom_step.condition_when"
    return "custom_step.condition_text" if kind is Kind.TEXT and isinstance(value, bool) else ""


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
