"""What is said of a run that failed: the same words in the log, in the record, and in the heartbeat."""

from __future__ import annotations

import logging

from sheets_crm.engine.refusal_messages import spoken
from sheets_crm.errors import CrmError, machine_refused
from sheets_crm.messages import said

_LOG = logging.getLogger(__name__)


def words_of(error: Exception) -> tuple[str, str]:
    """The message and the remedy of a failure; of one that was not foreseen only its kind, as it may quote cells."""
    if isinstance(error, CrmError):
        return spoken(error)
    _LOG.debug("traceback", exc_info=error)
    if isinstance(error, OSError):
        refusal = machine_refused(error)
        return refusal.message, refusal.remedy
    return said("job.unexpected", kind=type(error).__name__), said("job.unexpected.remedy")
