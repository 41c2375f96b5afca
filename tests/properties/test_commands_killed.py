"""Every command can be killed and given again, and ends as if nobody had killed it.

The process dies at every boundary of the command (before and after each request, at each fsync, before and after a
file goes or gets another name). Boundaries between which neither the workbook nor a file changed leave the same behind,
so each such state is played once. Then the same command is given again, as a person would, and the worker runs until
it rests.
"""

import ast
import gzip
import hashlib
import re
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from episodes import Episode, _timeless
from people import EXPORT, STEPS

from sheets_crm import sample
from sheets_crm.errors import CrmError
from sheets_crm.files import write_csv
from sheets_crm.workbook.tabs import begins_block

pytestmark = pytest.mark.long

LEAD = 26  # has been in every step and is chosen on Lead Profile
OLDER = "carmen.prueba-inventado@ejemplar-logistica-grupo.example"
NEWER, WRONG, LAST, WAITING = (f"carmen.{word}@correo.example" for word in ("nueva", "ajena", "ultima", "espera"))
WAITING_FILE = "waiting.csv"
ANSWER = ["LeadNumber", "email", "email_status"]
OPERATORS = {"take N": 3, "send N now": 4, "parts K": 5}
COMPANY = ["firstName", "lastName", "companyName", "vmid"]


def rich(desk):
    """Go on from ``contacted`` until everything that is kept holds something, much of it about one lead."""
    desk.app.reopen(str(LEAD), step="box1", reason="otra versión")
    desk.tick("Box1 Input")
    desk.sync()
    desk.paste(*sample.box1_output(*desk.batch("Box1"), seed=7, version="v2"))
    desk.sync()
    desk.paste(*_only(sample.instantly_output(*desk.batch("Instantly")), {"3", str(LEAD)}))
    desk.sync()
    desk.paste(ANSWER, [[str(LEAD), NEWER, "valid"], ["3", "aoife@correo.example", "valid"]])
    desk.sync()
    desk.paste(
        [*ANSWER, "TargetID"], [[str(LEAD), WRONG, "valid", "OTRO"], ["3", "otra@x.example", "valid", "OTRO"]]
    )
    desk.sync()
    desk.load(COMPANY, [[f"Nadia{n}", "Sol", f"Sol {n} S.L.", f"ACwAASOL{n:06d}"] for n in range(6)], "six.csv")
    desk.tick("Verification Input", 4)
    desk.sync()
    desk.put("Lead Profile", "B2", [[NEWER]])
    lead = desk.leads()[LEAD]
    assert (lead["email"], lead["instantly_sent"]) == (NEWER, True)
    assert any(row["LeadNumber"] == LEAD for row in desk.rows("Box1 History"))
    assert any(WRONG in row for row in desk.cells("Rejected"))
    assert any(OLDER in str(cells) for cells in archives(desk.settings.state_dir).values())
    assert [row["id"] for row in desk.rows("Batches") if row["outstanding"]] == ["V-0002", "I-0001"]


def _only(output, leads):
    header, rows = output
    place = header.index("LeadNumber")
    return header, [row for row in rows if row[place] in leads]


@pytest.fixture(scope="module")
def place(places):
    return places.after("contacted", rich)


# -- commands, and what people did before


