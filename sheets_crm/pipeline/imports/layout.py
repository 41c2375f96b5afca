"""Match header rows to formats, and locate each target in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from sheets_crm.messages import Problem
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.imports.answers import (
    FULL_NAME,
    IGNORE,
    KEEP,
    NO_ANSWERS,
    HeaderAnswers,
    column_of,
    fillable,
)
from sheets_crm.pipeline.imports.formats import CONTACTS_FORMAT, PASSED_OVER, UNUSED, Format, formats
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.step_words import CONTACTS

CONTACT_RESULTS: Final = frozenset({"email", "email_validation"})
"""Columns of results that a list of contacts may bring too."""
MINIMA: Final = frozenset({"not_export", "not_verification", "not_company_scrap", "not_box1", "not_instantly"})
"""Codes of the problems that name the least that an output of a built-in step has."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A format applied to a header row.

    Attributes:
        format: The format.
        column_index: Positions of the columns that fill each target, best first.
        ignored: Header cells that are not imported; echoed input columns and operator columns are not listed.
        unknown: Positions of those of them that nobody has said anything about.
        also: Targets beyond the format's: columns of the Master that operators said headers become.
    """

    format: Format
    column_index: Mapping[str, tuple[int, ...]]
    ignored: tuple[str, ...]
    unknown: tuple[int, ...] = ()
    also: tuple[str, ...] = ()


def lay(form: Format, header: Sequence[str]) -> Layout:
    """Apply a format to a header row."""
    positions: dict[str, list[int]] = {}
    for place, cell in enumerate(header):
        positions.setdefault(header_key(cell), []).append(place)
    column_index: dict[str, tuple[int, ...]] = {}
    for field in form.fields:
        columns = [
            place for name in (*field.headers, *field.weak) for place in positions.get(header_key(name), ())
        ]
        if columns:
            column_index[field.target] = tuple(dict.fromkeys(columns))
    used = {place for columns in column_index.values() for place in columns}
    silent = PASSED_OVER | form.echo
    ignored = (cell for place, cell in enumerate(header) if place not in used and header_key(cell) not in silent)
    return Layout(form, column_index, tuple(ignored))


def laid(form: Format, header: Sequence[str], schema: Schema, answers: HeaderAnswers = NO_ANSWERS) -> Layout:
    """Apply a format to a header row of which operators said what some headers become."""
    layout = lay(form, answers.translated(form.step, header))
    places = dict(layout.column_index)
    asked = {n: becomes for n, cell in enumerate(header) if (becomes := answers.get(form.step, cell))}
    used = {place for filling in places.values() for place in filling}
    also: dict[str, list[int]] = {}
    for place, becomes in asked.items():
        column = column_of(header[place], schema) if becomes == KEEP else becomes
        if place not in used and column in fillable(schema) and column not in places:
            also.setdefault(column, []).append(place)
    places |= {column: tuple(filling) for column, filling in also.items()}
    used |= {place for filling in also.values() for place in filling}
    known, silent = known_headers(schema) | PASSED_OVER, PASSED_OVER | form.echo
    translated = answers.translated(form.step, header)
    left = [n for n, _ in enumerate(header) if n not in used]
    ignored = tuple(header[n] for n in left if header_key(translated[n]) not in silent)
    unknown = tuple(n for n in left if n not in asked and header_key(header[n]) not in known)
    return Layout(form, places, ignored, unknown, tuple(also))


def fitting(header: Sequence[str], schema: Schema, answers: HeaderAnswers = NO_ANSWERS) -> list[Layout]:
    """The layouts of the formats that a header row fits; of two of one step the better one.

    Outputs of steps that are not in use count only where no other fits.
    A format whose evidence is all echoed by another fitting format gives way to it: a Box 1 output repeats the
    e-mail columns, which does not make it a verification output.
    """
    rows = {form.step: answers.translated(form.step, header) for form in formats(schema)}
    keys = {step: frozenset(header_key(cell) for cell in row) for step, row in rows.items()}
    candidates = [form for form in formats(schema) if _fits(form, rows[form.step], keys[form.step])]
    present = frozenset().union(*(keys[form.step] for form in candidates))
    kept = [form for form in candidates if not any(_gives_way(form, other, present) for other in candidates)]
    best: dict[str, Format] = {}
    for form in kept:
        rival = best.get(form.step)
        if rival is None or len(form.evidence & present) > len(rival.evidence & present):
            best[form.step] = form
    in_use = [form for form in best.values() if not is_left_out(form.step, schema)]
    return [laid(form, header, schema, answers) for form in in_use or best.values()]


def contact_list(
    header: Sequence[str], rows: Sequence[Sequence[str]], schema: Schema, answers: HeaderAnswers = NO_ANSWERS
) -> Layout | None:
    """The layout of a contact list; None when it names nobody whom one could reach, or has LeadNumbers.

    Rows with LeadNumbers are about leads that there are already: they are an output, whose step is not recognised.
    """
    from sheets_crm.pipeline.imports.contacts.columns import sampled  # noqa: PLC0415 - a poll needs no words
    from sheets_crm.pipeline.imports.contacts.decide import contact_columns  # noqa: PLC0415
    from sheets_crm.pipeline.imports.contacts.minimum import TARGETS  # noqa: PLC0415

    if header_key(LEAD_NUMBER) in map(header_key, answers.translated(CONTACTS, header)):
        return None
    said = _said(header, schema, answers)
    # What operators have answered is no longer asked of the words and cells of its column.
    found = contact_columns(
        ["" if n in said else cell for n, cell in enumerate(header)],
        [["" if n in said else cell for n, cell in enumerate(row)] for row in sampled(rows)] if said else rows,
        taken=set(said.values()) - {""},
        named=[n for n, cell in enumerate(header) if _own_column(cell, schema)],
    )
    columns = dict(found.columns)
    for place, target in said.items():
        if target:
            columns[target] = (*columns.get(target, ()), place)
    unknown = [n for n in found.unknown if not _own_column(header[n], schema)]
    columns |= {_own_column(header[n], schema): (n,) for n in found.unknown if n not in unknown}
    if not replace(found, columns=columns).complete:
        return None
    passed = (n for n in found.passed_over if header[n].strip() and n not in said)
    ignored = tuple(header[place] for place in sorted((*unknown, *passed)))
    also = tuple(target for target in columns if target not in TARGETS and not target.startswith("@"))
    return Layout(CONTACTS_FORMAT, columns, ignored, tuple(unknown), also)


_CONTACT_TARGETS: Final = {
    FULL_NAME: "@full_name",
    "companyName_fromP": "companyName",
    "companyLinkedinUrl_fromP": "companyLinkedinUrl",
    "companySalesUrl_fromP": "companyLinkedinUrl",
}


def _said(header: Sequence[str], schema: Schema, answers: HeaderAnswers) -> dict[int, str]:
    """What operators said of the columns of a contact list: the target of each, "" for one that is ignored."""
    said: dict[int, str] = {}
    for place, cell in enumerate(header):
        becomes = answers.get(CONTACTS, cell)
        column = column_of(cell, schema) if becomes == KEEP else becomes
        if becomes == IGNORE:
            said[place] = ""
        elif column == FULL_NAME or column in fillable(schema) or column in CONTACT_RESULTS:
            said[place] = _CONTACT_TARGETS.get(column, column)
    return said


def _own_column(header: str, schema: Schema) -> str:
    """The workbook's own column of a header; "" without one."""
    return next((name for name in schema.added if header_key(name) == header_key(header)), "")


