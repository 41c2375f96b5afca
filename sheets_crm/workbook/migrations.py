"""Migrations: named changes that bring the layout of a workbook in use to that of this version.

System records the name of each applied migration. `init` applies those that are missing in its one guarded write; the
worker refuses a workbook that lacks one. New columns are appended at the right end of a table, wherever they are
declared, so that no existing cell moves; tables find their columns by header. Applying a migration twice must do no
harm, since its record may be lost with the System tab.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from sheets_crm.pipeline.columns import ENTERS, PERSON_PHONE, TARGET_ID, Kind
from sheets_crm.pipeline.metric_list import METRICS, Metric
from sheets_crm.workbook.cells import Cell, grid_range
from sheets_crm.workbook.declaration import PROBLEM, ROW_KEY, SEEN, TabSpec
from sheets_crm.workbook.first_metrics import FIRST_METRICS
from sheets_crm.workbook.requests import (
    DATE,
    DATE_TIME,
    WHOLE,
    Request,
    highlight,
    newest_first,
    number_format,
    tab_properties,
)
from sheets_crm.workbook.tabs import (
    BATCHES,
    DASHBOARD,
    HEADERS,
    HISTORY,
    IMPORTS,
    MASTER,
    REJECTED,
    REJECTED_ES,
    STORAGE,
    VERSIONS,
    VOCABULARY,
)

if TYPE_CHECKING:
    from sheets_crm.workbook.setup.layout import Layout

APPLIED: Final = "migrations"
"""Key of System with the names of the applied migrations, separated by blanks."""
MODULES: Final = "modules"
"""Key of System with the names of the modules that a workbook was last set up with, separated by blanks."""
MADE_WITH: Final = "version"
"""Key of System with the number of the layout that a workbook was created with: 1 for version 0.1.0, then one more
per migration."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One change of the layout.

    Attributes:
        name: Its permanent name: the version that introduces it and the change, without blanks.
        what: The change in a sentence, for the person who runs ``init``.
        headers: New headers by key of the table; ``batch.verification`` means every batch tab of that step.
        requests: Further requests, given the future layout.
        tabs: Keys of the tabs of the core that it brings: a workbook without them is an earlier one.
    """

    name: str
    what: str
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    requests: Callable[[Layout], Sequence[Request]] | None = None
    tabs: tuple[str, ...] = ()

    def adds(self, key: str) -> frozenset[str]:
        """The headers that it adds to a table."""
        added = (names for table, names in self.headers.items() if key == table or key.startswith(f"{table}."))
        return frozenset(name for names in added for name in names)

    def evident(self, rows: Mapping[str, Sequence[Cell]]) -> bool:
        """Whether the header rows of the existing tables show that it was applied."""
        return self.requests is None and all(self.adds(key) <= set(map(str, row)) for key, row in rows.items())


def _whole_ages(layout: Layout) -> Sequence[Request]:
    """Format the ages of batches as whole numbers, from the first row below the header on."""
    column = layout.where.column_index(BATCHES, "age")
    return [number_format(grid_range(layout.ids[BATCHES], 1, column, None, 1), WHOLE)]


def _people_in_view(layout: Layout) -> Sequence[Request]:
    """Keep the names in view beside the tick of input tabs, where they stand near the left and nobody froze others."""
    frozen = []
    for spec in layout.specs:
        tab = layout.tabs[spec.key]
        if tab is None or not spec.first_order or tab.frozen_columns != FROZEN_BEFORE:
            continue
        places = (layout.where.column_index(spec.key, name) for name in spec.headers if name in NAMES)
        near = [place for place in places if place <= MOST_FROZEN]
        if near:
            frozen.append(tab_properties(tab.sheet_id, gridProperties={"frozenColumnCount": max(near) + 1}))
    return frozen


def _spanish_blocks(layout: Layout) -> Sequence[Request]:
    """Highlight the Spanish headers of new blocks in Rejected like the English ones of those there."""
    block = grid_range(layout.ids[REJECTED], 1, 0, None, None)
    return [highlight(block, f'=$A2="{REJECTED_ES[0]}"', 0xE8EAED)]


def _newest_on_top(layout: Layout) -> Sequence[Request]:
    """Sort the rows of tables to which rows are added on top; of tabs that are there, for new ones have none."""
    specs = (spec for spec in layout.specs if spec.newest_first and layout.tabs[spec.key] is not None)
    return [newest_first(layout.ids[spec.key], layout.where.column_index(spec.key, "when")) for spec in specs]


def _dates_of_the_locale(layout: Layout) -> Sequence[Request]:
    """Format days and times of the tables that are there as the workbook's locale writes them."""
    return [
        number_format(
            grid_range(layout.ids[spec.key], 1, layout.where.column_index(spec.key, column.header), None, 1),
            DATE if column.header == "date" else DATE_TIME,
        )
        for spec in layout.specs
        if layout.tabs[spec.key] is not None
        for column in spec.columns
        if column.kind is Kind.WHEN
    ]


