"""What services have that did not come by itself: posts that were missed, lists of leads, texts of mails."""

from __future__ import annotations

from jobs.context import JobContext
from sheets_crm.errors import CrmError


def run(context: JobContext) -> None:
    """Fetch what each service has into the intake; the next run of the workbook imports it.

    Raises:
        CrmError: One of them failed; from the others all was fetched.
    """
    failures = []
    for fetcher in context.fetchers():
        try:
            fetcher.fetch(context.check)
        except CrmError as error:
            failures.append(error)
    if failures:
        raise failures[0]
