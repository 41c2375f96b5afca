"""One history: people and one or two workers in any order, faults and deaths; then the promises of the workbook.

The promises are the numbered ones of the specification's section 7. What is checked here is counted with this file's
own code from the workbook's cells, not with the product's.
"""

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import orjson
from damage import CACHE, SET_ASIDE, damage, kinds_of_files
from diary import Work
from forgetting import Asked, Forgetting, in_cells, in_files
from machines import DAY, HOUR, JUMPS, MINUTE, SKEWS, Machine, today
from mirrored import differences
from people import CALM, EXPORT, STEPS, TAKE, WILD, People
from scene import Killed, Place
from table_grid import same, tokens
from table_people import MOVING, TABLE_CALM, TABLE_WILD, TablePeople
from table_promises import TableWatch
from vocabulary_people import WORDS_CALM, WORDS_MOVING, WORDS_WILD, VocabularyPeople, VocabularyWatch

from sheets_crm.engine.session import RunRequest
from sheets_crm.errors import Conflict, RefusedPlan, Retryable, SheetError
from sheets_crm.files import write_csv

FAULTS = (
    {"status": 429},
    {"status": 429, "retry_after": 3},
    {"status": 500},
    {"status": 503, "times": 2},
    {"mode": "drop_response"},
    {"mode": "after_apply", "status": 503},
    {"mode": "after_apply", "status": 500, "times": 2},
    {"mode": "html_502"},
    {"mode": "truncate"},
    {"mode": "duplicate_delivery"},
    {"mode": "expire_token", "match": "/v4/"},
    {"mode": "html_502", "match": "/token"},
    {"mode": "delay", "seconds": 0.002},
)
STATES = {step: f"{step}_status" for step in STEPS} | {"instantly": "instantly_step_status"}
ROUNDS = 8
VOCABULARY = 0.3
"""How many of the acts of people are in Vocabulary."""
ZONE = "Europe/Madrid"
TIMES = ("last_run_at", "heartbeat")
LATE = 40_000
"""A number above it in Control is a time: a day after 2009."""
COMPARED = {
    *(
        "firstName",
        "lastName",
        "email",
        "email_validation",
        "validation_success",
        "companyName",
        "website",
        "box1_result",
    ),
    *("subject", "body_1", "instantly_status", *(f"{step}_sent" for step in STEPS), *STATES.values()),
}


class BrokenPromiseError(AssertionError):
    """A promise did not hold."""


