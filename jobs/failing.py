"""Which jobs fail, as their records say; so it is known in every process, and after a restart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from jobs.listing import Listed
from jobs.records import Records
from jobs.triggers import Every, Off
from sheets_crm.errors import CrmError

PATIENCE: Final = 600.0
"""Seconds: a job that runs more often is given so long, since its next runs put right what a short fault broke."""


def failing(jobs: Iterable[Listed], records: Records, now: float) -> Iterator[tuple[str, str]]:
    """Yield the jobs that fail, each with the message of its last failure.

    Args:
        jobs: The jobs.
        records: What is recorded of them; one that cannot be read now says nothing.
        now: Seconds since 1970.
    """
    for job in jobs:
        record = None
        with suppress(OSError, CrmError):
            record = records.load(job.key)
        if record is None or not record.error or isinstance(job.trigger, Off):
            continue
        frequent = isinstance(job.trigger, Every) and job.trigger.seconds < PATIENCE
        if not frequent or now - record.since >= PATIENCE:
            yield job.name, record.error
