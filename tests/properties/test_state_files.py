"""Whatever stands in ``state_dir``, every command ends right or says what is wrong, and the next run goes on.

A worker was killed after a write whose answer it never heard, an import was cut off, and other things are left of other
deaths. Then one file is damaged in one way, one command is given, and the worker runs: the workbook has to end as if
nothing had been damaged. What cannot be read is kept under a name that says so.
"""

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from cache_rows import rows_of
from people import EXPORT
from scene import GONE, Place, Worker
from test_commands_killed import (
    LEAD,
    NEWER,
    Command,
    Play,
    archives,
    differences,
    killed,
    loaded,
    played,
    rich,
    text_of,
    undisturbed,
)

from jobs import heartbeat_job
from jobs.assembly import Plan, tasks
from jobs.context import JobContext
from jobs.leases import FileLeases
from jobs.ports import WorkerPorts
from jobs.records import LocalRecords
from jobs.stopper import Stopper
from jobs.turns import Turns
from sheets_crm.errors import CrmError
from sheets_crm.files import write_csv

PEOPLE = "people.csv"


# -- a folder with everything in it


def torn(desk):
    """Go on from ``contacted`` to a state folder that holds a file of every kind, as deaths leave it."""
    rich(desk)
    tear(desk, "Verification Input")


def tear(desk, tab):
    """Tick a lead, kill the run that sends it when it is applied, cut an import off, and leave some other things."""
    desk.tick(tab, 1)
    worker = Worker(Place(desk), desk.directory, "state")
    die(worker, lambda: worker.at == "after write", lambda app: app.sync(plan=False, now=True, force=False))
    path = write_csv(desk.directory / PEOPLE, EXPORT, [["Eva", "Luz", "", "", "Luz S.L.", "ACwAALUZ000001", ""]])
    read = partial(worker.state.joinpath("spool").glob, "*.gz")
    die(worker, lambda: worker.at.endswith("read") and any(read()), partial(imported, path))
    heartbeat_job.run(JobContext(desk.app, worker.state, clock=lambda: desk.now))
    (spooled,) = worker.state.glob("spool/*.json.gz")
    spooled.with_name(f".{spooled.name}.{GONE}.part").write_bytes(spooled.read_bytes()[:-100])


def imported(path, app):
    app.import_tables([str(path)], step=None, target_id=None, plan=False)


def die(worker, here, command):
    """Give a command and let the process die as soon as it stands where it should."""
    worker.start(command)
    while not here():
        assert worker.step(), "the command ended before"
    worker.kill()


KINDS = {
    "cache": "cache.db",
    "store": "crm.db",
    "archived import": "archive/drop-*.json.gz",
    "archived file": "archive/file-*.json.gz",
    "spool": "spool/*.json.gz",
    "worker": "worker.json",
    "version": "version.json",
    "leftover": "spool/.*.part",
}
ROWS = {
    "facts": "facts WHERE TRUE",
    "leads": "caches WHERE name = 'leads' AND part = 0",
    "changes": "caches WHERE name = 'leads' AND part > 0",
    "layout": "caches WHERE name = 'layout'",
    "pending": "caches WHERE name = 'pending'",
    "cells of two-way tables": "caches WHERE name = 'tables'",
}
"""Rows of the cache file, each of a kind that is damaged alone, as a disk does it: behind its checksum."""


# -- damage


def rewritten(change: Callable[[Any], Any]) -> Callable[[Path], None]:
    """Damage what the JSON of a file says, inside its compression, line by line, behind a checksum."""

    def damage(path):
        if path.suffix == ".gz":
            body = orjson.dumps(change(orjson.loads(text_of(path))))
            path.write_bytes(gzip.compress(body))
        else:
            path.write_text("\n".join(map(line_with, text_of(path).split("\n"))))

    def line_with(line):
        head = line[: max(line.find("{"), 0)]
        body = loaded(line)
        return line if body is None else head + orjson.dumps(change(body)).decode()

    return damage


def other(value: Any) -> Any:
    """The same value with every scalar of another type."""
    if isinstance(value, dict):
        return {name: other(cell) for name, cell in value.items()}
    if isinstance(value, list):
        return [other(cell) for cell in value]
    return 7 if isinstance(value, str) else [] if value is None else "siete"


def without_values(value: Any) -> Any:
    """The same names with nothing in them."""
    return dict.fromkeys(value) if isinstance(value, dict) else None


