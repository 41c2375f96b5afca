"""What people do in a two-way table, each act one request of theirs, and what the scene notes down of it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random
from typing import Any

from people import People
from table_grid import ACTS, BAD, DEFAULTS, GOOD, HEADERS, OPERATORS, TITLE, Grid, is_bad, tokens
from table_operators import TableOperators

from sheets_crm.workbook.cells import column_letters

SURE = 23
"""So many changed cells of a column are told from edits for certain."""


@dataclass
class Given:
    """An act that somebody gave.

    Attributes:
        name: The row.
        word: What it leaves when it is obeyed: ``close`` or the name given.
        off: Why it need not be obeyed (it may be): it was taken back, or its row cannot be acted on.
    """

    name: str
    word: str
    off: str = ""


@dataclass
class PartSorted:
    """A part of the table that somebody sorted.

    Attributes:
        before: The table before.
        span: The columns sorted, [from, to).
        certain: Whether it cannot be taken for edits.
        version: The workbook's version just after.
        beside: Workers that were under way.
    """

    before: Grid
    span: tuple[int, int]
    certain: bool
    version: int
    beside: set[str]


@dataclass
class TableModel:
    """What people did in the table and what they are owed.

    Attributes:
        roots: The row that each row was copied from in the end, by name; itself for others.
        acts: The acts given.
        late: Workers under way when a cell was typed, by (row, header).
        emptied: Workers under way when an act's cell that held something was typed over, by (row, header).
        deleted: Rows that were deleted.
        gone: Keys that were deleted.
        appended: Words of rows that workers were asked to add.
        lost: Keys of rows whose stage workers were asked to set.
        by_hand: Rows whose worker's cells were typed over.
        twice: Rows of which a copy was made.
        touched: For calm histories: cells that were typed once, by (word, header).
    """

    roots: dict[str, str] = field(default_factory=dict)
    acts: list[Given] = field(default_factory=list)
    late: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    emptied: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    appended: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    by_hand: set[str] = field(default_factory=set)
    adopted: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)
    part: PartSorted | None = None
    touched: set[tuple[str, str]] = field(default_factory=set)
    count: int = 0

    def root(self, name: str) -> str:
        return self.roots.get(name, name)

    def stop(self, worker: str) -> None:
        """Forget that a worker was under way."""
        for noted in (self.late, self.emptied):
            for place in [place for place, names in noted.items() if worker in names]:
                noted[place].discard(worker)
                if not noted[place]:
                    del noted[place]
        if self.part is not None:
            self.part.beside.discard(worker)


class TablePeople(TableOperators):
    """The operators in front of the two-way table."""

    title = TITLE

    def __init__(self, people: People, random: Random, *, calm: bool) -> None:
        super().__init__(people, random, calm=calm)
        self.model = TableModel()
        people.titles[TITLE] = TITLE

    # -- seeing and typing

    def grid(self) -> Grid:
        return Grid.of(self.people.see(TITLE)[0])

    def _put(self, grid: Grid, cells: dict[tuple[int, str], Any], *, raw: bool = False) -> bool:
        """Type into cells by grid row and header."""
        letters = {header: column_letters(n) for n, header in enumerate(grid.header)}
        self._type_into({f"{letters[header]}{row}": value for (row, header), value in cells.items()}, raw=raw)
        return True

    def _range(self, rows: tuple[int, int], columns: tuple[int, int] | None = None) -> dict[str, Any]:
        """A range of 1-based rows [from, to)."""
        number = self.people.tab_id(TITLE)
        across = {"startColumnIndex": columns[0], "endColumnIndex": columns[1]} if columns else {}
        return {"sheetId": number, "startRowIndex": rows[0] - 1, "endRowIndex": rows[1] - 1, **across}

    def _tag(self, name: str) -> dict[str, Any]:
        return {"userEnteredValue": {"stringValue": name}}

    def _tagging(self, grid: Grid, row: int, name: str) -> dict[str, Any]:
        """The request that marks a row."""
        column = grid.header.index("tag")
        place = self._range((row, row + 1), (column, column + 1))
        return {
            "updateCells": {"range": place, "rows": [{"values": [self._tag(name)]}], "fields": "userEnteredValue"}
        }

    def _new_name(self) -> str:
        self.model.count += 1
        return f"fila n{self.model.count}"

    def _named(self, grid: Grid, name: str) -> tuple[str, dict[tuple[int, str], Any]]:
        """The name of a row from here on, and the cell that marks it where nobody has yet."""
        if not name.startswith("="):
            return name, {}
        mark = f"fila {name[1:]}"
        self._rename(name, mark)
        return mark, {(grid.place(name), "tag"): mark}

    def _rename(self, name: str, mark: str) -> None:
        self.model.roots[mark] = mark

    def _some(self, grid: Grid, count: int = 1) -> list[str]:
        names = list(grid.filled())
        return self.random.sample(names, min(count, len(names)))

    def _value(self, header: str, *, good: float = 0.75) -> Any:
        if header == "word":
            self.model.count += 1
            return f"palabra {self.model.count}" if self.random.random() < 0.85 or self.calm else ""
        if self.calm:
            return self.random.choice([value for value in GOOD[header] if value != ""])
        pool = GOOD[header] if self.random.random() < good else BAD[header]
        return self.random.choice(pool)

    # -- typing

    def type_row(self) -> str | None:
        """Type a row, whole or half, into some blank row."""
        grid = self.grid()
        last = max((n for n, name in enumerate(grid.names, start=2) if name), default=1)
        blank = [n for n in range(2, last + 1) if not grid.names[n - 2]]
        row = self.random.choice([*blank, last + 1, last + 1, last + self.random.randint(2, 6)])
        headers = self.random.sample(list(GOOD), self.random.randint(0, 4))
        if self.calm:
            row, headers = last + 1, [header for header in headers if header != "stage"]
        name = self._new_name()
        cells = {header: self._value(header) for header in headers}
        if self.calm or self.random.random() < 0.75:
            cells["word"] = f"palabra {name}"
        if not cells or all(value in {"", False} for value in cells.values()):
            cells["count"] = 5
        self._type(grid, row, name, cells)
        self.people.model.acts.append(("table", ("type", str(cells.get("word")), cells)))
        return f"type row {row} ({name}): {cells}"

    def _type(self, grid: Grid, row: int, name: str, cells: dict[str, Any]) -> None:
        self._put(grid, {**{(row, header): value for header, value in cells.items()}, (row, "tag"): name})
        self.model.roots[name] = name
        self._note_late(name, cells)

    def _note_late(self, name: str, headers: Collection[str]) -> None:
        for header in headers if self.running else ():
            self.model.late.setdefault((name, header), set()).update(self.running)

    def edit_cells(self) -> str | None:
        grid = self.grid()
        chosen = self._some(grid)
        if not chosen:
            return None
        (name,) = chosen
        row, values = grid.place(name), grid.filled()[name]
        headers = self.random.sample([*GOOD, *([] if self.calm else ["word"])], self.random.randint(1, 3))
        if self.calm:
            word = str(values["word"])
            headers = [h for h in headers if h != "stage" and (word, h) not in self.model.touched]
            headers = [h for h in headers if values["_key"] != "" and "w" in word]
            self.model.touched |= {(word, header) for header in headers}
        cells = {header: self._value(header) for header in headers}
        if not cells:
            return None
        name, mark = self._named(grid, name)
        self._put(grid, {**{(row, header): value for header, value in cells.items()}, **mark})
        self._note_late(name, cells)
        self.people.model.acts.append(("table", ("edit", str(values["word"]), cells)))
        return f"edit {name}: {cells}"

    def give_act(self) -> str | None:
        """Tick an act, or write a name into one."""
        grid = self.grid()
        chosen = self._some(grid)
        if not chosen:
            return None
        (name,) = chosen
        row, values = grid.place(name), grid.filled()[name]
        header = self.random.choice(ACTS)
        if self.calm:
            word = str(values["word"])
            if "w" not in word or values[header] != "" or (word, header) in self.model.touched:
                return None
            self.model.touched.add((word, header))
        self.model.count += 1
        value = True if header == "close" else f"campaña {self.model.count}"
        name, mark = self._named(grid, name)
        self._put(grid, {(row, header): value, **mark})
        self._note_act(name, header, values, value, doubled=grid.keys()[values["_key"]] > 1)
        self.people.model.acts.append(("table", ("edit", str(values["word"]), {header: value})))
        return f"act {header} of {name}: {value}"

    def _note_act(
        self, name: str, header: str, values: dict[str, Any], value: Any, *, doubled: bool = False
    ) -> None:
        model, before = self.model, values[header]
        if before != "" and self.running:
            model.emptied.setdefault((name, header), set()).update(self.running)
        if header == "close" and before is True:
            return
        if before != "":
            self._off(name, "typed over", header)
        word = "close" if header == "close" else str(value)
        off = "given in the second in which the one before was taken back"
        why = off if (name, header) in model.emptied else ""
        if name in model.twice and values["_key"] and doubled:
            why = "given in a copy that nobody has told from its original yet"
        model.acts.append(Given(name, word, why))
        self._note_late(name, (header,))

    def _off(self, name: str, why: str, header: str = "") -> None:
        """Note that the acts of a row need not be obeyed any more."""
        for given in self.model.acts:
            closes = given.word == "close"
            fits = not header or closes is (header == "close")
            if given.name == name and fits and not given.off:
                given.off = why

    def off_if_given(self, name: str, header: str) -> bool:
        """Note that acts of a row were lost to another row's write; whether there were any."""
        acts = [act for act in self.model.acts if act.name == name and not act.off]
        lost = any((act.word == "close") is (header == "close") for act in acts)
        self._off(name, "its row stood where another was written to", header)
        return lost

    def take_act_back(self) -> str | None:
        grid = self.grid()
        there = [(name, header) for name, row in grid.filled().items() for header in ACTS if row[header] != ""]
        if not there:
            return None
        name, header = self.random.choice(there)
        self._put(grid, {(grid.place(name), header): False if header == "close" else ""})
        self._off(name, "taken back", header)
        if self.running:
            self.model.emptied.setdefault((name, header), set()).update(self.running)
        return f"take {header} of {name} back"

    def paste_block(self) -> str | None:
        """Paste values over some columns of several rows below each other."""
        grid = self.grid()
        if len(grid.rows) < 4:
            return None
        first = self.random.randrange(2, len(grid.rows))
        rows = list(range(first, min(first + self.random.randint(2, 5), len(grid.rows) + 2)))
        rows = [n for n in rows if grid.names[n - 2]]
        headers = self.random.sample(list(GOOD), self.random.randint(1, 3))
        cells, marks = {}, {}
        for n in rows:
            name, mark = self._named(grid, grid.names[n - 2])
            marks |= mark
            cells |= {(n, header): self._value(header, good=0.9) for header in headers}
            self._note_late(name, headers)
        if not cells:
            return None
        self._put(grid, {**cells, **marks})
        return f"paste {headers} over rows {rows}"

    def by_hand(self) -> str | None:
        """Type over a worker's cell: what it shows, a problem, a key, ``_seen``."""
        grid = self.grid()
        filled = {
            name: row
            for name, row in grid.filled().items()
            if row["_key"] and row["_seen"] and not any(row[header] for header in ACTS)
        }
        keys = grid.keys()
        names = [name for name, row in filled.items() if keys[row["_key"]] == 1]
        if not names or self.running:
            return None
        name = self.random.choice(names)
        header = self.random.choice(("_key", "_seen"))
        row = grid.place(name)
        name, mark = self._named(grid, name)
        self._put(grid, {(row, header): "" if header.startswith("_") else "a mano", **mark})
        self.model.by_hand.add(name)
        if header == "_seen":
            self.model.adopted.add(name)
        return f"type over {header} of {name}"

    def over_workers_cells(self) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
        """Type over worker's cells of a row, perhaps beside one of the operators' own: its name, it before, what was typed."""
        grid = self.grid()
        rows = grid.filled()
        names = [name for name, row in rows.items() if row["_key"] and grid.keys()[row["_key"]] == 1]
        if not names:
            return None
        name = self.random.choice(names)
        row, values = grid.place(name), rows[name]
        pool = {"shown": ("|a mano", "|7", ""), "closed_at": (46_000, "nunca", True), "problem": ("a mano", 7, "")}
        headers = self.random.sample(list(pool), self.random.randint(1, 3))
        cells: dict[str, Any] = {header: self.random.choice(pool[header]) for header in headers}
        if self.random.random() < 0.5:
            cells["count"] = self.random.choice((3, 12, 21))
        name, mark = self._named(grid, name)
        self._put(grid, {**{(row, header): value for header, value in cells.items()}, **mark})
        return name, values, cells

    # -- rows as a whole

    def copy_row(self) -> str | None:
        """Copy a row to a blank one below, or to a new one above itself; perhaps edit the copy at once."""
        grid = self.grid()
        chosen = self._some(grid)
        if not chosen:
            return None
        (name,) = chosen
        values, source = grid.filled()[name], grid.place(name)
        if values["_key"] == "" and any(values[header] for header in ACTS):
            return None  # two typed rows that each name the act
        kind = self.random.choice(("below", "above", "far"))
        last = max(n for n, mark in enumerate(grid.names, start=2) if mark)
        requests = []
        if kind == "far":
            target = last + 1
        else:
            target = source if kind == "above" else source + 1
            source += kind == "above"
            requests.append(
                {
                    "insertDimension": {
                        "range": self._dimension("ROWS", target - 1),
                        "inheritFromBefore": target > 2,
                    }
                }
            )
            self.moved = True
        copy = self._new_name()
        mark, _ = self._named(grid, name)
        width = (0, len(grid.header))
        requests += [
            {
                "copyPaste": {
                    "source": self._range((source, source + 1), width),
                    "destination": self._range((target, target + 1), width),
                }
            },
            self._tagging(grid, source, mark),
            self._tagging(grid, target, copy),
        ]
        if not self.people.structure(*requests, who="operator"):
            self.moved = False
            return None
        self.model.roots[copy] = self.model.root(mark)
        self.model.twice |= {mark, copy}
        said = f"copy {mark} {kind} as {copy}"
        if not self.moved and self.random.random() < 0.4:
            word = self._value("word") or "copia"
            self._put(grid, {(target, "word"): word})
            said += f", now {word!r}"
        return said

    def delete_row(self) -> str | None:
        grid = self.grid()
        chosen = self._some(grid)
        if not chosen:
            return None
        (name,) = chosen
        n = grid.place(name)
        if not self.people.structure(
            {"deleteDimension": {"range": self._dimension("ROWS", n - 1)}}, who="operator"
        ):
            return None
        key = str(grid.filled()[name]["_key"])
        if key and grid.keys()[key] == 1:
            self.model.gone.add(key)
        self.model.deleted.add(name)
        self._off(name, "deleted")
        for other in self.model.roots:  # of copies it is not said which one was deleted
            if self.model.root(other) == self.model.root(name) and other in self.model.twice:
                self._off(other, "a copy, of which one was deleted")
        self.moved = True
        return f"delete row {n}, {name} {key}"

    def insert_row(self) -> str | None:
        """Insert a row somewhere, and type into it or not."""
        grid = self.grid()
        n = self.random.randrange(2, max(3, len(grid.rows) + 1))
        request = {"insertDimension": {"range": self._dimension("ROWS", n - 1), "inheritFromBefore": n > 2}}
        if not self.people.structure(request, who="operator"):
            return None
        self.moved = True
        if self.running or self.random.random() < 0.4:
            return f"insert row {n}"
        name = self._new_name()
        self._type(grid, n, name, {"word": f"palabra {name}"})
        return f"insert row {n} and type {name}"

    def sort_rows(self) -> str | None:
        """Sort whole rows by some column."""
        grid = self.grid()
        by = self.random.choice([header for header in OPERATORS if header not in ACTS])
        spec = {
            "dimensionIndex": grid.header.index(by),
            "sortOrder": self.random.choice(("ASCENDING", "DESCENDING")),
        }
        whole = self._range((2, len(grid.rows) + 2))
        self.moved = self.people.structure({"sortRange": {"range": whole, "sortSpecs": [spec]}}, who="operator")
        return f"sort whole rows by {by}" if self.moved else None

    def sort_part(self) -> str | None:
        """Sort some columns and not the others."""
        grid = self.grid()
        if self.running or any(row[header] for row in grid.rows for header in ACTS) or self.people.confirming():
            return None
        if any(count > 1 for count in grid.keys().values()) or len(grid.header) != len(HEADERS):
            return None
        if any(not name or row["_key"] == "" for name, row in zip(grid.names, grid.rows, strict=True)):
            return None  # what somebody typed would come to stand beside no mark
        order = [header for header in grid.header if header in {"_seen", *OPERATORS}]
        if grid.header[2:12] != order[1:11]:
            return None  # somebody moved a worker's column in between
        last = self.random.randint(3, 12)
        first = self.random.choice((1, self.random.randrange(2, last)))
        by = self.random.randrange(max(first, 2), last)
        spec = {"dimensionIndex": by, "sortOrder": self.random.choice(("ASCENDING", "DESCENDING"))}
        part = self._range((2, len(grid.rows) + 2), (first, last))
        if not self.people.structure({"sortRange": {"range": part, "sortSpecs": [spec]}}, who="operator"):
            return None
        after = self.grid()
        if after.rows == grid.rows:
            return None
        certain = self._certain(grid, after)
        if not certain and first == 1:
            certain = any(
                a["_seen"] != b["_seen"] and a["_key"] and b["_seen"]
                for a, b in zip(grid.rows, after.rows, strict=False)
            )
        self.model.part = PartSorted(grid, (first, last), certain, self.people.place.version(), set(self.running))
        return f"sort columns {first} to {last} alone, {'certain' if certain else 'perhaps edits'}"

    def _certain(self, before: Grid, after: Grid) -> bool:
        """Whether a column has so many former values in another order that nobody takes it for edits."""
        return any(certain(before.rows, after.rows, header) for header in OPERATORS)

    def undo(self) -> str | None:
        """Put back what was sorted, as Ctrl+Z does; when workers have written since, the operators' cells alone."""
        part = self.model.part
        if part is None:
            return None
        grid = self.grid()
        headers = part.before.header[part.span[0] : part.span[1]]
        if self.people.place.version() != part.version:
            headers = [header for header in headers if header != "_seen"]
        cells = {
            (grid.place(name), header): row[header]
            for name, row in part.before.filled().items()
            if name in grid.names
            for header in headers
        }
        self._put(grid, cells, raw=True)
        self.model.part = None
        return "undo the sort of a part"

    def confirm(self) -> str | None:
        if self.model.part is None or not self.waits():
            return None
        row = self.people._control_row("confirm")
        done = self.people.put("Control", {f"B{row}": [[True]]})
        self.model.part = None
        return "confirm the sort of a part" if done else None

    def waits(self) -> bool:
        """Whether Control says that a part was sorted."""
        return any(f"{TITLE}: se ordenó" in str(row[1]) for row in self.people.see("Control")[0])

    # -- columns and tabs

    def move_column(self) -> str | None:
        grid = self.grid()
        header = self.random.choice(OPERATORS)
        place = grid.header.index(header)
        request = {
            "moveDimension": {
                "source": self._dimension("COLUMNS", place),
                "destinationIndex": self.random.randrange(2, len(grid.header) - 1),
            }
        }
        self.moved = self.people.structure(request, who="operator")
        return f"move column {header}" if self.moved else None

    def add_column(self) -> str | None:
        """Insert a column of one's own between the others."""
        grid = self.grid()
        if len(grid.header) > 20:
            return None
        place = self.random.randrange(2, len(grid.header) - 1)
        request = {"insertDimension": {"range": self._dimension("COLUMNS", place), "inheritFromBefore": False}}
        if not self.people.structure(request, who="operator"):
            return None
        self.moved = True
        self.model.count += 1
        cells = [[f"mía {self.model.count}"], ["propio"], ["otro"]]
        assert self.people.put(TITLE, {f"{column_letters(place)}1": cells})
        return f"add an own column at {place}"

    def show_tab(self) -> str | None:
        """Tick or untick a tab in Control's list."""
        rows = [
            (n, row)
            for n, row in enumerate(self.people.see("Control")[0], start=1)
            if str(row[7]).startswith("tab.") and row[1] in {True, False}
        ]
        if not rows:
            return None
        n, row = self.random.choice(rows)
        value = row[1] is not True
        return f"show {row[7]}: {value}" if self.people.put("Control", {f"B{n}": [[value]]}) else None

    # -- for the reference

    def again(self, kind: str, word: str, cells: dict[str, Any]) -> None:
        """Play an act of a calm history again."""
        grid = self.grid()
        if kind == "type":
            last = max((n for n, name in enumerate(grid.names, start=2) if name), default=1)
            self._type(grid, last + 1, self._new_name(), cells)
            return
        name = next(name for name, row in grid.filled().items() if str(row["word"]) == word)
        for header in set(cells) & set(ACTS):
            self._note_act(name, header, grid.filled()[name], cells[header])
        self._put(grid, {(grid.place(name), header): value for header, value in cells.items()})


