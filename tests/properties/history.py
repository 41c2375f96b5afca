"""One history: people and one or two workers in any order, faults and deaths; then the promises of the workbook.

The promises are the numbered ones of the specification's section 7. What is checked here is counted with this file's
own code from the workbook's cells, not with the product's.
"""

import gzip
import re
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import orjson
from people import CALM, STEPS, WILD, People
from scene import Killed, Place, Worker

from sheets_crm.errors import Conflict, Retryable
from sheets_crm.files import write_csv
from sheets_crm.sync.run import Wish

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
DAY = 86_400.0
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
        self.workers = {name: Worker(place, directory, name) for name in "AB"}
        self.trace: list[str] = []
        self.identity: dict[int, str] = {}
        self.held: dict[tuple[str, int], str] = {}
        self.batches: dict[tuple[str, int], list[tuple[int, str]]] = {}
        self.moved = ""
        self.jobs: dict[str, str] = {}
        self.late: set[tuple[str, int]] = set()
        self.files = 0
        self.pending_file: tuple[str, str] | None = None
        self.imported: list[int] = []
        self.version = 0
        self._look()
        self.imports_before = {row["drop"]: row for row in self._rows("Imports")}
        self.settled_before = {key: batch for key, batch in self.held.items() if batch}

    # -- what can happen

    def act(self) -> None:
        """Let a person do something."""
        name = self.random.choice(CALM if self.calm else WILD)
        if name == "note" and any(worker.running for worker in self.workers.values()):
            return  # docs/reliability.md: a note typed in the second in which its row leaves the tab
        self.model.now += 1
        ticked = set(self.model.ticks)
        done = getattr(self.people, name)()
        if done is None:
            return
        if any(worker.running for worker in self.workers.values()):
            self.late |= set(self.model.ticks) - ticked
        self._say(f"person: {done}", f"person {name}")
        if "sorts" in done or "edits" in done:
            running = [worker.name for worker in self.workers.values() if worker.running]
            if running and "Master" in done:
                self.moved = running[0]
            if running and "sorts" in done:
                self.model.ticks = {
                    key: at for key, at in self.model.ticks.items() if key in self.settled_before or at < 0
                }
                self.model.beside.clear()
                self.model.notes.clear()
        self._look()

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
        return found

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
            else:
                self.people.paste(*what)
            self._run(worker, lambda app: app.context.run(Wish(now=True)), "run")

    def start(self, name: str) -> None:
        """Begin a run of a worker; one that is under way goes on a little."""
        worker = self._worker(name)
        if worker.running:
            self.step(name)
            return
        what, run = self._job(worker)
        self._say(f"worker {worker.name}: {what}", f"run {what}")
        self.jobs[worker.name] = what
        worker.start(run)
        self._after(worker)

    def step(self, name: str, count: int = 1, fault: dict[str, Any] | None = None) -> None:
        """Let a worker pass some boundaries, the first request with a fault of the server's."""
        worker = self._worker(name)
        faults = self.place.desk.server.application.faults
        for n in range(count):
            if not worker.running:
                return
            if fault is not None and n == 0:
                while worker.running and not worker.at.startswith("before"):
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
        lose = lose_state and not self.moved
        where = worker.at
        worker.kill(lose_state=lose)
        self._say(f"kill {worker.name} at {where}{', state lost' if lose else ''}", f"kill {where}")
        if lose:
            self.counts["state_dir lost"] += 1
        self._look()

    def sleep_a_day(self) -> None:
        """Let a day pass while a worker stands still."""
        if any(worker.running for worker in self.workers.values()):
            self._say("a day passes in the middle of a run", "slept a day")
            self.place.desk.now += DAY

    def _worker(self, name: str) -> Worker:
        """The worker asked for; while rows that moved under one's write wait for its repair, only that one moves."""
        return self.workers[self.moved or name]

    def _job(self, worker: Worker) -> tuple[str, Callable[[Any], Any]]:
        roll = self.random.random()
        if self.moved or roll < 0.45:
            return "sync now", lambda app: app.context.run(Wish(now=True, whole=bool(self.moved)))
        if roll < 0.8:
            return "sync", lambda app: app.context.run(Wish())
        if roll < 0.84:
            return "sync with a full read", lambda app: app.context.run(Wish(now=True, whole=True))
        if roll < 0.88:
            return "init", lambda app: app.init(adopt=False)
        if self.calm:  # who imports first gets the lower LeadNumbers: it does not commute with pastes
            return "sync now", lambda app: app.context.run(Wish(now=True))
        return "import", self._import(worker)

    def _import(self, worker: Worker) -> Callable[[Any], Any]:
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

    def _after(self, worker: Worker) -> None:
        if worker.running:
            if worker.at == "after write":
                self._look()
            return
        self._look()
        self._judge(worker)

    def _judge(self, worker: Worker) -> None:
        error = worker.error
        if error is None:
            if self.moved == worker.name:
                self.moved = ""
            if self.jobs.pop(worker.name, "").startswith("import"):
                self.pending_file = None
            return
        if isinstance(error, Killed):
            return
        if isinstance(error, Conflict | Retryable):
            self._say(f"{worker.name} gives up: {type(error).__name__}", f"run ended {type(error).__name__}")
            return
        raise BrokenPromiseError(f"worker {worker.name} failed: {error!r}") from error

    def _look(self) -> None:
        """Note which lead is whose and in which batch it is, at every state of the workbook that was published."""
        version = self.place.version()
        if self.moved or version == self.version:
            return
        self.version = version
        self.model.now += 1
        header, *body = self.people.see("Master")[0]
        at = {name: n for n, name in enumerate(header)}
        for row in body:
            lead = row[at["LeadNumber"]]
            if lead == "":
                continue
            self._same_person(int(lead), f"{row[at['personSalesUrl']]}|{row[at['personLinkedinUrl']]}")
            for step in STEPS:
                self._batch_of(step, int(lead), str(row[at[f"{step}_batch"]]))

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
        for worker in self.workers.values():
            worker.finish()
            self._after(worker)
        first = self.workers[self.moved or "A"]
        self._settle(first)
        for check in (
            self._idle,
            self._sent,
            self._drops,
            self._people,
            self._tables,
            self._figures,
            self._beside,
        ):
            check()

    def _settle(self, worker: Worker) -> None:
        """Run until a run finds nothing to do, the way a schedule does."""
        if self.pending_file:
            self._run(worker, self._import(worker), "import again")
        for _ in range(ROUNDS):
            before = self.place.version()
            self._run(worker, lambda app: app.context.run(Wish(now=True, whole=True)), "last run")
            if self.place.version() == before:
                return
        raise BrokenPromiseError("promise 4: the runs never come to rest")

    def _run(self, worker: Worker, run: Callable[[Any], Any], what: str) -> None:
        self.trace.append(f"worker {worker.name}: {what}")
        self.jobs[worker.name] = what
        worker.start(run)
        worker.finish()
        self._after(worker)
        if worker.error is not None:
            raise BrokenPromiseError(
                f"promise 5: undisturbed, {worker.name} fails: {worker.error!r}"
            ) from worker.error

    def _idle(self) -> None:
        """Promise 4, and 6: neither worker finds anything to write any more."""
        before = self.place.version()
        self._run(self.workers["A"], lambda app: app.context.run(Wish(now=True)), "idle run")
        self._run(self.workers["B"], lambda app: app.context.run(Wish(now=True, whole=True)), "idle full run")
        if self.place.version() != before:
            raise BrokenPromiseError("promise 4: a worker wrote although there was nothing to do")

    def _sent(self) -> None:
        """Promise 2: every tick that stands was honoured after it was given, or says why not."""
        problems = [str(row[1]) for row in self.people.see("Control")[0] if str(row[7]).startswith("problem.")]
        problems += [str(row["what"]) for row in self._rows("Log")]
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

    def _drops(self) -> None:
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
            raise BrokenPromiseError("promise 3: rows stay in a drop tab and Control does not say why")

    def _staying(self) -> int:
        titles = {sheet.title for sheet in self.place.published().sheets}
        found = 0
        for name in self.people.drops:
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
            if sizes[row["id"]] + gone != row["size"] and not reopened:
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
        """The Dashboard's formulas are the worker's figures, and the doctor finds nothing."""
        report = self.workers["A"].app.doctor(probe=False).json
        wrong = [found for found in report["findings"] if not found["ok"] and found["check"] != "clock"]
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
        for row_id, value in self.model.control.items():
            if cells[row_id][1] != value:
                raise BrokenPromiseError(f"promise 7: {row_id} was set to {value!r} and is {cells[row_id][1]!r}")

    def _left(self, name: str, lead: int) -> bool:
        """Whether a lead left an input tab and came back, when its row is a new one."""
        step = next(step for step, word in STEPS.items() if name.startswith(word))
        return bool(self.batches.get((step, lead)))

    def close(self) -> None:
        for worker in self.workers.values():
            worker.close()


def _importing(path: Any) -> Callable[[Any], Any]:
    return lambda app: app.import_tables([str(path)], step=None, target_id=None, plan=False)


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
        if roll < 0.4:
            history.act()
        elif roll < 0.6:
            history.start(name)
        elif roll < 0.78:
            history.step(name, random.choice((1, 2, 5, 40)))
        elif roll < 0.9:
            history.step(name, 1, random.choice(FAULTS))
        elif roll < 0.985:
            history.kill(name, lose_state=random.random() < 0.15)
        else:
            history.sleep_a_day()
    history.finish()
    if history.calm:
        compare(history)


__all__ = ["FAULTS", "BrokenPromiseError", "History", "play"]
