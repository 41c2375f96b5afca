"""Sample data: an export of invented people, and the outside tools' outputs for them.

No person or company here exists; addresses end in ``.example``, which nobody can own (RFC 2606). The same seed always
makes the same rows.
"""

from sheets_crm.sample.companies import company_output
from sheets_crm.sample.export import ACCOUNT_COLUMNS, EXPORT_COLUMNS, export_rows
from sheets_crm.sample.tool_outputs import box1_output, instantly_output, verification_output

__all__ = [
    "ACCOUNT_COLUMNS",
    "EXPORT_COLUMNS",
    "box1_output",
    "company_output",
    "export_rows",
    "instantly_output",
    "verification_output",
]
