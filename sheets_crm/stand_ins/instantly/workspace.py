"""The workspace, its sending accounts, its labels, and its lists of leads."""

from typing import Any, Final

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import bad_request, conflict
from sheets_crm.stand_ins.fields import Field, Fields
from sheets_crm.stand_ins.instantly.call import PAGE, Call, Route, existing, page, shown
from sheets_crm.stand_ins.world import World

__all__ = ["ACCOUNT", "ROUTES", "WORKSPACE_ID", "accounts", "label_of"]

WORKSPACE_ID: Final = "019ffad2-0000-7000-8000-5a5da0000001"

#: The sending account of a workspace that has no other.
ACCOUNT: Final = "team@sender.example.com"

_FIRST_LABEL = 1001  # the numbers of labels are made by the service; nobody may guess them


def accounts(world: World) -> list[str]:
    """The addresses that campaigns and answers leave from: those that campaigns name, and one that is always there."""
    named = [address for campaign in world.documents.all("campaigns") for address in campaign["email_list"]]
    return list(dict.fromkeys([ACCOUNT, *named]))


def label_of(world: World, value: float) -> Document | None:
    """The workspace's own label of an interest status."""
    labels = world.documents.all("labels")
    return next((label for label in labels if label["interest_status"] == value), None)


def _current(call: Call) -> Document:
    return {
        "id": WORKSPACE_ID,
        "timestamp_created": "2026-01-05T09:00:00.000Z",
        "timestamp_updated": "2026-01-05T09:00:00.000Z",
        "owner": "019ffad2-0000-7000-8000-5a5da0000002",
        "name": "Stand-in workspace",
        "plan_id": "pid_stand_in" if call.world.settings()["paid"] else None,
    }


def _list_accounts(call: Call) -> Document:
    listed: list[Document] = [
        {"id": address, "email": address, "status": 1, "warmup_status": 1, "organization": WORKSPACE_ID}
        for address in sorted(accounts(call.world))
    ]
    answer = page(listed, call.query)
    answer["items"] = [{name: value for name, value in item.items() if name != "id"} for item in answer["items"]]
    return answer


def _vitals(call: Call) -> Document:
    """The DNS check of accounts: all is well here, and what cannot be looked up is said apart from what is missing."""
    domains = dict.fromkeys(address.rpartition("@")[2].lower() for address in call.body["accounts"])
    found: list[dict[str, Any]] = [
        {
            "domain": domain,
            "allPass": True,
            **dict.fromkeys(("mx", "spf", "dkim", "dmarc"), True),
            "indeterminate": [],
        }
        for domain in domains
    ]
    return {"status": "success", "success_list": found, "failure_list": []}


def _list_labels(call: Call) -> Document:
    wanted = call.query.get("interest_status")
    labels = call.world.documents.all("labels")
    return page((label for label in labels if wanted in (None, label["interest_status_label"])), call.query)


def _create_label(call: Call) -> Document:
    labels = call.world.documents.all("labels")
    if any(label["label"] == call.body["label"] for label in labels):
        raise conflict("A label with this name already exists")
    label = {
        "id": call.world.new_id(),
        "timestamp_created": call.world.now(),
        "organization_id": WORKSPACE_ID,
        "interest_status": max((label["interest_status"] for label in labels), default=_FIRST_LABEL - 1) + 1,
        **call.body,
    }
    return shown(call.world.documents.put("labels", label))


def _create_list(call: Call) -> Document:
    if not call.body["name"].strip():
        raise bad_request("body/name must NOT have fewer than 1 characters")
    made = {"id": call.world.new_id(), "organization_id": WORKSPACE_ID, "timestamp_created": call.world.now()}
    return shown(call.world.documents.put("lists", {**made, **call.body}))


def _list_lists(call: Call) -> Document:
    wanted = call.query.get("search", "").lower()
    lists = call.world.documents.all("lists")
    return page((found for found in lists if wanted in found["name"].lower()), call.query)


def _get_list(call: Call) -> Document:
    return shown(existing(call.world, "lists", call.key))


_KINDS = ("positive", "negative", "neutral")
_LABEL: Fields = {
    "label": Field("string", required=True),
    "interest_status_label": Field("string", required=True, choices=_KINDS),
    "description": Field("string", nullable=True),
}

ROUTES = (
    Route("GET", "/workspaces/current", _current),
    Route("GET", "/accounts", _list_accounts, query=PAGE),
    Route(
        "POST",
        "/accounts/test/vitals",
        _vitals,
        body={"accounts": Field("array", required=True, of=Field("string"))},
    ),
    Route("GET", "/lead-labels", _list_labels, query={**PAGE, "interest_status": Field("string", choices=_KINDS)}),
    Route("POST", "/lead-labels", _create_label, body=_LABEL),
    Route("POST", "/lead-lists", _create_list, body={"name": Field("string", required=True)}),
    Route("GET", "/lead-lists", _list_lists, query={**PAGE, "search": Field("string")}),
    Route("GET", "/lead-lists/{id}", _get_list),
)