class Play(Episode):
    """One command on a workbook of its own, given by a person to the worker A."""

    def __init__(self, place, command: "Command") -> None:
        super().__init__(place)
        self.command = command
        self.known = Known.of(self) if command.erases else None
        command.prepare(self)

    def begin(self) -> None:
        self.A.start(lambda app: self.command.run(app, self.directory))

    def give(self) -> None:
        """Give the command and let it end; one that can be done only once may say that it is done."""
        self.begin()
        self.A.finish()
        said_so = self.command.once and isinstance(self.A.error, CrmError) and self.A.error.message
        if self.A.error is not None and not said_so:
            raise self.A.error

    def rest(self, worker) -> None:
        """Let the worker run as it does on its schedule, then with full reads, until nothing is left to do."""
        worker.start(lambda app: app.sync(plan=False, now=True, force=False, scheduled=True))
        worker.finish()
        if worker.error is not None:
            raise worker.error
        super().rest(worker)

    def end(self) -> dict[str, Any]:
        found = super().end()
        found["Storage"] = sorted(str(_timeless(row)) for row in self.rows("Storage"))
        found["Box1 History"] = sorted(str(_timeless(row)) for row in self.rows("Box1 History"))
        control = {row[7]: row for row in self.people.see("Control")[0] if row[7]}
        steps = {name: row for name, row in control.items() if name.startswith("step.")}
        found["Control, operators"] = {
            **{name: control[name][1] for name in ("box1_version", "target_id", "confirm", "sync_now")},
            **{name: row[1] for name, row in control.items() if name.startswith("schedule.")},
            **{f"{name} {head}": row[place] for name, row in steps.items() for head, place in OPERATORS.items()},
        }
        found["erased"] = sorted({row[2] for row in self.people.see("System")[0][1:] if row[2:] and row[2]})
        found["archived"] = sorted({str(cells) for cells in archives(self.A.state).values()})
        found["exported"] = {path.name: path.read_text() for path in self.directory.glob("out/[!.]*")}
        return found

    def remains(self) -> tuple[int, str]:
        """What a death at this moment leaves behind: the workbook and every file."""
        whole = hashlib.sha256()
        for path in sorted(self.directory.rglob("*")):
            whole.update(repr((str(path), path.read_bytes() if path.is_file() else None)).encode())
        return self.place.version(), whole.hexdigest()


@dataclass(frozen=True)
class Command:
    """A command of a person.

    Attributes:
        run: Gives it; the folder is for files.
        prepare: What people did before.
        once: Whether a second time it may say that it is done already.
        erases: Whether it is to leave no word of the lead.
        every: At how many of the states that a death can leave it is killed once: 1 for each of them.
    """

    run: Callable[[Any, Path], Any]
    prepare: Callable[[Play], None] = lambda _play: None
    once: bool = False
    erases: bool = False
    every: int = 1


def damaged(play):
    """Somebody deletes a tab, writes over headers and formulas and clears a row of Control."""
    people = play.people
    assert people.structure({"deleteSheet": {"sheetId": people.tab_id("Storage")}})
    assert people.put("Verification Input", {"C1:D1": [["uno", "dos"]]}, who="owner")
    assert people.put("Dashboard", {"F40:F42": [[17], [17], [17]]}, who="owner")
    assert people.put("Control", {f"A{people._control_row('step.box1')}:H{people._control_row('step.box1')}": [[""] * 8]},
                      who="owner")  # fmt: skip


def set_back(play):
    """Ticks were sent and people came in; then the owner restores an earlier version."""
    earlier = play.place.published()
    ticks_and_pastes(play)
    play.rest(play.A)
    play.place.set_back(earlier)
    play.run(play.A, whole=True)
    play.A.finish()
    assert isinstance(play.A.error, CrmError), play.A.error


def ticks_and_pastes(play):
    """Operators tick a lead, answer a batch in part and paste people, one of them without a name."""
    people = play.people
    assert people.tick_leads("verification", [people.table("Verification Input")[0][1]["LeadNumber"]])
    header, rows = people.output("Verification")
    assert people.paste(header, rows[:3])
    assert people.paste(EXPORT, [people._person(), ["", "", "", "", "Nadie S.A.", "", ""]])


def an_export(play, count=3):
    known, new = people_known(1), [play.people._person() for _ in range(count)]
    write_csv(play.directory / "people.csv", EXPORT, [*new, *known, ["", "", "", "", "Nadie S.A.", "", ""]])


def people_known(count):
    return [[f"Nadia{n}", "Sol", "", "", f"Sol {n} S.L.", f"ACwAASOL{n:06d}", ""] for n in range(count)]


def answers(play):
    header, rows = play.people.output("Verification")
    write_csv(play.directory / "answers.csv", header, rows)


