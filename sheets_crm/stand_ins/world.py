"""What all stand-ins share: what they remember, their time, their settings, and the list of what left."""

from collections.abc import Callable
from typing import Any, Final

from sheets_crm.stand_ins.clock import Clock, iso
from sheets_crm.stand_ins.documents import Document, Documents
from sheets_crm.stand_ins.faults import Faults
from sheets_crm.stand_ins.fields import Field, Fields, check
from sheets_crm.stand_ins.ids import Ids

__all__ = ["DEFAULTS", "World"]

#: `visible_after`: seconds until a new lead is found by lists. `applied_after`: seconds until what is answered as
#: accepted is done. `paid`: whether the workspace has a plan. `limits`: whether the limits of requests hold.
DEFAULTS: Final[dict[str, Any]] = {
    "visible_after": 3.0,
    "applied_after": 1.0,
    "leads_in_plan": 10_000,
    "paid": True,
    "limits": True,
    "slack": "ok",
}

_SETTINGS: Fields = {
    "visible_after": Field("number", at_least=0),
    "applied_after": Field("number", at_least=0),
    "leads_in_plan": Field("integer", at_least=0),
    "paid": Field("boolean"),
    "limits": Field("boolean"),
    "slack": Field(
        "string",
        choices=(
            "ok", "action_prohibited", "invalid_token", "channel_not_found", "no_service", "channel_is_archived",
        ),
    ),
}  # fmt: skip


class World:
    """The stand-ins' world.

    Args:
        documents: What they remember.
        clock: Their time.
        faults: The armed faults.

    Attributes:
        new_id: Makes an id.
        wake: Called when something is due, or due at another time than before.
    """

    def __init__(self, documents: Documents, clock: Clock, faults: Faults) -> None:
        self.documents = documents
        self.clock = clock
        self.faults = faults
        self.new_id = Ids(clock, documents.last_id())
        self.wake: Callable[[], None] = lambda: None

    def now(self) -> str:
        """The time as Instantly writes it."""
        return iso(self.clock())

    def settings(self) -> dict[str, Any]:
        """The settings, which tests may change."""
        kept = self.documents.get("settings", "settings") or {}
        return DEFAULTS | {name: value for name, value in kept.items() if name != "id"}

    def change_settings(self, body: Any) -> dict[str, Any]:
        """Change some settings, and give all.

        Raises:
            RefusedError: 400 for one that there is not, or a value that it cannot have.
        """
        changed = self.settings() | check(body, _SETTINGS)
        self.documents.put("settings", changed | {"id": "settings"})
        return changed

    def note_sent(self, service: str, what: str, received: Any, **more: Any) -> None:
        """List something that left for somebody.

        Args:
            service: The service that it came to.
            what: What it was.
            received: The body as it was received.
            more: What became of it.
        """
        entry = {"id": self.new_id(), "at": self.now(), "service": service, "what": what}
        self.documents.put("sent", {**entry, "received": received, **more})

    def sent(self) -> list[Document]:
        """What left, in order."""
        return self.documents.all("sent")
