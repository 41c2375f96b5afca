"""What people do in Vocabulary, a two-way table of the core, and what it is promised.

A row is known by its word, which nobody edits; which cells are understood is told by lists of the values typed here.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from people import People
from table_operators import TableOperators
from table_people import certain

TITLE = "Vocabulary"
HEADERS = ("word", "normalised", "counts as success", "_key", "_seen", "problem")
OWN = HEADERS[:3]
WORD, MEANING, SUCCESS = OWN
LINES = 8
"""Problems that Control has room for."""
MEANINGS = ("valid", "valid", "invalid", "risky", "catch_all", "pending")
BAD_MEANINGS = ("estupendo", "=1/0")
FLAGS = ("", "", True, False, "sí")
BAD_FLAGS = ("quizás", "=NA()")
KEY = re.compile(r"W-\d{4}")
BY_HAND = "a mano"
TYPED = ("palabra", "doble")
"""How words begin that people type in calm histories."""
PARTS = ((0, 1), (0, 2), (0, 3), (1, 3))
"""Columns that somebody sorts without the others; the hidden ones are easily left out."""

Row = dict[str, Any]


def filled(row: Row) -> bool:
    """Whether a row has a visible cell."""
    return any(row[header] != "" for header in OWN)


def own(row: Row) -> tuple[str, ...]:
    """The operators' cells, TRUE told from 1."""
    return tuple(repr(row[header]) for header in OWN)


def is_bad(row: Row) -> bool:
    """Whether nobody can understand a cell of a row."""
    return any(str(row[header]).startswith("#") for header in OWN) or (
        row[MEANING] in BAD_MEANINGS or row[SUCCESS] in BAD_FLAGS
    )


def meant(row: Row) -> str:
    """The word of a row without what does not matter: case, accents, and which of blank, hyphen or line divides it."""
    letters = unicodedata.normalize("NFKD", str(row[WORD]).casefold())
    return " ".join(re.sub(r"[_-]", " ", re.sub("[\u0300-\u036f]", "", letters)).split())


def verdict(row: Row) -> tuple[str, bool | None]:
    """What a row says of its word."""
    meaning, counts = str(row[MEANING]), row[SUCCESS]
    if meaning == "pending":
        return meaning, None
    return meaning, meaning == "valid" if counts == "" else counts is not False


@dataclass
class Part:
    """Columns [from, to) that somebody sorted: the rows before, and whether it cannot be taken for edits."""

    before: list[Row]
    span: tuple[int, int]
    sure: bool


@dataclass
class Words:
    """What people did in Vocabulary.

    Attributes:
        typed: Words that somebody typed.
        gone: Words whose only row was deleted or emptied.
        keys_gone: Keys of rows that were deleted or emptied.
        twice: Words of rows of which a copy was made, and of the copies.
        blanked: Keys of rows whose problem was taken away by hand.
        touched: For calm histories: words of rows that were edited.
        shuffled: Whether words may stand beside other keys: a part was sorted, or rows were moved in the second in
            which a worker took the key of an emptied row away, perhaps from another.
    """

    typed: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    keys_gone: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)
    blanked: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    part: Part | None = None
    shuffled: bool = False
    count: int = 0


