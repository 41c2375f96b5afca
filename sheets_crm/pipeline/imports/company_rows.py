"""One company row answers every lead of that company."""

from __future__ import annotations

from sheets_crm.pipeline.imports.apply_row import Merged, apply_row
from sheets_crm.pipeline.imports.keys import company_key
from sheets_crm.pipeline.imports.matching import Reject, Row, by_number
from sheets_crm.pipeline.imports.row_updates import MergeContext, company

OWN_URLS = ("@sent_urls", "salesNavigatorCompanyUrl", "linkedInCompanyUrl")


def merge_company(row: Row, context: MergeContext) -> Merged:
    """Merge a company scraper's row.

    It answers every lead of the company that was sent. Where none was sent it answers those that are ready, so
    that a company scraped outside the workbook is not scraped again; a lead that is not verified yet waits for its
    turn, and if there are only such leads the row is rejected rather than spent on them. A LeadNumber in the row
    names a lead that is answered whatever its state.
    """
    number = by_number(row, context.overlay)
    if isinstance(number, Reject):
        return Merged.of_reject(number)
    leads = _leads_of(row, number, context)
    if isinstance(leads, Reject):
        return Merged.of_reject(leads)
    sent = [lead for lead in leads if context.overlay.get(lead, context.step.sent) is True]
    answered = sorted({*sent, number}) if number is not None else sent
    answered = answered or [lead for lead in leads if context.ready(lead)]
    if not answered:
        listed = ", ".join(map(str, leads[:5]))
        return Merged.of_reject(Reject.of("company_not_awaited", lead=listed))
    return apply_row(answered, row, company, context)


def _leads_of(row: Row, number: int | None, context: MergeContext) -> list[int] | Reject:
    """The leads of a row's company: by the query that was sent, else by the output's own ids and URLs."""
    query = company_key(row.get("@query", ""))
    own = [company_key(row[target]) for target in OWN_URLS if target in row]
    numeric = row.get("@company_id", "").strip().removesuffix(".0")
    own = [company_key(numeric) if numeric.isdecimal() else "", *own]
    groups = [set(context.overlay.find("company", query))] if query else []
    if not any(groups):
        groups = [set(context.overlay.find("company", key)) for key in dict.fromkeys(own) if key]
    found = [group for group in groups if group]
    everyone = sorted(set().union(*found)) if found else []
    if number is not None:
        if everyone and number not in everyone:
            return _apart(everyone, [number])
        return everyone or [number]
    if not everyone:
        keys = [key for key in (query, *own) if key]
        return Reject.of("unknown_lead", value=", ".join(keys)[:200]) if keys else Reject.of("no_company_key")
    for group in found[1:]:
        if not group & found[0]:
            return _apart(sorted(found[0]), sorted(group))
    return everyone


def _apart(some: list[int], others: list[int]) -> Reject:
    lead, other = (", ".join(map(str, listed[:5])) for listed in (some, others))
    return Reject.of("keys_disagree", column="company", lead=lead, other=other)
