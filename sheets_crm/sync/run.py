"""One run: look, settle, read, claim, decide, apply, record.

Everything it needs comes from outside (the gateway, the clock, sleep, ids), so a run can be played in a test to the
last request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from zoneinfo import ZoneInfo

from sheets_crm.errors import Conflict, CrmError, RefusedPlan, SheetError, TabGone
from sheets_crm.pipeline.drops.messages import Problem, reason
from sheets_crm.pipeline.drops.recognise import Block
from sheets_crm.pipeline.drops.vocabulary import Vocabulary
from sheets_crm.pipeline.leads import ready
from sheets_crm.plan.changes import DeleteRows, RemoveTab
from sheets_crm.plan.plan import LeadChange, Plan, cost
from sheets_crm.sync import archive, claim, state
from sheets_crm.sync.checks import refuse_suspicious
from sheets_crm.sync.decide.decide import Act, Decision, decide
from sheets_crm.sync.decide.draft import Budget, Moment
from sheets_crm.sync.decide.drops import Merging
from sheets_crm.sync.erased import refuser
from sheets_crm.sync.figures import formula_differences
from sheets_crm.sync.hand_edits import compare, put_back, refuse_unexplained
from sheets_crm.sync.lead_cache import LeadCache
from sheets_crm.sync.light import light_read, unmoved
from sheets_crm.sync.look import Look, look, ticked
from sheets_crm.sync.memory import memorise, recalled
from sheets_crm.sync.ports import Gateway
from sheets_crm.sync.reading import managed, read, read_drops, refuse_missing
from sheets_crm.sync.refusals import write_refusal
from sheets_crm.sync.setting_up import widen
from sheets_crm.sync.settings import RunSettings
from sheets_crm.sync.snapshot import DropTab, Edit, Snapshot, Source
from sheets_crm.sync.verify import expectations, misplaced
from sheets_crm.sync.words import say
from sheets_crm.workbook import system
from sheets_crm.workbook.cells import column_letters, quoted, serial
from sheets_crm.workbook.control import VALUE
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.requests import Request, write
from sheets_crm.workbook.tabs import CONTROL, SYSTEM

ATTEMPTS: Final = 4
SETTLE_ROUNDS: Final = 12
CELLS_LIMIT: Final = 10_000_000
QUIET_SECONDS: Final = 60


@dataclass(frozen=True)
class Tools:
    """What a run is given of the world.

    Attributes:
        gateway: The workbook.
        clock: Seconds since 1970.
        sleep: Waits some seconds.
        new_ids: Random ids for new tabs.
        run: Name of the run, unique to it.
        progress: Told what is being done, for a person who waits.
        stop: Whether the worker was asked to end; looked at between requests.
        cache: The leads as this worker last left them.
        budget: How much one write takes on to begin with.
    """

    gateway: Gateway
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    new_ids: Iterator[int]
    run: str
    progress: Callable[[str], None] = lambda _text: None
    stop: Callable[[], bool] = lambda: False
    cache: LeadCache | None = None
    budget: Budget = field(default_factory=Budget)


@dataclass
class RunResult:
    """What a run did.

    Attributes:
        plans: The plans applied, or with ``plan_only`` made, in order.
        problems: What Control is told.
        idle: Whether there was nothing to do.
        settling: Titles of tabs that were left because they were still being edited.
        snapshot: The workbook as it is now, when it was read.
    """

    plans: list[Plan] = field(default_factory=list)
    problems: tuple[str, ...] = ()
    idle: bool = False
    settling: tuple[str, ...] = ()
    snapshot: Snapshot | None = None


@dataclass(frozen=True)
class Wish:
    """What a run is asked to do besides what the workbook asks for.

    Attributes:
        now: Do not wait for what is being edited to settle.
        plan_only: Write nothing.
        force: Read everything even when nothing asks for it, and accept a Master that shrank.
        whole: Read everything even when nothing asks for it.
        files: Drops read from files.
        act: A command's own change.
    """

    now: bool = False
    plan_only: bool = False
    force: bool = False
    whole: bool = False
    files: Sequence[Source] = ()
    act: Act | None = None

    @property
    def reads(self) -> bool:
        """Whether the workbook has to be read whatever its signals say."""
        return bool(self.force or self.whole or self.files or self.act or self.plan_only)


def run_once(tools: Tools, settings: RunSettings, wish: Wish) -> RunResult:
    """Make one run.

    Raises:
        RefusedPlan: The read was suspicious; the message stands on Control once.
        CrmError: As the gateway raises them.
    """
    run = _Run(tools, settings, wish)
    return run.whole()


class _Run:
    def __init__(self, tools: Tools, settings: RunSettings, wish: Wish) -> None:
        self._tools = tools
        self._settings = settings
        self._wish = wish
        self._result = RunResult()
        self._remembered = state.recall(settings.state_dir, settings.workbook)
        self._cache = tools.cache or LeadCache(settings.state_dir, settings.workbook)
        self._problems: list[str] = []
        self._everything = wish.force or wish.whole

    def whole(self) -> RunResult:
        seen = self._look()
        quiet = not seen.asked or self._quiet(seen)
        if quiet and not self._wish.reads and not self._due(seen):
            self._result.idle = True
            self._heartbeat(seen)
            return self._result
        before = self._settled(seen)
        for attempt in range(ATTEMPTS):
            try:
                self._read_and_apply(before)
                self._quieten(before)
            except (Conflict, TabGone):
                if attempt == ATTEMPTS - 1:
                    raise
                self._everything = True
                self._tools.progress("the workbook changed meanwhile: planning again")
            except SheetError:
                if self._everything:
                    raise
                self._everything = True
            else:
                return self._result
        return self._result

    # -- look and settle

    def _look(self) -> Look:
        title = str(self._remembered.get("system_title", "System"))
        try:
            return look(self._tools.gateway, title, self._settings.schema)
        except SheetError:
            tabs = managed(self._tools.gateway.info())
            refuse_missing(tabs, self._settings)
            self._remember(system_title=tabs[SYSTEM].title)
            return look(self._tools.gateway, tabs[SYSTEM].title, self._settings.schema)

    def _due(self, seen: Look) -> bool:
        """Return whether the day's row of History is still to be written, or a full look is due."""
        zone = self._remembered.get("time_zone")
        places = self._remembered.get("heartbeat") or {}
        if (
            zone is None
            or places.get("keys") != list(seen.state.cells)
            or archive.spooled(self._settings.state_dir)
        ):
            return True
        if self._reconcile_due():
            return True
        today = int(serial(self._moment(), ZoneInfo(str(zone))))
        return seen.state.number("last_day", -1) != today

    def _quiet(self, seen: Look) -> bool:
        """Return whether this very look was followed up a moment ago, and there was nothing that could be done."""
        known, at = self._remembered.get("quiet"), float(self._remembered.get("quiet_at", 0))
        return not self._wish.now and known == repr(seen.signature) and self._tools.clock() - at < QUIET_SECONDS

    def _quieten(self, seen: Look) -> None:
        if seen.asked and not self._result.plans and not self._wish.plan_only:
            self._remember(quiet=repr(seen.signature), quiet_at=self._tools.clock())

    def _heartbeat(self, seen: Look) -> None:
        """Write the heartbeat when the last one is older than the settings say."""
        places, zone = self._remembered.get("heartbeat"), self._remembered.get("time_zone")
        if not places or not zone or self._wish.plan_only:
            return
        now = serial(self._moment(), ZoneInfo(str(zone)))
        last = seen.state.cells.get("heartbeat", 0)
        if isinstance(last, int | float) and (now - last) * 1440 < self._settings.heartbeat_minutes:
            return
        sequence = seen.state.number("sequence")
        requests = [write(int(tab), int(row), int(column), [[now]]) for tab, row, column in places["beat"]]
        system_tab, row = places["sequence"]
        requests.append(write(int(system_tab), int(row), 1, [[sequence + 1]]))
        try:
            applied = self._tools.gateway.apply(requests, sequence=sequence, token=self._tools.run)
        except (Conflict, SheetError):
            return
        self._remember(sequence=applied.sequence)
        self._cache.advance(applied.sequence)

    def _settled(self, seen: Look) -> Look:
        """Wait until what is being edited stands still; give up after a while and take what is there."""
        if self._wish.now or self._wish.plan_only or not seen.asked:
            return seen
        for _ in range(SETTLE_ROUNDS):
            self._tools.progress("waiting for the sheet to settle")
            before = seen
            self._tools.sleep(self._settings.settle_seconds)
            if self._tools.stop():
                return seen
            seen = self._look()
            if seen.signature == before.signature:
                return seen
        return seen

    # -- read, claim, decide, apply

    def _moment(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self._tools.clock(), tz=dt.UTC)

    def _read_and_apply(self, seen: Look) -> None:
        self._tools.progress("reading the workbook")
        self._problems = []
        snapshot = self._read(seen)
        if not self._wish.plan_only:
            snapshot = self._widened(snapshot, seen)
        self._compare_figures(snapshot)
        snapshot = self._with_drops(snapshot)
        problems = self._problems
        decision = self._apply_parts(snapshot, problems)
        self._result.problems = decision.problems
        self._result.snapshot = decision.next
        if not self._wish.plan_only:
            if self._everything:
                self._remember(whole_at=self._tools.clock())
            memorise(self._settings.state_dir, self._settings.workbook, decision.next)
            self._know_places(decision.next)
        self._result.idle = not self._result.plans

    def _read(self, seen: Look) -> Snapshot:
        light = self._light(seen)
        if light is not None:
            return light if self._wish.now or self._wish.plan_only else self._only_settled(light, seen)
        self._everything = True
        try:
            snapshot = read(self._tools.gateway, self._settings, self._tools.clock())
            confirmed = self._wish.force or snapshot.control.confirm
            refuse_suspicious(snapshot, self._remembered, confirmed=confirmed)
            snapshot = self._compared(snapshot, confirmed=confirmed)
        except RefusedPlan as refusal:
            if not self._wish.plan_only:
                write_refusal(self._tools.gateway, self._settings, refusal, self._moment(), self._tools.run)
            raise
        return snapshot if self._wish.now or self._wish.plan_only else self._only_settled(snapshot, seen)

    def _only_settled(self, snapshot: Snapshot, seen: Look) -> Snapshot:
        return replace(snapshot, ticked=ticked(seen, self._settings.schema))

    def _light(self, seen: Look) -> Snapshot | None:
        """Read only what operators may have changed, when the look proves that nothing else did."""
        if self._everything or self._reconcile_due() or self._cache.waiting():
            return None
        memory = recalled(self._settings.state_dir, self._settings.workbook)
        known = self._cache.known() if memory is not None else None
        if memory is None or known is None or not unmoved(seen, memory, known, self._settings.schema):
            return None
        gateway, now = self._tools.gateway, self._tools.clock()
        snapshot = light_read(gateway, self._settings, seen, memory, known, now)
        if snapshot is not None:
            confirmed = snapshot.control.confirm
            refuse_suspicious(snapshot, self._remembered, confirmed=confirmed)
        return snapshot

    def _reconcile_due(self) -> bool:
        since = self._tools.clock() - float(self._remembered.get("whole_at", 0))
        return since > self._settings.full_reconcile_minutes * 60

    def _compared(self, snapshot: Snapshot, *, confirmed: bool) -> Snapshot:
        """Compare the Master with what this worker last left there; put right what its own write misplaced."""
        stamps = {(stamp.sequence, stamp.token) for stamp in snapshot.info.stamps}
        moved = frozenset() if self._wish.plan_only else self._cache.resume(stamps)
        known = self._cache.known()
        if known is None or known.sequence != snapshot.sequence:
            self._keep(snapshot)
            return snapshot
        found = compare(snapshot, known)
        wrong = tuple(edit for edit in found.edits if edit.column in moved)
        rest = replace(found, edits=tuple(edit for edit in found.edits if edit.column not in moved))
        if not confirmed:
            refuse_unexplained(rest, snapshot, self._settings.max_change_share)
        if rest.edits:
            self._report_edits(snapshot, rest.edits)
        if found.edits or found.gone or found.strange:
            self._keep(replace(snapshot, leads=put_back(snapshot.leads, wrong)))
        if not wrong and not self._wish.plan_only:
            self._cache.settle()
        return replace(snapshot, put_right=wrong)

    def _keep(self, snapshot: Snapshot) -> None:
        if not self._wish.plan_only:
            self._cache.keep(snapshot.sequence, snapshot.leads)

    def _report_edits(self, snapshot: Snapshot, edits: Sequence[Edit]) -> None:
        """Say that cells of the Master were changed by hand, and note it in the change journal."""
        first = edits[0]
        row = int(snapshot.master.rows[snapshot.master.frame.index.get_loc(first.lead)]) + 1
        cell = f"{column_letters(snapshot.master.places[first.column])}{row}"
        old, new = str(first.expected)[:30], str(first.found)[:30]
        self._say("hand_edit", count=len(edits), cell=cell, old=old, new=new)
        if not self._wish.plan_only:
            when = self._moment().isoformat(timespec="seconds")
            changes = [LeadChange(e.lead, e.column, e.expected, e.found, "changed by hand") for e in edits]
            archive.note_changes(self._settings.state_dir, when, self._tools.run, snapshot.sequence, changes)

    def _compare_figures(self, snapshot: Snapshot) -> None:
        """Report the metrics whose formula shows another value than the worker counts."""
        if snapshot.put_right or not _inputs_follow(snapshot, self._settings):
            return
        for name, shown, counted in formula_differences(snapshot, self._settings, self._moment())[:3]:
            self._say("metric_differs", metric=name, shown=shown, counted=counted)

    def _widened(self, snapshot: Snapshot, seen: Look) -> Snapshot:
        """Add the batch tabs that Control asks for and that are not there yet."""
        made = widen(self._tools.gateway, self._settings, snapshot, self._tools.new_ids, self._tools.run)
        if not made:
            return snapshot
        self._everything = True  # the look and the memory are of the workbook before
        return self._read(seen)

    def _with_drops(self, snapshot: Snapshot) -> Snapshot:
        """Claim what can be taken and return the snapshot with the drops to merge, in order."""
        schema = self._settings.schema
        own = [drop for drop in snapshot.drops if drop.claimed is None]
        waiting = self._still_moving(own)
        self._result.settling = tuple(drop.tab.title for drop in waiting)
        still = [drop for drop in own if drop not in waiting]
        for drop in still:
            self._not_understood(drop)
        for drop in waiting:
            self._say("settling", tab=drop.tab.title)
        claimed = [drop for drop in snapshot.drops if drop.claimed is not None]
        sources = [claim.as_source(drop, schema) for drop in claimed]
        if self._wish.plan_only:
            sources += [_as_if_claimed(drop, claim.recognised(drop, schema)[0]) for drop in still]
        else:
            snapshot, taken = self._claim(snapshot, claim.claims(still, schema, self._tools.new_ids))
            sources += taken
        sources += self._files(snapshot)
        return snapshot.with_sources([source for source in sources if source.blocks or source.tab is not None])

    def _still_moving(self, drops: Sequence[DropTab]) -> list[DropTab]:
        """Return the drop tabs whose content changed over the settling time."""
        if self._wish.now or self._wish.plan_only or not drops:
            return []
        self._tools.sleep(self._settings.settle_seconds)
        answers = self._tools.gateway.values([quoted(drop.tab.title) for drop in drops])
        return [drop for drop, cells in zip(drops, answers, strict=True) if cells != drop.cells]

    def _not_understood(self, drop: DropTab) -> None:
        for block in claim.recognised(drop, self._settings.schema)[1]:
            text = in_words(block.problem, self._settings.language)
            first, last = block.first_row + 1, block.last_row + 1
            self._say("block_not_understood", tab=drop.tab.title, first=first, last=last, problem=text)

    def _say(self, code: str, **values: object) -> None:
        self._problems.append(say(code, self._settings.language, **values))

    def _claim(self, snapshot: Snapshot, wanted: Sequence[claim.Claim]) -> tuple[Snapshot, list[Source]]:
        """Claim tabs in one guarded write and read what was claimed: it is what the write took, not what was read."""
        if not wanted:
            return snapshot, []
        count = len(snapshot.info.tabs)
        requests: list[Request] = []
        for one in wanted:
            requests += claim.claim_requests(one, self._settings.account, count)
        requests += self._sequence(snapshot)
        applied = self._tools.gateway.apply(requests, sequence=snapshot.sequence, token=self._tools.run)
        self._remember(sequence=applied.sequence)
        self._cache.advance(applied.sequence)
        claimed = [claim.claimed_tab(one, count) for one in wanted]
        sources = [claim.as_source(drop, self._settings.schema) for drop in self._claimed(claimed)]
        taken = {tab.sheet_id for tab in claimed}
        kept = tuple(tab for tab in snapshot.info.tabs if tab.sheet_id not in taken)
        info = replace(snapshot.info, tabs=(*kept, *claimed))
        return replace(snapshot, info=info, sequence=applied.sequence), sources

    def _claimed(self, tabs: Sequence[TabInfo]) -> tuple[DropTab, ...]:
        answers = self._tools.gateway.values([quoted(tab.title) for tab in tabs])
        return read_drops(self._tools.gateway, list(zip(tabs, answers, strict=True)))

    def _sequence(self, snapshot: Snapshot) -> list[Request]:
        """Return the write of the guard's number into System, which goes with every guarded write."""
        row = 1 + system.keys(self._settings.schema).index("sequence")
        return [write(snapshot.tabs[SYSTEM].sheet_id, row, 1, [[snapshot.sequence + 1]])]

    def _files(self, snapshot: Snapshot) -> list[Source]:
        """Return the drops of files that are not merged yet: those of this command and those a crash left."""
        record = snapshot.system.record("open_drop")
        done = record.get("ref") if record.get("finished") else None
        found = []
        for source in self._wish.files:
            if source.ref == done:
                archive.unspool(self._settings.state_dir, source.ref.removeprefix("file:"))
            else:
                found.append(source)
        return found

    def _apply_parts(self, snapshot: Snapshot, problems: Sequence[str]) -> Decision:
        """Decide and apply part after part until nothing is left."""
        budget, made_at = self._tools.budget, snapshot.read_at
        acted = False
        merging = self._merging(snapshot)
        while True:
            decision = self._decided(snapshot, merging, budget, problems, acted=acted)
            if decision.plan.empty:
                return replace(decision, next=snapshot)
            self._refuse_unread_notes(snapshot, decision.plan)
            requests = decision.plan.requests()
            weight = cost(decision.plan, requests)
            if weight.over > 1 and budget.rows > 1:
                budget = budget.times(min(0.9 / weight.over, 0.7))
                continue
            if self._wish.plan_only:
                self._result.plans.append(decision.plan)
                snapshot = decision.next
            else:
                if self._tools.clock() - made_at > self._settings.plan_seconds:
                    raise Conflict("The plan is older than two minutes: it is made again.")
                snapshot = self._applied(snapshot, decision, requests)
                made_at = self._tools.clock()
            acted = acted or decision.acted
            if not decision.plan.more or self._tools.stop():
                return replace(decision, next=snapshot)

    def _refuse_unread_notes(self, snapshot: Snapshot, plan: Plan) -> None:
        """After a light read, read everything before a row goes whose note was not read."""
        if snapshot.notes_read is None:
            return
        for change in plan.changes:
            key = change.sheet.spec.key if isinstance(change, DeleteRows) else ""
            if isinstance(change, DeleteRows) and key.startswith("input."):
                leaving = {int(lead) for lead in change.sheet.frame.index[change.positions]}
                if leaving - snapshot.notes_read[key.removeprefix("input.")]:
                    raise Conflict("Notes of leads that leave a tab were not read yet: everything is read again.")

    def _decided(
        self, snapshot: Snapshot, merging: Merging, budget: Budget, problems: Sequence[str], *, acted: bool
    ) -> Decision:
        zone = ZoneInfo(snapshot.info.time_zone)
        moment = Moment(serial(self._moment(), zone), self._tools.run)
        act = None if acted else self._wish.act
        return decide(snapshot, self._settings, merging, moment, budget=budget, problems=problems, act=act)

    def _merging(self, snapshot: Snapshot) -> Merging:
        vocabulary = Vocabulary.from_rows(snapshot.vocabulary)
        return Merging(vocabulary, refuser(snapshot.system))

    def _applied(self, snapshot: Snapshot, decision: Decision, requests: list[Request]) -> Snapshot:
        plan = decision.plan
        self._refuse_too_many_cells(decision)
        self._keep_drops(snapshot, plan)
        checks = expectations(plan, decision.next)
        repairing = {edit.column for edit in snapshot.put_right}
        self._cache.prepare(snapshot.sequence + 1, self._tools.run, plan.changes, repairing)
        self._tools.progress(_progress(plan))
        applied = self._tools.gateway.apply(
            requests,
            sequence=snapshot.sequence,
            token=self._tools.run,
            read_back=[check.range for check in checks],
        )
        when = self._moment().isoformat(timespec="seconds")
        archive.note_changes(self._settings.state_dir, when, self._tools.run, applied.sequence, plan.journal)
        self._result.plans.append(plan)
        after = replace(decision.next, sequence=applied.sequence)
        self._record(after)
        self._forget_merged(after)
        wrong = misplaced(checks, applied.read_back)
        if wrong:
            # What was prepared stays on disk until a read has put the rows right, should this process die before.
            self._tools.progress("rows moved meanwhile: reading again and putting right")
            raise Conflict(
                f"Rows moved while they were written ({wrong}): the workbook is read again and repaired."
            )
        self._cache.note(applied.sequence, plan.changes, after.leads)
        self._cache.settle()
        return after

    def _refuse_too_many_cells(self, decision: Decision) -> None:
        cells = decision.next.system.number("cells_used")
        if cells > CELLS_LIMIT:
            text = say("cells_full", self._settings.language, cells=f"{cells:,}")
            refusal = RefusedPlan(text, cause="cells_full", numbers={"cells": cells}, state="Nothing was changed.")
            write_refusal(self._tools.gateway, self._settings, refusal, self._moment(), self._tools.run)
            raise refusal

    def _keep_drops(self, snapshot: Snapshot, plan: Plan) -> None:
        """Archive the raw drops that this write is going to remove, before it does."""
        going = {change.tab.sheet_id for change in plan.changes if isinstance(change, RemoveTab)}
        for source in snapshot.sources:
            if source.tab is not None and source.tab.sheet_id in going:
                facts = {"source": source.label, "workbook": snapshot.info.spreadsheet_id}
                archive.archive(self._settings.state_dir, f"drop-{source.tab.sheet_id}", source.cells, facts)

    def _forget_merged(self, after: Snapshot) -> None:
        record = after.system.record("open_drop")
        ref = str(record.get("ref", ""))
        if record.get("finished") and ref.startswith("file:"):
            archive.unspool(self._settings.state_dir, ref.removeprefix("file:"))

    def _record(self, after: Snapshot) -> None:
        """Remember how far the workbook is, which tells a later run that it was set back."""
        self._remember(sequence=after.sequence, next_lead_number=after.system.number("next_lead_number", 1))

    def _know_places(self, after: Snapshot) -> None:
        """Remember where a look and the heartbeat find what they need; another layout makes a run read again."""
        keys = system.keys(self._settings.schema)
        control, own = after.tabs[CONTROL].sheet_id, after.tabs[SYSTEM].sheet_id
        beat = [[own, 1 + keys.index("heartbeat"), 1]]
        if "heartbeat" in after.control.rows:
            beat.append([control, after.control.rows["heartbeat"], VALUE])
        self._remember(
            system_title=after.tabs[SYSTEM].title,
            time_zone=after.info.time_zone,
            heartbeat={"beat": beat, "sequence": [own, 1 + keys.index("sequence")], "keys": list(keys)},
        )

    def _remember(self, **facts: object) -> None:
        self._remembered |= facts
        state.remember(self._settings.state_dir, self._settings.workbook, facts)


def in_words(problem: str | None, language: str) -> str:
    """Return why a block was not recognised, in a language."""
    return reason(problem.code, language, **problem.params) if isinstance(problem, Problem) else str(problem)


def _as_if_claimed(drop: DropTab, good: Sequence[Block]) -> Source:
    return Source(f"tab:{drop.tab.sheet_id}", drop.source, tuple(good))


def _inputs_follow(snapshot: Snapshot, settings: RunSettings) -> bool:
    """Return whether the input tabs hold the ready leads; where they do not, this run puts them right first."""
    return all(
        set(snapshot.input(step).frame.index) == set(ready(snapshot.leads, step)) for step in settings.schema.steps
    )


def _progress(plan: Plan) -> str:
    said = "; ".join(plan.summary.said)
    return f"writing: {said}" if said else "writing"


__all__ = ["CrmError", "RunResult", "Tools", "Wish", "run_once"]
