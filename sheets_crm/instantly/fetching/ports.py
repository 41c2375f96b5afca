"""What fetching is given of the world, and the deliveries that it makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from sheets_crm.engine.fetching import Cursors
from sheets_crm.engine.intake import Delivery, Intake
from sheets_crm.errors import CrmError
from sheets_crm.instantly.client import Client
from sheets_crm.instantly.fields import moment_of
from sheets_crm.instantly.kinds import SOURCE
from sheets_crm.instantly.posts import key_of
from sheets_crm.messages import Said

FURTHEST: Final = dt.timedelta(days=30)
"""How far back a list without a cursor is read."""

Failed = list[tuple[Said, CrmError]]
"""What could not be fetched, and why."""

_SKEW: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Ports:
    """What fetching is given of the world.

    Attributes:
        client: Asks the service.
        intake: Stores what came.
        cursors: How far each list was read.
        clock: Seconds since 1970.
        check: Called between two pages; it may raise to end there.
    """

    client: Client
    intake: Intake
    cursors: Cursors
    clock: Callable[[], float]
    check: Callable[[], None]

    def now(self) -> dt.datetime:
        """The moment."""
        return dt.datetime.fromtimestamp(self.clock(), tz=dt.UTC)


def page_delivery(
    kind: str, items: Sequence[Any], at: dt.datetime, *, key: str = "", of: str = "", labels: Sequence[Any] = ()
) -> Delivery:
    """A page of a list as a delivery; the same page again has the same key.

    Args:
        kind: What it brings.
        items: Its items, as they came.
        at: When it came.
        key: Its key, where the items alone do not tell it from others.
        of: Whose list it is, such as a campaign's id.
        labels: Labels that its items have by their numbers, as they came.
    """
    page: dict[str, Any] = {"items": items} | ({"labels": labels} if labels else {})
    return Delivery(SOURCE, kind, at, orjson.dumps(page), key or key_of([kind, of, page]))


def moment_in(cursors: Mapping[str, str], name: str, now: dt.datetime) -> dt.datetime | None:
    """The moment that a cursor is; None without one, or of a clock that was ahead."""
    moment = moment_of(cursors.get(name, ""))
    return None if moment is None or moment > now + _SKEW else moment