def in_place_of_it(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def cut(path):
    body = path.read_bytes()
    path.write_bytes(body[: len(body) // 2])


def folder(path):
    path.unlink()
    path.mkdir()
    (path / "algo").write_text("7")


def of_an_earlier_version(path):
    """Without the checksum that stands before its body."""
    head, newline, body = path.read_bytes().partition(b"\n")
    path.write_bytes(body if head.startswith(b"sheets_crm:") else head + newline + body)


def of_an_earlier_layout(path):
    """A cache file of another version loses its content; another file has no checksum before its body."""
    if path.suffix != ".db":
        of_an_earlier_version(path)
    elif path.name == "cache.db":
        with closing(sqlite3.connect(path)) as file:
            file.execute("PRAGMA user_version=99")


DAMAGES: dict[str, Callable[[Path], None]] = {
    "missing": Path.unlink,
    "half": cut,
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 5),
    "[]": in_place_of_it(b"[]"),
    "other types": rewritten(other),
    "folder": folder,
    "empty": lambda path: path.write_bytes(b""),
    "null": in_place_of_it(b"null"),
    "7": in_place_of_it(b"7"),
    "{}": in_place_of_it(b"{}"),
    "nothing inside": rewritten(without_values),
    "a list of lists": rewritten(lambda _value: [[], [[]], {}]),
    "another version's": of_an_earlier_layout,
    "as it was": lambda path: None,
}
SOME = list(DAMAGES)[:6]
FEW = ["missing", "half", "other types", "folder"]
OF_ROWS: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda _body: None,
    "half": lambda body: body[: len(body) // 2],
    "other types": lambda body: orjson.dumps(other(orjson.loads(body))),
    "[]": lambda _body: b"[]",
    "garbage": lambda _body: bytes(range(256)) * 5,
    "as it was": lambda body: body,
}
NOT_REBUILT = {"store", "archived import", "archived file", "spool"}
"""Kinds that are no caches."""


# -- commands


def one_pass(app):
    """One pass of the worker: what is scheduled fails only in words that are foreseen."""
    wall, settings = app.context.clock, app.context.settings
    stopper = Stopper(app.context.sleep)
    jobs = settings.state_dir / "jobs"
    ports = WorkerPorts(stopper, FileLeases(jobs), LocalRecords(settings.state_dir), clock=wall, wall_clock=wall)
    turns: list[Turns] = []
    context = JobContext(
        app, settings.state_dir, clock=wall, health=lambda: {one.task.name: one.health for one in turns}
    )
    for of_worker in (False, True):
        turns += [Turns(task, ports) for task in tasks(Plan(15), context, lambda: "UTC", of_worker=of_worker)]
    for one in turns:
        one.run_due()
        assert "unexpected error" not in one.health.error, f"{one.task.name}: {one.health.error}"
    assert loaded(text_of(settings.state_dir / "worker.json"))["tasks"]


COMMANDS = {
    "sync": Command(lambda app, _: app.sync(plan=False, now=True, force=False)),
    "forget": Command(lambda app, _: app.forget(str(LEAD)), erases=True),
    "init": Command(lambda app, _: app.init(adopt=False)),
    "run": Command(lambda app, _: one_pass(app)),
    "doctor": Command(lambda app, _: app.doctor(probe=False)),
}


class Ends:
    """The ends of commands on a folder that nobody damaged.

    All are played before any trial: one server serves the workbook of the latest play, so that an end which is played
    inside a trial would leave the trial to read that end instead of its own workbook.
    """

    def __init__(self, place) -> None:
        self._found = {
            (name, imported): self._played(place, name, imported=imported)
            for name in ("sync", "forget")
            for imported in (True, False)
        }

    def of(self, name: str, *, imported: bool = True) -> tuple[dict[str, Any], dict[str, Any]]:
        """The workbook and the archives after a command and the runs that follow."""
        return self._found[name, imported]

    @staticmethod
    def _played(place, name: str, *, imported: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        with played(place, COMMANDS[name]) as play:
            if not imported:
                shutil.rmtree(play.A.state / "spool")
            play.give()
            play.rest(play.A)
            return seen(play), archives(play.A.state)


def seen(play: Play) -> dict[str, Any]:
    """The end of the workbook; of those who were erased only how many, since files tell of their former addresses."""
    end = play.end()
    del end["archived"], end["exported"]
    return end | {"erased": len(end["erased"])}


@pytest.fixture(scope="module")
def place(places):
    return places.after("contacted", torn)


@pytest.fixture(scope="module")
def ends(place):
    return Ends(place)


# -- one file, one damage, one command


def trial(place, ends: Ends, path: str, damage: str, name: str) -> str:
    """Damage a file, give a command, let the worker run; "" when all is as it should be, else what is not."""
    with played(place, COMMANDS[name]) as play:
        file = play.A.state / path
        DAMAGES[damage](file)
        try:
            report = ended_or_refused(play)
            play.rest(play.A)
        except Exception as failed:  # noqa: BLE001 - reported with what was done
            return f"{type(failed).__name__}: {failed}"
        return _ended(play, ends, file, damage, report if name == "forget" else None)


def ended_or_refused(play: Play) -> Any:
    """Give the command and end its process; give its report, or None when it said what is wrong and what to do."""
    play.begin()
    play.A.finish()
    error = play.A.error
    if error is not None and not (isinstance(error, CrmError) and error.message and error.remedy):
        raise error
    play.A._end_process()
    return play.A.result


def _ended(play: Play, ends: Ends, file: Path, damage: str, report: Any) -> str:
    command = "forget" if report else "sync"
    end, kept = ends.of(command)
    found = seen(play)
    if (
        file.parent.name == "spool"
        and damage != "as it was"
        and not differences(found, ends.of(command, imported=False)[0])
    ):
        return _lost(play, file) if damage != "missing" else ""
    wrong = [differences(found, end)]
    if report:
        others = {name: cells for name, cells in archives(play.A.state).items() if name != file.name}
        lost = {name for name, cells in kept.items() if name != file.name and others.get(name) != cells}
        wrong.append(f"archives that are not as they were: {sorted(lost)}" if lost else "")
        telling = play.known.in_files(play.A.state) - reported(play, report)
        wrong.append(f"told of in {sorted(telling)}" if telling else "")
        titles = play.known.in_tabs(play)
        wrong.append(f"told of in {sorted(titles)}" if titles else "")
    return "; ".join(filter(None, wrong))


def reported(play: Play, report: Any) -> set[str]:
    """Damaged files of which the report of ``forget`` says that it did not reach them."""
    damaged = [path for path in play.A.state.rglob("*damaged*") if any(path.name in text for text in report.notes)]
    return {str(path.relative_to(play.A.state)) for path in damaged}


def _lost(play: Play, file: Path) -> str:
    """An import that is lost is said to be, and what is left of it is kept."""
    said = [str(row[1]) for row in play.people.see("Control")[0] if str(row[7]).startswith("problem.")]
    said += [one["found"] for one in play.A.app.doctor(probe=False).json["findings"] if not one["ok"]]
    if not any(file.name in text for text in said):
        return f"the import is lost and nobody says so: {said}"
    if not any(file.name in path.name and "damaged" in path.name for path in play.A.state.rglob("*")):
        return "the damaged import is not kept"
    return ""


def trials(place, ends, paths, damages, name) -> None:
    wrong = {f"{path}, {damage}": trial(place, ends, path, damage, name) for path in paths for damage in damages}
    told = [f"{what}: {how}" for what, how in wrong.items() if how]
    if told:
        pytest.fail("\n".join([f"{name}, {len(told)} of {len(wrong)}:", *told]), pytrace=False)


def paths_of(place, kind: str) -> list[str]:
    """The file of a kind; of several the one that tells most of the lead."""
    state = place.desk.directory / "state"
    found = sorted(state.glob(KINDS[kind]), key=lambda path: text_of(path).count(NEWER))
    return [str(found[-1].relative_to(state))]


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", COMMANDS)
def test_with_a_damaged_file_a_command_ends_right_or_says_why_and_the_next_run_goes_on(place, ends, kind, name):
    damages = FEW if name not in {"sync", "forget"} else SOME
    if name == "sync" and kind in NOT_REBUILT:
        damages = DAMAGES
    trials(place, ends, paths_of(place, kind), damages, name)


def damage_rows(state: Path, rows: str, change: Callable[[bytes], bytes | None]) -> None:
    """Change the bodies of rows of the cache file behind their checksums; None deletes them."""
    table, _, condition = ROWS[rows].partition(" WHERE ")
    column = "value" if table == "facts" else "body"
    with closing(sqlite3.connect(state / "cache.db")) as file, file:
        bodies = [row[0] for row in file.execute(f"SELECT {column} FROM {table} WHERE {condition}")]
        assert bodies, f"no rows of {rows}"
        for body in bodies:
            changed = change(body)
            if changed is None:
                file.execute(f"DELETE FROM {table} WHERE {column} = ? AND {condition}", (body,))
            else:
                statement = f"UPDATE {table} SET {column} = ? WHERE {column} = ? AND {condition}"
                file.execute(statement, (changed, body))


@pytest.mark.long
@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("name", COMMANDS)
def test_with_damaged_rows_in_the_cache_file_too(place, ends, rows, name):
    wrong = {}
    for damage in OF_ROWS if name in {"sync", "forget"} else list(OF_ROWS)[:3]:
        with played(place, COMMANDS[name]) as play:
            damage_rows(play.A.state, rows, OF_ROWS[damage])
            report = ended_or_refused(play)
            play.rest(play.A)
            wrong[damage] = _ended(
                play, ends, play.A.state / "cache.db", damage, report if name == "forget" else None
            )
    assert not any(wrong.values()), wrong


@pytest.mark.long
def test_every_row_of_a_cache_file_is_of_a_kind_that_is_damaged_here(place):
    state = place.desk.directory / "state"
    assert {row[1] for row in rows_of(state, "caches")} == {"leads", "layout", "pending", "tables"}


@pytest.mark.long
def test_every_file_of_a_state_folder_is_of_a_kind_that_is_damaged_here(place):
    state = place.desk.directory / "state"
    files = {path for path in state.rglob("*") if path.is_file()}
    assert files == {path for pattern in KINDS.values() for path in state.glob(pattern)}


@pytest.mark.long
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["sync", "forget", "doctor"])
def test_with_every_file_damaged_at_once_too(place, ends, damage, name):
    with played(place, COMMANDS[name]) as play:
        spooled = set(play.A.state.glob("spool/*.json.gz"))
        damage_all(play.A.state, damage)

        command = "forget" if ended_or_refused(play) and name == "forget" else "sync"
        play.rest(play.A)

        found, whole, lost = seen(play), ends.of(command)[0], ends.of(command, imported=False)[0]
        assert not differences(found, whole) or not differences(found, lost), differences(found, whole)
        if found != whole and damage != "missing":
            assert [_lost(play, path) for path in spooled] == [""]


@pytest.mark.long
@pytest.mark.parametrize("damage", FEW)
def test_a_forget_that_was_cut_off_among_damaged_files_is_ended_by_giving_it_again(place, damage):
    """Also when what was noted of the person is damaged: then the worker alone cannot know."""
    forget = COMMANDS["forget"]
    _, boundaries = undisturbed(place, forget)
    for boundary in boundaries[::6]:
        with played(place, forget) as play:
            where = killed(play, boundary)
            damage_all(play.A.state, damage)
            play.rest(play.A)
            play.give()
            report = play.A.result
            play.rest(play.A)
            assert LEAD not in play.end()["Master"], where
            assert play.known.in_tabs(play) <= {"Lead Profile"}, where
            assert not play.known.in_files(play.A.state) - reported(play, report), where


def damage_all(state: Path, damage: str) -> None:
    for path in [path for path in state.rglob("*") if path.is_file()]:
        DAMAGES[damage](path)


@pytest.mark.long
def test_with_every_file_full_of_garbage_the_next_run_sends_what_is_ticked_once(places):
    with played(places.after("imported", torn_early), COMMANDS["sync"]) as play:
        (first,) = (row["LeadNumber"] for row in play.rows("Master") if row["verification_sent"] is True)
        damage_all(play.A.state, "garbage")
        assert play.people.tick_leads("verification", [first + 1])

        play.rest(play.A)

        sent = {
            row["LeadNumber"]: row["verification_batch"]
            for row in play.rows("Master")
            if row["verification_batch"]
        }
        assert sent == {first: "V-0001", first + 1: "V-0002"}
        assert [row["size"] for row in play.rows("Batches")] == [1, 1]
        assert list(play.A.state.glob("spool/*damaged*"))


def torn_early(desk):
    tear(desk, "Verification Input")


@pytest.mark.long
def test_what_is_not_the_workers_own_is_left_as_it_is(places):
    """Somebody keeps other things in the folder, or links to them; ``state_dir`` may be a folder with other uses."""
    with played(places.at("imported"), Command(lambda app, _: app.forget("1"))) as play:
        outside = play.directory / "outside"
        others = [outside / "tool", play.A.state / "notes.txt", play.A.state / "scripts" / "run.sh"]
        for path in others:
            path.parent.mkdir(exist_ok=True)
            path.write_text("7")
            path.chmod(0o755)
        (play.A.state / "linked").symlink_to(outside)
        (play.A.state / "tool").symlink_to(outside / "tool")

        play.give()
        play.rest(play.A)

        assert [(path.read_text(), path.stat().st_mode & 0o777) for path in others] == [("7", 0o755)] * 3
