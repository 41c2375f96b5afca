"""Webhooks: subscriptions, and the history of what was delivered."""

from typing import Any, Final

from sheets_crm.stand_ins.clock import WrongTimeError, iso, seconds_of
from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import bad_request
from sheets_crm.stand_ins.fields import Field, Fields
from sheets_crm.stand_ins.instantly import deliveries
from sheets_crm.stand_ins.instantly.call import PAGE, UUID, Call, Route, existing, page, shown
from sheets_crm.stand_ins.instantly.workspace import WORKSPACE_ID

__all__ = ["ROUTES", "SUBSCRIPTIONS"]

#: What a webhook can be subscribed to (A); a label of the workspace's own goes by its number.
SUBSCRIPTIONS: Final = (
    "all_events", "email_sent", "email_opened", "email_link_clicked", "reply_received", "email_bounced",
    "lead_unsubscribed", "campaign_completed", "account_error", "lead_neutral", "lead_interested",
    "lead_not_interested", "lead_meeting_booked", "lead_meeting_completed", "lead_closed", "lead_out_of_office",
    "lead_wrong_person", "lead_no_show", "supersearch_enrichment_completed",
)  # fmt: skip

_DAY = 86_400.0


def _create(call: Call) -> Document:
    webhook = {
        "id": call.world.new_id(),
        "organization": WORKSPACE_ID,
        "campaign": None,
        "name": None,
        "event_type": None,
        "custom_interest_value": None,
        "headers": None,
        "timestamp_created": call.world.now(),
        "status": deliveries.WORKING,
        "timestamp_error": None,
        **call.body,
    }
    if webhook["event_type"] is None and webhook["custom_interest_value"] is None:
        raise bad_request("One of event_type and custom_interest_value must be given")
    return shown(call.world.documents.put("webhooks", webhook))


def _list(call: Call) -> Document:
    wanted = [name for name in ("campaign", "event_type") if name in call.query]
    webhooks = call.world.documents.all("webhooks")
    return page(
        (webhook for webhook in webhooks if all(webhook[name] == call.query[name] for name in wanted)), call.query
    )


def _get(call: Call) -> Document:
    return shown(existing(call.world, "webhooks", call.key))


def _patch(call: Call) -> Document:
    return _changed(call, call.body)


def _resume(call: Call) -> Document:
    """Switch a webhook on again; what it missed does not come by itself (C): the history has it."""
    return _changed(call, {"status": deliveries.WORKING, "timestamp_error": None})


def _changed(call: Call, changes: dict[str, Any]) -> Document:
    webhook = existing(call.world, "webhooks", call.key)
    return shown(call.world.documents.put("webhooks", {**webhook, **changes}))


def _delete(call: Call) -> Document:
    webhook = existing(call.world, "webhooks", call.key)
    call.world.documents.remove("webhooks", call.key)
    return shown(webhook)


def _test(call: Call) -> Document:
    webhook = existing(call.world, "webhooks", call.key)
    payload = {
        "timestamp": call.world.now(),
        "event_type": webhook["event_type"] or "all_events",
        "workspace": WORKSPACE_ID,
        "campaign_id": webhook["campaign"],
        "campaign_name": "Test",
        "lead_email": "test@example.com",
    }
    deliveries.enqueue(call.world, webhook, payload)
    return {"success": True}


def _event_types(call: Call) -> Document:
    labels = [label["label"] for label in call.world.documents.all("labels")]
    return {"event_types": [*SUBSCRIPTIONS, *labels]}


def _list_events(call: Call) -> Document:
    """The tries to deliver, the newest first (C)."""
    after, before = _moments(call.query)
    text, success = call.query.get("search", "").lower(), call.query.get("success")
    return page(
        (
            event
            for event in call.world.documents.all("webhook_events")
            if success in (None, event["success"])
            and after <= event["timestamp_created"] < before
            and text in (event["lead_email"] or "").lower()
        ),
        call.query,
        newest_first=True,
    )


def _moments(query: Document) -> tuple[str, str]:
    """From and to, as texts that sort; a `to` without a time means that whole day (C)."""
    try:
        after = iso(seconds_of(query["from"])) if "from" in query else ""
        if "to" not in query:
            return after, "9999"
        return after, iso(seconds_of(query["to"]) + (_DAY if "T" not in query["to"] else 0.001))
    except WrongTimeError:
        raise bad_request('querystring/from and querystring/to must match format "date-time"') from None


def _get_event(call: Call) -> Document:
    return shown(existing(call.world, "webhook_events", call.key))


_CHANGE: Fields = {
    "campaign": Field("string", nullable=True, form="uuid"),
    "name": Field("string", nullable=True),
    "target_hook_url": Field("string", form="uri"),
    "event_type": Field("string", nullable=True, choices=SUBSCRIPTIONS),
    "custom_interest_value": Field("number", nullable=True),
    "headers": Field("object", nullable=True, of=Field("string")),
}
_NEW: Fields = {**_CHANGE, "target_hook_url": Field("string", required=True, form="uri")}
_LIST: Fields = {**PAGE, "campaign": UUID, "event_type": Field("string", choices=SUBSCRIPTIONS)}
_EVENTS: Fields = {
    **PAGE,
    "success": Field("boolean"),
    **dict.fromkeys(("from", "to", "search"), Field("string")),
}

ROUTES = (
    Route("POST", "/webhooks", _create, body=_NEW),
    Route("GET", "/webhooks", _list, query=_LIST),
    Route("GET", "/webhooks/event-types", _event_types),
    Route("GET", "/webhooks/{id}", _get),
    Route("PATCH", "/webhooks/{id}", _patch, body=_CHANGE),
    Route("DELETE", "/webhooks/{id}", _delete),
    Route("POST", "/webhooks/{id}/resume", _resume),
    Route("POST", "/webhooks/{id}/test", _test),
    Route("GET", "/webhook-events", _list_events, query=_EVENTS),
    Route("GET", "/webhook-events/{id}", _get_event),
)
