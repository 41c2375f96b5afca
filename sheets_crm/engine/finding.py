"""Find the lead that somebody names by its LeadNumber or e-mail."""

from __future__ import annotations

from sheets_crm.engine.snapshot import Snapshot
from sheets_crm.errors import SheetError
from sheets_crm.messages import said
from sheets_crm.pipeline.imports.keys import email_key, email_keys
from sheets_crm.pipeline.imports.matching import lead_number


def find_lead(snapshot: Snapshot, lead: str) -> int:
    """The LeadNumber of a lead, given the number or its e-mail.

    Raises:
        SheetError: No lead has it, or several leads have the e-mail.
    """
    number = lead_number(lead)
    if number is not None and number in snapshot.leads.index:
        return number
    numbers = leads_by_email(snapshot, lead)
    if len(numbers) != 1:
        raise SheetError(
            said("several_leads" if numbers else "no_lead", lead=lead),
            where=snapshot.master.tab.title,
            remedy=said("no_lead.remedy"),
            state=said("unchanged"),
        )
    return numbers[0]


def leads_by_email(snapshot: Snapshot, email: str) -> list[int]:
    """LeadNumbers of the leads that have an e-mail."""
    key = email_key(email)
    return (
        [int(number) for number in snapshot.leads.index[email_keys(snapshot.leads["email"]) == key]] if key else []
    )
