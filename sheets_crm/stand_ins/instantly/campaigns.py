"""Campaigns: made as drafts, activated and paused by separate calls."""

from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import bad_request
from sheets_crm.stand_ins.fields import Field, Fields
from sheets_crm.stand_ins.instantly.call import PAGE, Call, Route, existing, page, shown
from sheets_crm.stand_ins.instantly.workspace import WORKSPACE_ID

__all__ = ["ACTIVE", "COMPLETED", "DRAFT", "PAUSED", "ROUTES", "STATUSES", "steps_of"]

DRAFT, ACTIVE, PAUSED, COMPLETED = 0, 1, 2, 3

#: Draft, active, paused, completed, running subsequences, accounts unhealthy, bounce protect, suspended (A).
STATUSES: Final = (DRAFT, ACTIVE, PAUSED, COMPLETED, 4, -1, -2, -99)

#: Common zones that the closed list of the service does not have (A); the rest of its list is not known here.
_REFUSED_ZONES = frozenset({"Europe/Madrid", "Europe/London", "America/New_York", "UTC"})

_SCHEDULE: Fields = {
    "name": Field("string", required=True),
    "timing": Field(
        "object",
        required=True,
        fields={"from": Field("string", required=True), "to": Field("string", required=True)},
    ),
    "days": Field("object", required=True, of=Field("boolean")),
    "timezone": Field("string", required=True),
}
_FLAG = Field("boolean", nullable=True)
_NUMBER = Field("number", nullable=True)
_ADDRESSES = Field("array", of=Field("string"))
_SETTINGS: Fields = {
    "campaign_schedule": Field(
        "object",
        required=True,
        fields={
            "start_date": Field("string", nullable=True),
            "end_date": Field("string", nullable=True),
            "schedules": Field("array", required=True, at_least=1, of=Field("object", fields=_SCHEDULE)),
        },
    ),
    "sequences": Field("array", of=Field("object", fields={"steps": Field("array", of=Field("object"))})),
    "email_list": _ADDRESSES,
    "cc_list": _ADDRESSES,
    "bcc_list": _ADDRESSES,
    **dict.fromkeys(("daily_limit", "daily_max_leads", "email_gap", "random_wait_max", "pl_value"), _NUMBER),
    **dict.fromkeys(
        (
            "stop_on_reply", "stop_on_auto_reply", "stop_for_company", "open_tracking", "link_tracking", "text_only",
            "insert_unsubscribe_header", "prioritize_new_leads", "match_lead_esp", "allow_risky_contacts",
            "disable_bounce_protect", "is_evergreen", "first_email_text_only",
        ),
        _FLAG,
    ),
}  # fmt: skip
_NEW: Fields = {"name": Field("string", required=True), **_SETTINGS}
_CHANGE: Fields = {
    "name": Field("string"),
    **_SETTINGS,
    "campaign_schedule": Field("object", fields=_SETTINGS["campaign_schedule"].fields),
}
_LIST: Fields = {**PAGE, "search": Field("string"), "status": Field("number", choices=STATUSES)}

#: What `sending-status` says of a campaign that is not active.
_REASONS = {
    DRAFT: "campaign_draft", PAUSED: "campaign_paused", COMPLETED: "campaign_completed",
    -1: "all_accounts_unhealthy", -2: "bounce_protect", -99: "account_suspended",
}  # fmt: skip


def steps_of(campaign: Document) -> list[Document]:
    """The steps of a campaign; of its sequences only the first is used (A)."""
    sequences = campaign.get("sequences") or [{}]
    steps: list[Document] = sequences[0].get("steps") or []
    return steps


def _create(call: Call) -> Document:
    _check_zones(call.body)
    now = call.world.now()
    campaign = {
        "id": call.world.new_id(),
        "organization": WORKSPACE_ID,
        "status": DRAFT,
        "not_sending_status": None,
        "timestamp_created": now,
        "timestamp_updated": now,
        "sequences": [],
        "email_list": [],
        **call.body,
    }
    return shown(call.world.documents.put("campaigns", campaign))


def _check_zones(body: dict[str, Any]) -> None:
    for number, schedule in enumerate(body.get("campaign_schedule", {}).get("schedules", [])):
        if schedule["timezone"] in _REFUSED_ZONES or not _is_zone(schedule["timezone"]):
            place = f"body/campaign_schedule/schedules/{number}/timezone"
            raise bad_request(f"{place} must be equal to one of the allowed values")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _list(call: Call) -> Document:
    wanted = call.query.get("search", "").lower()
    return page(
        (
            campaign
            for campaign in call.world.documents.all("campaigns")
            if wanted in campaign["name"].lower()
            and call.query.get("status", campaign["status"]) == campaign["status"]
        ),
        call.query,
    )


def _get(call: Call) -> Document:
    return shown(existing(call.world, "campaigns", call.key))


def _patch(call: Call) -> Document:
    _check_zones(call.body)
    return _changed(call, call.body)


def _activate(call: Call) -> Document:
    return _changed(call, {"status": ACTIVE, "not_sending_status": None})


def _pause(call: Call) -> Document:
    return _changed(call, {"status": PAUSED})


def _changed(call: Call, changes: dict[str, Any]) -> Document:
    campaign = existing(call.world, "campaigns", call.key)
    changed = {**campaign, **changes, "timestamp_updated": call.world.now()}
    return shown(call.world.documents.put("campaigns", changed))


def _sending_status(call: Call) -> Document:
    """Why nothing leaves: under `diagnostics` while it sends, else under `summary` (A)."""
    campaign = existing(call.world, "campaigns", call.key)
    told = {"campaign_id": campaign["id"], "last_updated": call.world.now(), "issue_tracking": []}
    reason = _REASONS.get(campaign["status"])
    if reason is not None:
        return {"diagnostics": None, "summary": {**told, "status": reason}}
    status = "healthy" if steps_of(campaign) else "waiting_for_leads"
    return {"diagnostics": {**told, "status": status}, "summary": None}


ROUTES = (
    Route("GET", "/campaigns", _list, query=_LIST),
    Route("POST", "/campaigns", _create, body=_NEW),
    Route("GET", "/campaigns/{id}", _get),
    Route("PATCH", "/campaigns/{id}", _patch, body=_CHANGE),
    Route("POST", "/campaigns/{id}/activate", _activate),
    Route("POST", "/campaigns/{id}/pause", _pause),
    Route("GET", "/campaigns/{id}/sending-status", _sending_status, query={"with_ai_summary": Field("boolean")}),
)
