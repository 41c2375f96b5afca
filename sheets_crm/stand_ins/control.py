"""What only tests and demos ask for, under ``/_standin/``: faults, settings, time, what leads do, what left."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from sheets_crm.stand_ins.clock import iso
from sheets_crm.stand_ins.errors import RefusedError, bad_request, not_found
from sheets_crm.stand_ins.fields import Field, check
from sheets_crm.stand_ins.instantly.deliverer import Deliverer
from sheets_crm.stand_ins.instantly.happenings import happen
from sheets_crm.stand_ins.wire import Answer, Asked, as_json
from sheets_crm.stand_ins.world import World

__all__ = ["PREFIX", "Control"]

PREFIX: Final = "/_standin/"


class Control:
    """The control of the stand-ins.

    Args:
        world: The stand-ins' world.
        deliverer: Does what is due.
        requests: How often each method was asked.
    """

    def __init__(self, world: World, deliverer: Deliverer, requests: Counter[str]) -> None:
        self._world = world
        self._deliverer = deliverer
        self._requests = requests
        self._methods: dict[str, Callable[[Asked], Any]] = {
            "GET faults": lambda _asked: {"faults": world.faults.listed()},
            "POST faults": self._arm,
            "DELETE faults": self._disarm,
            "GET sent": lambda asked: {"sent": [entry for entry in world.sent() if _is_of(entry, asked.query)]},
            "GET settings": lambda _asked: world.settings(),
            "PATCH settings": lambda asked: world.change_settings(_json(asked)),
            "POST clock": self._forward,
            "GET clock": lambda _asked: {"now": iso(world.clock())},
            "POST events": lambda asked: {"events": happen(world, _json(asked))},
            "GET stats": lambda _asked: {"requests": dict(requests)},
            "POST reset": self._reset,
        }

    def answer(self, asked: Asked) -> Answer:
        """Answer a request."""
        name = f"{asked.method} {asked.path.removeprefix(PREFIX)}"
        try:
            if name == "POST due":  # outside of a change: it waits for receivers, which may ask meanwhile
                return as_json(200, {"done": self._deliverer.do_due()})
            if name not in self._methods:
                raise not_found(f"There is no {asked.method} {asked.path}")
            with self._world.documents.change():
                answered = as_json(200, self._methods[name](asked))
        except RefusedError as error:
            return as_json(error.status, error.body())
        self._deliverer.wake()
        return answered

    def _arm(self, asked: Asked) -> Any:
        self._world.faults.arm(_json(asked))
        return {"armed": len(self._world.faults.armed)}

    def _disarm(self, _asked: Asked) -> Any:
        self._world.faults.disarm()
        self._deliverer.release_soon()
        return {"armed": 0}

    def _forward(self, asked: Asked) -> Any:
        body = check(_json(asked), {"forward": Field("number", required=True, at_least=0)})
        return {"now": iso(self._world.clock.forward(body["forward"]))}

    def _reset(self, _asked: Asked) -> Any:
        self._world.documents.clear()
        self._world.faults.disarm()
        self._requests.clear()
        return {}


def _is_of(entry: dict[str, Any], query: dict[str, str]) -> bool:
    """Whether something that left is of the service and the kind that a query names."""
    return all(entry[name] == query[name] for name in ("service", "what") if name in query)


def _json(asked: Asked) -> Any:
    try:
        return json.loads(asked.body)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise bad_request("The body must be JSON") from None
