"""Faults on demand, for the tests of clients that must survive them."""

import random
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any

from sheets_crm.stand_ins.errors import bad_request
from sheets_crm.stand_ins.fields import Field, Fields, check

__all__ = ["DELIVERY_MODES", "REQUEST_MODES", "Fault", "Faults"]

#: What a fault may do to a request; `status` is the one without a mode, `rate_limit` short for it with 429.
REQUEST_MODES = (
    "status", "rate_limit", "html_502", "drop_request",
    "after_apply", "drop_response", "timeout", "truncate", "malformed", "duplicate_delivery", "delay",
)  # fmt: skip

#: What it may do to a webhook that leaves.
DELIVERY_MODES = ("doubled", "shuffled", "undelivered")

_FIELDS: Fields = {
    "match": Field("string"),
    "mode": Field("string", choices=REQUEST_MODES + DELIVERY_MODES),
    "status": Field("integer", at_least=200, at_most=599),
    "times": Field("integer", at_least=1),
    "skip": Field("integer", at_least=0),
    "seconds": Field("number", at_least=0),
    "retry_after": Field("integer", nullable=True),
    "copies": Field("integer", at_least=2, at_most=1000),
    "seed": Field("integer"),
}


@dataclass(slots=True)
class Fault:
    """One armed fault.

    Attributes:
        match: Part of "METHOD path" of the requests, or of "DELIVERY event_type" of the webhooks, that it meets.
        mode: What it does.
        status: The status that it answers with.
        times: How many more it meets.
        skip: How many matching ones pass before.
        seconds: How long it waits.
        retry_after: The value of a `Retry-After` header, or None for none.
        copies: How often a doubled delivery leaves.
        seed: What a shuffle's order depends on.
    """

    match: str = ""
    mode: str = "status"
    status: int = 503
    times: int = 1
    skip: int = 0
    seconds: float = 1.0
    retry_after: int | None = None
    copies: int = 2
    seed: int = 0


@dataclass(slots=True)
class Faults:
    """The armed faults, in the order in which they were armed."""

    armed: list[Fault] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def arm(self, body: Any) -> Fault:
        """Arm a fault from the JSON of ``POST /_standin/faults``.

        Raises:
            RefusedError: 400 if it is not one.
        """
        fault = Fault(**check(body, _FIELDS))
        if fault.status in (204, 205, 304):
            raise bad_request("body/status must be one that has a body")
        if fault.mode == "rate_limit":
            fault.mode, fault.status = "status", 429
        with self._lock:
            self.armed.append(fault)
        return fault

    def disarm(self) -> None:
        """Forget all faults."""
        with self._lock:
            self.armed.clear()

    def listed(self) -> list[dict[str, Any]]:
        """The armed faults as JSON."""
        with self._lock:
            return [asdict(fault) for fault in self.armed]

    def meet(self, request: str) -> Fault | None:
        """The fault that a request meets, counting it down."""
        return self._meet(request, REQUEST_MODES)

    def meet_delivery(self, event_type: str) -> Fault | None:
        """The fault that a webhook meets which is about to leave for the first time, counting it down."""
        return self._meet(f"DELIVERY {event_type}", DELIVERY_MODES)

    def _meet(self, name: str, modes: tuple[str, ...]) -> Fault | None:
        with self._lock:
            for fault in self.armed:
                if fault.mode not in modes or fault.match not in name:
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self.armed.remove(fault)
                return fault
        return None


def shuffled(things: list[Any], seed: int) -> list[Any]:
    """The same things in another order, which depends on the seed alone; two change places at least."""
    order = list(things)
    random.Random(seed).shuffle(order)  # noqa: S311 - the order of a test, and no secret
    return order if order != things or len(things) < 2 else order[::-1]