def certain(before: list[dict[str, Any]], after: list[dict[str, Any]], header: str) -> bool:
    """Whether a column has so many former values in another order that nobody takes it for edits."""
    pairs = [
        (str(a[header]), str(b[header]))
        for a, b in zip(before, after, strict=False)
        if a["_key"] and a["_seen"] and b["_key"] and not same_text(a[header], b[header])
    ]
    kept = (Counter(a for a, _ in pairs) & Counter(b for _, b in pairs)).total()
    return kept > SURE and kept * 100 >= len(pairs) * 95


def same_text(left: Any, right: Any) -> bool:
    return str(left) == str(right)


TABLE_CALM = ("type_row", "edit_cells", "edit_cells", "give_act", "give_act", "move_column")
TABLE_WILD = (
    *("type_row", "type_row", "edit_cells", "edit_cells", "edit_cells", "give_act", "give_act", "give_act"),
    *("take_act_back", "paste_block", "by_hand", "copy_row", "copy_row", "delete_row", "delete_row", "insert_row"),
    *("sort_rows", "sort_rows", "sort_part", "move_column", "add_column", "show_tab"),
)
MOVING = {"copy_row", "delete_row", "insert_row", "sort_rows", "sort_part", "move_column", "add_column"}

__all__ = [
    "DEFAULTS",
    "MOVING",
    "TABLE_CALM",
    "TABLE_WILD",
    "Given",
    "TableModel",
    "TablePeople",
    "certain",
    "is_bad",
    "tokens",
]
