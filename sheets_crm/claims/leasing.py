"""One worker at a time over the claims of a workbook: what it does is done under a lease, which ends with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, TypeVar

from sheets_crm.claims.effects import Steps, do
from sheets_crm.claims.ports import Ports

R = TypeVar("R")

LEASE: Final = timedelta(minutes=10)


def leased(ports: Ports) -> Steps[bool]:
    """Take or renew the lease of the workbook's claims."""
    now = yield from do(ports.clock.now)
    return (yield from do(ports.store.lease, ports.worker, now, now + LEASE))


def under_lease(ports: Ports, steps: Steps[R], *, otherwise: R) -> Steps[R]:
    """Do the steps under the lease and give it back, whatever a port raises; otherwise: another worker has it."""
    try:
        result = (yield from steps) if (yield from leased(ports)) else otherwise
    except GeneratorExit:  # nobody makes our calls any more: the lease expires by itself
        raise
    except BaseException:
        yield from do(ports.store.end_lease, ports.worker)
        raise
    yield from do(ports.store.end_lease, ports.worker)
    return result
