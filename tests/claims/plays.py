"""Plays: what happens at one boundary of a pass, how everybody goes on from there, and what must hold in the end."""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sheets_crm.claims.adopt import adopt
from sheets_crm.claims.balance import counted
from sheets_crm.claims.choices import Choice, choose, offered
from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.drip import drip
from sheets_crm.claims.effects import play
from sheets_crm.claims.judgement import Judgement
from sheets_crm.claims.message import message_id, travelling_key
from sheets_crm.claims.values import AnswerKind
from tests.claims.world import MAILBOX_CAP, Killed, ModelStore, ModelWorkbook, PortError, World, newcomer

DOUBT = {ClaimState.CLAIMED, ClaimState.UNKNOWN}


def driven(steps, boundary, disturb):
    """Play a pass and disturb it at one boundary: before (even) or after (odd) its n-th call. Whether it got that far, and its report."""
    go_on_with, outcome, at = steps.send, None, 0
    while True:
        try:
            call = go_on_with(outcome)
        except StopIteration as end:
            return at > boundary, end.value
        try:
            if at == boundary:
                disturb()
            go_on_with, outcome = steps.send, call.make()
            if at + 1 == boundary:
                disturb()
        except PortError as error:  # the process lives; Killed is not heard by the pass
            go_on_with, outcome = steps.throw, error
        at += 2


@dataclass
class Course:
    """A play in its world: which store goes on in the end, and what was kept before the pass."""

    world: World
    store: ModelStore
    most_unknown: int = 0
    judged: set = field(default_factory=set)
    expected: tuple[Judgement, ...] = ()
    must_judge: set = field(default_factory=set)
    blocked: dict = field(default_factory=dict)
    may_be_late: int = 0
    sleeper: object = None

    def __post_init__(self):
        self.workbook = self.world.workbook
        self.keep()

    def keep(self):
        """Backups of store and workbook between two passes."""
        self.version, self.backup = self.workbook.version(), copy.deepcopy(self.store)

    def another_pass(self, store=None):
        report = self.world.drip(store or self.store)
        self.watch()
        return report

    def new_store(self, name):
        self.world.stores[name] = self.world.make_store(name)
        return self.world.stores[name]

    def persons_choose(self):
        """Odd enrolments: was sent; even ones are sent again, as soon as that is offered; hopeless ones not at all."""
        now = self.world.clock.now()
        for row in list(self.workbook.rows.values()):
            choices = offered(row, now) if row.claim is ClaimState.UNKNOWN else ()
            choice = Choice.SEND_AGAIN if int(row.enrolment[-1]) % 2 == 0 and row.open else Choice.WAS_SENT
            if choice in choices and play(choose(self.world.ports(self.store), message_id(row), choice)):
                place = (self.workbook.spreadsheet_id, row.enrolment, row.position)
                self.world.sent_again[place] += choice is Choice.SEND_AGAIN

    def watch(self):
        unknown = sum(row.claim is ClaimState.UNKNOWN for row in self.workbook.rows.values())
        self.most_unknown = max(self.most_unknown, unknown)

    def go_on(self, rounds=20):
        """Days go by: workers pass, a person adopts what is not in order, and settles what is unknown."""
        quiet = 0
        for _ in range(rounds):
            self.workbook.arrive()
            report = self.another_pass()
            self.watch()
            self.judged.add(report.judgement)
            if report.judgement not in {Judgement.IN_ORDER, None}:
                self.world.adopt(self.store)
            self.workbook.campaigns = frozenset({"K-01"})
            self.watch()
            for store in self.world.stores.values():
                self.another_pass(store)
            self.persons_choose()
            self.world.clock.sleep(hours=11)
            quiet = quiet + 1 if not self.unsettled() else 0
            if quiet > 1:
                return

    def unsettled(self):
        rows = self.workbook.rows.items()
        return {key: (row.state, row.claim) for key, row in rows if row.open or row.claim in DOUBT}

    def check(self):
        world, rows = self.world, self.workbook.rows
        twice = {key: n for key, n in Counter(sent.key for sent in world.provider.log).items() if n > 1}
        assert not twice, f"handed over twice: {twice}"
        self._check_positions()
        self._check_caps()
        self._check_order()
        self._check_persons()
        assert not self.unsettled(), f"stuck: {self.unsettled()}"
        counts = counted(rows, self.store.claims.values())
        assert all(each.balanced for each in counts.values()), counts

    def _check_positions(self):
        """A position reaches a person once, and once more for each time that somebody chose to send it again."""
        left = Counter(
            (self._workbook_of(sent), sent.row.enrolment, sent.row.position)
            for sent in self.world.provider.log
            if sent.left
        )
        again = {place: n for place, n in left.items() if n > 1 + self.world.sent_again[place]}
        assert not again, f"a position reached somebody again: {again}"

    def block(self, *leads):
        """From now on nothing may be sent to them, but for what is just being sent."""
        self.may_be_late += self.world.in_hand
        for lead in leads:
            self.blocked.setdefault(lead, self._sent_to(lead))

    def _sent_to(self, lead):
        return sum(sent.row.lead_number == lead for sent in self.world.provider.log)

    def _check_persons(self):
        """An id is of one person, and nobody is contacted who may not be."""
        for sent in filter(self._own, self.world.provider.log):
            shown = self.workbook.rows[sent.row.enrolment].lead_number
            assert shown == sent.row.lead_number, f"{sent.message_id} is shown with lead {shown}"
        late = sum(self._sent_to(lead) - before for lead, before in self.blocked.items())
        assert late <= self.may_be_late, "after do not contact"

    def _check_order(self):
        """No attempt follows a later one, no enrolment another one of its person; and every row is there."""
        own = [sent for sent in self.world.provider.log if self._own(sent)]
        for sent in own:
            assert sent.row.enrolment in self.workbook.rows, f"no row of {sent.message_id}"
        for row in self.workbook.rows.values():
            places = [sent.row.place for sent in own if sent.row.enrolment == row.enrolment]
            assert places == sorted(places), f"out of order: {row.enrolment} {places}"
            turns = [e for e, _ in itertools.groupby(s.row.enrolment for s in own if s.row.address == row.address)]
            assert len(turns) == len(set(turns)), f"two enrolments of a person: {turns}"

    def _workbook_of(self, sent):
        return self.workbook.spreadsheet_id if self._own(sent) else "copy"

    def _own(self, sent):
        return sent.key == travelling_key(sent.message_id, salt="salt", workbook=self.workbook.spreadsheet_id)

    def _check_caps(self):
        own = [sent for sent in self.world.provider.log if self._own(sent)]
        days = Counter((sent.row.mailbox, sent.row.claimed_at.date()) for sent in own)
        assert all(n <= MAILBOX_CAP for n in days.values()), f"mailbox cap: {days}"
        persons = Counter((sent.row.lead_number, sent.row.claimed_at.date()) for sent in own)
        assert all(n <= 1 for n in persons.values()), f"person cap: {persons}"