def is_left_out(step: str, schema: Schema) -> bool:
    """Whether the step of a format is a built-in one that is not in use."""
    return any(step == other.name for other in schema.left_out)


def _fits(form: Format, header: Sequence[str], present: frozenset[str]) -> bool:
    # Evidence that the format itself echoes from its batch proves nothing.
    if not (form.evidence - form.echo) & present:
        return False
    column_index = lay(form, header).column_index.keys()
    return bool(form.keys & column_index and form.output & column_index) and not _forbidden(form, present)


def _forbidden(form: Format, present: frozenset[str]) -> bool:
    return bool({header_key(target) for target in form.never} & present)


def _gives_way(form: Format, other: Format, present: frozenset[str]) -> bool:
    if other.step == form.step:
        return False
    # The second condition keeps two formats that echo each other from both giving way.
    own = form.evidence & present
    return own <= other.echo and not (other.evidence & present) <= form.echo


def forced(step: str, header: Sequence[str], schema: Schema, answers: HeaderAnswers = NO_ANSWERS) -> Layout | None:
    """The layout of a step that the operator named, or None if the header has no key or no output of it."""
    present = frozenset(header_key(cell) for cell in answers.translated(step, header))
    named = [form for form in formats(schema) if form.step == step]
    named.sort(key=lambda form: -len(form.evidence & present))
    for form in named:
        layout = laid(form, header, schema, answers)
        column_index = layout.column_index.keys()
        brings = form.output & column_index or (form.step == "verification" and "@email" in column_index)
        if form.keys & column_index and brings and not _forbidden(form, present):
            return layout
    return None


