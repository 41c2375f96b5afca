"""The unified inbox: what campaigns sent, what came back, and what was answered."""

from typing import Any, Final

from sheets_crm.stand_ins.clock import WrongTimeError, iso, seconds_of
from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import bad_request, not_found
from sheets_crm.stand_ins.fields import Field, Fields
from sheets_crm.stand_ins.instantly.call import PAGE, UUID, Call, Route, existing, page, shown
from sheets_crm.stand_ins.instantly.workspace import WORKSPACE_ID, accounts
from sheets_crm.stand_ins.world import World

__all__ = ["MANUAL", "RECEIVED", "ROUTES", "SENT", "mails_of", "new_mail"]

SENT, RECEIVED, MANUAL = 1, 2, 3

_PREVIEW: Final = 200
_TYPES: Final = {"sent": SENT, "received": RECEIVED, "manual": MANUAL}


def mails_of(world: World, lead: Document, kind: int) -> list[Document]:
    """The mails of one kind to or from a lead, in order."""
    return [
        mail for mail in world.documents.all("emails") if mail["lead_id"] == lead["id"] and mail["ue_type"] == kind
    ]


def new_mail(world: World, lead: Document, kind: int, text: str, html: str, **more: Any) -> Document:
    """Keep a mail.

    Args:
        world: The world.
        lead: To whom or from whom it is.
        kind: Sent by a campaign, received, or written by hand.
        text: Its text.
        html: Its HTML.
        more: Subject, sender, receiver, account, thread, step.
    """
    key, now = world.new_id(), world.now()
    mail = {
        "id": key,
        "timestamp_created": now,
        "timestamp_email": now,
        "message_id": f"<{key}@mail.example.com>",
        "organization_id": WORKSPACE_ID,
        "body": {"text": text, "html": html},
        "content_preview": text[:_PREVIEW],
        "lead": lead["email"],
        "lead_id": lead["id"],
        "campaign_id": lead.get("campaign"),
        "list_id": lead.get("list_id"),
        "thread_id": f"thread-{lead['id']}",
        "ue_type": kind,
        "is_unread": int(kind == RECEIVED),
        "is_auto_reply": 0,
        "i_status": lead.get("lt_interest_status"),
        **more,
    }
    return world.documents.put("emails", mail)


def _list(call: Call) -> Document:
    """The newest first, unless asked otherwise."""
    query = call.query
    found = [mail for mail in call.world.documents.all("emails") if _fits(mail, query)]
    if query.get("latest_of_thread"):
        latest = {mail["thread_id"]: mail["id"] for mail in found}
        found = [mail for mail in found if latest[mail["thread_id"]] == mail["id"]]
    answer = page(found, query, newest_first=query.get("sort_order", "desc") == "desc")
    if query.get("preview_only"):
        answer["items"] = [{name: mail[name] for name in mail if name != "body"} for mail in answer["items"]]
    return answer


def _fits(mail: Document, query: dict[str, Any]) -> bool:
    same = ("campaign_id", "list_id", "lead", "lead_id", "i_status")
    return (
        all(mail[name] == query[name] for name in same if name in query)
        and _in_time(mail, query)
        and ("email_type" not in query or mail["ue_type"] == _TYPES[query["email_type"]])
        and ("is_unread" not in query or bool(mail["is_unread"]) is query["is_unread"])
        and ("eaccount" not in query or mail["eaccount"] in query["eaccount"].split(","))
        and _has(mail, query.get("search", ""))
    )


def _in_time(mail: Document, query: dict[str, Any]) -> bool:
    try:
        after = iso(seconds_of(query.get("min_timestamp_created", "1970-01-01")))
        before = iso(seconds_of(query.get("max_timestamp_created", "9999-01-01")))
    except WrongTimeError:
        raise bad_request('querystring/min_timestamp_created must match format "date-time"') from None
    return bool(after <= mail["timestamp_created"] <= before)


def _has(mail: Document, search: str) -> bool:
    """Whether a mail has a text or an address in it, or is in the thread that `thread:ID` names (A)."""
    if search.startswith("thread:"):
        return bool(mail["thread_id"] == search.removeprefix("thread:"))
    places = (mail["lead"], mail["from_address_email"], mail["to_address_email_list"], mail["subject"])
    return not search or any(search.lower() in (place or "").lower() for place in places)


def _get(call: Call) -> Document:
    return shown(existing(call.world, "emails", call.key))


def _patch(call: Call) -> Document:
    mail = existing(call.world, "emails", call.key)
    return shown(call.world.documents.put("emails", {**mail, **call.body}))


def _reply(call: Call) -> Document:
    """Answer in the thread of a mail that there is (A), from an account of the workspace."""
    body, world = call.body, call.world
    answered = world.documents.get("emails", body["reply_to_uuid"])
    if answered is None:
        raise not_found("Email to reply to not found")
    if body["eaccount"] not in accounts(world):
        raise not_found("Account not found")
    text, html = body["body"].get("text"), body["body"].get("html")
    if not text and not html:
        raise bad_request("body/body must have one of text, html")
    lead = world.documents.get("leads", answered["lead_id"])
    receiver = answered["from_address_email" if answered["ue_type"] == RECEIVED else "to_address_email_list"]
    mail = new_mail(
        world,
        lead or {"id": answered["lead_id"], "email": answered["lead"], "campaign": answered["campaign_id"]},
        MANUAL,
        text or "",
        html or "",
        subject=body["subject"],
        eaccount=body["eaccount"],
        from_address_email=body["eaccount"],
        to_address_email_list=receiver,
        thread_id=answered["thread_id"],
    )
    world.note_sent("instantly", "reply", body, to=receiver, email_id=mail["id"])
    return shown(mail)


_LIST: Fields = {
    **PAGE,
    "search": Field("string"),
    "campaign_id": UUID,
    "list_id": UUID,
    "lead": Field("string"),
    "lead_id": UUID,
    "eaccount": Field("string"),
    "i_status": Field("number"),
    "email_type": Field("string", choices=tuple(_TYPES)),
    "is_unread": Field("boolean"),
    "latest_of_thread": Field("boolean"),
    "preview_only": Field("boolean"),
    "mode": Field("string", choices=("emode_all",)),  # what is focused or not is not told apart here
    "sort_order": Field("string", choices=("asc", "desc")),
    "min_timestamp_created": Field("string"),
    "max_timestamp_created": Field("string"),
}
_REPLY: Fields = {
    "eaccount": Field("string", required=True),
    "reply_to_uuid": Field("string", required=True, form="uuid"),
    "subject": Field("string", required=True),
    "body": Field("object", required=True, fields={"text": Field("string"), "html": Field("string")}),
    "cc_address_email_list": Field("string"),
    "bcc_address_email_list": Field("string"),
}
_CHANGE: Fields = {"is_unread": Field("integer", choices=(0, 1))}

ROUTES = (
    Route("GET", "/emails", _list, query=_LIST),
    Route("POST", "/emails/reply", _reply, body=_REPLY),
    Route("GET", "/emails/{id}", _get),
    Route("PATCH", "/emails/{id}", _patch, body=_CHANGE),
)
