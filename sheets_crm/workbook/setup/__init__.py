"""What ``init`` does: create every missing tab, repair those that are there, leave operators' cells alone.

The answer is a list of requests for one atomic write, so a workbook is never set up by half. ``plan`` is the order of
it and ``layout`` the value that every other part reads; each part says what it writes, none says when.
"""

from __future__ import annotations

from sheets_crm.workbook.setup.layout import Existing, Setup
from sheets_crm.workbook.setup.plan import SetupPlan, plan_setup

__all__ = ["Existing", "Setup", "SetupPlan", "plan_setup"]
