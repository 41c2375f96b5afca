"""Plays: what happens at one boundary of a pass that pushes, how everybody goes on, and what must hold in the end."""

from collections.abc import Callable
from dataclasses import dataclass

from sheets_crm.claims.drip import drip
from sheets_crm.claims.judgement import Judgement
from sheets_crm.pipeline.push_words import Word
from tests.claims.plays import driven
from tests.claims.world import Killed
from tests.push.world import BLOCKED, NUMBERS, THERE

FINAL = {Word.ADDED, Word.DUPLICATE, Word.BLOCKED, Word.SKIPPED, Word.STOPPED}


class Course:
    """A play in its world, with the workbook as it was before the pass."""

    def __init__(self, world):
        self.world, self.kept = world, world.book.snapshot
        self.ordered_again = set()

    def go_on(self):
        """Hours go by: workers pass, a person adopts what is not in order, and decides on what is unknown."""
        world = self.world
        world.api.control("DELETE", "faults")
        for turn in range(12):
            world.book.faults = []
            world.book.arrive()
            world.time += 660
            report = world.drip()
            if report.judgement not in {Judgement.IN_ORDER, None}:
                world.adopt()
            world.book.name_campaign("campaign a")
            self.send_again()
            if turn > 2:
                self.decide()
            if self.settled() and not world.store.open_claims():
                break

    def send_again(self):
        """What an earlier version of the workbook shows as ready is ticked again."""
        ready = [n for n, status in self.world.book.column("instantly_step_status").items() if status == "ready"]
        if ready:
            self.world.book.send(*ready)

    def decide(self):
        """A person looked into the campaign: whom nobody answered for is not there, and is sent again."""
        words, batches = self.world.book.words(), self.world.book.column("instantly_batch")
        unknown = {number for number, word in words.items() if word in {Word.UNKNOWN, Word.FAILED}}
        out = {
            n for n, status in self.world.book.column("instantly_step_status").items() if status == "processing"
        }
        for batch in sorted({batches[number] for number in unknown & out}):
            self.world.book.undo(batch)

    def settled(self):
        return set(self.world.book.words().values()) <= FINAL

    def check(self):
        world, book = self.world, self.world.book
        added = world.added()
        assert all(n == 1 for n in added.values()), f"added twice: {added}"
        assert self.settled(), f"stuck: {book.column('instantly_push')}"
        assert not world.store.open_claims(), world.store.open_claims()
        words, statuses = book.words(), book.column("instantly_step_status")
        for number in NUMBERS:
            self._check_lead(f"p{number}@cliente.cl", words[number], added, statuses[number])

    def _check_lead(self, address, word, added, status):
        """Its word is true, and it is out as long as it stands in the campaign."""
        stands = word in {Word.ADDED, Word.DUPLICATE}
        stopped = word == Word.STOPPED and bool(self.world.stopped)
        if address == BLOCKED:
            assert word in {Word.BLOCKED, Word.SKIPPED} or stopped, f"{address}: {word}"
        elif address == THERE:  # or where there is another campaign meanwhile, it is added to that
            assert stands or stopped, f"{address}: {word}"
        else:
            assert stands == (added[address] == 1), f"{address}: {word}, {added}"
            assert stands or stopped, f"{address}: {word}"
        assert (status == "completed") == (not stands), f"{address}: {word}, {status}"


def nothing(course):
    """Nothing happens."""


def kill(course):
    raise Killed


def lost_disk(course):
    course.world.new_store("store-new")
    raise Killed


def second_worker(course):
    course.world.drip()


def second_worker_later(course):
    course.world.time += 660
    course.world.drip()


def second_worker_and_kill(course):
    course.world.drip()
    raise Killed


def second_store(course):
    """Another worker, on a store of its own that nobody has adopted."""
    course.world.drip(course.world.files("store-2"))


def second_store_adopts(course):
    store = course.world.files("store-2")
    course.world.adopt(store)
    course.world.drip(store)
    course.world.stores = {"store-2": store}


def second_store_adopts_and_kill(course):
    second_store_adopts(course)
    raise Killed


def set_back(course):
    course.world.book.snapshot = course.kept


def set_back_and_kill(course):
    set_back(course)
    raise Killed


def copied(course):
    """Somebody copies the spreadsheet, and a worker with a copy of the store is started on it."""
    other = course.world.book.copy("another book")
    report = course.world.drip(course.world.files("store-1"), other)
    assert report.judgement is Judgement.COPIED
    course.world.judged.discard(Judgement.COPIED)


def another_campaign_and_kill(course):
    """Somebody names another campaign, and a worker passes before it is put right."""
    course.world.book.name_campaign("campaign b")
    course.world.time += 660
    course.world.drip()
    raise Killed


def asleep(course):
    """A day, in which another worker passes."""
    for hours in (1, 12, 12):
        course.world.time += hours * 3600
        course.world.drip()


def run_fault(kind):
    def disturb(course):
        course.world.book.faults = [kind]

    return disturb


def run_late_and_kill(course):
    course.world.book.faults = []
    raise Killed


def nobody_may_be_contacted(course):
    course.world.stopped = frozenset({"@cliente.cl"})


def service_fault(mode):
    def disturb(course):
        course.world.api.control("POST", "faults", {"match": "leads/add", "mode": mode})

    return disturb


@dataclass(frozen=True)
class Play:
    """A play: what happens at the boundary, and what may be judged of store and workbook by it."""

    name: str
    disturb: Callable
    judgements: tuple = ()


OTHER, SET_BACK = (Judgement.OTHER_STORE,), (Judgement.SET_BACK,)
PLAYS = [
    Play("nothing", nothing),
    Play("kill", kill),
    Play("lost disk", lost_disk, OTHER),
    Play("second worker", second_worker),
    Play("second worker later", second_worker_later),
    Play("second worker and kill", second_worker_and_kill),
    Play("second store", second_store, OTHER),
    Play("second store adopts", second_store_adopts, OTHER),
    Play("second store adopts and kill", second_store_adopts_and_kill, OTHER),
    Play("set back", set_back, SET_BACK),
    Play("set back and kill", set_back_and_kill, SET_BACK),
    Play("copied", copied),
    Play("another campaign and kill", another_campaign_and_kill),
    Play("asleep for a day", asleep),
    Play("a run is lost", run_fault("lost")),
    Play("a run is late", run_fault("late")),
    Play("a run goes through unnoticed", run_fault("unnoticed")),
    Play("do not contact", nobody_may_be_contacted),
    *(
        Play(f"service: {mode}", service_fault(mode))
        for mode in ("status", "drop_request", "drop_response", "truncate", "after_apply", "duplicate_delivery")
    ),
]


def play_at(make_world, play_, boundary):
    """One play at one boundary: whether the pass got that far; all that must hold is checked."""
    course = Course(world := make_world())
    try:
        reached, report = driven(drip(world.ports()), boundary, lambda: play_.disturb(course))
        world.judged.add(report.judgement)
    except Killed:
        reached = True
    except Exception as error:
        if type(error).__name__ not in {"Retryable", "UnknownOutcome"}:
            raise
        reached = True
    course.go_on()
    course.check()
    assert world.judged <= {Judgement.IN_ORDER, None, *play_.judgements}, world.judged
    return reached
