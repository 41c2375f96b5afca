"""What the operators and the file's owner do in the browser, and what the scene notes down of it.

Every act is one request of theirs (as every click and every paste is), made with their own credentials over HTTP.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from gspread.exceptions import APIError
from scene import Place
from workbench import in_ids

from sheets_crm import sample
from sheets_crm.workbook.cells import column_letters
from sheets_crm.workbook.tabs import begins_block

STEPS = {
    "verification": "Verification",
    "company_scrap": "CompScrap",
    "box1": "Box1",
    "instantly": "Instantly",
}
EXPORT = ["firstName", "lastName", "title", "summary", "companyName", "vmid", "defaultProfileUrl"]
VALUE, TAKE, PARTS = 1, 3, 5
"""Columns of Control in which operators write."""
SETTINGS = ("box1_version", "target_id", *(f"schedule.{day}" for day in range(7)))
WORDS = (True, True, True, True, "x", "sí", "VERDADERO", "yes", 1)
GARBAGE = (
    [["Lista de la compra", "", "Cantidad"], ["Pan", "", "2"], ["Leche", "", "1"]],
    [["??"], ["perdón, me equivoqué de hoja"]],
    [["columna rara", "otra", "más"], ["1", "2", "3"]],
)


@dataclass
class Model:
    """What the people did and what they are owed.

    Attributes:
        now: Counts acts and observations, so that their order is known.
        ticks: When a lead's tick at a step was given that nobody took back, by (step, LeadNumber).
        opened: (step, LeadNumber) for which undo or reopen asked for a further attempt.
        undone: Batches whose undo was asked for.
        rows: Rows of data pasted into import tabs.
        stray: Rows that stay where they are: garbage, and the tail of a block whose head was taken.
        people: The member ids of people in pasted and imported exports.
        notes: The last note typed for a lead.
        beside: What operators wrote in a column of their own, by (tab, LeadNumber).
        pasted: Blocks pasted, for pasting again.
        control: What stands in the cells of Control that operators own, by (row id, column).
        control_moved: Whether rows of Control were moved.
        typed: Leads that the owner typed into the Master by hand.
        highest: The highest LeadNumber that anybody saw.
        acts: For the reference: what was done, in order, in words that do not depend on rows.
    """

    now: int = 0
    ticks: dict[tuple[str, int], int] = field(default_factory=dict)
    opened: set[tuple[str, int]] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    rows: int = 0
    stray: list[list[str]] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    notes: dict[int, str] = field(default_factory=dict)
    beside: dict[tuple[str, int], str] = field(default_factory=dict)
    pasted: list[tuple[str, list[str], list[list[str]]]] = field(default_factory=list)
    control: dict[tuple[str, int], Any] = field(default_factory=dict)
    control_moved: bool = False
    typed: set[int] = field(default_factory=set)
    highest: int = 0
    acts: list[tuple[str, Any]] = field(default_factory=list)
    tail: tuple[str, int, list[list[str]]] | None = None
    half: str = ""
    outputs: dict[str, tuple[list[str], list[list[str]]]] = field(default_factory=dict)
    persons: int = 0


class People:
    """The operators and the owner of one workbook."""

    def __init__(self, place: Place, random: Random, *, calm: bool = False) -> None:
        self.place, self.random, self.calm = place, random, calm
        self.model = Model()
        self.titles = {name: name for name in ("Inbox", "Batches", "Storage", "Rejected", "Control", "Master")}
        self.titles |= {
            f"{word} {kind}": f"{word} {kind}" for word in STEPS.values() for kind in ("Input", "Batch")
        }
        self.import_tabs = ["Inbox"]

    # -- seeing and typing

    def _id(self) -> str:
        return self.place.desk.sheet_id

    def http(self, who: str) -> Any:
        return self.place.desk.client(who).http_client

    def see(self, *names: str) -> list[list[list[Any]]]:
        """Cells of tabs as stored, each row as wide as the widest."""
        ranges = [f"'{self.titles.get(name, name)}'" for name in names]
        params = {"valueRenderOption": "UNFORMATTED_VALUE"}
        answer = self.http("owner").values_batch_get(self._id(), ranges, params)
        found = []
        for name, part in zip(names, answer["valueRanges"], strict=True):
            rows = part.get("values", [])
            width = max(map(len, rows), default=0)
            found.append(in_ids(name, [row + [""] * (width - len(row)) for row in rows]) if rows else [])
        return found

    def shown(self, name: str) -> list[list[str]]:
        """Cells of a tab as displayed."""
        found: list[list[str]] = (
            self.http("owner").values_get(self._id(), f"'{self.titles.get(name, name)}'").get("values", [])
        )
        width = max(map(len, found), default=0)
        return [row + [""] * (width - len(row)) for row in found]

    def table(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        """Rows of a table tab as (1-based row, cells by header), those without a key left out."""
        (cells,) = self.see(name)
        header, body = cells[0], cells[1:]
        key = header.index("LeadNumber") if "LeadNumber" in header else header.index("id")
        return [(n, dict(zip(header, row, strict=True))) for n, row in enumerate(body, start=2) if row[key] != ""]

    def put(
        self, name: str, cells: dict[str, list[list[Any]]], who: str = "operator", *, raw: bool = False
    ) -> bool:
        """Type or paste in one request, as values when raw; False when the sheet refuses it."""
        data = [
            {"range": f"'{self.titles.get(name, name)}'!{place}", "values": rows} for place, rows in cells.items()
        ]
        how = "RAW" if raw else "USER_ENTERED"
        try:
            self.http(who).values_batch_update(self._id(), {"valueInputOption": how, "data": data})
        except APIError as error:
            if error.response.status_code != 400:
                raise
            return False
        return True

    def structure(self, *requests: dict[str, Any], who: str = "owner") -> bool:
        """Do something with the menus; False when the sheet refuses it."""
        try:
            self.http(who).batch_update(self._id(), {"requests": list(requests)})
        except APIError as error:
            if error.response.status_code != 400:
                raise
            return False
        return True

    def tab_id(self, name: str) -> int:
        title = self.titles.get(name, name)
        return next(sheet.id for sheet in self.place.published().sheets if sheet.title == title)

    def _column(self, name: str, header: str) -> str:
        (cells,) = self.see(name)
        return column_letters(cells[0].index(header))

    # -- ticks

    def tick(self) -> str | None:
        word, step = self._some_step("Input")
        table = self.table(f"{word} Input") if word else []
        if not table:
            return None
        count = self.random.choice((1, 2, 3, len(table)))
        chosen = self.random.sample(table, min(count, len(table)))
        return self.tick_leads(step, [row["LeadNumber"] for _, row in chosen], self.random.choice(WORDS))

    def tick_leads(self, step: str, leads: list[int], value: Any = True) -> str | None:
        name = f"{STEPS[step]} Input"
        column = self._column(name, "send")
        places = {row["LeadNumber"]: n for n, row in self.table(name)}
        cells = {f"{column}{places[lead]}": [[value]] for lead in leads if lead in places}
        if not cells or not self.put(name, cells):
            return None
        there = [lead for lead in leads if lead in places]
        self.model.ticks.update(dict.fromkeys(((step, lead) for lead in there), self.model.now))
        self.model.acts.append(("tick", (step, there)))
        return f"tick {value!r} {step} {there}"

    def untick(self) -> str | None:
        word, step = self._some_step("Input")
        table = (
            [(n, row) for n, row in self.table(f"{word} Input") if row["send"] not in {"", False}] if word else []
        )
        if not table:
            return None
        n, row = self.random.choice(table)
        if not self.put(f"{word} Input", {f"{self._column(f'{word} Input', 'send')}{n}": [[False]]}):
            return None
        self.model.ticks.pop((step, row["LeadNumber"]), None)
        return f"untick {step} {row['LeadNumber']}"

    def take(self) -> str | None:
        _, step = self._some_step("Input")
        n = self._control_row(f"step.{step}")
        count = self.random.choice((1, 3, 5, 5000, "dos", ""))
        if not self.put("Control", {f"D{n}:E{n}": [[count, True]]}):
            return None
        self.model.control[f"step.{step}", TAKE] = count
        return f"take {count} {step}"

    def _some_step(self, kind: str) -> tuple[str, str]:
        steps = list(STEPS)
        self.random.shuffle(steps)
        for step in steps:
            if len(self.see(f"{STEPS[step]} {kind}")[0]) > 1:
                return STEPS[step], step
        return STEPS[steps[0]], steps[0]

    def _control_row(self, row_id: str) -> int:
        (cells,) = self.see("Control")
        return next(n for n, row in enumerate(cells, start=1) if row[7] == row_id)

    def confirming(self) -> bool:
        """Whether the tick that confirms still stands: the next run takes whatever it finds for confirmed."""
        (cells,) = self.see("Control")
        return cells[self._control_row("confirm") - 1][1] is True

    # -- pastes

    def _free_row(self, name: str) -> int:
        (cells,) = self.see(name)
        return len(cells) + 2 if cells else 1

    def paste(self, header: list[str], rows: list[list[str]], name: str = "Inbox") -> bool:
        """Paste a block below what is there."""
        done = self.put(name, {f"A{self._free_row(name)}": [header, *rows]})
        if done:
            self.model.rows += len(rows)
            self.model.pasted.append((name, header, rows))
            self.model.acts.append(("paste", (header, rows)))
        return done

    def output(self, word: str) -> tuple[list[str], list[list[str]]] | None:
        """What the step's outside tool answers to the shown batch, always the same for the same batch."""
        header, *rows = self.shown(f"{word} Batch") or [[]]
        leads = [row for row in rows if row and row[0] != ""]
        if not leads:
            return None
        name = f"{word}:{','.join(row[0] for row in leads)}"
        if name not in self.model.outputs:
            self.model.outputs[name] = _answer(word, header, leads, calm=self.calm)
        return self.model.outputs[name]

    def paste_output(self) -> str | None:
        word, step = self._some_step("Batch")
        found = self.output(word)
        if found is None or not found[1] or (self.calm and word == "CompScrap"):
            return None  # a company's answer is for whoever was sent by then: it does not commute with ticks
        header, rows = found
        some = rows if self.random.random() < 0.6 else self.random.sample(rows, self.random.randint(1, len(rows)))
        return f"paste {len(some)} rows of {step}" if self.paste(header, some, self._import_tab()) else None

    def _import_tab(self) -> str:
        roll = self.random.random()
        if roll < 0.75:
            return "Inbox"
        title = f"{self.random.choice(('Output', 'Inbox'))} {len(self.import_tabs)}"
        size = {"rowCount": 100, "columnCount": 90}
        tab = {"properties": {"title": title, "gridProperties": size}}
        if not self.structure({"addSheet": tab}, who="operator"):
            return "Inbox"
        text = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
        whole = {"sheetId": self.tab_id(title)}
        self.structure({"repeatCell": {"range": whole, "cell": text, "fields": "userEnteredFormat.numberFormat"}})
        self.import_tabs.append(title)
        return title

    def paste_again(self) -> str | None:
        if not self.model.pasted:
            return None
        _, header, rows = self.random.choice(self.model.pasted)
        return f"paste again {len(rows)} rows" if self.paste(header, rows) else None

    def paste_people(self) -> str | None:
        rows = [self._person() for _ in range(self.random.randint(1, 4))]
        if self.random.random() < 0.3:
            rows.append([*[""] * 4, "Sin nombre S.A.", "", ""])  # no identity: it goes to Rejected
        if not self.paste(EXPORT, rows):
            return None
        self.model.people |= {row[5] for row in rows if row[5]}
        return f"paste {len(rows)} people"

    def _person(self) -> list[str]:
        self.model.persons += 1
        n = self.model.persons
        url = f"https://www.linkedin.com/in/nueva-{n:03d}"
        return [f"Ana{n}", "Nueva", "=1+1", "007", f"Nueva {n} S.L.", f"ACwAANEW{n:06d}", url]

    def paste_garbage(self) -> str | None:
        rows = self.random.choice(GARBAGE)
        if not self.put("Inbox", {f"A{self._free_row('Inbox')}": rows}):
            return None
        self.model.stray += rows
        return "paste garbage"

    def paste_half(self) -> str | None:
        """Paste the head of a block; the rest comes later, right below."""
        word, step = self._some_step("Batch")
        found = self.output(word)
        if found is None or len(found[1]) < 2 or self.model.tail:
            return None
        header, rows = found
        half, place = len(rows) // 2, self._free_row("Inbox")
        if not self.put("Inbox", {f"A{place}": [header, *rows[:half]]}):
            return None
        self.model.rows += half
        self.model.tail = ("Inbox", place + 1 + half, rows[half:])
        self.model.half = str(rows[half - 1][0])
        return f"paste half of {step}"

    def paste_rest(self) -> str | None:
        if not self.model.tail:
            return None
        name, place, rows = self.model.tail
        (cells,) = self.see(name)
        self.model.tail = None
        above = cells[place - 2] if len(cells) >= place - 1 else []
        others = any(cell != "" for cell in above) and str(above[0]) != self.model.half
        if others or any(any(cell != "" for cell in row) for row in cells[place - 1 :]):
            return None  # somebody pasted something else there meanwhile
        if not self.put(name, {f"A{place}": rows}):
            return None
        self.model.rows += len(rows)
        return f"paste the rest, {len(rows)} rows"

    # -- batches, Rejected, Storage, settings

    def ask_of_batch(self) -> str | None:
        table = self.table("Batches")
        if not table:
            return None
        n, row = self.random.choice(table)
        header = self.random.choice(("show", "close", "undo", "undo"))
        if not self.put("Batches", {f"{self._column('Batches', header)}{n}": [[True]]}):
            return None
        if header == "undo":
            self.model.undone.add(row["id"])
        return f"{header} {row['id']}"

    def answer_rejected(self) -> str | None:
        (cells,) = self.see("Rejected")
        rows = [
            n
            for n, row in enumerate(cells, start=1)
            if len(row) > 5 and row[:2] == [False, False] and row[2] != ""
        ]
        if not rows:
            return None
        n = self.random.choice(rows)
        if self.random.random() < 0.5:
            return f"discard row {n}" if self.put("Rejected", {f"B{n}": [[True]]}) else None
        header = next(row for row in reversed(cells[:n]) if begins_block(row))
        cells_to_fix = {f"A{n}": [[True]]}
        if "vmid" in header and self.random.random() < 0.7:
            person = self._person()
            self.model.people.add(person[5])
            cells_to_fix[f"{column_letters(header.index('vmid'))}{n}"] = [[person[5]]]
            cells_to_fix[f"{column_letters(header.index('firstName'))}{n}"] = [[person[0]]]
        return f"retry row {n}" if self.put("Rejected", cells_to_fix) else None

    def reopen(self) -> str | None:
        table = self.table("Storage")
        if not table:
            return None
        n, row = self.random.choice(table)
        step = self.random.choice(("instantly", "box1"))
        if not self.put("Storage", {f"A{n}:B{n}": [[step, "nuevo mensaje"]]}):
            return None
        self.model.opened |= {("instantly", row["LeadNumber"]), ("box1", row["LeadNumber"])}
        return f"reopen {row['LeadNumber']} at {step}"

    def settings(self) -> str | None:
        row_id, value = self.random.choice(
            [("box1_version", "v2"), ("target_id", "T9"), ("schedule.0", 20), ("schedule.5", "sí")]
        )
        if not self.put("Control", {f"B{self._control_row(row_id)}": [[value]]}):
            return None
        self.model.control[row_id, VALUE] = value
        return f"set {row_id} to {value}"

    def parts(self) -> str | None:
        step = self.random.choice(list(STEPS))
        n = self._control_row(f"step.{step}")
        if not self.put("Control", {f"F{n}": [[2]]}):
            return None
        self.model.control[f"step.{step}", PARTS] = 2
        return f"two parts of {step}"

    def know_control(self) -> None:
        """Note what stands in the cells of Control that operators own."""
        for row in self.see("Control")[0]:
            columns = (TAKE, PARTS) if str(row[7]).startswith("step.") else (VALUE,) * (row[7] in SETTINGS)
            self.model.control |= {(row[7], column): row[column] for column in columns}

    def sync_now(self) -> str | None:
        return "sync now" if self.put("Control", {f"B{self._control_row('sync_now')}": [[True]]}) else None

    def note(self) -> str | None:
        word, _ = self._some_step("Input")
        table = self.table(f"{word} Input")
        if not table:
            return None
        n, row = self.random.choice(table)
        lead, text = row["LeadNumber"], f"nota {self.model.now}"
        if not self.put(f"{word} Input", {f"{self._column(f'{word} Input', 'notes')}{n}": [[text]]}):
            return None
        self.model.notes[lead] = text
        return f"note for {lead}"

    def own_column(self) -> str | None:
        """Write into a column of one's own, right of the table, beside some lead."""
        word, _ = self._some_step("Input")
        name = f"{word} Input"
        (cells,) = self.see(name)
        if len(cells) < 2:
            return None
        place = cells[0].index("mío") if "mío" in cells[0] else cells[0].index("notes") + 1
        column = column_letters(place)
        grid = next(sheet for sheet in self.place.published().sheets if sheet.id == self.tab_id(name))
        if grid.column_count <= place and not self.structure(
            {"appendDimension": {"sheetId": grid.id, "dimension": "COLUMNS", "length": 2}}
        ):
            return None
        lead = cells[0].index("LeadNumber")
        n = self.random.randrange(1, len(cells))
        if cells[n][lead] == "" or not self.put(name, {f"{column}1": [["mío"]], f"{column}{n + 1}": [["propio"]]}):
            return None
        self.model.beside[name, cells[n][lead]] = "propio"
        return f"own column beside {cells[n][lead]} in {name}"

    # -- the owner

    def sort_input(self) -> str | None:
        word, _ = self._some_step("Input")
        return f"owner sorts {word} Input" if self._sort(f"{word} Input", "owner") else None

    def sort_as_operator(self) -> str | None:
        word, _ = self._some_step("Input")
        assert not self._sort(f"{word} Input", "operator"), "an operator sorted a protected tab"
        return f"operator's sort of {word} Input refused"

    def sort_master(self) -> str | None:
        return "owner sorts Master" if self._sort("Master", "owner") else None

    def _sort(self, name: str, who: str) -> bool:
        sheet = next(sheet for sheet in self.place.published().sheets if sheet.id == self.tab_id(name))
        spec = {
            "dimensionIndex": self.random.choice((1, 2, 3, 5)),
            "sortOrder": self.random.choice(("ASCENDING", "DESCENDING")),
        }
        whole = {"sheetId": sheet.id, "startRowIndex": 1, "endRowIndex": sheet.row_count}
        return self.structure({"sortRange": {"range": whole, "sortSpecs": [spec]}}, who=who)

    def edit_derived(self) -> str | None:
        """The owner types over cells that the worker derives; an operator cannot."""
        word, _ = self._some_step("Input")
        name = f"{word} Input"
        table = self.table(name)
        if not table:
            return None
        cell = {f"{self._column(name, 'TargetID')}{self.random.choice(table)[0]}": [["a mano"]]}
        assert not self.put(name, cell), "an operator edited a protected cell"
        return f"owner edits {name}" if self.put(name, cell, who="owner") else None

    def edit_master(self) -> str | None:
        table = self.table("Master")
        n, row = self.random.choice(table)
        cell = {f"{self._column('Master', 'personTitle')}{n}": [["corregido a mano"]]}
        return f"owner edits lead {row['LeadNumber']}" if self.put("Master", cell, who="owner") else None

    def type_lead(self) -> str | None:
        """The owner types a new row at the end of the Master, under the next free LeadNumber or one above it."""
        (cells,) = self.see("Master")
        place = {name: n for n, name in enumerate(cells[0])}
        taken = [row[place["LeadNumber"]] for row in cells[1:] if row[place["LeadNumber"]] != ""]
        lead = max([self.model.highest, *taken]) + self.random.choice((1, 1, 2, 4))
        person = self._person()
        url = f"https://www.linkedin.com/sales/lead/{person[5]},NAME_SEARCH,x1"
        row = {"LeadNumber": lead, "firstName": person[0], "lastName": person[1], "personSalesUrl": url}
        self._room_for("Master", len(cells) + 1)
        typed = {f"{column_letters(place[name])}{len(cells) + 1}": [[cell]] for name, cell in row.items()}
        if not self.put("Master", typed, who="owner"):
            return None
        self.model.people.add(person[5])
        self.model.typed.add(lead)
        self.model.highest = lead
        return f"owner types lead {lead}"

    def _room_for(self, name: str, rows: int) -> None:
        """See to it that a tab has a row of that number."""
        grid = next(sheet for sheet in self.place.published().sheets if sheet.id == self.tab_id(name))
        if grid.row_count < rows:
            more = {"sheetId": grid.id, "dimension": "ROWS", "length": rows - grid.row_count}
            self.structure({"appendDimension": more})

    def rows_of_control(self) -> str | None:
        """The owner moves a row of Control, inserts one, or deletes one that only decorates."""
        (cells,) = self.see("Control")
        kind = self.random.choice(("move", "move", "insert", "delete"))
        n = self.random.randrange(1, len(cells))
        if kind == "insert":
            request = {"insertDimension": {"range": self._rows_of_control(n), "inheritFromBefore": True}}
        elif kind == "delete":
            plain = [place for place, row in enumerate(cells) if place and row[7] == ""]
            if not plain:
                return None
            n = self.random.choice(plain)
            request = {"deleteDimension": {"range": self._rows_of_control(n)}}
        else:
            to = self.random.randrange(1, len(cells) + 1)
            request = {"moveDimension": {"source": self._rows_of_control(n), "destinationIndex": to}}
        if not self.structure(request):
            return None
        self.model.control_moved = True
        return f"owner: {kind} row {n + 1} of Control"

    def _rows_of_control(self, n: int) -> dict[str, Any]:
        return {"sheetId": self.tab_id("Control"), "dimension": "ROWS", "startIndex": n, "endIndex": n + 1}

    def rename(self) -> str | None:
        name = self.random.choice(["Inbox", "Batches", "Rejected", "Verification Input", "CompScrap Batch"])
        fresh = f"{name} ({self.model.now})"
        tab = {"properties": {"sheetId": self.tab_id(name), "title": fresh}, "fields": "title"}
        if not self.structure({"updateSheetProperties": tab}):
            return None
        self.titles[name] = fresh
        return f"rename {name} to {fresh}"

    def move(self) -> str | None:
        name = self.random.choice(list(self.titles))
        tab = {"properties": {"sheetId": self.tab_id(name), "index": self.random.randrange(8)}, "fields": "index"}
        return f"move {name}" if self.structure({"updateSheetProperties": tab}) else None

    def duplicate(self) -> str | None:
        name = self.random.choice(["Verification Input", "Batches", "Inbox"])
        copy = {"sourceSheetId": self.tab_id(name), "newSheetName": f"Copia de {name} {self.model.now}"}
        return f"duplicate {name}" if self.structure({"duplicateSheet": copy}) else None


def _answer(
    word: str, header: list[str], leads: list[list[str]], *, calm: bool
) -> tuple[list[str], list[list[str]]]:
    # The stages' own answers have these seeds: in a calm history a batch is answered again with the same words.
    same = {"Verification": 3, "Box1": 0} if calm else {}
    seed = same.get(word, sum(int(lead[0]) for lead in leads) % 4)
    if word == "Verification":
        return sample.verification_output(header, leads, seed=seed)
    if word == "CompScrap":
        return sample.company_output(header, leads, seed=0)
    if word == "Box1":
        return sample.box1_output(header, leads, seed=seed)
    return sample.instantly_output(header, leads, seed=seed)


CALM = ("tick", "tick", "tick", "paste_output", "paste_output", "paste_again", "paste_people", "note", "move")
WILD = (
    *CALM,
    *("untick", "take", "paste_garbage", "paste_half", "paste_rest", "paste_rest", "ask_of_batch", "ask_of_batch"),
    *(
        "answer_rejected",
        "reopen",
        "settings",
        "parts",
        "sync_now",
        "own_column",
        "sort_input",
        "sort_as_operator",
    ),
    *("sort_master", "edit_derived", "edit_master", "rename", "duplicate"),
    *("type_lead", "rows_of_control"),
)
