"""A two-way table as a person sees it: rows by the mark that people put beside them, and what its cells should come to.

Nothing here is the product's: which values are understood is told by lists of the values that people type.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from diary import TAG, TITLE

HEADERS = {
    "_key": "_key",
    "_seen": "_seen",
    "word": "palabra",
    "count": "cantidad",
    "ratio": "proporción",
    "value": "valor",
    "due_on": "vence",
    "call_at": "llamada",
    "active": "activa",
    "close": "cerrar",
    "enrol": "inscribir",
    "stage": "etapa",
    "closed_at": "cerrada",
    "shown": "mostrada",
    "notes": "notas",
    "problem": "problema",
    "tag": TAG,
}
OPERATORS = ("word", "count", "ratio", "value", "due_on", "call_at", "active", "close", "enrol", "stage", "notes")
ACTS = ("close", "enrol")
DEFAULTS = {"count": 1, "active": True, "stage": "nueva"}
GOOD = {
    "count": (3, "'7", 12, ""),
    "ratio": (0.5, "0,25", 2, ""),
    "value": (10, "12,50", 99.9, ""),
    "due_on": ("03/04/2026", 46_000, ""),
    "call_at": ("03/04/2026 10:30", 46_000.25, ""),
    "active": (True, False, "sí"),
    "stage": ("ganada", "won", "lost", "Perdida", "nueva", "NEW"),
    "notes": ("una nota", "", "=1+1", "ñandú"),
}
BAD = {
    "count": ("muchos", 2.5, "=1/0"),
    "ratio": ("medio", "'1.234", "=1/0"),
    "value": ("mil", "=NA()"),
    "due_on": ("mañana",),
    "call_at": ("luego",),
    "active": ("quizás",),
    "stage": ("otra cosa",),
    "notes": ("=1/0",),
}
UNDERSTOOD_NOWHERE = {"muchos", "medio", "1.234", "mil", "mañana", "luego", "quizás", "otra cosa"}


def plain(cell: Any) -> Any:
    """A cell, an unticked checkbox as a blank one."""
    return "" if cell is False else cell


def is_bad(header: str, cell: Any) -> bool:
    """Whether nobody can understand a cell."""
    if isinstance(cell, str) and (cell in UNDERSTOOD_NOWHERE or cell.startswith("#")):
        return header not in {"word", "enrol", "notes"} or cell.startswith("#")
    return header == "count" and isinstance(cell, float) and not cell.is_integer()


def tokens(row: dict[str, Any]) -> list[str]:
    """The acts that were obeyed, as the module put them down in a row."""
    return [word for word in str(row["shown"]).partition("|")[0].split(";") if word]


@dataclass
class Grid:
    """The table at one moment.

    Attributes:
        header: The ids of the columns, own columns by what they are called.
        rows: Cells by header of each grid row below the header.
        names: What each row is called: the mark beside it, else its key, else nothing.
    """

    header: list[str]
    rows: list[dict[str, Any]]
    names: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, cells: list[list[Any]]) -> "Grid":
        by_name = {name: header for header, name in HEADERS.items()}
        header = [by_name.get(str(cell), str(cell)) for cell in cells[0]]
        rows = [dict(zip(header, map(plain, row), strict=True)) for row in cells[1:]]
        names = [str(row["tag"] or (f"={row['_key']}" if row["_key"] else "")) for row in rows]
        return cls(header, rows, names)

    def filled(self) -> dict[str, dict[str, Any]]:
        """The rows that hold something, by name, from the top down."""
        return {name: row for name, row in zip(self.names, self.rows, strict=True) if name and holds(row)}

    def keys(self) -> Counter[str]:
        return Counter(str(row["_key"]) for row in self.rows if row["_key"] != "")

    def place(self, name: str) -> int:
        """The 1-based grid row of a row."""
        return self.names.index(name) + 2


def holds(row: dict[str, Any]) -> bool:
    """Whether a row holds anything of the table's."""
    return row["_key"] != "" or any(row[header] != "" for header in OPERATORS)


def same(left: Any, right: Any) -> bool:
    """Whether two cells are the same; TRUE is not 1."""
    return left == right and isinstance(left, bool) == isinstance(right, bool)


__all__ = ["ACTS", "BAD", "DEFAULTS", "GOOD", "HEADERS", "OPERATORS", "TITLE", "Grid", "holds", "is_bad", "plain",
           "same", "tokens"]  # fmt: skip
