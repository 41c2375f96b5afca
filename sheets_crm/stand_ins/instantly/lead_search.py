"""``POST /leads/list``: leads by campaign, list, address, id, text and filter, in the order of their ids."""

from collections.abc import Callable, Iterator
from typing import Final

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.fields import Field, Fields
from sheets_crm.stand_ins.instantly.call import PAGE, UUID, Call, Route, page
from sheets_crm.stand_ins.instantly.leads import ACTIVE, BOUNCED, COMPLETED, UNSUBSCRIBED
from sheets_crm.stand_ins.instantly.workspace import label_of
from sheets_crm.stand_ins.world import World

__all__ = ["CRITERIA", "ROUTES", "found_leads"]

_Filter = Callable[[World, Document], bool]


def _has_status(status: int) -> _Filter:
    return lambda _world, lead: lead["status"] == status


def _has_interest(value: int) -> _Filter:
    return lambda _world, lead: lead.get("lt_interest_status") == value


def _has_label(kind: str) -> _Filter:
    def labelled(world: World, lead: Document) -> bool:
        label = label_of(world, lead.get("lt_interest_status", 0))
        return label is not None and label["interest_status_label"] == kind

    return labelled


def _is_verified(status: int) -> _Filter:
    return lambda _world, lead: lead["verification_status"] == status


_FILTERS: Final[dict[str, _Filter]] = {
    "FILTER_VAL_CONTACTED": lambda _world, lead: "timestamp_last_contact" in lead,
    "FILTER_VAL_NOT_CONTACTED": lambda _world, lead: "timestamp_last_contact" not in lead,
    "FILTER_VAL_ACTIVE": _has_status(ACTIVE),
    "FILTER_VAL_COMPLETED": _has_status(COMPLETED),
    "FILTER_VAL_BOUNCED": _has_status(BOUNCED),
    "FILTER_VAL_UNSUBSCRIBED": _has_status(UNSUBSCRIBED),
    "FILTER_VAL_SKIPPED": _has_status(-3),
    "FILTER_LEAD_OUT_OF_OFFICE": _has_interest(0),
    "FILTER_LEAD_INTERESTED": _has_interest(1),
    "FILTER_LEAD_MEETING_BOOKED": _has_interest(2),
    "FILTER_LEAD_MEETING_COMPLETED": _has_interest(3),
    "FILTER_LEAD_CLOSED": _has_interest(4),
    "FILTER_LEAD_NOT_INTERESTED": _has_interest(-1),
    "FILTER_LEAD_WRONG_PERSON": _has_interest(-2),
    "FILTER_LEAD_LOST": _has_interest(-3),
    "FILTER_LEAD_NO_SHOW": _has_interest(-4),
    "FILTER_LEAD_CUSTOM_LABEL_POSITIVE": _has_label("positive"),
    "FILTER_LEAD_CUSTOM_LABEL_NEGATIVE": _has_label("negative"),
    "FILTER_VAL_VALID": _is_verified(1),
    "FILTER_VAL_INVALID": _is_verified(-1),
    "FILTER_VAL_RISKY": _is_verified(-2),
    "FILTER_VAL_IN_SUBSEQUENCE": lambda _world, _lead: False,  # there are none here
    "FILTER_VAL_REPLIED": lambda _world, lead: lead["email_reply_count"] > 0,
    "FILTER_VAL_LINK_CLICKED": lambda _world, lead: lead["email_click_count"] > 0,
    "FILTER_VAL_NO_OPENS": lambda _world, lead: lead["email_open_count"] == 0,
    "FILTER_VAL_OPENED_NO_REPLY": lambda _world, lead: (
        bool(lead["email_open_count"]) and not lead["email_reply_count"]
    ),
    "FILTER_VAL_COMPLETED_NO_REPLY": lambda _world, lead: (
        lead["status"] == COMPLETED and not lead["email_reply_count"]
    ),
}

#: What leads are looked for by.
CRITERIA: Final[Fields] = {
    "search": Field("string"),
    "filter": Field("string", choices=tuple(_FILTERS)),
    "campaign": UUID,
    "list_id": UUID,
    "in_campaign": Field("boolean"),
    "in_list": Field("boolean"),
    "ids": Field("array", of=UUID),
    "excluded_ids": Field("array", of=UUID),
    "contacts": Field("array", of=Field("string")),
}


def found_leads(world: World, asked: Document) -> Iterator[Document]:
    """The leads that fit what is asked for, and that lists find already."""
    now = world.clock()
    tests = _tests(world, asked)
    for lead in world.documents.all("leads"):
        if lead["_visible_at"] <= now and all(test(lead) for test in tests):
            yield lead


def _tests(world: World, asked: Document) -> list[Callable[[Document], bool]]:
    ids, excluded = set(asked.get("ids", ())), set(asked.get("excluded_ids", ()))
    contacts = {address.strip().lower() for address in asked.get("contacts", ())}
    text = asked.get("search", "").strip().lower()
    chosen = _FILTERS.get(asked.get("filter", ""))
    return [
        *(_in_place(name, asked[name]) for name in ("campaign", "list_id") if name in asked),
        *(
            _in_any(name, wanted=asked[asked_name])
            for name, asked_name in (("campaign", "in_campaign"), ("list_id", "in_list"))
            if asked_name in asked
        ),
        lambda lead: lead["id"] not in excluded,
        *([lambda lead: lead["id"] in ids] if "ids" in asked else []),
        *([lambda lead: lead["email"] in contacts] if "contacts" in asked else []),
        *([lambda lead: text in _searched(lead)] if text else []),
        *([lambda lead: chosen(world, lead)] if chosen is not None else []),
    ]


def _in_place(name: str, wanted: str) -> Callable[[Document], bool]:
    return lambda lead: lead.get(name) == wanted


def _in_any(name: str, *, wanted: bool) -> Callable[[Document], bool]:
    return lambda lead: (lead.get(name) is not None) is wanted


def _searched(lead: Document) -> str:
    """First name, last name and address, which a search looks into (A)."""
    return " ".join(lead.get(name) or "" for name in ("first_name", "last_name", "email")).lower()


def _list(call: Call) -> Document:
    return page(found_leads(call.world, call.body), call.body, ends_early=False)


ROUTES = (Route("POST", "/leads/list", _list, body={**CRITERIA, **PAGE}),)
