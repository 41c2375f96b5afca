"""Migrations: how the layout of a workbook in use becomes that of this version.

Each has a name, which System records once it is applied. `init` applies those that are waiting in its one guarded
write; the worker refuses a workbook that lacks one. New columns of a table stand at its right end, whatever their
place in the declaration, so that no cell of anybody moves; tables find their columns by header. A migration has to do
no harm when it is applied twice, for the record of it may be lost with the System tab.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.requests import Request
from sheets_crm.workbook.tabs import TabSpec

if TYPE_CHECKING:
    from sheets_crm.workbook.setup.layout import Layout

APPLIED: Final = "migrations"
"""Key of System that holds the names of the migrations a workbook has, a blank between them."""
MADE_WITH: Final = "version"
"""Key of System that holds which layout a workbook was made with: 1 of version 0.1.0, then one more a migration."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One change of the layout.

    Attributes:
        name: Its name, for ever: the version that brings it, and what changes. It has no blank.
        what: What changes, in a sentence for whoever runs ``init``.
        headers: New headers by key of the table; ``batch.verification`` means every batch tab of that step.
        requests: What else is to be written, from the layout as it is going to be.
    """

    name: str
    what: str
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    requests: Callable[[Layout], Sequence[Request]] | None = None

    def adds(self, key: str) -> frozenset[str]:
        """Return the headers that it gives a table."""
        found = (names for table, names in self.headers.items() if key == table or key.startswith(f"{table}."))
        return frozenset(name for names in found for name in names)

    def evident(self, rows: Mapping[str, Sequence[Cell]]) -> bool:
        """Tell whether nothing is left of it to do, by the header rows of the tables that are there."""
        return self.requests is None and all(self.adds(key) <= set(map(str, row)) for key, row in rows.items())


MIGRATIONS: Final = (
    Migration("0.2.0-migrations", "System records which changes of the layout the workbook has."),
)
"""Every migration, the oldest first: a new one is added at the end, and none is ever taken out or renamed."""


def names() -> str:
    """Return what System records of a workbook that this version has made or migrated."""
    return " ".join(migration.name for migration in MIGRATIONS)


def made_with() -> int:
    """Return the number of the layout that this version makes."""
    return 1 + len(MIGRATIONS)


def waiting(applied: str) -> tuple[Migration, ...]:
    """Return the migrations that a workbook lacks, by what System records of it."""
    known = set(applied.split())
    return tuple(migration for migration in MIGRATIONS if migration.name not in known)


def unknown(applied: str) -> tuple[str, ...]:
    """Return the names of migrations that only a newer version knows."""
    known = {migration.name for migration in MIGRATIONS}
    return tuple(name for name in applied.split() if name not in known)


def since(layout: int) -> tuple[Migration, ...]:
    """Return the migrations that came after a layout."""
    return MIGRATIONS[max(layout - 1, 0) :]


def as_made(spec: TabSpec, layout: int) -> TabSpec:
    """Return a table's declaration with its columns where they stand in a workbook that was made with a layout.

    What later migrations brought stands at the right end, in the order in which it came.

    Args:
        spec: The table as this version declares it.
        layout: Number of the layout that the workbook was made with.
    """
    columns = list(spec.columns)
    for migration in since(layout):
        new = migration.adds(spec.key)
        columns = [one for one in columns if one.header not in new] + [one for one in columns if one.header in new]
    return spec if columns == list(spec.columns) else replace(spec, columns=tuple(columns))


def as_it_stands(spec: TabSpec, row: Sequence[Cell], layout: int) -> TabSpec:
    """Return a table's declaration with its columns in the order of its header row.

    A table that was made anew after a migration has the declared order although its workbook was made before, and a
    System that was made anew no longer tells with which layout: the header row itself does.

    Args:
        spec: The table as this version declares it.
        row: Its header row.
        layout: Number of the layout that the workbook was made with, as far as System tells; it counts when the row
            fits several layouts, or none.
    """
    there = [str(cell).strip() for cell in row]
    made = [as_made(spec, number) for number in (layout, *range(made_with(), 0, -1))]
    # Where a header is lost several layouts have the others in this order: then the columns that they stand in decide.
    for fits in (_in_place, _in_order):
        for one in made:
            if fits(one, there):
                return one
    return made[0]


def _in_place(spec: TabSpec, there: Sequence[str]) -> bool:
    return all(spec.headers.index(name) == n for n, name in enumerate(there) if name in spec.headers)


def _in_order(spec: TabSpec, there: Sequence[str]) -> bool:
    return [name for name in there if name in spec.headers] == [name for name in spec.headers if name in there]