class VocabularyPeople(TableOperators):
    """The operators in front of Vocabulary."""

    title = TITLE

    def __init__(self, people: People, random: Random, *, calm: bool) -> None:
        super().__init__(people, random, calm=calm)
        self.model = Words()

    def rows(self) -> list[Row]:
        """The rows below the header, the blank ones too."""
        header, *body = self.people.see(TITLE)[0]
        assert tuple(header) == HEADERS, f"vocabulary: the header is {header}"
        return [dict(zip(HEADERS, row, strict=True)) for row in body]

    # -- typing

    def _put(self, n: int, cells: Row, *, raw: bool = False) -> None:
        """Type into a row, counted from 0 below the header."""
        letters = dict(zip(HEADERS, "ABCDEF", strict=True))
        self._type_into({f"{letters[header]}{n + 2}": value for header, value in cells.items()}, raw=raw)

    def _new_word(self, kind: str) -> str:
        self.model.count += 1
        word = f"{kind} {self.model.count}"
        self.model.typed.add(word)
        return word

    def _cells(self) -> Row:
        """A meaning and what stands beside it, now and then not understood or left out."""
        random = self.random
        meaning = random.choice(MEANINGS) if random.random() < 0.7 else random.choice((*BAD_MEANINGS, ""))
        counts = random.choice(FLAGS) if random.random() < 0.8 else random.choice(BAD_FLAGS)
        return {MEANING: meaning, SUCCESS: counts}

    def _type(self, *typed: Row) -> None:
        """Type rows below all others, or into blank rows."""
        rows = self.rows()
        last = max((n for n, row in enumerate(rows) if any(cell != "" for cell in row.values())), default=-1)
        blank = [n for n, row in enumerate(rows[:last]) if not any(cell != "" for cell in row.values())]
        for row in typed:
            n = last + 1
            if not self.calm and self.random.random() < 0.4:
                n = self.random.choice([*blank, last + 3])
                blank = [other for other in blank if other != n]
            last = max(n, last)
            self._put(n, row)
            self.people.model.acts.append(("words", ("type", row[WORD], row)))

    def type_word(self) -> str:
        row = {WORD: self._new_word("palabra"), **self._cells()}
        if not self.calm and self.random.random() < 0.1:
            row |= {WORD: "", MEANING: "valid"}
        self._type(row)
        return f"type {row}"

    def type_word_twice(self) -> str:
        """Type two rows of one word that disagree, or agree but in how it is written."""
        word = self._new_word("doble")
        pair = [{WORD: word, MEANING: "valid", SUCCESS: self.random.choice(("", True))}]
        pair.append({WORD: word.upper(), MEANING: self.random.choice(("valid", "risky")), SUCCESS: ""})
        self.model.typed.add(word.upper())
        self.random.shuffle(pair)
        self._type(*pair)
        return f"type {pair}"

    def _some(self) -> tuple[int, Row] | None:
        """A row that somebody typed: its place and its cells."""
        rows = [(n, row) for n, row in enumerate(self.rows()) if row[WORD] in self.model.typed]
        if self.calm:
            rows = [(n, row) for n, row in rows if row["_key"] and str(row[WORD]).startswith("palabra")]
            rows = [(n, row) for n, row in rows if row[WORD] not in self.model.touched]
        return self.random.choice(rows) if rows else None

    def edit_word(self) -> str:
        found = self._some()
        if found is None:
            return self.type_word()
        n, row = found
        headers = self.random.sample((MEANING, SUCCESS), self.random.randint(1, 2))
        cells = {header: cell for header, cell in self._cells().items() if header in headers}
        self._put(n, cells)
        self.model.touched.add(row[WORD])
        self.people.model.acts.append(("words", ("edit", row[WORD], cells)))
        return f"edit {row[WORD]}: {cells}"

    def empty_row(self) -> str:
        """Empty the cells of a row that can be seen."""
        found = self._some()
        if found is None:
            return self.type_word()
        n, row = found
        self._put(n, dict.fromkeys(OWN, ""))
        self._is_gone(row)
        self.people.model.acts.append(("words", ("edit", row[WORD], dict.fromkeys(OWN, ""))))
        return f"empty the row of {row[WORD]} {row['_key']}"

    def _is_gone(self, row: Row) -> None:
        left = self.rows()
        if all(other[WORD] != row[WORD] for other in left):
            self.model.gone.add(row[WORD])
        if row["_key"] and not any(other["_key"] == row["_key"] and filled(other) for other in left):
            self.model.keys_gone.add(row["_key"])

    def moved_beside_a_run(self) -> None:
        """Note that rows were moved while a worker may be about to take the key of an emptied row away."""
        if any(row["_key"] and not filled(row) for row in self.rows()):
            self.model.shuffled = True

    def problem_by_hand(self) -> str | None:
        """Type over a problem, or where one might stand."""
        rows = [(n, row) for n, row in enumerate(self.rows()) if filled(row) and row["_key"]]
        told = [(n, row) for n, row in rows if row["problem"]]
        n, row = self.random.choice(told if told and self.random.random() < 0.7 else rows)
        self.model.count += 1
        text = self.random.choice((f"{BY_HAND} {self.model.count}", ""))
        self._put(n, {"problem": text})
        if text == "":
            self.model.blanked.add(row["_key"])
        return f"type {text!r} over the problem of {row[WORD]} {row['_key']}, {row['problem']!r}"

    # -- rows as a whole

    def _range(self, columns: tuple[int, int], rows: tuple[int, int] | None = None) -> dict[str, Any]:
        """Columns and rows [from, to), rows counted from 0 below the header; all of them when none are given."""
        down = {"startRowIndex": rows[0] + 1, "endRowIndex": rows[1] + 1} if rows else {"startRowIndex": 1}
        number = self.people.tab_id(TITLE)
        return {"sheetId": number, "startColumnIndex": columns[0], "endColumnIndex": columns[1], **down}

    def _do(self, *requests: dict[str, Any]) -> None:
        assert self.people.structure(*requests, who="operator"), f"vocabulary: {requests} is refused"

    def delete_row(self) -> str:
        found = self._some()
        if found is None:
            return self.type_word()
        n, row = found
        self._do({"deleteDimension": {"range": self._dimension("ROWS", n + 1)}})
        self._is_gone(row)
        self.moved = True
        return f"delete the row of {row[WORD]} {row['_key']}"

    def copy_row(self) -> str:
        """Copy a row below itself or below all others, and give the copy another word."""
        rows = self.rows()
        source = self.random.choice([n for n, row in enumerate(rows) if filled(row)])
        found = self._some()
        if found is not None and self.random.random() < 0.7:
            source = found[0]
        requests, target = [], len(rows)
        if self.random.random() < 0.5:
            target = source + 1
            requests.append(
                {"insertDimension": {"range": self._dimension("ROWS", target + 1), "inheritFromBefore": True}}
            )
            self.moved = True
        width = (0, len(HEADERS))
        copied = {"source": self._range(width, (source, source + 1))}
        copied["destination"] = self._range(width, (target, target + 1))
        self._do(*requests, {"copyPaste": copied})
        word = self._new_word("copia")
        self._put(target, {WORD: word})
        self.model.twice |= {rows[source][WORD], word}
        return f"copy the row of {rows[source][WORD]} {rows[source]['_key']} as {word}"

    def _sort(self, columns: tuple[int, int], by: int) -> None:
        spec = {"dimensionIndex": by, "sortOrder": self.random.choice(("ASCENDING", "DESCENDING"))}
        self._do({"sortRange": {"range": self._range(columns), "sortSpecs": [spec]}})

    def sort_rows(self) -> str:
        by = self.random.randrange(len(OWN))
        self._sort((0, len(HEADERS)), by)
        self.moved = True
        return f"sort whole rows by {HEADERS[by]}"

    def sort_part(self) -> str | None:
        """Sort some columns and not the others, when every row has its key."""
        before = self.rows()
        keys = Counter(row["_key"] for row in before)
        if self.running or "" in keys or max(keys.values()) > 1 or self.people.confirming():
            return None
        span = self.random.choice(PARTS)
        self._sort(span, self.random.randrange(*span))
        after = self.rows()
        if after == before:
            return None
        sure = any(certain(before, after, header) for header in OWN)
        self.model.part, self.model.shuffled = Part(before, span, sure), True
        return f"sort columns {span} alone, {'certain' if sure else 'perhaps edits'}"

    def undo(self) -> str | None:
        """Put back what was sorted, as Ctrl+Z does."""
        part = self.model.part
        if part is None:
            return None
        columns = HEADERS[part.span[0] : part.span[1]]
        data = [[row[header] for header in columns] for row in part.before]
        place = f"{'ABC'[part.span[0]]}2:{'ABC'[part.span[1] - 1]}{len(data) + 1}"
        assert self.people.put(TITLE, {place: data}, raw=True)
        self.model.part = None
        return "undo the sort of a part"

    def confirm(self) -> str | None:
        if self.model.part is None or not self.waits():
            return None
        self.model.part = None
        done = self.people.put("Control", {f"B{self.people._control_row('confirm')}": [[True]]})
        return "confirm the sort of a part" if done else None

    def waits(self) -> bool:
        """Whether Control says that a part was sorted."""
        return any(f"{TITLE}: se ordenó" in str(row[1]) for row in self.people.see("Control")[0])

    # -- for the reference

    def again(self, kind: str, word: str, cells: Row) -> None:
        """Play an act of a calm history again."""
        if kind == "type":
            self._type(cells)
            return
        self._put(next(n for n, row in enumerate(self.rows()) if row[WORD] == word), cells)


