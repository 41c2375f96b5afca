"""The promises of a two-way table, held to what stood there before and after every write of a worker."""

from collections import Counter
from typing import Any

from table_grid import ACTS, DEFAULTS, HEADERS, OPERATORS, Grid, is_bad, same, tokens
from table_people import TablePeople

LINES = 8
"""Problems that Control has room for."""


class TableWatch:
    """What the table showed so far.

    Attributes:
        seen: The table as last looked at.
        version: The workbook's version then.
        key_of: The key of each row, by name.
        owner: The row that a key was given to in the end, copies as what they were copied from.
        obeyed: How often each act was obeyed, by key and what it left.
        untold: Keys of rows that lost an act or a stage because they stood where another row was written to.
    """

    def __init__(self, people: TablePeople, counts: Counter[str]) -> None:
        self.people, self.model, self.counts = people, people.model, counts
        self.seen = people.grid()
        self.version = people.people.place.version()
        self.key_of: dict[str, str] = {}
        self.owner: dict[str, str] = {}
        self.obeyed: dict[tuple[str, str], int] = {}
        self.untold: set[str] = set()
        self._note_keys(self.seen)

    def look(self, *, by_worker: bool, moved: bool = False) -> None:
        """Look at the table; what changed was done by a worker, or by a person.

        Args:
            by_worker: A worker did it.
            moved: Somebody moved rows or columns in the second of its write, and it has put them right.
        """
        version = self.people.people.place.version()
        if version == self.version:
            return
        before, after = self.seen, self.people.grid()
        self.version, self.seen = version, after
        if by_worker:
            self._same_rows(before, after)
            self._nothing_of_operators(before, after, moved=moved)
            self._part_waits(before, after)
        self._told()
        self._note_keys(after)
        self._note_acts(after)
        self._note_incomplete(after)

    def _told(self) -> None:
        """Note which rows Control or Log speak of that lost something to another's write."""
        if self.untold:
            control, log = self.people.people.see("Control", "Log")
            lines = [str(row[1]) for row in control if str(row[7]).startswith("problem.") and row[1]]
            if len(lines) == LINES:
                self.untold.clear()  # there is room for no more
            lines += [text for row in log for text in map(str, row)]
            self.untold = {key for key in self.untold if not any(key in text for text in lines)}

    # -- a worker's write

    def _same_rows(self, before: Grid, after: Grid) -> None:
        nameless = [
            row
            for name, row in zip(after.names, after.rows, strict=True)
            if not name and any(row[header] not in {"", *DEFAULTS.values()} for header in OPERATORS)
        ]
        if nameless:
            raise AssertionError(f"two-way: rows that nobody typed: {nameless}")
        old, new = before.filled(), after.filled()
        for name in new.keys() - old.keys():
            if str(new[name]["word"]) not in self.model.appended:
                raise AssertionError(f"two-way: {name} is new, nobody asked for it: {new[name]}")
        gone = old.keys() - new.keys()
        if gone:
            raise AssertionError(f"two-way: {sorted(gone)} are gone, a worker deleted or emptied them")
        if [name for name in new if name in old] != list(old):
            raise AssertionError("two-way: a worker changed the order of rows")

    def _nothing_of_operators(self, before: Grid, after: Grid, *, moved: bool) -> None:
        new = after.filled()
        for name, old in before.filled().items():
            for header in (*OPERATORS, *(column for column in after.header if column not in HEADERS)):
                was, found = old.get(header, ""), new[name].get(header, "")
                if same(was, found):
                    continue
                if moved and self._of_victim(name, header, old, new[name]):
                    continue
                if not self._may(header, old, new[name]):
                    raise AssertionError(f"two-way: {header} of {name} was {was!r}, a worker made it {found!r}")

    def _of_victim(self, name: str, header: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
        """Whether a row stood where another was written to, and lost an act or its stage by that: it has to be told."""
        if header in ACTS:
            lost = len(tokens(new)) <= len(tokens(old)) and self.people.off_if_given(name, header)
        else:
            lost = header in DEFAULTS and not self._may(header, old, new)
        if lost:
            self.untold.add(str(new["_key"]))
            self.counts[f"two-way: {header} lost in the second of a write"] += 1
        return lost

    def _may(self, header: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
        """Whether the worker was free to change a cell: an act, a default of a new row, a stage that it decides."""
        if header in ACTS:
            return new[header] == ""
        keyless = old["_key"] == "" or old["_key"] != new["_key"]
        if keyless and old[header] == "" and same(new[header], DEFAULTS.get(header, "")):
            return True
        if header == "stage":
            if new[header] == "ganada" and tokens(new).count("close") > tokens(old).count("close"):
                return True
            return new[header] == "perdida" and old["_key"] in self.model.lost
        return False

    def _part_waits(self, before: Grid, after: Grid) -> None:
        """While a part is sorted nothing is obeyed."""
        part = self.model.part
        if part is None or not part.certain or part.beside:
            return
        for name, row in after.filled().items():
            old = before.filled().get(name, row)
            if row["shown"] != old["shown"]:
                raise AssertionError(f"two-way: a part is sorted, and {name} was acted on: {row['shown']}")

    # -- what is noted

    def _note_keys(self, grid: Grid) -> None:
        for name, row in grid.filled().items():
            key, root = str(row["_key"]), self.model.root(name)
            if not key:
                continue
            if key in self.model.gone:
                raise AssertionError(f"two-way: {key} was deleted and is back beside {name}")
            owner = self.owner.setdefault(key, root)
            if owner.startswith("=") and not root.startswith("="):
                owner = self.owner[key] = root
            if owner != root:
                raise AssertionError(f"two-way: {key} was given to {owner} and to {name}")
            had = self.key_of.get(name)
            if had not in {None, key} and name not in self.model.twice:
                raise AssertionError(f"two-way: {name} had {had} and has {key}")
            self.key_of[name] = key

    def _note_acts(self, grid: Grid) -> None:
        keys = grid.keys()
        for row in grid.filled().values():
            key = str(row["_key"])
            if not key or keys[key] > 1:
                continue
            for word, count in Counter(tokens(row)).items():
                self.obeyed[key, word] = max(count, self.obeyed.get((key, word), 0))
        self._never_twice()

    def _never_twice(self) -> None:
        given: Counter[tuple[str, str]] = Counter()
        done: Counter[tuple[str, str]] = Counter()
        for act in self.model.acts:
            given[self._place(self.model.root(act.name), act.word)] += 1
        for (key, word), count in self.obeyed.items():
            done[self._place(self.owner[key], word)] += count
        for place, count in done.items():
            if count > given[place]:
                raise AssertionError(f"two-way: {place} was obeyed {count} times and given {given[place]} times")

    @staticmethod
    def _place(root: str, word: str) -> tuple[str, str]:
        """Where an act counts: names given are given once in the whole table."""
        return (root, word) if word == "close" else ("", word)

    def _note_incomplete(self, grid: Grid) -> None:
        """A row without its word, or one whose ``_seen`` went, is not acted on, and says so."""
        rows = grid.filled()
        for act in self.model.acts:
            row = rows.get(act.name)
            if not act.off and row is not None and (row["word"] == "" or act.name in self.model.adopted):
                act.off = "its row is not complete"

    # -- the end

    def end(self) -> None:
        """Hold the table at rest to its promises."""
        self.version = -1
        self.look(by_worker=False)
        rows = self.seen.filled()
        self._keyed(rows)
        for name, row in rows.items():
            self._problem(name, row)
            self._handled(name, row)
            left = [header for header in ACTS if row[header] != ""]
            if left:
                raise AssertionError(f"two-way: {left} of {name} still stand: {row}")
        back = self.model.deleted & rows.keys()
        if back:
            raise AssertionError(f"two-way: {sorted(back)} were deleted and are back")
        if self.untold:
            raise AssertionError(f"two-way: acts or stages of {self.untold} were lost and nobody was told")
        self._obeyed_once()
        self.counts["two-way: rows held to their promises"] += len(rows)

    def _keyed(self, rows: dict[str, dict[str, Any]]) -> None:
        for name, row in rows.items():
            if row["_key"] == "":
                raise AssertionError(f"two-way: {name} has no key: {row}")
            if str(row["_seen"]).split("␟")[0] != row["_key"]:
                raise AssertionError(f"two-way: beside {row['_key']} stands {row['_seen']!r}")
        doubled = [key for key, count in self.seen.keys().items() if count > 1]
        if doubled:
            raise AssertionError(f"two-way: {doubled} stand twice")

    def _problem(self, name: str, row: dict[str, Any]) -> None:
        bad = [header for header in OPERATORS if header not in ACTS and is_bad(header, row[header])]
        bad += ["word"] if row["word"] == "" else []
        unsaid = [header for header in bad if HEADERS[header] not in str(row["problem"])]
        if unsaid:
            raise AssertionError(f"two-way: {unsaid} of {name} are not understood, problem is {row['problem']!r}")
        if row["problem"] != "" and not bad:
            raise AssertionError(f"two-way: {name} has no problem any more, but {row['problem']!r}: {row}")
        self.counts["two-way: cells in problem at the end"] += len(bad)

    def _handled(self, name: str, row: dict[str, Any]) -> None:
        """What stands in a row was acted on."""
        if row["closed_at"] != "":
            raise AssertionError(
                f"two-way: closed_at of {name} was typed by hand and is still {row['closed_at']!r}"
            )
        if row["word"] == "" or is_bad("word", row["word"]):
            return
        _, mark, values = str(row["shown"]).partition("|")
        if not mark and str(row["word"]) in self.model.appended:
            return
        found = values.split("|")
        for n, header in enumerate(("word", "count", "notes")):
            cell = row[header]
            if is_bad(header, cell) or (n < len(found) and _number(found[n]) == _number(cell)):
                continue
            raise AssertionError(f"two-way: {header} of {name} is {cell!r}, acted on was {row['shown']!r}")

    def _obeyed_once(self) -> None:
        given: Counter[tuple[str, str]] = Counter()
        doubtful: set[tuple[str, str]] = set()
        for act in self.model.acts:
            place = self._place(self.model.root(act.name), act.word)
            given[place] += 1
            if act.off:
                doubtful.add(place)
                self.counts[f"two-way: act need not be obeyed: {act.off}"] += 1
        done: Counter[tuple[str, str]] = Counter()
        for (key, word), count in self.obeyed.items():
            done[self._place(self.owner[key], word)] += count
        for place, count in given.items():
            if done[place] != count and place not in doubtful:
                raise AssertionError(f"two-way: {place} was given {count} times and obeyed {done[place]} times")
        self.counts["two-way: acts obeyed"] += done.total()

    def essence(self) -> dict[str, dict[str, Any]]:
        """The rows of a calm history by their words, keys and times apart."""
        return {
            f"row {row['word']}": {header: row[header] for header in (*OPERATORS, "problem")}
            | {"obeyed": sorted("a name" if word.startswith("campaña") else word for word in tokens(row))}
            for row in self.seen.filled().values()
        }


def _number(cell: Any) -> Any:
    text = str(cell)
    return int(float(text)) if text.replace(".", "", 1).isdigit() else text


__all__ = ["TableWatch"]