def _state_wrapped(layout: Layout) -> Sequence[Request]:
    """Let the state of the system on the Dashboard take a second line."""
    from sheets_crm.workbook.setup.morning_looks import state_wrapped  # noqa: PLC0415 - set-up imports the migrations

    return [state_wrapped(layout.ids[DASHBOARD])]


def _title_of_rejected(layout: Layout) -> Sequence[Request]:
    """Name the two ticks in the title of Rejected as the headers of new blocks do."""
    from sheets_crm.workbook.setup.import_tabs import titled  # noqa: PLC0415 - set-up imports the migrations

    return titled(layout)


PEOPLE_FIRST: Final = "0.5.0-people-first"
NAMES: Final = ("firstName", "lastName", "firstName_cleaned", "lastName_cleaned")
FROZEN_BEFORE: Final = 2
"""Columns that input tabs kept in view before: the tick and the LeadNumber."""
MOST_FROZEN: Final = 5
"""Place of the last column that an input tab in use is frozen up to: more would take the room of those that scroll."""


MORNING_PAGE: Final = "0.5.0-morning-page"
"""Name of the migration that lays the Dashboard out anew; set-up makes room for it before it writes."""

MIGRATIONS: Final = (
    Migration("0.2.0-migrations", "System records which changes of the layout the workbook has."),
    Migration("0.3.0-ages", "The age of a batch shows as a whole number of days.", requests=_whole_ages),
    Migration("0.4.0-modules", "System records which modules the workbook was set up with."),
    Migration(
        "0.4.0-tabs-on-control", "Control lists the tabs by group, each with a link and a tick that shows it."
    ),
    Migration(
        "0.4.0-edits-seen",
        "Vocabulary, Batches and Storage show which of their rows were edited.",
        {VOCABULARY: (ROW_KEY, SEEN, PROBLEM), BATCHES: (SEEN, PROBLEM), STORAGE: (SEEN, PROBLEM)},
    ),
    Migration("0.5.0-person-phone", "The Master has the phones of people.", {MASTER: (PERSON_PHONE,)}),
    Migration("0.5.0-lead-profile", "Lead Profile begins with where the lead stands, and tells its story."),
    Migration(
        PEOPLE_FIRST,
        "Input tabs keep the names beside the tick in view; in new ones person, company and notes stand first.",
        requests=_people_in_view,
    ),
    Migration(
        "0.5.0-words", "Headers of ours are understood in Spanish and in English.", requests=_spanish_blocks
    ),
    Migration(
        "0.5.0-newest-first", "Batches, Imports and Log have their newest rows on top.", requests=_newest_on_top
    ),
    Migration(
        "0.5.0-imports-target-id", "Imports shows the TargetID that an import was given.", {IMPORTS: (TARGET_ID,)}
    ),
    Migration(
        "0.5.0-control",
        "Control begins with the state of the system, the steps and the criteria for a send; settings are folded.",
    ),
    Migration(
        "0.5.0-headers",
        "Headers says what columns of imports become; leads may enter behind verification.",
        {MASTER: (ENTERS,)},
        tabs=(HEADERS,),
    ),
    Migration(
        MORNING_PAGE,
        "The Dashboard begins with what to do today, key figures, the funnel and the ratios of the last weeks; "
        "versions, prompts and TargetIDs have a tab of their own.",
        tabs=(VERSIONS,),
    ),
    Migration(
        "0.5.0-dates", "Days and times show as the workbook's locale writes them.", requests=_dates_of_the_locale
    ),
    Migration(
        "0.6.0-settings-seen",
        "System shows when a setting of Control cannot be used; the state on the Dashboard may take two lines.",
        requests=_state_wrapped,
    ),
    Migration(
        "0.6.0-title-of-rejected",
        "The first line of Rejected names its ticks in the workbook's language.",
        requests=_title_of_rejected,
    ),
)
"""Every migration, the oldest first. New ones are added at the end; none is ever removed or renamed."""