def waiting(play):
    """An import about the lead was cut off before it was merged, and an answer about the lead is pasted."""
    path = write_csv(play.directory / WAITING_FILE, [*EXPORT, "email"], [
        [*play.people._person(), "nueva@correo.example"],
        [*play.known.names, "", "", "", play.known.member, "", WAITING],
    ])  # fmt: skip
    play.A.start(lambda app: app.import_tables([str(path)], step=None, target_id=None, plan=False))
    # The file is spooled after the answers of Headers were read, and before the run reads the workbook.
    while not (list(play.A.state.glob("spool/*")) and play.A.at.startswith("before read")):
        play.A.step()
    play.A.kill()
    path.unlink()
    assert play.people.paste(ANSWER, [[str(LEAD), LAST, "valid"], ["3", "aoife.dos@correo.example", "valid"]])


def set_aside(play):
    """While the workbook was full, a tab and a file could not be merged; then the owner made room."""
    people = play.people
    room = 10_000_000 - 500 - sum(sheet.row_count * sheet.column_count for sheet in play.place.published().sheets)
    full = {"title": "Mío", "gridProperties": {"rowCount": room // 10, "columnCount": 10}}
    pasted = {"title": "Output", "gridProperties": {"rowCount": 10, "columnCount": len(EXPORT)}}
    assert people.structure({"addSheet": {"properties": full}})
    assert people.structure({"addSheet": {"properties": pasted}}, who="operator")
    people.titles["Output"] = "Output"
    assert people.put("Output", {"A1": [EXPORT, *(people._person() for _ in range(9))]})
    an_export(play, count=9)
    play.A.start(lambda app: imported("people.csv")(app, play.directory))
    play.A.finish()
    assert isinstance(play.A.error, CrmError), play.A.error
    people.titles["Mío"] = "Mío"
    assert people.structure({"deleteSheet": {"sheetId": people.tab_id("Mío")}})
    play.A._end_process()


def imported(name, *, plan=False):
    return lambda app, at: app.import_tables([str(at / name)], step=None, target_id=None, plan=plan)


COMMANDS = {
    "init": Command(lambda app, _: app.init(adopt=False), every=3),
    "init of a damaged workbook": Command(lambda app, _: app.init(adopt=False), damaged, every=3),
    "init --adopt of a workbook set back": Command(lambda app, _: app.init(adopt=True), set_back, every=4),
    "sync": Command(lambda app, _: app.sync(plan=False, now=True, force=False), ticks_and_pastes),
    "import of an export": Command(imported("people.csv"), an_export),
    "import of answers": Command(imported("answers.csv"), answers),
    "retry": Command(lambda app, _: app.retry(), set_aside, every=3),
    "batch show": Command(lambda app, _: app.batch_show("V-0001"), every=2),
    "batch close": Command(lambda app, _: app.batch_close("I-0001"), every=2),
    "batch undo": Command(lambda app, _: app.batch_undo("V-0002"), every=2),
    "reopen of a lead": Command(
        lambda app, _: app.reopen("3", step="instantly", reason="otra"), once=True, every=2
    ),
    "reopen of a version": Command(lambda app, _: app.reopen_version("v1", reason="otra"), once=True, every=2),
    "batch export": Command(
        lambda app, at: app.batch_export("V-0001", parts=2, out=at / "out", excel_safe=False, companies=False)
    ),
    "forget by number": Command(lambda app, _: app.forget(str(LEAD)), waiting, erases=True, every=2),
    "forget by e-mail": Command(lambda app, _: app.forget(NEWER), waiting, erases=True, every=5),
}
FORGETS = [name for name, command in COMMANDS.items() if command.erases]
IMPORTS = [name for name in COMMANDS if name.startswith("import")]
READING = {
    "status": Command(lambda app, _: app.status()),
    "doctor": Command(lambda app, _: app.doctor(probe=False)),
    "history": Command(lambda app, _: app.history(str(LEAD))),
    "batch list": Command(lambda app, _: app.batches()),
    "sync --plan": Command(lambda app, _: app.sync(plan=True, now=False, force=False), ticks_and_pastes),
    "import --plan": Command(imported("people.csv", plan=True), an_export),
}


# -- somebody, and where they are still named


@dataclass(frozen=True)
class Known:
    """What tells of the lead.

    Attributes:
        names: First and last name.
        member: The id by which the export knows them.
        words: Texts that only speak of them: ids, addresses, lines that hold the name.
    """

    names: tuple[str, str]
    member: str
    words: frozenset[str]

    @classmethod
    def of(cls, play: Episode) -> "Known":
        rows = play.rows("Master")
        lead = next(row for row in rows if row["LeadNumber"] == LEAD)
        others = str([row for row in rows if row["LeadNumber"] != LEAD])
        names = (str(lead["firstName"]), str(lead["lastName"]))
        told = [lead, *(row for row in play.rows("Box1 History") if row["LeadNumber"] == LEAD)]
        lines = {
            line for row in told for cell in row.values() for line in str(cell).splitlines() if names[0] in line
        }
        member = lead["personSalesUrl"].split("/")[-1].split(",")[0]
        own = {
            member,
            OLDER,
            NEWER,
            WRONG,
            LAST,
            WAITING,
            lead["personLinkedinUrl"].split("/")[-1],
            " ".join(names),
        }
        words = {word for word in own | lines if len(word) > len(names[0]) and word not in others}
        assert own < words
        assert any("una idea para" in word for word in words)
        return cls(names, member, frozenset(words))

    def in_tabs(self, play: Episode) -> set[str]:
        """Titles of the tabs, hidden ones too, whose values or formulas tell of them."""
        titles = [sheet.title for sheet in play.place.published().sheets]
        found = set()
        for kind in ("FORMULA", "UNFORMATTED_VALUE"):
            answer = play.people.http("owner").values_batch_get(
                play.place.desk.sheet_id, [f"'{title}'" for title in titles], {"valueRenderOption": kind}
            )
            for title, part in zip(titles, answer["valueRanges"], strict=True):
                if any(self.told(row) for row in part.get("values", [])):
                    found.add(title)
        return found

    def in_files(self, state: Path) -> set[str]:
        """Names of the files, hidden ones and leftovers too, that tell of them."""
        found = set()
        for path in state.rglob("*"):
            text = text_of(path) if path.is_file() else ""
            if self.told([text, text.replace('\\"', '"').replace("\\n", "\n")]) or self._together(text):
                found.add(str(path.relative_to(state)))
        return found

    def told(self, cells: list[Any]) -> bool:
        """Whether these cells tell of them: by one word, or by first and last name side by side."""
        texts = [str(cell) for cell in cells]
        return any(word in text for text in texts for word in self.words) or set(self.names) <= set(texts)

    def _together(self, text: str) -> bool:
        return any(self._within(value) for value in [loaded(text), *map(loaded, text.split("\n"))])

    def _within(self, value: Any) -> bool:
        parts = list(value.values()) if isinstance(value, dict) else value
        if not isinstance(parts, list):
            return False
        return set(self.names) <= {part for part in parts if isinstance(part, str)} or any(
            map(self._within, parts)
        )


def text_of(path: Path) -> str:
    body = path.read_bytes()
    with suppress(OSError, EOFError, zlib.error):
        body = gzip.decompress(body)
    return body.decode("utf-8", "replace")


def loaded(text: str) -> Any:
    """The JSON in a text or a line, behind a checksum or not."""
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(text[max(text.find("{"), 0) :])
    return None


def archives(state: Path) -> dict[str, list[list[Any]]]:
    """The cells of every archived import that can be read, by the file's name; a row that was blanked is none."""
    found = {path.name: loaded(text_of(path)) for path in state.glob("archive/*.json.gz") if path.is_file()}
    whole = {name: body["cells"] for name, body in found.items() if isinstance(body, dict) and "cells" in body}
    return {name: [row for row in cells if row] for name, cells in whole.items() if isinstance(cells, list)}


def journal_of_others(state: Path) -> set[str]:
    """The changes of other leads in the store, each as text."""
    if not (state / "crm.db").is_file():
        return set()
    with closing(sqlite3.connect(state / "crm.db")) as store:
        return {str(row[1:]) for row in store.execute("SELECT * FROM changes WHERE lead_number <> ?", (LEAD,))}


# -- plays


@contextmanager
def played(place, command) -> Iterator[Play]:
    play = Play(place, command)
    try:
        yield play
    finally:
        play.close()


def undisturbed(place, command) -> tuple[dict[str, Any], list[int]]:
    """The end of a command that nobody kills, and the boundaries at which a death leaves something else behind."""
    with played(place, command) as play:
        journal = journal_of_others(play.A.state)
        play.begin()
        states, boundary = [(0, play.remains())], 0
        while play.A.step():
            boundary += 1
            if play.remains() != states[-1][1]:
                states.append((boundary, play.remains()))
        assert play.A.error is None, play.A.error
        play.rest(play.A)
        assert journal <= journal_of_others(play.A.state)
        findings = play.A.app.doctor(probe=False).json["findings"]
        assert [one for one in findings if not one["ok"] and one["check"] != "clock"] == []
        return play.end() | {"told": told(play)}, [first for first, _ in states][:: command.every]


def told(play: Play) -> list[str]:
    """Where the erased lead is still named."""
    return [] if play.known is None else sorted(play.known.in_tabs(play) | play.known.in_files(play.A.state))


def killed(play: Play, boundary: int) -> str:
    """Give the command and let the process die at a boundary; say where."""
    play.begin()
    for _ in range(boundary):
        play.A.step()
    where = f"boundary {boundary} ({play.A.at})"
    play.A.kill()
    return where


def differences(mine: dict[str, Any], other: dict[str, Any]) -> str:
    """What is not as it should be, in short."""
    return "; ".join(f"{name}: {_first(mine[name], other[name])}" for name in other if mine[name] != other[name])


def _first(one: Any, other: Any) -> str:
    if isinstance(one, dict) and isinstance(other, dict):
        name = next(name for name in {**one, **other} if one.get(name) != other.get(name))
        return f"{name}: {_first(one.get(name), other.get(name))}"
    if isinstance(one, list) and isinstance(other, list):
        parts = [part for part in one if part not in other], [part for part in other if part not in one]
        if len(parts[0]) == len(parts[1]) == 1 and isinstance(parts[0][0], dict):
            return _first(parts[0][0], parts[1][0])
        return f"{str(parts[0])[:200]} in place of {str(parts[1])[:200]} ({len(one)} for {len(other)})"
    return f"{str(one)[:200]} in place of {str(other)[:200]}"


def repeated(place, command, boundary, end) -> str:
    """Kill the command at a boundary and give it again; "" when it ends as it should, else what is wrong."""
    with played(place, command) as play:
        journal = journal_of_others(play.A.state)
        where = killed(play, boundary)
        try:
            play.give()
            play.rest(play.A)
            wrong = differences(play.end() | {"told": told(play)}, end)
        except Exception as error:  # noqa: BLE001 - reported with where it happened
            wrong = f"{type(error).__name__}: {error}"
        if not journal <= journal_of_others(play.A.state):
            wrong += "; lines of the journal are lost"
    return f"killed at {where}: {wrong}" if wrong else ""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_anywhere_and_given_again_ends_as_if_nobody_had_killed_it(place, name):
    command = COMMANDS[name]
    end, boundaries = undisturbed(place, command)
    assert len(boundaries) * command.every >= (3 if name == "batch export" else 8)

    wrong = [repeated(place, command, boundary, end) for boundary in boundaries]

    nothing_is(list(filter(None, wrong)), of=boundaries)


@pytest.mark.parametrize("name", READING)
def test_a_command_that_only_reads_leaves_nothing_wherever_it_is_killed(place, name):
    with played(place, READING[name]) as play:
        before = play.remains()
        play.begin()
        requests = 1
        while play.A.step():
            requests += 1
            assert play.remains() == before, play.A.at
        assert play.A.error is None, play.A.error
        assert requests > 1
        killed(play, requests // 2)
        assert play.remains() == before
        play.give()
        assert play.remains() == before


@pytest.mark.parametrize("name", FORGETS)
def test_forget_leaves_no_word_of_the_person_and_the_others_as_they_were(place, name):
    with played(place, COMMANDS[name]) as untouched:
        untouched.rest(untouched.A)
        before = untouched.end()
        assert {"Master", "Box1 History", "Rejected", "Lead Profile"} <= untouched.known.in_tabs(untouched)
        folders = {Path(name).parts[0] for name in untouched.known.in_files(untouched.A.state)}
        assert {"archive", "cache.db", "crm.db"} <= folders

    end, _ = undisturbed(place, COMMANDS[name])

    assert end["told"] == []
    assert end["Master"] == {lead: row for lead, row in before["Master"].items() if lead != LEAD}
    for tab in (*TABS_OF_LEADS, "Storage", "Box1 History", "Rejected"):
        assert end[tab] == [row for row in before[tab] if not about(untouched.known, row)], tab
    assert _but_waiting(end) == _but_waiting(before)
    assert end["Control, operators"] == before["Control, operators"]
    assert end["archived"] == sorted(without(untouched.known, cells) for cells in before["archived"])


def _but_waiting(end):
    """Imports without the file of which a row was blanked before it was merged."""
    return [row for row in end["Imports"] if row["source"] != WAITING_FILE]


TABS_OF_LEADS = [f"{word} {kind}" for word in STEPS.values() for kind in ("Input", "Batch")]


def about(known: Known, row: Any) -> bool:
    """Whether a row, or its text, is of the lead."""
    return bool(re.search(rf"'LeadNumber'[,:] {LEAD}\b", row)) if isinstance(row, str) else known.told(row)


def without(known: Known, cells: str) -> str:
    """An archived import without the lead's rows."""
    rows = ast.literal_eval(cells)
    place = rows[0].index("LeadNumber") if "LeadNumber" in rows[0] else None
    numbered = [row for row in rows if place is not None and place < len(row) and row[place] == str(LEAD)]
    return str([row for row in rows if row not in numbered and not known.told(row)])


def test_a_forget_that_was_cut_off_is_finished_by_the_worker_alone(place):
    """What waits to be merged may come before the erasure: then its row is counted, and refused without its cells."""

    def erased(play):
        return all(row["LeadNumber"] != LEAD for row in play.rows("Master"))

    def compared(end):
        others = [
            row for row in end["Rejected"] if any(row) and WAITING_FILE not in str(row) and not begins_block(row)
        ]
        return end | {"Imports": _but_waiting(end), "Rejected": others}

    alone_it_ends(place, replace(COMMANDS["forget by number"], every=2), erased, compared)


@pytest.mark.parametrize("name", IMPORTS)
def test_an_import_that_was_cut_off_is_finished_by_the_worker_alone(place, name):
    with played(place, COMMANDS[name]) as play:
        before = len(play.rows("Imports"))
    alone_it_ends(place, COMMANDS[name], lambda play: len(play.rows("Imports")) > before)


def alone_it_ends(place, command, has_effect, compared=dict) -> None:
    """Kill the command everywhere; from some state on the worker alone ends it, before that it was never given."""
    end, boundaries = undisturbed(place, command)
    with played(place, command) as play:
        play.rest(play.A)
        untouched = play.end() | {"told": []}
    wrong, begun, noted = [], False, False
    for boundary in boundaries:
        with played(place, command) as play:
            version = place.version()
            where = killed(play, boundary)
            unwritten = place.version() == version
            begun = begun or has_effect(play)
            try:
                play.rest(play.A)
                begun = begun or has_effect(play)
                noted = noted or (begun and unwritten)
                found = play.end() | {"told": told(play) if begun else []}
                differs = differences(compared(found), compared(end if begun else untouched))
            except Exception as error:  # noqa: BLE001 - reported with where it happened
                differs = f"{type(error).__name__}: {error}"
        if differs:
            wrong.append(f"killed at {where}, {'begun' if begun else 'not begun'}: {differs}")
    assert noted, "what was asked for is not noted before the workbook is written to"
    nothing_is(wrong, of=boundaries)


def nothing_is(wrong: list[str], *, of: list[int]) -> None:
    """Fail with what is wrong, the first of it in words."""
    if wrong:
        pytest.fail("\n".join([f"{len(wrong)} of {len(of)}:", *wrong[:8]]), pytrace=False)
