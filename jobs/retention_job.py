"""Delete what is kept for a time only: the bodies of deliveries, which hold people's data."""

from __future__ import annotations

import datetime as dt
import logging

from jobs.context import JobContext
from sheets_crm.messages import said

_LOG = logging.getLogger(__name__)


def run(context: JobContext) -> None:
    """Delete the bodies that came more than thirty days before the job's clock; what became of them stays."""
    if context.delete_old_bodies is None:
        return
    deleted = context.delete_old_bodies(dt.datetime.fromtimestamp(context.clock(), tz=dt.UTC))
    _LOG.info(said("job.bodies_deleted", name=context.name, count=deleted))