def of_metrics(declared: Iterable[Metric] = METRICS) -> tuple[Migration, ...]:
    """The migrations that follow from the metrics of later versions: each gets its column of History.

    They have no place in the order of `MIGRATIONS`, and the number of a layout does not count them. A metric that is
    taken out of the product leaves a migration of this name, without headers, in `MIGRATIONS`: older workbooks have
    it in their record.
    """
    later = (metric for metric in declared if metric.id not in FIRST_METRICS)
    return tuple(
        Migration(f"metric.{metric.id}", f"History shows: {metric.label_en}.", {HISTORY: (metric.id,)})
        for metric in later
    )


def every() -> tuple[Migration, ...]:
    """The listed migrations, then those that follow from metrics."""
    return (*MIGRATIONS, *of_metrics())


def later_tabs() -> frozenset[str]:
    """Keys of the tabs of the core that workbooks of earlier versions lack."""
    return frozenset(key for migration in MIGRATIONS for key in migration.tabs)


def names() -> str:
    """The record of all migrations, as System holds it."""
    return " ".join(migration.name for migration in every())


def up_to_date(applied: str) -> bool:
    """Whether a record has every migration of this version, and no other one."""
    return set(applied.split()) == set(names().split())


def made_with() -> int:
    """The number of this version's layout."""
    return 1 + len(MIGRATIONS)


def waiting(applied: str) -> tuple[Migration, ...]:
    """The migrations that a workbook lacks, given the record in System."""
    recorded = set(applied.split())
    return tuple(migration for migration in every() if migration.name not in recorded)


def unknown(applied: str) -> tuple[str, ...]:
    """Names in System's record that this version does not know: a newer version has applied them."""
    names_here = {migration.name for migration in every()}
    return tuple(name for name in applied.split() if name not in names_here)


def since(layout: int) -> tuple[Migration, ...]:
    """The migrations that came after a layout; those of metrics may have come after any."""
    return (*MIGRATIONS[max(layout - 1, 0) :], *of_metrics())


def as_made(spec: TabSpec, layout: int) -> TabSpec:
    """A table's declaration with its columns in the order of a workbook that was created with an earlier layout.

    Columns of later migrations stand at the right end, in the order of the migrations.

    Args:
        spec: The table as this version declares it.
        layout: Number of the layout that the workbook was created with.
    """
    columns = list(spec.columns)
    if spec.first_order and PEOPLE_FIRST in {migration.name for migration in since(layout)}:
        places = {header: place for place, header in enumerate(spec.first_order)}
        columns.sort(key=lambda column: places.get(column.header, len(places)))
    for migration in since(layout):
        new = migration.adds(spec.key)
        columns = [column for column in columns if column.header not in new] + [
            column for column in columns if column.header in new
        ]
    return spec if columns == list(spec.columns) else replace(spec, columns=tuple(columns))


def as_it_stands(spec: TabSpec, row: Sequence[Cell], layout: int) -> TabSpec:
    """A table's declaration with its columns in the order of its header row.

    The layout number alone does not decide: a table that was recreated after a migration has the declared order in an
    older workbook, and a recreated System has lost the number.

    Args:
        spec: The table as this version declares it.
        row: Its header row.
        layout: Number of the layout in System; it decides when the row fits several layouts, or none.
    """
    present = [str(cell).strip() for cell in row]
    numbered = [as_made(spec, number) for number in (layout, *range(made_with(), 0, -1))]
    # A new table has the metrics of later versions in their declared places, an older one in the order they came in.
    candidates = [*numbered[:1], spec, *numbered[1:], _metrics_last(numbered[0], present)]
    # With a header lost, the order of the others may fit several layouts. So the exact columns are compared first, and
    # the order alone only when no layout has them.
    for fits in (_in_place, _in_order):
        for candidate in candidates:
            if fits(candidate, present):
                return candidate
    return candidates[0]


def _metrics_last(spec: TabSpec, present: Sequence[str]) -> TabSpec:
    """A table's declaration with the metrics of later versions at the right end, in the order of its header row."""
    later = {header for migration in of_metrics() for header in migration.adds(spec.key)}
    places = {name: n for n, name in reversed([*enumerate(present)])}
    behind = [column for column in spec.columns if column.header in later]
    behind.sort(key=lambda column: places.get(column.header, len(places)))
    columns = (*(column for column in spec.columns if column.header not in later), *behind)
    return spec if columns == spec.columns else replace(spec, columns=columns)


def _in_place(spec: TabSpec, present: Sequence[str]) -> bool:
    return all(spec.headers.index(name) == n for n, name in enumerate(present) if name in spec.headers)


def _in_order(spec: TabSpec, present: Sequence[str]) -> bool:
    return [name for name in present if name in spec.headers] == [name for name in spec.headers if name in present]
