"""The columns of a list as they are judged: header, kind, sampled cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.imports.contacts.cells import Cells, has_legal_form, is_email, is_person, name_words
from sheets_crm.pipeline.imports.contacts.kinds import Kind, kind_of
from sheets_crm.pipeline.imports.contacts.reading import Reading, read_header, same_key

SAMPLE: Final = 200
"""Most rows by which columns are judged, spread over the list."""

_JUDGED: Final = 400
"""Letters of a cell by which it is judged; a cell may have 50,000."""

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    Attributes:
        position: Its position.
        header: Its header cell.
        key: The header as it is compared.
        reading: What the header says, word by word.
        kind: What the header says.
        raw: The sampled cells, one a row, those that say nothing as "".
        cells: The sampled cells that say something.
    """

    position: int
    header: str
    key: str
    reading: Reading
    kind: Kind
    raw: tuple[str, ...]
    cells: Cells

    @property
    def headless(self) -> bool:
        """Whether it has no header."""
        return not self.key


def columns_of(header: Sequence[str], rows: Rows) -> list[Column]:
    """The columns of a list; those beyond the header have none."""
    sample = sampled(rows)
    width = max(len(header), *(len(row) for row in sample)) if sample else len(header)
    return [_column(n, header[n] if n < len(header) else "", sample) for n in range(width)]


def sampled(rows: Rows) -> Rows:
    """At most `SAMPLE` rows, spread evenly: a list sorted by completeness has its best rows first."""
    if len(rows) <= SAMPLE:
        return rows
    return [rows[n * len(rows) // SAMPLE] for n in range(SAMPLE)]


def _column(position: int, header: str, sample: Rows) -> Column:
    texts = [row[position][:_JUDGED] if position < len(row) else "" for row in sample]
    cells = Cells.of(texts)
    said = set(cells.texts)
    raw = tuple(text if (text := cell.strip()) in said else "" for cell in texts)
    reading = read_header(header)
    return Column(position, header, same_key(header), reading, kind_of(reading), raw, cells)


def share_of_pairs(one: Column, other: Column, agrees: Callable[[str, str], bool]) -> float | None:
    """The share of rows that fill both columns in which they agree; None if no row fills both."""
    pairs = [(a, b) for a, b in zip(one.raw, other.raw, strict=True) if a and b]
    return sum(agrees(a, b) for a, b in pairs) / len(pairs) if pairs else None


def in_local_part(name: str, email: str) -> bool:
    """Whether a word of a name stands before the ``@`` of an address."""
    local = "".join(email.split("@", maxsplit=1)[0].split()).casefold()
    return any(word in local for word in name_words(name))


def has_part(whole: str, part: str) -> bool:
    """Whether a full name has the words of a first or last name."""
    return name_words(part) <= name_words(whole)


def are_firms(column: Column) -> bool:
    """Whether so many names have a legal form that they are companies'."""
    return column.cells.share(has_legal_form) >= 0.2


def are_people(column: Column) -> bool:
    """Whether most names are as people's are."""
    return column.cells.share(is_person) >= 0.6 and not are_firms(column)


def are_emails(column: Column) -> bool:
    """Whether most cells are e-mail addresses."""
    return column.cells.share(is_email) >= 0.6