class History:
    """One history of one workbook.

    Args:
        place: The workbook, which is put back first.
        random: Where every decision comes from.
        calm: Whether only acts that commute are played, so that the end can be compared with a serial run's.
    """

    def __init__(self, place: Place, random: Random, *, calm: bool = False) -> None:
        self.place, self.random, self.calm = place, random, calm
        directory = place.reset()
        self.directory = directory
        self.counts: Counter[str] = Counter()
        self.people = People(place, random, calm=calm)
        self.model = self.people.model
        beat = None if calm else random.choice((None, 5.0))
        self.workers = {name: Machine(place, directory, name, beat) for name in "AB"}
        self.forgetting = Forgetting(random)
        self.trace: list[str] = []
        self.identity: dict[int, str] = {}
        self.held: dict[tuple[str, int], str] = {}
        self.batches: dict[tuple[str, int], list[tuple[int, str]]] = {}
        self.moved = ""
        self.jobs: dict[str, str] = {}
        self.late: set[tuple[str, int]] = set()
        self.sorted_under: set[str] = set()
        self.damaged = False
        self.blinded: set[str] = set()
        self.spoiled: set[str] = set()
        self.killed: set[str] = set()
        self.under: set[str] = set()
        self.jumped: dict[str, float] = {}
        self.clocks_were_wrong = False
        self.reported: set[int] = set()
        self.files = 0
        self.pending_file: tuple[str, str] | None = None
        self.imported: list[int] = []
        self.version = 0
        self.table: TablePeople | None = None
        self.watch: TableWatch | None = None
        self.rows_moved, self.queue = False, list[str]()
        if place.has_table:
            self.table = TablePeople(self.people, random, calm=calm)
            self.watch = TableWatch(self.table, self.counts)
        self.words = VocabularyPeople(self.people, random, calm=calm)
        self.words_watch = VocabularyWatch(self.words, self.counts)
        if not calm:
            self.people.know_control()
        self._observe()
        self.imports_before = {row["drop"]: row for row in self._rows("Imports")}
        self.settled_before = {key: batch for key, batch in self.held.items() if batch}

    # -- what can happen

    def act(self) -> None:
        """Let a person do something."""
        if self.random.random() < VOCABULARY:
            self._act_in_vocabulary()
            return
        if self.table is not None and self.random.random() < 0.65:
            self._act_in_table()
            return
        name = self.random.choice(CALM if self.calm else WILD)
        if name == "type_lead":
            self._rest()
        if name == "rows_of_control" and self.random.random() < 0.5:
            self._to_a_write(self.random.choice("AB"))
        self._let(name)

    def _act_in_table(self) -> None:
        """Let an operator do something in the two-way table, unless its rows wait to be put right."""
        assert self.table is not None
        if self.rows_moved:
            self.counts["no act in the table while rows that moved wait to be put right"] += 1
            return
        part = self.table.model.part is not None
        name = self.random.choice(("undo", "confirm") if part else (TABLE_CALM if self.calm else TABLE_WILD))
        if name in MOVING and (self.moved or self._key_waits()):
            return
        if self.random.random() < 0.3:
            self._to_a_write(self.random.choice("AB"))
        if name == "sort_part" and self.words.model.part is not None:
            return  # one tick on Control confirms both
        if name == "sort_part" and self.random.random() < 0.7:
            self._rest()
        self._let_table(name)

    def _act_in_vocabulary(self) -> None:
        """Let an operator do something in Vocabulary, unless rows wait to be put right."""
        if self.rows_moved:
            self.counts["no act in the table while rows that moved wait to be put right"] += 1
            return
        part = self.words.model.part is not None
        name = self.random.choice(("undo", "confirm") if part else (WORDS_CALM if self.calm else WORDS_WILD))
        if name == "sort_part":
            if self.table is not None and self.table.model.part is not None:
                return
            self._rest()
        elif self.random.random() < 0.3:
            self._to_a_write(self.random.choice("AB"))
        self._let_vocabulary(name)

    def over_workers_cells(self, name: str) -> None:
        """Let somebody type over worker's cells between two quiet full reads of a worker: they are put back."""
        if self.table is None or self.calm or self.moved or self.under or self.table.model.part is not None:
            return
        assert self.watch is not None
        self._rest()
        worker = self.workers[name]
        if self.moved or self.rows_moved or self.table.model.part is not None:
            return
        self._full_read(worker)
        self._full_read(worker)  # what the one before put right, such as a key, is read as it stands now
        if self.table.waits():
            return
        done = self.table.over_workers_cells()
        if done is None:
            return
        row, before, typed = done
        self._say(f"person: types {typed} over worker's cells of {row}", "table over worker's cells")
        self.watch.look(by_worker=False)
        self._full_read(worker)
        after = self.table.grid().filled()[row]
        # What the worker says of an operator's cell that was edited beside them is its own to say.
        said = ("closed_at",) if "count" in typed else ("closed_at", "problem", "shown")
        wrong = {header: after[header] for header in said if not same(after[header], before[header])}
        if tokens(after) != tokens(before) or wrong:
            raise BrokenPromiseError(f"two-way: {typed} typed over {before} was not put back: {after}")
        if "count" in typed and after["count"] != typed["count"]:
            raise BrokenPromiseError(f"two-way: count of {row} was {typed['count']} and is {after['count']}")
        self.counts["two-way: worker's cells put back"] += len(typed.keys() - {"count"})

    def over_problem(self, name: str) -> None:
        """Let somebody type over a problem of Vocabulary between two quiet full reads of a worker: it is put back."""
        if self.calm or self.moved or self.rows_moved or self.words.model.part is not None:
            return
        if self.table is not None and self.table.model.part is not None:
            return
        worker = self.workers[name]
        self._full_read(worker)
        self._full_read(worker)
        before, blanked = self.words.rows(), set(self.words.model.blanked)
        done = self.words.problem_by_hand()
        if self.words.rows() == before or self.words.waits():
            return
        self._say(f"person: {done}", "vocabulary over a problem")
        self.words_watch.look(by_worker=False)
        self._full_read(worker)
        after = self.words.rows()
        if [row["problem"] for row in after] != [row["problem"] for row in before]:
            raise BrokenPromiseError(f"vocabulary: not put back: {done}; {after}")
        self.words.model.blanked = blanked

    def _full_read(self, worker: Machine) -> None:
        self._run(worker, lambda app: app.context.run(RunRequest(now=True, whole=True)), "quiet full read")

    def _key_waits(self) -> bool:
        """Whether a key that was typed over waits to be put back while a worker is under way."""
        assert self.table is not None
        running = any(worker.running for worker in self.workers.values())
        return running and any(row["_seen"] and not row["_key"] for row in self.table.grid().rows)

    def _let_table(self, name: str) -> None:
        assert self.table is not None
        assert self.watch is not None
        if self.moved and name in MOVING:
            return
        self._let_in(self.table, self.watch, "table", name)

    def _let_vocabulary(self, name: str) -> None:
        if not self.moved or name not in WORDS_MOVING:
            self._let_in(self.words, self.words_watch, "vocabulary", name)

    def _let_in(
        self, people: TablePeople | VocabularyPeople, watch: TableWatch | VocabularyWatch, where: str, name: str
    ) -> None:
        """Let somebody do something in a two-way table."""
        watch.look(by_worker=True)
        running = [worker.name for worker in self.workers.values() if worker.running]
        people.running, people.moved = set(running), False
        self.model.now += 1
        done = getattr(people, name)()
        if done is None:
            return
        self._say(f"person: {done}", f"{where} {name}")
        self.counts[f"acts in the {where} beside a run"] += bool(running)
        watch.look(by_worker=False)
        if people.moved and running:
            self.words.moved_beside_a_run()
            self.counts[f"{where} {name} beside a run"] += 1
            self.rows_moved = True
            self.moved, *self.queue = running
        self._observe()

    def _watch_table(self, *, moved: bool = False) -> None:
        """Look at the table after whatever a worker did, unless its rows wait to be put right."""
        try:
            self.words_watch.look(by_worker=True, settled=not self.rows_moved)
            if self.watch is not None and not self.rows_moved:
                self.watch.look(by_worker=True, moved=moved)
        except AssertionError as error:
            raise BrokenPromiseError(str(error)) from error

    def _to_a_write(self, name: str) -> None:
        """Let a worker that is under way come to where it writes next, or to the end of its run."""
        worker = self._worker(name)
        while worker.running and worker.at != "before write":
            worker.step()
            self._after(worker)

    def _rest(self, names: str = "AB") -> None:
        """Let workers come to the end of their runs: somebody waits for it."""
        for worker in map(self.workers.__getitem__, names):
            if worker.running:
                worker.finish()
                self._after(worker)

    def _unlikely(self, name: str) -> bool:
        """Whether something is known to be weaker in the second of somebody's write."""
        running = {worker.name for worker in self.workers.values() if worker.running}
        if name in {"sort_master", "rows_of_control"} and running & self.blinded:
            self.counts["no rows moved while the note of what is written is lost"] += 1
            return True
        reading = any(worker.running and worker.at != "before read" for worker in self.workers.values())
        if name in {"take", "settings", "parts"} and reading and self.model.control_moved:
            self.counts["no setting typed in the second in which moved rows may be laid out anew"] += 1
            return True
        if name == "ask_of_batch" and self.moved:
            self.counts["no undo of a batch that nobody has looked at yet"] += 1
            return True
        return bool(running) and name == "note"  # a note typed in the second in which its row leaves the tab

    def _let(self, name: str) -> None:
        if self._unlikely(name):
            return
        self.model.now += 1
        ticked = set(self.model.ticks)
        done = getattr(self.people, name)()
        if done is None:
            return
        running = [worker.name for worker in self.workers.values() if worker.running]
        if running:
            self.late |= set(self.model.ticks) - ticked
        self.sorted_under &= set(running)
        if self.sorted_under:  # the owner sorted while rows were about to be deleted: another lead's row may go
            for key in set(self.model.ticks) - ticked:
                del self.model.ticks[key]
                self.counts["tick given beside a sort, while rows were about to be deleted"] += 1
        if name == "rows_of_control":
            self.under |= set(running)
            self.counts["rows of Control moved while a worker runs"] += bool(running)
        self._say(f"person: {done}", f"person {name}")
        if "sorts" in done or "edits" in done:
            if running and "Master" in done:
                self.moved = running[0]
            if running and "sorts" in done:
                self.sorted_under |= set(running)
                self.model.ticks = {
                    key: at for key, at in self.model.ticks.items() if key in self.settled_before or at < 0
                }
                self.model.beside.clear()
                self.model.notes.clear()
        self._observe()

    @staticmethod
    def matches(mine: dict[str, Any], others: dict[str, Any]) -> None:
        """Hold the end of a calm history to that of the same acts, each followed by an undisturbed run."""
        for key in mine.keys() | others.keys():
            if mine.get(key) != others.get(key):
                raise BrokenPromiseError(
                    f"promise 5: {key} is {mine.get(key)}, undisturbed it is {others.get(key)}"
                )

    def _essence(self) -> dict[str, dict[str, Any]]:
        """Who is in the Master and what is known of them, LeadNumbers, times and batch ids apart."""
        found = {}
        for row in self._rows("Master"):
            apart = {name: cell for name, cell in row.items() if name in COMPARED}
            found[f"{row['personSalesUrl']}|{row['personLinkedinUrl']}"] = apart
        found |= self.words_watch.essence()
        return found | (self.watch.essence() if self.watch is not None else {})

    def again(self, acts: list[tuple[str, Any]]) -> None:
        """Play the acts of another history one after another, each followed by an undisturbed run."""
        worker = self.workers["A"]
        for kind, what in acts:
            self.model.now += 1
            if kind == "tick":
                step, leads = what
                sent = {row["LeadNumber"] for row in self._rows("Master") if row[f"{step}_sent"] is True}
                left = [lead for lead in leads if lead not in sent]  # the second tick of a lead finds it gone
                if left and self.people.tick_leads(step, left) is None:
                    raise BrokenPromiseError(f"undisturbed, {left} could not be ticked at {step}")
            elif kind == "table":
                assert self.table is not None
                assert self.watch is not None
                self.table.again(*what)
                self.watch.look(by_worker=False)
            elif kind == "words":
                self.words.again(*what)
                self.words_watch.look(by_worker=False)
            else:
                self.people.paste(*what)
            self._run(worker, lambda app: app.context.run(RunRequest(now=True)), "run")

    def start(self, name: str) -> None:
        """Begin a run of a worker; one that is under way goes on a little."""
        worker = self._worker(name)
        if worker.running:
            self.step(name)
            return
        what, run = self._job(worker)
        self._begin(worker, what, run)

    def step(self, name: str, count: int = 1, fault: dict[str, Any] | None = None) -> None:
        """Let a worker pass some boundaries, the first request with a fault of the server's."""
        worker = self._worker(name)
        faults = self.place.desk.server.application.faults
        for n in range(count):
            if not worker.running:
                return
            if fault is not None and n == 0:
                while worker.running and worker.at not in {"before read", "before write"}:
                    worker.step()
                    self._after(worker)
                if not worker.running:
                    return
                faults.arm(dict(fault))
                self._say(f"fault {fault} at {worker.name} {worker.at}", f"fault {_named(fault)}")
            worker.step()
            faults.disarm()
            self._after(worker)

    def kill(self, name: str, *, lose_state: bool = False) -> None:
        """Let a worker die where it stands."""
        worker = self._worker(name)
        if not worker.running:
            return
        lose = lose_state and not self.moved and name not in self.under
        where = worker.at
        worker.kill(lose_state=lose)
        self._say(f"kill {worker.name} at {where}{', state lost' if lose else ''}", f"kill {where}")
        if lose:
            self.counts["state_dir lost"] += 1
            self.forgetting.blind(worker.name)
        self.blinded.discard(worker.name)
        self.killed.add(worker.name)  # a set-up that it began is finished by its next run
        self._right(worker)
        self._watch_table()
        if self.table is not None:
            self.table.model.stop(worker.name)
        self._observe()

    def sleep_a_day(self) -> None:
        """Let a day pass while a worker stands still."""
        if any(worker.running for worker in self.workers.values()):
            self._say("a day passes in the middle of a run", "slept a day")
            self.place.desk.now += DAY

    def damage(self, name: str) -> None:
        """Let something happen to a file of a worker, whether it runs, rests or is dead."""
        worker = self.workers[name]
        kinds = kinds_of_files(worker.state)
        if self.calm or not kinds:
            return
        if (
            self.moved or self.under
        ):  # docs/reliability.md: what was about to be written is needed to put moved rows right
            self.counts["no damage while moved rows wait to be put right"] += 1
            return
        kind = self.random.choice(sorted(kinds))
        done = damage(self.random.choice(kinds[kind]), self.random)
        self._say(f"a file of {name} in {kind} is {done}", f"file {done}")
        self.counts[f"file of {kind}"] += 1
        self.damaged = True
        if kind == f"/{CACHE}":
            self.blinded.add(name)
        if "forget" in kind:
            self.forgetting.blind(name)
        if "spool" in kind:
            self.spoiled.add(name)

    def jump(self, name: str) -> None:
        """Let the clock of a worker, or of everybody, be wrong until its next run has ended; or a little for good."""
        if self.calm:
            return
        worker, roll = self.workers[name], self.random.random()
        self.clocks_were_wrong = True
        if roll < 0.2:
            worker.ahead = self.random.choice(SKEWS)
            self._say(f"the clock of {name} is {worker.ahead:+.0f} s off", "clock some seconds off")
            return
        what, seconds = self.random.choice(sorted(JUMPS.items()))
        if roll < 0.4 and not self.jumped:
            self.jumped[name] = seconds
            self.place.desk.now += seconds
            self._say(f"every clock is {what} until {name} has run", f"every clock {what}")
        else:
            worker.ahead = seconds
            self._say(f"the clock of {name} is {what} until it has run", f"clock {what}")

    def _right(self, worker: Machine) -> None:
        """Put the clock of a worker that has run right again."""
        self.place.desk.now -= self.jumped.pop(worker.name, 0.0)
        if abs(worker.ahead) >= HOUR:
            worker.ahead = 0.0

    def beat(self, name: str) -> None:
        """Bring a worker between its poll and its heartbeat; there the owner may move rows of Control."""
        worker = self.workers[name]
        if self.calm or self.moved or worker.heartbeat is None:
            return
        self._rest(name)
        self._begin(worker, "sync now", _now)
        self._rest(name)
        if self.moved:
            return
        self.place.desk.now += 3 * worker.heartbeat * MINUTE
        self._begin(worker, "sync", _scheduled)
        self._to_a_write(name)
        if worker.running:
            self.counts["sign of life about to be given"] += 1
            if self.random.random() < 0.7:
                self._let("rows_of_control")

    def _begin(self, worker: Machine, what: str, run: Callable[[Any], Any]) -> None:
        self._say(f"worker {worker.name}: {what}", f"run {what}")
        self.jobs[worker.name] = what
        worker.start(run)
        self._after(worker)

    def _worker(self, name: str) -> Machine:
        """The worker asked for; while rows that moved under one's write wait for its repair, only that one moves."""
        return self.workers[self.moved or name]

    def _job(self, worker: Machine) -> tuple[str, Callable[[Any], Any]]:
        roll = self.random.random()
        if self.moved:
            return "sync now", lambda app: app.context.run(RunRequest(now=True, whole=True))
        if self.table is not None and not self.calm and roll < 0.12:
            return "work in the table", self._work()
        if roll < 0.43 or (self.calm and roll >= 0.85):
            # Who imports first gets the lower LeadNumbers: it does not commute with pastes.
            return "sync now", _now
        if roll < 0.77:
            return "sync", _scheduled
        if roll < 0.81:
            return "sync with a full read", lambda app: app.context.run(RunRequest(now=True, whole=True))
        if roll < 0.85:
            return "init", lambda app: app.init(adopt=False)
        if roll < 0.95:
            return "import", self._import(worker)
        return self._forget(worker)

    def _work(self) -> Callable[[Any], Any]:
        """A command that adds rows to the table, or sets stages in it, as a job does."""
        assert self.table is not None
        model = self.table.model
        keys = [str(row["_key"]) for row in self.table.grid().filled().values() if row["_key"]]
        model.count += 1
        if self.random.random() < 0.6 or not keys:
            words = tuple(f"obra {model.count}.{n}" for n in range(self.random.randint(1, 3)))
            model.appended |= set(words)
            command = Work(append=words)
        else:
            lost = tuple(self.random.sample(keys, min(2, len(keys))))
            model.lost |= set(lost)
            command = Work(lose=lost)
        return lambda app: app.context.run(RunRequest(now=True, commands=(command,)))

    def forget(self, name: str) -> None:
        """Begin to forget somebody, or go on with what the worker does."""
        worker = self._worker(name)
        if self.calm or self.moved or worker.running:
            self.step(name)
            return
        self._begin(worker, *self._forget(worker))
        if self.random.random() < 0.2:
            self._to_a_write(name)
            self._let(self.random.choice(("sort_master", "sort_input", "rows_of_control", "tick")))

    def _forget(self, worker: Machine) -> tuple[str, Callable[[Any], Any]]:
        """A command of a person, who gives it again when it was cut off."""
        asked = self.forgetting.waiting(worker.name)
        if asked is None:
            rows = [row for row in self._rows("Master") if row["LeadNumber"] != ""]
            asked = self.forgetting.choose(rows, worker.name, worker.state)
        if asked is None:
            return "sync", _scheduled
        self.trace.append(f"lead {asked.lead} is to be forgotten, named {asked.name}")
        return "forget", _forgetting(asked.name)

    def _import(self, worker: Machine) -> Callable[[Any], Any]:
        """A command of a person, who gives it again when it was cut off."""
        if self.pending_file is None:
            rows = [self.people._person() for _ in range(self.random.randint(1, 3))]
            self.model.people |= {row[5] for row in rows}
            self.files += 1
            name = f"new-{self.files}.csv"
            write_csv(self.directory / name, ["firstName", "lastName", "title", "summary", "companyName", "vmid",
                                              "defaultProfileUrl"], rows)  # fmt: skip
            self.pending_file = (name, worker.name)
        return _importing(self.directory / self.pending_file[0])

    # -- watching

    def _say(self, line: str, kind: str) -> None:
        self.trace.append(line)
        self.counts[kind] += 1

    def _after(self, worker: Machine) -> None:
        if worker.running:
            self._watch_table()
            if worker.at == "after write":
                self._observe()
            return
        self._watch_table()
        self._observe()
        self._judge(worker)
        if not self.moved and self.rows_moved:
            self.rows_moved = False
            self._watch_table(moved=True)

    def _judge(self, worker: Machine) -> None:
        error, job = worker.error, self.jobs.pop(worker.name, "")
        self._right(worker)
        if self.table is not None:
            self.table.model.stop(worker.name)
        if error is None:
            self.under.discard(worker.name)
            if self.moved == worker.name:
                self.moved = self.queue.pop() if self.queue else ""
            if job.startswith("import"):
                self.pending_file = None
            if job.startswith("forget"):
                self._forgotten_by(worker)
            return
        if isinstance(error, Killed) or (job.startswith("forget") and self._not_found(worker)):
            return
        if isinstance(error, RefusedPlan) and error.cause == "layout:control" and self.under:
            self._say(f"{worker.name} is refused", "refused while another lays moved rows of Control out anew")
            return
        if isinstance(error, Conflict | Retryable):
            self._say(f"{worker.name} gives up: {type(error).__name__}", f"run ended {type(error).__name__}")
            return
        raise BrokenPromiseError(f"worker {worker.name} failed: {error!r}") from error

    def _forgotten_by(self, worker: Machine) -> None:
        """Note that a worker did what it was asked."""
        asked = self.forgetting.waiting(worker.name)
        assert asked is not None
        if worker.result.json["lead"] != asked.lead:
            raise BrokenPromiseError(f"{worker.result.json['lead']} was erased, asked was {asked}")
        asked.done = True

    def _not_found(self, worker: Machine) -> bool:
        """Whether a worker rightly says that it knows nobody of that name: then the LeadNumber is named next."""
        asked, error = self.forgetting.waiting(worker.name), worker.error
        assert asked is not None
        if not isinstance(error, SheetError) or isinstance(error, RefusedPlan):
            return False
        gone = asked.lead not in {row["LeadNumber"] for row in self._rows("Master")}
        if not gone and asked.name == str(asked.lead):
            return False
        self._say(f"{worker.name} does not find {asked.name}", "forget: nobody of that name")
        asked.name, asked.done = str(asked.lead), gone
        return True

    def _observe(self) -> None:
        """Note which lead is whose and in which batch it is, at every state of the workbook that was published."""
        version = self.place.version()
        if self.moved or version == self.version:
            return
        self.version = version
        self.model.now += 1
        header, *body = self.people.see("Master")[0]
        at = {name: n for n, name in enumerate(header)}
        people = [dict(zip(header, row, strict=True)) for row in body if row[at["LeadNumber"]] != ""]
        self.forgetting.see(people)
        self.model.highest = max([self.model.highest, *(int(row["LeadNumber"]) for row in people)])
        self._note_reports()
        for row in body:
            lead = row[at["LeadNumber"]]
            if lead == "":
                continue
            self._same_person(int(lead), f"{row[at['personSalesUrl']]}|{row[at['personLinkedinUrl']]}")
            for step in STEPS:
                self._batch_of(step, int(lead), str(row[at[f"{step}_batch"]]))

    def _note_reports(self) -> None:
        """Note which leads that were typed by hand Control speaks of."""
        if self.model.typed - self.reported:
            said = " ".join(self._problems())
            self.reported |= {lead for lead in self.model.typed if re.search(rf"\b{lead}\b", said)}

    def _problems(self) -> list[str]:
        return [str(row[1]) for row in self.people.see("Control")[0] if str(row[7]).startswith("problem.")]

    def _same_person(self, lead: int, keys: str) -> None:
        known = self.identity.setdefault(lead, keys)
        if known != keys and not set(filter(None, known.split("|"))) & set(keys.split("|")):
            raise BrokenPromiseError(f"LeadNumber {lead} was {known} and is {keys}")

    def _batch_of(self, step: str, lead: int, batch: str) -> None:
        key = (step, lead)
        before = self.held.get(key, "")
        self.held[key] = batch
        if batch == before:
            return
        allowed = key in self.model.opened or before in self.model.undone
        if before and not allowed:
            raise BrokenPromiseError(
                f"promise 1: lead {lead} left batch {before} of {step} for {batch!r}, nobody asked for it"
            )
        if batch:
            earlier = self.batches.setdefault(key, [])
            free = not earlier or key in self.model.opened or any(b in self.model.undone for _, b in earlier)
            if not free:
                raise BrokenPromiseError(f"promise 1: lead {lead} sent to {step} as {batch} after {earlier}")
            earlier.append((self.model.now, batch))

    def _rows(self, name: str) -> list[dict[str, Any]]:
        header, *body = self.people.see(name)[0] or [[]]
        return [
            dict(zip(header, row, strict=True)) for row in body if any(cell not in {"", False} for cell in row)
        ]

    # -- the end

    def finish(self) -> None:
        """Let the workers finish undisturbed, then hold the workbook to its promises."""
        self.place.desk.server.application.faults.disarm()
        first = self._put_right()
        self._rest()
        self._right_clocks()
        for name in sorted(self.under):
            self._run(self.workers[name], _now, "run after rows of Control were moved")
        if not self.calm:
            self._end_forgetting()
            self._import_what_was_spoiled()
            self._within_an_hour()
        self._end_part_sorted(first)
        self._end_part_of_vocabulary(first)
        self._run_until_idle(first)
        self.over_workers_cells(first.name)
        self.over_problem(first.name)
        if self.forgetting.asked:
            self._come_again(first)
            self._without_the_forgotten()
        for check in (
            self._idle,
            self._all_there,
            self._forgotten,
            self._sent,
            self._imports_add_up,
            self._people,
            self._tables,
            self._beside,
            self._times,
            self._two_way,
            self._figures,
            self._mirrored,
        ):
            check()

    def _right_clocks(self) -> None:
        for worker in self.workers.values():
            self._right(worker)
            worker.ahead = 0.0

    def _end_forgetting(self) -> None:
        """Let every worker end what it was asked: by its next run, or because it is asked again."""
        for worker in self.workers.values():
            asked = self.forgetting.waiting(worker.name)
            if asked is None:
                continue
            if self.random.random() < 0.5:
                self._run(worker, _now, "next run")
            there = asked.lead in {row["LeadNumber"] for row in self._rows("Master")}
            if there or self.random.random() < 0.5:
                self.counts["forget again"] += 1
                asked.name = str(asked.lead)
                self._run(worker, _forgetting(asked.name), "forget again")

    def _import_what_was_spoiled(self) -> None:
        """Do what a worker asks for whose waiting file was damaged: import it again, then delete what was set aside."""
        for name in sorted(self.spoiled):
            worker = self.workers[name]
            self._run(worker, _now, "run beside a damaged file")
            if self.pending_file:
                self._run(worker, self._import(worker), "import again")
            for path in worker.state.glob(f"*/*{SET_ASIDE}*"):
                path.unlink()
                self.counts["damaged import told of, imported again, deleted"] += 1
            self._run(
                worker, lambda app: app.context.run(RunRequest(now=True, whole=True)), "run after it was deleted"
            )

    def _within_an_hour(self) -> None:
        """However wrong a clock was: an hour after it is right, what was edited by hand is put right."""
        if not self.clocks_were_wrong:
            return
        for worker in self.workers.values():
            self._run(worker, _now, "run with its clock right")
            done = self.people.edit_derived()
            if done is None:
                return
            self._say(f"person: {done}", "edit an hour before a look")
            self.place.desk.now += HOUR + MINUTE
            self._run(worker, _scheduled, "run an hour later")
            tabs = self.people.see(*(f"{word} Input" for word in STEPS.values()))
            if any("a mano" in row for cells in tabs for row in cells):
                raise BrokenPromiseError(f"an hour after {done} {worker.name} has not put it right")

    def _come_again(self, worker: Machine) -> None:
        """Paste everybody who was forgotten once more."""
        rows = self.forgetting.export_rows()
        if rows:
            self.people.paste(EXPORT, rows)
            self.trace.append(f"{len(rows)} forgotten people are pasted again")
            self._run_until_idle(worker)

    def _without_the_forgotten(self) -> None:
        """Let the model forget who is forgotten."""
        gone = set(self.forgetting.asked)
        words = set().union(*(self.forgetting.known[lead].words for lead in gone))
        model = self.model
        model.ticks = {key: at for key, at in model.ticks.items() if key[1] not in gone}
        model.beside = {key: text for key, text in model.beside.items() if key[1] not in gone}
        model.notes = {lead: text for lead, text in model.notes.items() if lead not in gone}
        model.people = {person for person in model.people if person.casefold() not in words}

    def _put_right(self) -> Machine:
        """Let the workers in the second of whose writes rows or columns moved put them right, before any other reads.

        Returns:
            The worker that goes on first.
        """
        first = self.workers[self.moved or "A"]
        while self.moved:
            worker = self.workers[self.moved]
            if worker.running:
                worker.finish()
                self._after(worker)
            if self.moved == worker.name:
                self._right(worker)
                self._run(worker, lambda app: app.context.run(RunRequest(now=True, whole=True)), "run")
            if self.moved == worker.name:
                self.moved = self.queue.pop() if self.queue else ""
        return first

    def _end_part_sorted(self, worker: Machine) -> None:
        """Undo or confirm the sort of a part of the table, after the worker has said what waits."""
        if self.table is None or self.table.model.part is None:
            return
        part = self.table.model.part
        for _ in range(2):
            self._run(
                worker, lambda app: app.context.run(RunRequest(now=True, whole=True)), "run beside a part sorted"
            )
        waits = self.table.waits()
        if part.certain and not waits:
            raise BrokenPromiseError("two-way: a part of the table was sorted and Control does not say so")
        if waits:
            self.counts["two-way: a part sorted, waited for"] += 1
            for row in self.table.grid().filled().values():
                if row["_key"] and row["_seen"] and str(row["_seen"]).split("␟")[0] != row["_key"]:
                    raise BrokenPromiseError(f"two-way: _seen is not back beside {row['_key']}: {row['_seen']!r}")
        self._let_table("undo" if not waits or self.random.random() < 0.5 else "confirm")
        self.table.model.part = None

    def _end_part_of_vocabulary(self, worker: Machine) -> None:
        """Undo or confirm the sort of a part of Vocabulary, after the worker has said that it waits."""
        part = self.words.model.part
        if part is None:
            return
        self._full_read(worker)
        self._full_read(worker)
        waits = self.words.waits()
        if part.sure and not waits:
            raise BrokenPromiseError("vocabulary: a part was sorted and Control does not say so")
        self.counts["vocabulary: a part sorted, waited for"] += waits
        self._let_vocabulary("undo" if not waits or self.random.random() < 0.5 else "confirm")

    def _two_way(self) -> None:
        """The two-way tables are as people left them, and everything in them was done once."""
        try:
            self.words_watch.end()
            if self.watch is not None:
                self.watch.end()
        except AssertionError as error:
            raise BrokenPromiseError(str(error)) from error

    def _run_until_idle(self, worker: Machine) -> None:
        """Run until a run finds nothing to do, the way a schedule does."""
        if self.pending_file:
            self._run(worker, self._import(worker), "import again")
        for _ in range(ROUNDS):
            before = self.place.version()
            self._run(worker, lambda app: app.context.run(RunRequest(now=True, whole=True)), "last run")
            if self.place.version() == before:
                return
        raise BrokenPromiseError("promise 4: the runs never come to rest")

    def _run(self, worker: Machine, run: Callable[[Any], Any], what: str) -> None:
        self.trace.append(f"worker {worker.name}: {what}")
        self.jobs[worker.name] = what
        worker.start(run)
        worker.finish()
        forgetting = what.startswith("forget") and isinstance(worker.error, SheetError)
        self._after(worker)
        if worker.error is not None and not forgetting:
            raise BrokenPromiseError(
                f"promise 5: undisturbed, {worker.name} fails: {worker.error!r}"
            ) from worker.error

    def _idle(self) -> None:
        """Promise 4, and 6: neither worker finds anything to write any more, heartbeats apart."""
        for worker in self.workers.values():
            if worker.heartbeat is not None or self.clocks_were_wrong or worker.name in self.killed:
                self._run(worker, lambda app: app.context.run(RunRequest()), "heartbeat")
        before = self.place.version()
        self._run(self.workers["A"], lambda app: app.context.run(RunRequest(now=True)), "idle run")
        self._run(
            self.workers["B"], lambda app: app.context.run(RunRequest(now=True, whole=True)), "idle full run"
        )
        if self.place.version() != before:
            raise BrokenPromiseError("promise 4: a worker wrote although there was nothing to do")

    def _mirrored(self) -> None:
        """The store of the worker that read everything last shows the Master's leads."""
        wrong = differences(self.workers["B"].state, self._rows("Master"), COMPARED - {"validation_success"})
        if wrong:
            raise BrokenPromiseError(f"the mirror of the leads is not as the Master: {'; '.join(wrong[:3])}")

    def _all_there(self) -> None:
        """Nobody is gone from the Master but those who were forgotten, and no LeadNumber comes back."""
        there = [row["LeadNumber"] for row in self._rows("Master")]
        lost = self.identity.keys() - set(there) - self.forgetting.asked.keys()
        if lost:
            raise BrokenPromiseError(f"leads {sorted(lost)} are gone from the Master, nobody asked for it")
        back = self.forgetting.asked.keys() & set(there)
        if back:
            raise BrokenPromiseError(f"leads {sorted(back)} were forgotten and are in the Master")
        logged = " ".join(str(row["what"]) for row in self._rows("Log"))
        typed = self.model.typed - self.reported - self.forgetting.asked.keys()
        unsaid = sorted(lead for lead in typed if not re.search(rf"\b{lead}\b", logged))
        if unsaid:
            raise BrokenPromiseError(f"leads {unsaid} were typed by hand and nothing was said of it")

    def _forgotten(self) -> None:
        """Of who is forgotten nothing stands in a tab of the worker's, nor in a file of who was asked."""
        tabs = {sheet.title: self.people.see(sheet.title)[0] for sheet in self.place.published().sheets}
        for asked in self.forgetting.asked.values():
            told, names = self.forgetting.told_by(asked.lead), self.forgetting.names(asked.lead)
            for title in tabs.keys() - self._own_tabs():
                found = in_cells(tabs[title], told, names)
                if found:
                    raise BrokenPromiseError(f"lead {asked.lead} is forgotten and {title} says {found!r}")
                self._no_number(title, tabs[title], asked.lead)
            self._no_file(asked)

    def _own_tabs(self) -> set[str]:
        """Tabs that operators made or put something in: what the worker did not take from there is theirs."""
        titles = {self.people.titles.get(name, name) for name in self.people.import_tabs}
        there = [sheet.title for sheet in self.place.published().sheets]
        return titles | {title for title in there if title.startswith("Copia de ")}

    def _no_number(self, title: str, cells: list[list[Any]], lead: int) -> None:
        at = [n for n, cell in enumerate(cells[0]) if cell == "LeadNumber"] if cells else []
        if any(row[n] == lead for row in cells[1:] for n in at):
            raise BrokenPromiseError(f"lead {lead} is forgotten and has a row in {title}")

    def _no_file(self, asked: Asked) -> None:
        worker = self.workers[asked.worker]
        if asked.blind or worker.state != asked.state:
            self.counts["forgotten, but not on a disk that was lost"] += 1
            return
        for path in [path for path in asked.state.rglob(f"*{SET_ASIDE}*") if path.is_file()]:
            path.unlink()
            self.counts["damaged file deleted, as forget and doctor say"] += 1
        files = in_files(asked.state, self.forgetting.told_by(asked.lead))
        if files:
            raise BrokenPromiseError(f"lead {asked.lead} is forgotten and {worker.name} has it in {files}")
        self.counts["forgotten, and looked for everywhere"] += 1

    def _sent(self) -> None:
        """Promise 2: every tick that stands was honoured after it was given, or says why not."""
        problems = self._problems() + [str(row["what"]) for row in self._rows("Log")]
        master = {row["LeadNumber"]: row for row in self._rows("Master")}
        for (step, lead), at in self.model.ticks.items():
            if at < 0 or any(when > at for when, _ in self.batches.get((step, lead), [])):
                continue
            if master[lead][f"{step}_sent"] is True:
                continue
            if (step, lead) in self.late and master[lead][STATES[step]] == "":
                self.counts["tick on a row that left in that very second, its lead unfit"] += 1
                continue
            if not any(re.search(rf"{step}: [^;]* {lead} ", text) for text in problems):
                raise BrokenPromiseError(
                    f"promise 2: the tick of lead {lead} at {step} is lost; Control and Log say {problems}"
                )

    def _imports_add_up(self) -> None:
        """Promise 3: rows pasted = rows counted in Imports + rows that stay in their tab, and each count adds up."""
        counted = 0
        for row in self._rows("Imports"):
            parts = sum(row[name] for name in ("new", "updated", "unchanged", "duplicate", "rejected"))
            if parts != row["rows"]:
                raise BrokenPromiseError(f"promise 3: the counts of {row['drop']} do not add up: {row}")
            if row["drop"] not in self.imports_before and row["source"] != "Rejected":
                counted += 0 if str(row["source"]).startswith("new-") else row["rows"]
        staying = self._staying()
        if counted + staying != self.model.rows + len(self.model.stray):
            raise BrokenPromiseError(
                f"promise 3: {self.model.rows} rows pasted and {len(self.model.stray)} stray, "
                f"{counted} in Imports, {staying} still in their tabs"
            )
        if staying and not self._rows_said():
            raise BrokenPromiseError("promise 3: rows stay in an import tab and Control does not say why")

    def _staying(self) -> int:
        titles = {sheet.title for sheet in self.place.published().sheets}
        found = 0
        for name in self.people.import_tabs:
            if self.people.titles.get(name, name) in titles:
                (cells,) = self.people.see(name)
                found += sum(any(cell != "" for cell in row) for row in cells)
        claimed = [title for title in titles if title.startswith("Claim ")]
        if claimed:
            raise BrokenPromiseError(f"promise 3: claimed tabs are left: {claimed}")
        return found

    def _rows_said(self) -> bool:
        cells = self.people.see("Control")[0]
        return any(str(row[7]).startswith("problem.") and row[1] != "" for row in cells)

    def _people(self) -> None:
        """Promise 3, of people: everybody in a pasted or imported export is in the Master once, or in Rejected."""
        urls = Counter()
        for row in self._rows("Master"):
            urls.update({word for url in (row["personSalesUrl"], row["personLinkedinUrl"]) for word in _ids(url)})
        rejected = {str(cell) for row in self.people.see("Rejected")[0] for cell in row}
        waiting = {str(cell) for row in self.people.see("Inbox")[0] for cell in row}
        kept = self._archived()
        for person in self.model.people:
            where = urls[person.casefold()]
            if where > 1:
                raise BrokenPromiseError(f"promise 3: {person} is in the Master {where} times")
            if not where and person not in rejected | waiting:
                raise BrokenPromiseError(f"promise 3: {person} is nowhere; archived: {person in kept}")

    def _archived(self) -> set[str]:
        found: set[str] = set()
        for path in self.directory.glob("*/archive/*.json.gz"):
            with suppress(OSError, EOFError, zlib.error, ValueError, TypeError, KeyError):  # it was damaged
                body = orjson.loads(gzip.decompress(path.read_bytes()))
                found |= {str(cell) for row in body["cells"] for cell in row}
        return found

    def _tables(self) -> None:
        """Promise 9: each lead is in one state of each step; input and batch tabs hold exactly what follows."""
        master = {row["LeadNumber"]: row for row in self._rows("Master")}
        if len(master) != len(self._rows("Master")):
            raise BrokenPromiseError("a LeadNumber stands twice in the Master")
        for step, word in STEPS.items():
            ready = {lead for lead, row in master.items() if row[STATES[step]] == "ready"}
            for lead, row in master.items():
                self._one_state(step, lead, row)
            listed = [row["LeadNumber"] for row in self._rows(f"{word} Input") if row["LeadNumber"] != ""]
            if sorted(listed) != sorted(ready):
                raise BrokenPromiseError(
                    f"promise 9: {word} Input holds {sorted(listed)}, ready are {sorted(ready)}"
                )
            self._batches_match(step, word, master)

    def _one_state(self, step: str, lead: int, row: dict[str, Any]) -> None:
        sent, state, batch = row[f"{step}_sent"], row[STATES[step]], row[f"{step}_batch"]
        fine = state in {"processing", "completed"} if sent is True else state in {"", "ready"} and batch == ""
        if not fine:
            raise BrokenPromiseError(
                f"promise 9: lead {lead} at {step}: sent {sent!r}, status {state!r}, batch {batch!r}"
            )

    def _batches_match(self, step: str, word: str, master: dict[int, dict[str, Any]]) -> None:
        rows = [row for row in self._rows("Batches") if row["step"] == step]
        sizes = Counter(row[f"{step}_batch"] for row in master.values() if row[f"{step}_batch"])
        for row in rows:
            gone = int(row["undone"] or 0)
            reopened = any(key[0] == step for key in self.model.opened)
            less = row["size"] - gone - sizes[row["id"]]
            if not 0 <= less <= len(self.forgetting.asked) and not reopened:
                raise BrokenPromiseError(
                    f"{row['id']} says {row['size']} leads and {gone} undone; {sizes[row['id']]} bear it"
                )
        if set(sizes) - {row["id"] for row in rows}:
            raise BrokenPromiseError(f"leads bear batches without a row in Batches: {set(sizes)}")
        shown = [row["id"] for row in rows if row["shown"]]
        of_shown = {lead for lead, row in master.items() if shown and row[f"{step}_batch"] == shown[-1]}
        parts = [name for name in (f"{word} Batch", f"{word} Batch 2") if self._there(name)]
        listed = [row["LeadNumber"] for name in parts for row in self._rows(name) if row["LeadNumber"] != ""]
        if sorted(listed) != sorted(of_shown):
            raise BrokenPromiseError(f"{word} Batch holds {sorted(listed)}, {shown} is {sorted(of_shown)}")

    def _there(self, name: str) -> bool:
        title = self.people.titles.get(name, name)
        return any(sheet.title == title for sheet in self.place.published().sheets)

    def _figures(self) -> None:
        """The Dashboard's formulas are the worker's figures, and the doctor finds nothing.

        Where rows of Control were moved the doctor says to run init, which puts them back with what stands in them.
        """
        if self.model.control_moved:
            self._run(self.workers["A"], lambda app: app.init(adopt=False), "init puts the rows of Control back")
            self._beside()
            self._times()
        report = self.workers["A"].app.doctor(probe=False).json
        known = {"clock", *(("state folder",) if self.damaged else ())}
        wrong = [found for found in report["findings"] if not found["ok"] and found["check"] not in known]
        if wrong:
            raise BrokenPromiseError(f"the doctor finds {wrong}")

    def _beside(self) -> None:
        """Promise 7: what operators own is as they left it, and a note followed its lead."""
        master = {row["LeadNumber"]: row for row in self._rows("Master")}
        for lead, text in self.model.notes.items():
            if master[lead]["notes"] != text:
                raise BrokenPromiseError(
                    f"promise 7: the note of {lead} was {text!r} and is {master[lead]['notes']!r}"
                )
        for (name, lead), text in self.model.beside.items():
            rows = {row["LeadNumber"]: row for row in self._rows(name)}
            if lead in rows and rows[lead].get("mío") != text and not self._left(name, lead):
                raise BrokenPromiseError(
                    f"promise 7: {lead}'s own column in {name} was {text!r}: {rows[lead].get('mío')!r}"
                )
        cells = {row[7]: row for row in self.people.see("Control")[0]}
        for (row_id, column), value in self.model.control.items():
            found = cells[row_id][column]
            # A number that was obeyed goes with its tick, and a label with the import that takes it.
            once = row_id == "target_id" or (column == TAKE and value in {1, 3, 5})
            if found != value and not (once and found == ""):
                raise BrokenPromiseError(
                    f"promise 7: {row_id}, column {column}, was set to {value!r} and is {found!r}"
                )

    def _times(self) -> None:
        """Times stand on Control only where they belong, and no row of History is of a day to come."""
        control, system = self.people.see("Control", "System")
        known = {row[0]: row[1] for row in system}
        for n, row in enumerate(control, start=1):
            if row[7] in TIMES and row[1] != known[row[7]]:
                raise BrokenPromiseError(f"{row[7]} is {row[1]} on Control, {known[row[7]]} in System")
            if any(map(_is_time, row)) and row[7] not in TIMES:
                raise BrokenPromiseError(f"row {n} of Control holds a time: {row}")
        days = [row["date"] for row in self._rows("History")]
        if days and max(days) > today(self.place.desk.now, ZONE):
            raise BrokenPromiseError(f"History has a row of a day to come: {days}")
        if len(set(days)) != len(days):
            raise BrokenPromiseError(f"History has two rows of one day: {days}")

    def _left(self, name: str, lead: int) -> bool:
        """Whether a lead left an input tab and came back, when its row is a new one."""
        step = next(step for step, word in STEPS.items() if name.startswith(word))
        return bool(self.batches.get((step, lead)))

    def close(self) -> None:
        for worker in self.workers.values():
            worker.close()