def go_on(course):
    """Nothing happens."""


def kill(course):
    raise Killed


def lost_disk(course):
    course.store = course.new_store("store-new")
    del course.world.stores["store-1"]
    raise Killed


def restored_store(course):
    """From a backup of the product's own, which gets another id."""
    course.store = course.backup
    course.store.rename("store-restored")
    course.world.stores = {"store-restored": course.store}
    raise Killed


def store_image(course):
    """From an image of the disk between two passes: the same id, an earlier state."""
    course.store = course.backup
    system = course.workbook.system
    if system.store_epoch > course.store.highest and system.store_id == course.store.store_id:
        course.must_judge.add(Judgement.RESTORED)
    course.world.stores = {"store-1": course.store}
    raise Killed


def second_worker(course):
    course.another_pass()


def second_worker_later(course):
    course.world.clock.sleep(minutes=11)
    course.another_pass()


def second_worker_and_kill(course):
    course.another_pass()
    raise Killed


def asleep(course):
    """25 hours, in which another worker passes, and people settle what is unknown."""
    for hours in (1, 12, 12):
        course.world.clock.sleep(hours=hours)
        course.another_pass()
        course.persons_choose()
        course.another_pass()


def second_store(course):
    """Another worker, on a store of its own, that nobody has adopted."""
    course.another_pass(course.new_store("store-2"))


def _take_over(course):
    course.store = course.new_store("store-2")
    course.world.adopt(course.store)
    course.another_pass()


def second_store_adopts(course):
    _take_over(course)


def second_store_adopts_and_kill(course):
    _take_over(course)
    raise Killed


def second_store_adopts_while_asleep(course):
    _take_over(course)
    asleep(course)


def set_back(course):
    earlier = course.version[1]
    if course.store.sequence > earlier.sequence and course.store.store_id == earlier.store_id:
        course.must_judge.add(Judgement.SET_BACK)
    course.workbook.set_back(course.version)


def set_back_to_before_an_enrolment(course):
    earlier = course.version[1]
    if course.store.sequence > earlier.sequence and course.store.store_id == earlier.store_id:
        course.version[0].pop("N-0001")
    set_back(course)


def set_back_and_kill(course):
    set_back(course)
    raise Killed


def second_worker_later_while_paused(course):
    """Campaigns are paused for a while, so that claims in doubt are cancelled and not claimed anew."""
    course.workbook.campaigns = frozenset()
    second_worker_later(course)
    course.workbook.campaigns = frozenset({"K-01"})