class VocabularyWatch:
    """What Vocabulary showed so far: its filled rows, the version they are of, and the key of each word."""

    def __init__(self, people: VocabularyPeople, counts: Counter[str]) -> None:
        self.people, self.model, self.counts = people, people.model, counts
        self.seen = people.rows()
        self.version = people.people.place.version()
        self.key_of: dict[str, str] = {}

    def look(self, *, by_worker: bool, settled: bool = True) -> None:
        """Look at the table; what changed was done by a worker, or by a person.

        Args:
            by_worker: A worker did it.
            settled: No rows that moved in the second of a write wait to be put right.
        """
        version = self.people.people.place.version()
        if version == self.version:
            return
        before, after = self.seen, self.people.rows()
        self.version, self.seen = version, after
        if by_worker:
            self._as_left(before, after)
        if settled:
            self._note_keys(after)

    def _as_left(self, before: list[Row], after: list[Row]) -> None:
        """No worker changes or removes what operators typed, adds to it, or puts it in another order."""
        left, found = ([own(row) for row in rows if filled(row)] for rows in (before, after))
        if left != found:
            wrong = list((Counter(left) - Counter(found)).elements())
            new = list((Counter(found) - Counter(left)).elements())
            raise AssertionError(f"vocabulary: a worker made {wrong} to {new}, or another order of rows")

    def _note_keys(self, rows: list[Row]) -> None:
        if self.model.shuffled:
            self.key_of.clear()
            self.model.shuffled = self.model.part is not None
            return
        words = Counter(row[WORD] for row in rows)
        for row in rows:
            word, key = row[WORD], row["_key"]
            if not filled(row) or key == "":
                continue
            if key in self.model.keys_gone:
                raise AssertionError(f"vocabulary: {key} was deleted and is back beside {word}")
            if words[word] > 1 or word in self.model.twice:
                continue
            if self.key_of.setdefault(word, key) != key:
                raise AssertionError(f"vocabulary: {word} had {self.key_of[word]} and has {key}")

    # -- the end

    def end(self) -> None:
        """Hold the table at rest, read whole, to its promises."""
        self.version = -1
        self.look(by_worker=True)
        rows = [row for row in self.seen if filled(row)]
        self._keyed(rows)
        back = self.model.gone & {row[WORD] for row in rows}
        if back:
            raise AssertionError(f"vocabulary: {back} were deleted and are back")
        left = [row for row in self.seen if not filled(row) and any(cell != "" for cell in row.values())]
        if left:
            raise AssertionError(f"vocabulary: rows are empty but for the worker's cells: {left}")
        self._problems(rows)
        self._control()
        self.counts["vocabulary: rows held to their promises"] += len(rows)

    def _keyed(self, rows: list[Row]) -> None:
        for row in rows:
            if not KEY.fullmatch(str(row["_key"])):
                raise AssertionError(f"vocabulary: {row[WORD]} has the key {row['_key']!r}")
            if re.split("[␟␞]", str(row["_seen"]))[0] != row["_key"]:
                raise AssertionError(f"vocabulary: beside {row['_key']} stands {row['_seen']!r}")
        twice = [key for key, count in Counter(row["_key"] for row in rows).items() if count > 1]
        if twice:
            raise AssertionError(f"vocabulary: {twice} stand twice")

    def _problems(self, rows: list[Row]) -> None:
        """A problem stands where a cell is not understood or missing, or an earlier row of the word disagrees."""
        of_word: dict[str, list[Row]] = {}
        for row in rows:
            of_word.setdefault(meant(row), []).append(row)
        for row in rows:
            same = of_word[meant(row)]
            broken = is_bad(row) or row[WORD] == "" or row[MEANING] == ""
            # What another row of the word says by its last good values is not known here.
            doubtful = len(same) > 1 and any(is_bad(other) or other[MEANING] == "" for other in same)
            disagrees = verdict(row) != verdict(same[0])
            told = row["problem"] != ""
            self.counts["vocabulary: problems at the end"] += told
            if told == (broken or disagrees) or (doubtful and not broken):
                continue
            if self._by_hand(row):
                self.counts["vocabulary: a problem typed by hand left as it stands"] += 1
            else:
                raise AssertionError(f"vocabulary: the problem is {row['problem']!r}, expected {not told}: {row}")

    def _by_hand(self, row: Row) -> bool:
        """Whether a problem is as somebody typed it: another worker has written since and did not know it."""
        return str(row["problem"]).startswith(BY_HAND) or (
            row["problem"] == "" and row["_key"] in self.model.blanked
        )

    def _control(self) -> None:
        """Control shows the problems, as far as it has room, beside their rows."""
        control = self.people.people.see("Control")[0]
        lines = [str(row[1]) for row in control if str(row[7]).startswith("problem.") and row[1]]
        told = [(n, row) for n, row in enumerate(self.seen, start=2) if row["problem"] != ""]
        expected = {f"{TITLE}, fila {n}: {row['problem']}": row for n, row in told}
        wrong = {line for line in lines if line.startswith(f"{TITLE}, fila")} - expected.keys()
        if wrong:
            raise AssertionError(f"vocabulary: Control says {wrong}, there are {sorted(expected)}")
        for line, row in expected.items() if len(lines) < LINES else ():
            if line not in lines and not self._by_hand(row):
                raise AssertionError(f"vocabulary: Control does not say {line!r}: {lines}")

    def essence(self) -> dict[str, dict[str, Any]]:
        """The rows of a calm history that somebody typed, by their words."""
        return {
            f"word {row[WORD]}": {header: row[header] for header in OWN} | {"told": row["problem"] != ""}
            for row in self.seen
            if str(row[WORD]).casefold().startswith(TYPED)
        }


WORDS_CALM = ("type_word", "type_word", "type_word_twice", "edit_word", "edit_word", "empty_row")
WORDS_WILD = (
    *("type_word", "type_word", "type_word_twice", "edit_word", "edit_word", "edit_word", "empty_row"),
    *("delete_row", "delete_row", "copy_row", "copy_row", "sort_rows", "sort_rows", "sort_part"),
    "problem_by_hand",
)
WORDS_MOVING = {"delete_row", "copy_row", "sort_rows", "sort_part"}

__all__ = ["WORDS_CALM", "WORDS_MOVING", "WORDS_WILD", "VocabularyPeople", "VocabularyWatch"]
