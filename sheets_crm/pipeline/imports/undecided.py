"""Decide what a header row leaves open: by its cells, or by headers that only one step's output has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.formats import PASSED_OVER, Format, formats
from sheets_crm.pipeline.imports.layout import Layout, is_left_out, lay, weakly
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.imports.vocabulary import DEFAULT_VOCABULARY
from sheets_crm.pipeline.imports.words import box1_result, lead_status
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.step_words import EXPORT

ENOUGH: Final = 0.9
"""Share of the filled cells that have to be words of a step."""
SAMPLE: Final = 500

_SAYS: Final[Mapping[str, Callable[[str], bool]]] = {
    "verification": lambda cell: cell in DEFAULT_VOCABULARY,
    "box1": lambda cell: box1_result(cell) is not None,
    "instantly": lambda cell: lead_status(cell) is not None,
}
"""Whether a cell is a word of a step's results."""


def undecided(header: Sequence[str], rows: Sequence[Sequence[str]], schema: Schema) -> Layout | None:
    """The layout of a header row without evidence, if its cells or its headers leave one step only."""
    found = [layout for layout in weakly(header, schema) if _borne_out(layout, rows)]
    found = found or list(_bare_outputs(header, schema).values())
    found = [layout for layout in found if not is_left_out(layout.format.step, schema)]
    return found[0] if len(found) == 1 else None


def _borne_out(layout: Layout, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the cells under its weak headers are words of its step: ``Status`` over *valid*, or over *replied*."""
    says = _SAYS.get(layout.format.step)
    weak = {field.target for field in layout.format.fields if field.weak} & layout.format.output
    places = [place for target in weak for place in layout.column_index.get(target, ())]
    cells = [row[place].strip() for row in rows[:SAMPLE] for place in places if place < len(row)]
    filled = [cell for cell in cells if cell]
    return says is not None and bool(filled) and sum(map(says, filled)) >= ENOUGH * len(filled)


def _bare_outputs(header: Sequence[str], schema: Schema) -> dict[str, Layout]:
    """By step, the layouts of LeadNumbers beside results that are known of that step alone, and of nothing else."""
    present = frozenset(header_key(cell) for cell in header) - PASSED_OVER
    declared = formats(schema)
    if header_key(LEAD_NUMBER) not in present:
        return {}
    fitting = [form for form in declared if form.step != EXPORT and present <= form.known]
    return {form.step: lay(form, header) for form in reversed(fitting) if _own(form, declared) & present}


def _own(form: Format, declared: Sequence[Format]) -> frozenset[str]:
    """The headers of results that no output of another step has."""
    results = {header_key(name) for field in form.fields if field.target in form.output for name in field.headers}
    others = frozenset().union(*(other.known for other in declared if other.step != form.step))
    return frozenset(results) - others
