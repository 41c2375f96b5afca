"""A two-way table in memory, worked on by operators and by what the worker writes back."""

from dataclasses import dataclass, field
from itertools import count

from scratch import SCRATCH, cells_of

from sheets_crm.workbook.two_way.edits import table_edits
from sheets_crm.workbook.two_way.rows import KeyedRow, ReadRow, copies
from sheets_crm.workbook.two_way.seen import parse_seen, plain_join
from sheets_crm.workbook.two_way.writes import Handled, edit_writes, repair_writes


@dataclass
class Model:
    """Rows from grid row 1 on; ``differing`` and ``read`` stand for the formulas and the worker's read."""

    spec: object = SCRATCH
    rows: list = field(default_factory=list)
    numbers: object = field(default_factory=lambda: count(1))
    former: set = field(default_factory=set)

    def add(self, **cells):
        self.rows.append(cells_of(self.spec, **cells))
        return len(self.rows) - 1

    def join(self, n):
        return plain_join(self.spec, self.rows[n][self.spec.key_column], self.rows[n])

    def key(self, n):
        return self.rows[n][self.spec.key_column]

    def differing(self):
        return [n for n, row in enumerate(self.rows) if self.join(n) != parse_seen(row["_seen"]).join]

    def read(self):
        keyed = [KeyedRow(n, self.key(n), row["_seen"], n in self.differing()) for n, row in enumerate(self.rows)]
        twice = {self.key(n) for n in copies(keyed)}
        numbers = {*self.differing(), *(row.row for row in keyed if row.key in twice)}
        return [self.read_row(n) for n in sorted(numbers)]

    def read_row(self, n):
        return ReadRow(n + 1, self.key(n), self.rows[n]["_seen"], self.join(n), dict(self.rows[n]))

    def edits(self, **options):
        keys = {row[self.spec.key_column] for row in self.rows} - {""}
        return table_edits(self.spec, self.read(), "es", keys=keys, former=self.former, **options)

    def apply(self, writes):
        for write in writes:
            self.rows[write.row - 1][write.header] = write.value

    def run(self, effects=lambda edit: {}, **options):
        """One run of the worker; gives the edits that it saw."""
        edits = self.edits(**options)
        if edits.disorder and not options.get("confirmed"):
            self.apply(repair_writes(edits.disorder))
            return edits
        handled = [Handled(edit, effects(edit)) for edit in edits.rows]
        self.apply(edit_writes(self.spec, handled, lambda: f"S-{next(self.numbers):04}", "es").cells)
        self.former = {row[self.spec.key_column] for row in self.rows} - {""}
        return edits