@lru_cache(maxsize=8)
def known_headers(schema: Schema) -> frozenset[str]:
    """Keys of all headers of the formats, the Master and the outside tools."""
    names: Iterable[str] = (header_key(name) for name in schema.names)
    headers = frozenset().union(*(form.known | form.evidence | form.echo for form in formats(schema)), names)
    return (headers | UNUSED) - {""}


def names_somebody(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a header row is one of a contact list that lacks a way to reach the people or companies it names."""
    from sheets_crm.pipeline.imports.contacts.decide import contact_columns  # noqa: PLC0415 - a poll needs no words

    names = {"firstName", "lastName", "@full_name", "companyName"}
    return header_key(LEAD_NUMBER) not in map(header_key, header) and bool(
        names & contact_columns(header, rows).columns.keys()
    )


def short_of_minimum(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Problem:
    """The reason that a contact list is none: headers that its cells belie, or headers that it lacks."""
    from sheets_crm.pipeline.imports.contacts.decide import contact_columns  # noqa: PLC0415 - a poll needs no words

    by_headers, found = contact_columns(header, []), contact_columns(header, rows)
    promised, kept = (
        {place for places in each.columns.values() for place in places} for each in (by_headers, found)
    )
    belied = [
        header[place].strip() for place in sorted(promised - kept) if any(row[place : place + 1] for row in rows)
    ]
    if by_headers.complete and belied:
        return Problem("contacts_cells", headers=_listed(belied))
    return Problem("contacts_minimum", headers=_listed([cell.strip() for cell in header if cell.strip()]))


def why_not(
    header: Sequence[str],
    schema: Schema,
    rows: Sequence[Sequence[str]] = (),
    answers: HeaderAnswers = NO_ANSWERS,
) -> Problem:
    """The reason that a header row fits no format."""
    headers = known_headers(schema)
    filled = [cell.strip() for cell in header if cell.strip()]
    open_ones = [cell for cell in filled if not answers.get(CONTACTS, cell)]
    unknown = [cell for cell in open_ones if header_key(cell) not in headers | PASSED_OVER]
    present = frozenset(header_key(cell) for cell in header)
    for form in formats(schema):
        column_index = lay(form, header).column_index.keys()
        if (form.evidence - form.echo) & present and form.output & column_index and not form.keys & column_index:
            return Problem("no_key_column", step=form.step)
    if names_somebody(answers.translated(CONTACTS, header), rows):
        return short_of_minimum(header, rows)
    rivals = weakly(header, schema)
    if len(rivals) > 1:
        return two_steps(rivals, header)
    if unknown or not filled:
        return Problem("no_header", headers=_listed(unknown))
    return Problem("no_output", headers=_listed(filled))


def not_fitting(step: str, header: Sequence[str], schema: Schema) -> Problem:
    """The reason that a header row is not of the step that an operator named: what it lacks, and what is unknown."""
    known = frozenset().union(*(form.known | form.echo for form in formats(schema) if form.step == step))
    unknown = [cell.strip() for cell in header if cell.strip() and header_key(cell) not in known | PASSED_OVER]
    code = f"not_{step}" if f"not_{step}" in MINIMA else "not_this_step"
    return Problem(code, step=step, headers=_listed(unknown) or "–")  # noqa: RUF001 (a dash for none)


def weakly(header: Sequence[str], schema: Schema) -> list[Layout]:
    """The layouts that a header row would fit if weak headers such as ``status`` could decide."""
    layouts: dict[str, Layout] = {}
    for form in formats(schema):
        layout = lay(form, header)
        weak = frozenset(field.target for field in form.fields if field.weak)
        if form.keys & layout.column_index.keys() and form.output & weak & layout.column_index.keys():
            layouts.setdefault(form.step, layout)
    return list(layouts.values())


def two_steps(layouts: Sequence[Layout], header: Sequence[str]) -> Problem:
    """The problem of a header row that fits several steps."""
    evidence = frozenset().union(*(layout.format.evidence for layout in layouts))
    weak = {header_key(name) for layout in layouts for field in layout.format.fields for name in field.weak}
    present = [cell.strip() for cell in header]
    proofs = [cell for cell in present if header_key(cell) in evidence]
    proofs = proofs or [cell for cell in present if header_key(cell) in weak]
    return Problem("two_steps", step=" / ".join(layout.format.step for layout in layouts), headers=_listed(proofs))


def _listed(cells: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(cell[:40] for cell in cells[:most])
    return f"{shown}, …" if len(cells) > most else shown
