"""Faults on demand, for the tests of clients that must survive them."""

from dataclasses import dataclass, field
from threading import Lock
from types import NoneType
from typing import Any

from sheets_crm.emulator.errors import invalid

__all__ = ["MODES", "Fault", "Faults"]

#: What a fault may do; `status` is the one without a mode, `rate_limit` short for it with 429.
MODES = frozenset(
    {"status", "after_apply", "drop_response", "timeout", "delay", "html_502", "truncate", "expire_token"}
    | {"duplicate_delivery", "rate_limit"}
)

_STATUS = frozenset(range(200, 600)) - {204, 205, 304}
_FIELDS: dict[str, tuple[type, ...]] = {
    "match": (str,),
    "mode": (str,),
    "status": (int,),
    "times": (int,),
    "skip": (int,),
    "seconds": (int, float),
    "retry_after": (int, NoneType),
}


@dataclass(slots=True)
class Fault:
    """One armed fault.

    Attributes:
        match: Part of "METHOD path" of the requests that it meets.
        mode: What it does.
        status: The status that it answers with.
        times: How many more requests it meets.
        skip: How many matching requests pass before.
        seconds: How long it waits.
        retry_after: The value of a `Retry-After` header, or None for none.
    """

    match: str = ""
    mode: str = "status"
    status: int = 503
    times: int = 1
    skip: int = 0
    seconds: float = 1.0
    retry_after: int | None = None


@dataclass(slots=True)
class Faults:
    """The armed faults, in the order in which they were armed."""

    armed: list[Fault] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def arm(self, body: Any) -> Fault:
        """Arm a fault from the JSON of `POST /_emulator/faults`.

        Raises:
            ApiError: 400 if it is not one.
        """
        if not isinstance(body, dict) or body.keys() - _FIELDS.keys():
            raise invalid(f"A fault is an object with {', '.join(sorted(_FIELDS))}.")
        _check(body)
        fault = Fault(**body)
        if fault.mode not in MODES:
            raise invalid(f"mode must be one of {', '.join(sorted(MODES))}.")
        if fault.mode == "rate_limit":
            fault.mode, fault.status = "status", 429
        with self._lock:
            self.armed.append(fault)
        return fault

    def disarm(self) -> None:
        """Forget all faults."""
        with self._lock:
            self.armed.clear()

    def meet(self, request: str) -> Fault | None:
        """Give the fault that a request meets, counting it down."""
        with self._lock:
            for fault in self.armed:
                if fault.match not in request:
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self.armed.remove(fault)
                return fault
        return None


def _check(body: dict[str, Any]) -> None:
    """Look at the values of a fault: one that cannot be met would end in every later request."""
    for name, value in body.items():
        if not isinstance(value, _FIELDS[name]) or isinstance(value, bool):
            raise invalid(f"{name} of a fault cannot be {value!r:.80}.")
        if name == "status" and value not in _STATUS:
            raise invalid("status of a fault must be one of HTTP, from 200 to 599, that has a body.")
