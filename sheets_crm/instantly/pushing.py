"""Leads of a batch are added to a campaign in one call, and what became of each is found out.

The call has no key that would make its repetition harmless, but it leaves out who is in the campaign already. So a lost
answer is followed by a look into the campaign, a minute later, and by one more call for those who are not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sheets_crm.claims.values import Answer, AnswerKind, Handover
from sheets_crm.errors import CrmError
from sheets_crm.instantly.client import Client
from sheets_crm.instantly.leads import AddedLeads, Lead, NewLead
from sheets_crm.instantly.outcomes import Outcome, outcomes
from sheets_crm.instantly.service import WriteAnswer
from sheets_crm.pipeline.push_words import PushedLead

LOOKS_AFTER: Final = timedelta(seconds=60)
"""How long after a lost answer the campaign is looked into: what was just added takes seconds to be found."""
CALLS: Final = 2
"""How often leads are sent, the repetition after a lost answer with them."""

_ANSWERS: Final = {
    Outcome.ADDED: Answer(AnswerKind.ACCEPTED, "added"),
    Outcome.DUPLICATE: Answer(AnswerKind.ACCEPTED, "duplicate"),
    Outcome.BLOCKED: Answer(AnswerKind.REFUSED, "blocked"),
    Outcome.INVALID: Answer(AnswerKind.REFUSED, "invalid"),
    Outcome.SKIPPED: Answer(AnswerKind.REFUSED, "skipped"),
    Outcome.UNKNOWN: Answer(AnswerKind.NO_ANSWER, "unknown"),
}


@dataclass(frozen=True, slots=True)
class Pushes:
    """Implements `sheets_crm.claims.ports.Together`: adds the leads of messages to their campaign.

    Attributes:
        client: Asks the service.
        person: What it is told of a lead, by the enrolment's id; None for a lead of which nothing is known any more.
        now: The time.
        sleep: Waits some seconds.
    """

    client: Client
    person: Callable[[str], PushedLead | None]
    now: Callable[[], datetime]
    sleep: Callable[[float], None]

    def hand_over_together(self, messages: Sequence[Handover]) -> Mapping[str, Answer]:
        """Add the leads of one campaign; by message id what is known of each."""
        told = {message.message_id: self.person(message.row.enrolment) for message in messages}
        leads = {
            message.message_id: _new_lead(person, message.key)
            for message in messages
            if (person := told[message.message_id]) is not None
        }
        gone = Answer(AnswerKind.NOT_SENT, "the lead is not in the batch any more")
        answers = {message: gone for message in told if message not in leads}
        if leads:
            deadline = min(message.not_after for message in messages)
            answers |= self._added(messages[0].row.campaign_id, leads, deadline)
        return answers

    def _added(self, campaign: str, leads: Mapping[str, NewLead], deadline: datetime) -> dict[str, Answer]:
        """Call until every lead's end is known, or no further call may begin."""
        answers: dict[str, Answer] = {}
        left = dict(leads)
        for call in range(CALLS):
            if self.now() >= deadline:
                break
            answer = self.client.add_leads(campaign, tuple(left.values()))
            found = self._outcomes(campaign, tuple(left.values()), answer, repeated=call > 0)
            answers |= dict(zip(left, found, strict=True))
            left = {message: left[message] for message, one in answers.items() if one.kind is AnswerKind.NO_ANSWER}
            if not left or answer.kind is not AnswerKind.NO_ANSWER:
                break
        if not answers:
            answers = dict.fromkeys(leads, Answer(AnswerKind.NOT_SENT, "too late"))
        return answers

    def _outcomes(
        self, campaign: str, leads: Sequence[NewLead], answer: WriteAnswer[AddedLeads], *, repeated: bool
    ) -> list[Answer]:
        """What is known of each lead after a call."""
        if answer.kind in {AnswerKind.REFUSED, AnswerKind.NOT_SENT}:
            # The whole call, for a cause that is nobody's own: the key, the plan, the campaign. What was sent before
            # without an answer may stand there for all that.
            refused = Answer(AnswerKind.NOT_SENT, str(answer.reason))
            return [_ANSWERS[Outcome.UNKNOWN] if repeated else refused] * len(leads)
        if answer.kind is AnswerKind.NO_ANSWER:
            self.sleep(LOOKS_AFTER.total_seconds())
        listed = self._listed(campaign, _unnamed(leads, answer.result))
        found = outcomes(leads, campaign, answer.result, listed=listed, sent_before=repeated)
        return [_ANSWERS[one] for one in found]

    def _listed(self, campaign: str, leads: Sequence[NewLead]) -> tuple[Lead, ...] | None:
        """Those of some leads that stand in the campaign; None when nobody could look."""
        if not leads:
            return ()
        try:
            return self.client.leads_by_contacts(campaign, [lead.email for lead in leads])
        except CrmError:
            return None


def _unnamed(leads: Sequence[NewLead], result: AddedLeads | None) -> list[NewLead]:
    """The leads that an answer does not name as added."""
    named = {created.index for created in result.created} if result else set()
    return [lead for place, lead in enumerate(leads) if place not in named]


def _new_lead(person: PushedLead, key: str) -> NewLead:
    return NewLead(
        email=person.email,
        key=key,
        first_name=person.first_name,
        last_name=person.last_name,
        company_name=person.company_name,
        variables=dict(person.variables),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Implements `sheets_crm.claims.ports.Evidence`: a lead that stands in its campaign was added, or was there.

    Attributes:
        client: Asks the service.
        campaign_and_address: Of a message in doubt, by its id; None when the workbook does not say.
    """

    client: Client
    campaign_and_address: Callable[[str], tuple[str, str] | None]

    def left(self, ids: frozenset[str]) -> frozenset[str]:
        """Those of some message ids whose lead stands in the campaign."""
        asked: dict[str, dict[str, str]] = {}
        for message in sorted(ids):
            place = self.campaign_and_address(message)
            if place is not None and all(place):
                campaign, address = place
                asked.setdefault(campaign, {})[message] = address
        proved: set[str] = set()
        for campaign, addresses in asked.items():
            proved |= self._standing(campaign, addresses)
        return frozenset(proved)

    def _standing(self, campaign: str, addresses: Mapping[str, str]) -> set[str]:
        try:
            listed = self.client.leads_by_contacts(campaign, sorted(set(addresses.values())))
        except CrmError:  # nobody can look: what is unknown stays so
            return set()
        there = {lead.email.strip().lower() for lead in listed if lead.campaign == campaign}
        return {message for message, address in addresses.items() if address.lower() in there}


@dataclass(frozen=True, slots=True)
class NamedCampaign:
    """What the service has under the name that people gave.

    Attributes:
        id: The campaign's id; "" when there is none, or more than one.
        count: How many have the name.
    """

    id: str = ""
    count: int = 0


def campaign_named(client: Client, text: str) -> NamedCampaign:
    """The campaign of an id, or else of a name; case and blanks around it do not count."""
    wanted, ids = text.strip().casefold(), []
    for page in client.campaigns():
        for campaign in page.items:
            if campaign.id.casefold() == wanted:
                return NamedCampaign(campaign.id, 1)
            if campaign.name.strip().casefold() == wanted:
                ids.append(campaign.id)
    return NamedCampaign(ids[0] if len(ids) == 1 else "", len(ids))