def _now(app: Any) -> Any:
    return app.sync(plan=False, now=True, force=False)


def _scheduled(app: Any) -> Any:
    return app.sync(plan=False, now=False, force=False, scheduled=True)


def _idle(result: Any) -> bool:
    """Whether a run, or the report of one, says that there was nothing to do."""
    return bool(result.json.get("idle") if hasattr(result, "json") else getattr(result, "idle", False))


def _is_time(cell: Any) -> bool:
    return isinstance(cell, int | float) and cell > LATE


def _importing(path: Any) -> Callable[[Any], Any]:
    return lambda app: app.import_tables([str(path)], step=None, target_id=None, plan=False)


def _forgetting(name: str) -> Callable[[Any], Any]:
    return lambda app: app.forget(name)


def _ids(url: Any) -> set[str]:
    return {part.casefold() for part in str(url).replace(",", "/").replace("?", "/").split("/") if part}


def _named(fault: dict[str, Any]) -> str:
    return f"{fault.get('mode', 'status')} {fault.get('status', '')}".strip()


def compare(history: History) -> None:
    """Play a calm history's acts again without a disturbance, and hold the two ends to each other."""
    mine = history._essence()
    other = History(history.place, Random(0), calm=True)
    try:
        other.again(history.model.acts)
        other.finish()
        history.matches(mine, other._essence())
    finally:
        other.close()


def play(history: History, turns: int) -> None:
    """Play a whole history by its own random decisions."""
    random = history.random
    for _ in range(turns):
        roll = random.random()
        name = random.choice("AAB")
        if roll < 0.38:
            history.act()
        elif roll < 0.57:
            history.start(name)
        elif roll < 0.72:
            history.step(name, random.choice((1, 2, 5, 40)))
        elif roll < 0.83:
            history.step(name, 1, random.choice(FAULTS))
        elif roll < 0.905:
            history.kill(name, lose_state=random.random() < 0.15)
        elif roll < 0.935:
            history.damage(name)
        elif roll < 0.95:
            history.jump(name)
        elif roll < 0.965:
            history.beat(name)
        elif roll < 0.985:
            history.forget(name)
        elif roll < 0.993:
            history.over_workers_cells(name)
        else:
            history.sleep_a_day()
    history.finish()
    if history.calm:
        compare(history)


__all__ = ["FAULTS", "BrokenPromiseError", "History", "play"]
