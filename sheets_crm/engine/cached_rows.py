"""Tables of the cache file, and their rows: each with a checksum over its key and its values.

SQLite does not notice a byte that a disk changed inside a row. A row whose checksum is wrong counts as missing.
"""

from __future__ import annotations

import logging
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from sqlite3 import Connection

Value: TypeAlias = str | int | float | bytes | None
Columns: TypeAlias = tuple[Value, ...]
"""Columns of a row: those of its key, its values, or all."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the cache file.

    Attributes:
        name: Its name.
        key: Columns of its key, in SQL.
        values: Its other columns, in SQL.
        options: What follows the columns, in SQL.
    """

    name: str
    key: tuple[str, ...]
    values: tuple[str, ...]
    options: str = "WITHOUT ROWID"

    @property
    def sql(self) -> str:
        """The statement that makes it."""
        columns = ", ".join(f"{column} NOT NULL" for column in (*self.key, *self.values, "checksum INTEGER"))
        key = ", ".join(_names(self.key))
        return f"CREATE TABLE {self.name} ({columns}, PRIMARY KEY ({key})) {self.options}"


FACTS: Final = Table("facts", ("workbook TEXT", "name TEXT"), ("value BLOB",))
"""Facts of workbooks, each value as JSON."""
CACHES: Final = Table(
    "caches",
    ("workbook TEXT", "name TEXT", "part INTEGER"),
    ("body BLOB",),
    options="",  # bodies take many pages: only the rows of a table with rowids may be that large at no cost
)
"""What a worker left of a workbook, as JSON; `caches` has the names."""
JOB_RECORDS: Final = Table("job_records", ("key TEXT",), ("value BLOB",))
"""Records of runs of jobs by the task's job and workbook, as JSON."""
ARCHIVES: Final = Table("archives", ("file TEXT",), ("workbook TEXT", "import_name TEXT", "archived_at REAL"))
"""The index of the archive: nothing of what the files hold."""
TABLES: Final = (FACTS, CACHES, JOB_RECORDS, ARCHIVES)


@dataclass(slots=True)
class CachedRows:
    """The rows of the tables, within one transaction.

    Attributes:
        connection: Has the transaction.
        wrong: Table and key of the rows that were found with a wrong checksum.
    """

    connection: Connection
    wrong: list[tuple[Table, Columns]] = field(default_factory=list)

    def of(self, table: Table, *key: Value) -> dict[Columns, Columns]:
        """The rows whose key begins with some values: their values by key, in the order of keys."""
        found = {}
        for columns in self._selected(table, key):
            whole, values = columns[: len(table.key)], columns[len(table.key) : -1]
            if columns[-1] == _checksum(columns[:-1]):
                found[whole] = values
            else:
                self.wrong.append((table, whole))
        return found

    def has(self, table: Table, *key: Value) -> bool:
        """Whether there are rows whose key begins with some values, right or wrong."""
        query = f"SELECT 1 FROM {table.name}{_where(table, key)} LIMIT 1"  # noqa: S608 - a table of our own
        return self.connection.execute(query, key).fetchone() is not None

    def put(self, table: Table, key: Columns, *values: Value) -> None:
        """Put a row in the place of the one that has its key, if any."""
        columns = (*key, *values)
        marks = ", ".join("?" * (len(columns) + 1))
        self.connection.execute(
            f"INSERT OR REPLACE INTO {table.name} VALUES ({marks})",  # noqa: S608 - a table of our own
            (*columns, _checksum(columns)),
        )

    def delete(self, table: Table, *key: Value) -> None:
        """Delete the rows whose key begins with some values."""
        self.connection.execute(f"DELETE FROM {table.name}{_where(table, key)}", key)  # noqa: S608 - as above

    def delete_wrong(self) -> None:
        """Delete the rows that were found with a wrong checksum, and still have one."""
        for table, key in self.wrong:
            if any(columns[-1] != _checksum(columns[:-1]) for columns in self._selected(table, key)):
                _LOG.warning("%s: a row is damaged and is being rebuilt: %s", table.name, key)
                self.delete(table, *key)

    def _selected(self, table: Table, key: Columns) -> list[Columns]:
        order = ", ".join(_names(table.key))
        query = f"SELECT * FROM {table.name}{_where(table, key)} ORDER BY {order}"  # noqa: S608 - as above
        return self.connection.execute(query, key).fetchall()


def _where(table: Table, key: Columns) -> str:
    conditions = [f"{name} = ?" for name in _names(table.key)[: len(key)]]
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _names(columns: tuple[str, ...]) -> list[str]:
    return [column.partition(" ")[0] for column in columns]


def _checksum(columns: Columns) -> int:
    """The checksum of a row; types and lengths count, or parts of a value could pass to the next one."""
    checksum = 0
    for value in columns:
        content = value if isinstance(value, bytes) else repr(value).encode(errors="surrogatepass")
        checksum = zlib.crc32(b"%s %d\n" % (type(value).__name__.encode(), len(content)), checksum)
        checksum = zlib.crc32(content, checksum)
    return checksum
