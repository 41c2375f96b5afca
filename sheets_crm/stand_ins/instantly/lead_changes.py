"""What happens to leads in the background: an interest status, a move, a deletion in bulk."""

from typing import Any

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import bad_request, not_found
from sheets_crm.stand_ins.fields import Field, Fields
from sheets_crm.stand_ins.instantly import events, jobs
from sheets_crm.stand_ins.instantly.call import UUID, Accepted, Call, Route, existing
from sheets_crm.stand_ins.instantly.lead_import import run_import
from sheets_crm.stand_ins.instantly.lead_search import CRITERIA, found_leads
from sheets_crm.stand_ins.instantly.leads import change_lead, leads_of
from sheets_crm.stand_ins.world import World

__all__ = ["ROUTES", "WORKS", "set_interest"]


def _update_interest(call: Call) -> Accepted:
    """By address, answered 202 (A); an address that nobody has is refused, not passed over (C)."""
    body, world = call.body, call.world
    if not _addressed(world, body):
        raise not_found("Lead not found")
    jobs.submit(world, "update-interest-status", body)
    world.note_sent("instantly", "interest_status", body)
    return Accepted({"message": "Lead interest status update background job submitted"})


def _addressed(world: World, body: Document) -> list[Document]:
    return leads_of(
        world,
        email=body["lead_email"].strip().lower(),
        campaign=body.get("campaign_id"),
        list_id=body.get("list_id"),
    )


def _apply_interest(world: World, body: dict[str, Any]) -> None:
    for lead in _addressed(world, body):
        set_interest(world, lead, body["interest_value"])


def set_interest(world: World, lead: Document, value: float | None) -> Document:
    """Give a lead an interest status, or take it away, and tell those who subscribed."""
    changes = {"lt_interest_status": value, "timestamp_last_interest_change": world.now()}
    changed = change_lead(world, lead, changes)
    events.tell_interest(world, changed, value)
    return changed


def _move(call: Call) -> Document:
    body = call.body
    targets = [name for name in ("to_campaign_id", "to_list_id") if body.get(name)]
    if len(targets) != 1:
        raise bad_request("Exactly one of to_campaign_id and to_list_id must be given")
    existing(call.world, "campaigns" if targets[0] == "to_campaign_id" else "lists", body[targets[0]])
    if "ids" in body and not body.get("campaign") and not body.get("list_id"):
        raise bad_request("campaign or list_id must be given with ids")
    return jobs.submit(call.world, "move-leads", body)


def _apply_move(world: World, body: dict[str, Any]) -> None:
    place = {"campaign": body.get("to_campaign_id"), "list_id": body.get("to_list_id")}
    for lead in list(found_leads(world, body)):
        moved = {**place, "_next_step": 0}
        if body.get("reset_interest_status"):
            moved["lt_interest_status"] = None
        if body.get("copy_leads"):
            moved["id"] = world.new_id()
        change_lead(world, lead, moved)


def _delete_many(call: Call) -> Document:
    """Answers how many it deletes (A); lists find them until it is done."""
    body = call.body
    if bool(body.get("campaign_id")) == bool(body.get("list_id")):
        raise bad_request("Exactly one of campaign_id and list_id must be given")
    ids = set(body.get("ids", ()))
    chosen = [
        lead["id"]
        for lead in leads_of(call.world, campaign=body.get("campaign_id"), list_id=body.get("list_id"))
        if ("ids" not in body or lead["id"] in ids) and body.get("status", lead["status"]) == lead["status"]
    ][: body.get("limit")]
    jobs.submit(call.world, "delete-leads", {"ids": chosen})
    return {"count": len(chosen)}


def _apply_deletion(world: World, body: dict[str, Any]) -> None:
    for key in body["ids"]:
        world.documents.remove("leads", key)


#: What each type of job does.
WORKS: dict[str, jobs.Work] = {
    "update-interest-status": _apply_interest,
    "move-leads": _apply_move,
    "delete-leads": _apply_deletion,
    "import-leads": run_import,
}

_INTEREST: Fields = {
    "lead_email": Field("string", required=True),
    "interest_value": Field("number", required=True, nullable=True),
    "campaign_id": UUID,
    "list_id": UUID,
    "ai_interest_value": Field("number"),
    "disable_auto_interest": Field("boolean"),
}
_MOVE: Fields = {
    **CRITERIA,
    "to_campaign_id": UUID,
    "to_list_id": UUID,
    "copy_leads": Field("boolean"),
    "reset_interest_status": Field("boolean"),
}
_DELETE: Fields = {
    "campaign_id": UUID,
    "list_id": UUID,
    "status": Field("number", choices=(1, 2, 3, -1, -2, -3)),
    "ids": Field("array", of=UUID),
    "limit": Field("integer", at_least=1, at_most=10_000),
}

ROUTES = (
    Route("POST", "/leads/update-interest-status", _update_interest, body=_INTEREST),
    Route("POST", "/leads/move", _move, body=_MOVE),
    Route("DELETE", "/leads", _delete_many, body=_DELETE),
)
