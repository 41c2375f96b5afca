"""The set-up by ``init``: create missing tabs, repair existing ones, leave operators' cells alone.

The result is a list of requests for one atomic write, so a workbook is never half set up. `plan` decides the order,
`layout` is the value that every other module reads, and each of those builds the requests of its own tabs.
"""

from __future__ import annotations

from sheets_crm.workbook.setup.layout import Existing, Setup
from sheets_crm.workbook.setup.plan import SetupPlan, plan_setup

__all__ = ["Existing", "Setup", "SetupPlan", "plan_setup"]
