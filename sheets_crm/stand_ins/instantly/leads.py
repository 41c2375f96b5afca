"""Leads: how one looks, and reading, changing and deleting one."""

import re
from typing import Any, Final

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import bad_request
from sheets_crm.stand_ins.fields import Field, Fields
from sheets_crm.stand_ins.instantly.call import Call, Route, existing, shown
from sheets_crm.stand_ins.instantly.workspace import WORKSPACE_ID
from sheets_crm.stand_ins.world import World

__all__ = [
    "ACTIVE", "BOUNCED", "COMPLETED", "LEAD", "PROFILE", "ROUTES", "SKIPPED", "UNSUBSCRIBED", "address_of",
    "change_lead", "leads_of", "new_lead",
]  # fmt: skip

ACTIVE, COMPLETED, BOUNCED, UNSUBSCRIBED, SKIPPED = 1, 3, -1, -2, -3

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
_TEXT = Field("string", nullable=True)

#: What the service keeps of a lead under names of its own.
_NAMED: Final = ("personalization", "website", "last_name", "first_name", "company_name", "job_title", "phone")

#: What may be changed later; the address and where the lead is may not.
PROFILE: Final[Fields] = {
    **dict.fromkeys((*_NAMED, "pl_value_lead", "assigned_to"), _TEXT),
    "lt_interest_status": Field("number"),
    "custom_variables": Field("object", of=Field("scalar", nullable=True)),
}

#: A lead of ``leads/add``.
LEAD: Final[Fields] = {"email": _TEXT, **PROFILE}


def address_of(given: Document) -> str:
    """The address of a lead that somebody sends; empty where there is none.

    Raises:
        ValueError: What stands there is no address.
    """
    address = (given.get("email") or "").strip().lower()
    if address and not _EMAIL.fullmatch(address):
        raise ValueError(address)
    return address


def new_lead(world: World, given: Document, place: Document, *, verified: int = 0) -> Document:
    """Keep a new lead; lists find it after a while.

    Args:
        world: The world.
        given: Its profile.
        place: The campaign or the list that it is in, under the name that leads have for it.
        verified: Its verification status; 0 where nobody looked.
    """
    now, address = world.now(), address_of(given)
    lead = {
        "id": world.new_id(),
        "timestamp_created": now,
        "timestamp_updated": now,
        "organization": WORKSPACE_ID,
        **place,
        "status": ACTIVE,
        "email": address or None,
        **_profile(given),
        "company_domain": address.rpartition("@")[2],
        **dict.fromkeys(("email_open_count", "email_reply_count", "email_click_count"), 0),
        "status_summary": {},
        "verification_status": verified,
        "esp_code": 0,
        "esg_code": 0,
        "upload_method": "api",
        "_variables": given.get("custom_variables") or {},
        "_visible_at": world.clock() + world.settings()["visible_after"],
        "_next_step": 0,
    }
    return world.documents.put("leads", _with_payload(lead))


def _profile(given: Document) -> Document:
    """What of a lead is kept under names of the service's own; what is empty is left out."""
    kept = (*_NAMED, "pl_value_lead", "assigned_to", "lt_interest_status")
    return {name: given[name] for name in kept if given.get(name) is not None}


def _with_payload(lead: Document) -> Document:
    """A lead with its `payload`: the profile in camel case, and the custom variables."""
    mirror = {_camel(name): lead[name] for name in _NAMED if lead.get(name) is not None}
    return {**lead, "payload": {**mirror, **lead["_variables"]}}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def leads_of(world: World, *, email: str = "", **place: str | None) -> list[Document]:
    """The leads with an address and in a place, in the order of their ids; what is empty is not looked at."""
    return [
        lead
        for lead in world.documents.all("leads")
        if (not email or lead["email"] == email)
        and all(not wanted or lead.get(name) == wanted for name, wanted in place.items())
    ]


def change_lead(world: World, lead: Document, changes: dict[str, Any]) -> Document:
    """Put a changed lead in the place of a lead; None takes a field away."""
    changed = {**lead, **changes, "timestamp_updated": world.now()}
    kept = {name: value for name, value in changed.items() if value is not None or name == "email"}
    return world.documents.put("leads", _with_payload(kept))


def _get(call: Call) -> Document:
    return shown(existing(call.world, "leads", call.key))


def _patch(call: Call) -> Document:
    lead = existing(call.world, "leads", call.key)
    changes = {name: value for name, value in call.body.items() if name != "custom_variables"}
    if "lt_interest_status" in changes:
        changes["timestamp_last_interest_change"] = call.world.now()
    variables = {**lead["_variables"], **call.body.get("custom_variables", {})}
    return shown(change_lead(call.world, lead, {**changes, "_variables": variables}))


def _delete(call: Call) -> Document:
    lead = existing(call.world, "leads", call.key)
    call.world.documents.remove("leads", call.key)
    return shown(lead)


def _create(call: Call) -> Document:
    """One lead: in a campaign it needs an address, in a list an address or a name (A)."""
    body, world = call.body, call.world
    place = {name: body[name] for name in ("campaign", "list_id") if body.get(name)}
    if len(place) > 1:
        raise bad_request("Only one of campaign and list_id may be given")
    _check_place(world, place)
    _check_enough(body, place)
    there = leads_of(world, email=address_of(body), **_where(body, place)) if body.get("email") else []
    if there and any(body.get(flag) for flag in _SKIPS):
        return shown(there[0])  # what is skipped is answered as it was (C)
    lead = shown(new_lead(world, body, place))
    world.note_sent("instantly", "lead", body, created=[lead["id"]])
    return lead


def _where(body: Document, place: Document) -> Document:
    """Where a lead that is there already counts: in the workspace, or in the campaign or list itself."""
    return {} if body.get("skip_if_in_workspace") else place


def _check_place(world: World, place: Document) -> None:
    for name, kind in (("campaign", "campaigns"), ("list_id", "lists")):
        if name in place:
            existing(world, kind, place[name])


def _check_enough(body: Document, place: Document) -> None:
    try:
        address = address_of(body)
    except ValueError:
        raise bad_request("body/email must be a valid email") from None
    if "list_id" not in place and not address:
        raise bad_request("body must have required property 'email'")
    if not address and not body.get("first_name") and not body.get("last_name"):
        raise bad_request("body must have one of email, first_name, last_name")


_SKIPS = ("skip_if_in_workspace", "skip_if_in_campaign", "skip_if_in_list")
_NEW: Fields = {
    "campaign": Field("string", nullable=True, form="uuid"),
    "list_id": Field("string", nullable=True, form="uuid"),
    **LEAD,
    **dict.fromkeys(_SKIPS, Field("boolean")),
}

ROUTES = (
    Route("POST", "/leads", _create, body=_NEW),
    Route("GET", "/leads/{id}", _get),
    Route("PATCH", "/leads/{id}", _patch, body=PROFILE),
    Route("DELETE", "/leads/{id}", _delete),
)
