"""The workbook as the kernel of claims meets it when leads are pushed: its reads and writes are commands of runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.message import message_id
from sheets_crm.claims.ports import Store
from sheets_crm.claims.values import Change, Outcome, View, Written
from sheets_crm.engine.commands import Command, Origin
from sheets_crm.errors import Retryable
from sheets_crm.features.push_rows import PushView
from sheets_crm.features.pushes import ReadPushes, WritePushes
from sheets_crm.messages import said
from sheets_crm.pipeline.push_words import PushedLead

Obey = Callable[[Command], bool]
"""Has a run do a command, and tells whether one went through with it; False: nobody knows, or not in time."""


@dataclass(slots=True)
class PushWorkbook:
    """Implements `sheets_crm.claims.ports.Workbook` by commands.

    Attributes:
        obey: Has a run do a command.
        store: The claims of the workbook: those that are open are read of the workbook, whatever stands there.
        campaign: The id of the campaign that Control names; "" when there is none to push to.
        suppressed: Entries of Do not contact that are known beside the workbook.
        last: The view that was read last.
    """

    obey: Obey
    store: Store
    campaign: Callable[[PushView], str]
    suppressed: Callable[[], frozenset[str]] = frozenset
    last: PushView | None = field(default=None)

    def read(self) -> View:
        """Read what stands there by a run.

        Raises:
            Retryable: No run went through in time.
        """
        seen: list[PushView] = []
        command = ReadPushes(told=seen.append, also=self._open(), suppressed=self.suppressed(), origin=Origin.JOB)
        if not self.obey(command) or not seen:
            raise Retryable(said("push.no_run"), state=said("nothing_done"), remedy=said("google.later"))
        return self._view(seen[-1])

    def write(self, change: Change) -> Outcome:
        """Write a change by a run, on the writes that it was made on; what it leaves is what that run shows."""
        seen: list[PushView | None] = []
        named = replace(
            change,
            store_id=change.store_id or self._unnamed("store_id", self.store.facts().store_id),
            spreadsheet_id=change.spreadsheet_id or self._unnamed("spreadsheet_id", self._book()),
        )
        claims = self.store.open_claims()
        words = {message: claim.answer.reason for message, claim in claims.items() if claim.answer}
        command = WritePushes(
            change=named, told=seen.append, words=words, also=self._open(change), origin=Origin.JOB
        )
        if not self.obey(command) or not seen:
            return Outcome(Written.UNKNOWN)
        if seen[-1] is None:
            return Outcome(Written.REFUSED)
        rows = self._view(seen[-1]).rows
        wrote = {row.enrolment for row in change.rows}
        return Outcome(Written.WRITTEN, {key: row for key, row in rows.items() if key in wrote})

    def has_stamp(self, token: str) -> bool:
        """Whether the write with this token was applied, by what a run shows now."""
        self.read()
        assert self.last is not None
        return token in self.last.stamps

    def lead(self, enrolment: str) -> PushedLead | None:
        """What the service is told of a lead, as the workbook was seen last."""
        return self.last.leads.get(enrolment) if self.last else None

    def place(self, message: str) -> tuple[str, str] | None:
        """The campaign and the address of a message, as the workbook was seen last."""
        row = self.last.rows.get(message.partition(".")[0]) if self.last else None
        return (row.campaign_id, row.address) if row is not None and message_id(row) == message else None

    def people(self) -> tuple[Enrolment, ...]:
        """The enrolments, as the workbook was seen last."""
        return tuple(self.last.rows.values()) if self.last else ()

    def _view(self, seen: PushView) -> View:
        self.last = seen
        system, campaign = seen.system, self.campaign(seen)
        if not system.store_id:  # nobody has claimed yet: whoever does so first is the store that may
            system = replace(system, store_id=self.store.facts().store_id)
        if not system.spreadsheet_id:
            system = replace(system, spreadsheet_id=seen.spreadsheet_id)
        return View(
            system=system,
            spreadsheet_id=seen.spreadsheet_id,
            rows={key: _to(row, campaign) for key, row in seen.rows.items()},
            do_not_contact=seen.stopped,
            active_campaigns=frozenset({campaign} if campaign else ()),
        )

    def _unnamed(self, name: str, value: str) -> str | None:
        """A name that System does not have yet."""
        return value if self.last is not None and not getattr(self.last.system, name) else None

    def _book(self) -> str:
        return self.last.spreadsheet_id if self.last else ""

    def _open(self, change: Change | None = None) -> frozenset[int]:
        """LeadNumbers of the open claims, and of the rows of a change."""
        rows = [claim.row for claim in self.store.open_claims().values()]
        rows += change.rows if change else ()
        return frozenset(int(row.lead_number) for row in rows if row.lead_number.isdecimal())


def _to(row: Enrolment, campaign: str) -> Enrolment:
    """A row with the campaign that its next message goes to; one in doubt, or settled, keeps the one of its last."""
    in_hand = row.claim not in {ClaimState.BLANK, ClaimState.FAILED, ClaimState.CANCELLED}
    return row if in_hand else replace(row, campaign_id=campaign)


class PushPolicy:
    """Implements `sheets_crm.claims.ports.Policy`: no caps, and one message a batch."""

    def caps(self, row: Enrolment, at: object) -> tuple[()]:
        """None: the campaign keeps its own."""
        del row, at
        return ()

    def held_back_by(self, row: Enrolment, at: object) -> str:
        """Nothing: a send is the order to push."""
        del row, at
        return ""

    def next_at(self, row: Enrolment, at: object) -> None:
        """None: the service sends what follows."""
        del row, at
