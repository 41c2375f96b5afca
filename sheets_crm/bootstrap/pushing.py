"""Pushes put together: the kernel of claims with the workbook, the store and the service."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheets_crm.claims.adopt import adopt
from sheets_crm.claims.drip import drip
from sheets_crm.claims.effects import play
from sheets_crm.claims.enrolment import Enrolment
from sheets_crm.claims.handing import PassReport
from sheets_crm.claims.judgement import Judgement
from sheets_crm.claims.ports import Ports
from sheets_crm.engine.commands import Origin
from sheets_crm.errors import Retryable
from sheets_crm.features.push_rows import PushView
from sheets_crm.features.pushes import SayOfPushes
from sheets_crm.messages import Said, said
from sheets_crm.operations.pushing import Obey, PushPolicy, PushWorkbook
from sheets_crm.pipeline.do_not_contact import DoNotContact, in_ascii
from sheets_crm.store.access import Store
from sheets_crm.store.claims import StoredClaims
from sheets_crm.store.identity import new_id
from sheets_crm.store.suppressed import suppressed
from sheets_crm.store.waiting_pushes import pushes_wait

if TYPE_CHECKING:
    from sheets_crm.instantly.client import Client

Suppressed = Callable[[], frozenset[str]]
"""Entries of Do not contact that count at this moment, in their normal forms."""


@dataclass(frozen=True, slots=True)
class Suppressions:
    """Implements `sheets_crm.claims.ports.Suppressions`.

    Attributes:
        known: The entries that count, in their normal forms.
        people: Who may be on the list: a domain names those of its subdomains, too.
    """

    known: Suppressed
    people: Callable[[], Iterable[Enrolment]]

    def entries(self) -> frozenset[str]:
        """Normalised addresses, ``@domains`` and LeadNumbers."""
        forms = self.known()
        listed = DoNotContact.of(forms)
        return forms | {row.lead_number for row in self.people() if _names(listed, row)}


def _names(listed: DoNotContact, row: Enrolment) -> bool:
    address = in_ascii(row.address)
    return address in listed.addresses or listed.has_domain(address.rpartition("@")[2])


@dataclass(frozen=True, slots=True)
class WholeSeconds:
    """Implements `sheets_crm.claims.ports.Clock`, to the second, as cells keep it."""

    seconds: Callable[[], float]

    def now(self) -> dt.datetime:
        """The time in UTC."""
        return dt.datetime.fromtimestamp(int(self.seconds()), tz=dt.UTC)


@dataclass(slots=True)
class Pushing:
    """Pushes the batches of one workbook.

    Attributes:
        connect: Makes a client of the service, until its connections are closed.
        store: The store.
        workbook: Id of the spreadsheet.
        clock: Seconds since 1970.
        sleep: Waits some seconds; may raise to end a wait.
        suppressed: Whom nothing may be sent to; by default whom the store's mirror of Do not contact names.
        most: How many leads one pass claims.
    """

    connect: Callable[[], AbstractContextManager[Client]]
    store: Store
    workbook: str
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    suppressed: Suppressed | None = None
    most: int = 1000

    def one_pass(self, obey: Obey) -> PassReport | None:
        """Claim, hand over and settle what waits; None: nothing does.

        Args:
            obey: Has a run do a command.

        Raises:
            CrmError: By what the caller does next.
        """
        if not pushes_wait(self.store, self.workbook):
            return None
        with self.connect() as client:
            return self._pass(client, obey)

    def _pass(self, client: Client, obey: Obey) -> PassReport:
        campaigns = Campaigns(client)
        workbook = PushWorkbook(obey, StoredClaims(self.store, self.workbook), campaigns.of, self.known)
        report = play(drip(self.ports(client, workbook), self.most))
        reason = judged(report.judgement) or campaigns.reason
        if reason is not None and workbook.last is not None and workbook.last.leads:
            obey(SayOfPushes(reason=reason, origin=Origin.JOB))
        return report

    def adopt(self, obey: Obey) -> tuple[str, ...]:
        """Take over what is claimed in the workbook: ids of messages of which nobody knows what became.

        Raises:
            Retryable: Somebody else writes claims, or has the lease.
        """
        with self.connect() as client:
            workbook = PushWorkbook(
                obey, StoredClaims(self.store, self.workbook), Campaigns(client).of, self.known
            )
            report = play(adopt(self.ports(client, workbook), new_id()))
        if not report.done:
            raise Retryable(said("push.not_adopted"), state=said("unchanged"), remedy=said("google.later"))
        return report.unknown

    def known(self) -> frozenset[str]:
        """Entries of Do not contact that count now."""
        return self.suppressed() if self.suppressed else suppressed(self.store, self.workbook)

    def ports(self, client: Client, workbook: PushWorkbook) -> Ports:
        """The ports of a pass."""
        from sheets_crm.instantly.pushing import Pushes, Standing  # noqa: PLC0415 - only where something is pushed

        clock = WholeSeconds(self.clock)
        return Ports(
            worker=secrets.token_hex(4),
            workbook=workbook,
            store=workbook.store,
            outlet=Pushes(client, workbook.lead, clock.now, self.sleep),
            suppressions=Suppressions(self.known, workbook.people),
            evidence=Standing(client, workbook.place),
            clock=clock,
            policy=PushPolicy(),
        )


def judged(judgement: Judgement | None) -> Said | None:
    """Why nothing is pushed, and what a person does about it; None where nothing is in the way."""
    match judgement:
        case Judgement.COPIED:
            return said("push.copied")
        case Judgement.OTHER_STORE:
            return said("push.another_store")
        case Judgement.SET_BACK:
            return said("push.set_back")
        case Judgement.RESTORED:
            return said("push.store_restored")
        case _:
            return None


@dataclass(slots=True)
class Campaigns:
    """The campaign that Control names, asked of the service once a pass.

    Attributes:
        client: Asks the service.
        reason: Why there is none to push to; None when there is one.
        asked: The id of what was asked for, by the text on Control.
    """

    client: Client
    reason: Said | None = None
    asked: dict[str, str] = field(default_factory=dict)

    def of(self, view: PushView) -> str:
        """The campaign's id; "" when there is none, or nobody to push to it."""
        self.reason = None
        if not view.leads:
            return ""
        if not view.campaign:
            self.reason = said("push.no_campaign")
            return ""
        if view.campaign not in self.asked:
            self.asked[view.campaign] = self._looked_up(view.campaign)
        return self.asked[view.campaign]

    def _looked_up(self, text: str) -> str:
        from sheets_crm.instantly.pushing import campaign_named  # noqa: PLC0415

        named = campaign_named(self.client, text)
        if named.count > 1:
            self.reason = said("push.campaign_twice", campaign=text, count=named.count)
        elif not named.id:
            self.reason = said("push.campaign_unknown", campaign=text)
        return named.id