def sleeper_wakes(course):
    """The worker that slept in the middle of its pass goes on to the end, if there is one."""
    steps, course.sleeper = course.sleeper, None
    if steps:
        driven(steps, -1, lambda: None)


def late_write_arrives(course):
    course.workbook.arrive()


def copied(course):
    """Somebody copies the spreadsheet; a worker is started on the copy, which is adopted."""
    other = ModelWorkbook("S-2", "store-1", [])
    other.rows, other.system, other.stamps, other.do_not_contact, other.campaigns = course.workbook.version()
    store = course.world.make_store("store-1")
    assert course.world.drip(store, other).judgement is Judgement.COPIED
    for _ in range(2):
        assert course.world.adopt(store, other).done
        other.campaigns = frozenset({"K-01"})
        course.world.drip(store, other)
    assert not any(row.open for row in other.rows.values())


def suppressed(course):
    """Everybody asks not to be contacted: they are on the store's list, the workbook's follows."""
    suppressed_in_the_store(course)
    course.workbook.do_not_contact = frozenset({"@cliente.cl"})
    course.workbook.touch()


def suppressed_in_the_store(course):
    """Everybody asks not to be contacted, and nothing brings that into the workbook."""
    course.world.suppressions.added = frozenset({"@cliente.cl"})
    course.block(*(row.lead_number for row in course.workbook.rows.values()))


def port_raises(course):
    raise PortError


def somebody_enrolled(course):
    """Somebody is enrolled at once, unless the pass has the lease; another one when that has expired."""
    course.world.enrol(newcomer(8), store=course.store)
    course.world.clock.sleep(minutes=11)
    course.world.enrol(newcomer(9), store=course.store)


def set_back_and_somebody_enrolled(course):
    set_back(course)
    course.world.clock.sleep(minutes=11)
    course.world.enrol(newcomer(9), store=course.store)


def write_fault(fault, *then):
    def disturb(course):
        course.workbook.faults = [fault]
        for act in then:
            act(course)

    return disturb


@dataclass(frozen=True)
class Play:
    """A play: what happens at the boundary, how many messages at most become unknown by it, and what may be judged of it.

    After a call and before the next one is the same moment, which is played once; but a call that fails may have been
    made, or not.
    """

    name: str
    disturb: Callable[[Course], None]
    unknown: int = 0
    judgements: tuple[Judgement, ...] | None = ()
    at_each_side: bool = False


OTHER = (Judgement.OTHER_STORE,)
RESTORED = (Judgement.RESTORED,)
SET_BACK = (Judgement.SET_BACK,)
PLAYS = [
    Play("nothing", go_on),
    Play("kill", kill, 1),
    Play("lost disk", lost_disk, 2, OTHER),
    Play("restored store", restored_store, 2, OTHER),
    Play("image of the store", store_image, 2, RESTORED),
    Play("second worker", second_worker),
    Play("second worker later", second_worker_later, 1),
    Play("second worker and kill", second_worker_and_kill, 1),
    Play("asleep for 25 hours", asleep, 1),
    Play("second store", second_store),
    Play("second store adopts", second_store_adopts, 2, OTHER),
    Play("second store adopts and kill", second_store_adopts_and_kill, 2, OTHER),
    Play("second store adopts while asleep", second_store_adopts_while_asleep, 2, OTHER),
    Play("set back", set_back, 1, SET_BACK),
    Play("set back and kill", set_back_and_kill, 1, SET_BACK),
    Play("set back to before an enrolment", set_back_to_before_an_enrolment, 1, SET_BACK),
    Play("copied", copied),
    Play("do not contact", suppressed),
    Play("do not contact, in the store alone", suppressed_in_the_store),
    Play("a port raises", port_raises, 1, at_each_side=True),
    Play("somebody is enrolled", somebody_enrolled),
    Play("set back and somebody is enrolled", set_back_and_somebody_enrolled, 1, SET_BACK),
    Play("write refused", write_fault("refused")),
    Play("write lost", write_fault("lost")),
    Play("write landed without an answer", write_fault("landed")),
    Play("write late", write_fault("late")),
    Play("write displaced", write_fault("displaced")),
    Play("second worker later while paused", second_worker_later_while_paused, 1),
    Play("the sleeper wakes", sleeper_wakes),
    Play("a late write arrives", late_write_arrives),
]


def first_pass(play_):
    """The pass under test is the first one."""
    course = Course(world := World(), world.stores["store-1"])
    return course, lambda: drip(world.ports(course.store))


