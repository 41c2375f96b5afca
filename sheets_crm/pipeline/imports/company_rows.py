"""Rows of company scrapers: one row updates every lead of its company."""

from __future__ import annotations

from sheets_crm.pipeline.imports.apply_row import Merged, apply_row
from sheets_crm.pipeline.imports.keys import company_key
from sheets_crm.pipeline.imports.matching import Reject, Row, by_number
from sheets_crm.pipeline.imports.row_updates import MergeContext, company

OWN_URLS = ("@sent_urls", "salesNavigatorCompanyUrl", "linkedInCompanyUrl")


def merge_company(row: Row, context: MergeContext) -> Merged:
    """Merge a company scraper's row.

    It updates every lead of the company that was sent or, if none was, those that are ready, so that a company
    scraped outside the workbook is not scraped again. A lead not verified yet waits for its turn; if there are only
    such leads the row is rejected. A LeadNumber in the row names a lead that is updated whatever its state.
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
    """The leads of the row's company: by the query that was sent, else by the output's own ids and URLs."""
    query = company_key(row.get("@query", ""))
    own_keys = [company_key(row[target]) for target in OWN_URLS if target in row]
    numeric = row.get("@company_id", "").strip().removesuffix(".0")
    own_keys = [company_key(numeric) if numeric.isdecimal() else "", *own_keys]
    groups = [set(context.overlay.find("company", query))] if query else []
    if not any(groups):
        groups = [set(context.overlay.find("company", key)) for key in dict.fromkeys(own_keys) if key]
    matched = [group for group in groups if group]
    everyone = sorted(set().union(*matched)) if matched else []
    if number is not None:
        if everyone and number not in everyone:
            return _apart(everyone, [number])
        return everyone or [number]
    if not everyone:
        named = [row[target] for target in ("@query", *OWN_URLS, "@company_id") if target in row]
        return (
            Reject.of("unknown_company", value=", ".join(dict.fromkeys(named))[:200])
            if query or any(own_keys)
            else Reject.of("no_company_key")
        )
    # Keys of one row may match different leads of a company, but one that shares no lead with the first is another's.
    for group in matched[1:]:
        if not group & matched[0]:
            return _apart(sorted(matched[0]), sorted(group))
    return everyone


def _apart(first: list[int], others: list[int]) -> Reject:
    lead, other = (", ".join(map(str, listed[:5])) for listed in (first, others))
    return Reject.of("keys_disagree", column="company", lead=lead, other=other)