def pass_after_a_kill(play_):
    """An earlier pass was killed in its first hand-over: one message is in hand, one was claimed only."""
    world = World()
    course = Course(world, world.stores["store-1"])
    killed_at(course, drip(world.ports(course.store)), "hand_over")
    world.clock.sleep(minutes=11)
    course.keep()
    return course, lambda: drip(world.ports(course.store))


def adopting_a_lost_store(play_):
    """The pass under test is the adoption of a workbook whose store was lost in a pass."""
    world = World()
    course = Course(world, world.stores["store-1"])
    killed_at(course, drip(world.ports(course.store)), "hand_over")
    course.store = world.stores["store-1"] = world.make_store("store-1b")
    course.keep()
    course.expected = OTHER
    return course, lambda: adopt(world.ports(course.store), "store-1c")


def killed_at(course, steps, name):
    """Play a pass until just after the first call whose name begins like this, and no further."""
    answer = None
    while True:
        call = steps.send(answer)
        answer = call.make()
        if call.name.rpartition(".")[2].startswith(name):
            steps.close()
            return


def pass_beside_a_sleeper(play_):
    """Another worker sleeps since eleven minutes between its last look at the clock and its first hand-over."""
    world = World()
    course = Course(world, world.stores["store-1"])
    course.sleeper = asleep_before(drip(world.ports(course.store)), ".begin_hand_over")
    world.clock.sleep(minutes=11)
    course.keep()
    return course, lambda: drip(world.ports(course.store))


def pass_after_a_late_write(play_):
    """The write of an earlier pass had no answer, and may still be on its way."""
    course, steps = first_pass(play_)
    course.workbook.faults = ["late"]
    driven(steps(), -1, lambda: None)
    return course, steps


def pass_whose_claim_misses_a_row(play_):
    """The claim is written, but not into the row of the first enrolment."""
    course, steps = first_pass(play_)
    course.workbook.faults = ["displaced"]
    return course, steps


def asleep_before(steps, name):
    """A pass, stopped just before a call (a part of its name); whoever goes on with it makes that call first."""
    call = next(steps)
    while name not in call.name:
        call = steps.send(call.make())

    def rest():
        following = call
        try:
            while True:
                try:
                    answer = yield following
                except PortError as error:
                    following = steps.throw(error)
                else:
                    following = steps.send(answer)
        except StopIteration as end:
            return end.value

    return rest()


def two_rows_of_one_person(play_):
    """The third enrolment has the first one's address."""
    course, steps = first_pass(play_)
    rows = course.workbook.rows
    rows["N-0003"] = replace(rows["N-0003"], address=rows["N-0001"].address)
    course.keep()
    return course, steps


def pass_after_an_enrolment(play_):
    """Somebody was enrolled since the version that was kept."""
    world = World(people=1)
    course = Course(world, world.stores["store-1"])
    assert world.enrol(newcomer(8)).enrolled == ("N-0002",)
    return course, lambda: drip(world.ports(course.store))


SUBJECTS = [
    first_pass,
    pass_after_an_enrolment,
    two_rows_of_one_person,
    pass_after_a_kill,
    adopting_a_lost_store,
    pass_beside_a_sleeper,
    pass_after_a_late_write,
    pass_whose_claim_misses_a_row,
]


def play_at(subject, play_, boundary, answers=None):
    """One play at one boundary: whether the pass got that far; all that must hold is checked."""
    course, steps = subject(play_)
    course.world.provider.answers.update(answers or {})
    try:
        reached, report = driven(steps(), boundary, lambda: play_.disturb(course))
        course.judged.add(report.judgement)
    except (Killed, PortError):
        reached = True
    course.go_on()
    course.check()
    assert course.must_judge <= course.judged, f"never judged: {course.must_judge - course.judged}"
    assert play_.judgements is None or course.judged <= {
        Judgement.IN_ORDER,
        None,
        *play_.judgements,
        *course.expected,
    }, course.judged
    # a write that arrives in an earlier version claims what the store has withdrawn
    late = subject is pass_after_a_late_write and Judgement.SET_BACK in play_.judgements
    before = {pass_after_a_kill: 1, pass_beside_a_sleeper: 1, adopting_a_lost_store: 2}
    allowance = max(play_.unknown + before.get(subject, 0), 2 * late) * course.world.in_hand
    extra = sum(kind is AnswerKind.NO_ANSWER for kind, _ in course.world.provider.answers.values())
    assert course.most_unknown <= allowance + extra, f"{course.most_unknown} unknown"
    return reached


def play_everywhere(subject, play_, answers=None):
    """A play at every boundary of a pass; how many there are."""
    boundary = 0
    while play_at(subject, play_, boundary, answers):
        boundary += 1 if boundary == 0 or play_.at_each_side else 2
    return boundary
