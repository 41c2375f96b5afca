"""``POST /leads/add``: up to 1,000 leads into a campaign or a list, answered with counts and without reasons."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import bad_request
from sheets_crm.stand_ins.fields import Field, Fields
from sheets_crm.stand_ins.instantly import jobs
from sheets_crm.stand_ins.instantly.block_list import BLOCK_LIST_ID, blocked_values, is_blocked
from sheets_crm.stand_ins.instantly.call import UUID, Call, Route, existing
from sheets_crm.stand_ins.instantly.leads import LEAD, address_of, leads_of, new_lead
from sheets_crm.stand_ins.world import World

__all__ = ["ROUTES", "run_import"]

#: The counts of an answer beside those of what was uploaded.
_COUNTS: Final = (
    "in_blocklist", "duplicated_leads", "skipped_count", "invalid_email_count", "incomplete_count",
    "duplicate_email_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Admission:
    """What decides whether a lead comes in, and under which count one is left out.

    Attributes:
        in_list: Whether the leads go into a list, and not into a campaign.
        blocked: The addresses and domains of the block list.
        there: Addresses in the campaign or list itself.
        skipped: Addresses that the `skip_if_in_…` flags leave out.
        seen: Addresses of this request so far.
    """

    in_list: bool
    blocked: frozenset[str]
    there: frozenset[str]
    skipped: frozenset[str]
    seen: set[str] = field(default_factory=set)

    def count_of(self, given: Document) -> str:
        """The count under which a lead is left out; empty for one that comes in."""
        try:
            address = address_of(given)
        except ValueError:
            return "invalid_email_count"
        if not address:
            return self._without_address(given)
        if address in self.seen:
            return "duplicate_email_count"
        self.seen.add(address)
        if is_blocked(self.blocked, address):
            return "in_blocklist"
        if address in self.skipped:
            return "skipped_count"
        return "duplicated_leads" if address in self.there else ""

    def _without_address(self, given: Document) -> str:
        """In a campaign an address is missing; in a list a name is enough (A)."""
        if not self.in_list:
            return "invalid_email_count"
        return "" if given.get("first_name") or given.get("last_name") else "incomplete_count"


def _add(call: Call) -> Document:
    body, world = call.body, call.world
    if bool(body.get("campaign_id")) == bool(body.get("list_id")):
        raise bad_request("Exactly one of campaign_id and list_id must be given")
    existing(
        world, *(("campaigns", body["campaign_id"]) if body.get("campaign_id") else ("lists", body["list_id"]))
    )
    if body.get("verify_leads_on_import"):
        job = jobs.submit(world, "import-leads", body)
        world.note_sent("instantly", "leads", body, job=job["id"])
        return job
    answer = run_import(world, body)
    world.note_sent("instantly", "leads", body, created=[lead["id"] for lead in answer["created_leads"]])
    return answer


def run_import(world: World, body: Document) -> Document:
    """Add the leads of a request, and answer it."""
    place = {"campaign": body["campaign_id"]} if body.get("campaign_id") else {"list_id": body["list_id"]}
    admission = _admission(world, body, place)
    left = _left_in_plan(world)
    counts: Counter[str] = Counter()
    created: list[Document] = []
    for index, given in enumerate(body["leads"]):
        left_out = admission.count_of(given)
        if left_out or len(created) >= left:  # what the plan has no room for is in no count (C)
            counts[left_out] += 1
            continue
        lead = new_lead(world, given, place, verified=1 if body.get("verify_leads_on_import") else 0)
        created.append(_summary(index, lead))
    return {
        "status": "success",
        "total_sent": len(body["leads"]),
        "leads_uploaded": len(created),
        **{name: counts[name] for name in _COUNTS},
        "blocklist_used": body.get("blocklist_id") or BLOCK_LIST_ID,
        **({"remaining_in_plan": left - len(created)} if "campaign" in place else {}),
        "created_leads": created,
    }


def _left_in_plan(world: World) -> int:
    used: int = sum(1 for lead in world.documents.all("leads") if lead.get("campaign"))
    return max(int(world.settings()["leads_in_plan"]) - used, 0)


def _summary(index: int, lead: Document) -> Document:
    kept = {name: lead[name] for name in ("email", "first_name", "last_name", "phone") if lead.get(name)}
    return {"index": index, "id": lead["id"], **kept}


def _admission(world: World, body: Document, place: Document) -> _Admission:
    skipped: set[str] = set()
    if body.get("skip_if_in_workspace"):
        skipped |= _addresses(leads_of(world))
    for flag, name in (("skip_if_in_campaign", "campaign"), ("skip_if_in_list", "list_id")):
        if body.get(flag):
            # the campaign or list itself where the leads go into one, else any (C)
            wanted = place.get(name)
            skipped |= _addresses(
                lead for lead in leads_of(world) if lead.get(name) and wanted in (None, lead[name])
            )
    return _Admission(
        in_list="list_id" in place,
        blocked=blocked_values(world),
        there=frozenset(_addresses(leads_of(world, **place))),
        skipped=frozenset(skipped),
    )


def _addresses(leads: Any) -> set[str]:
    return {lead["email"] for lead in leads if lead["email"]}


_FLAGS = ("skip_if_in_workspace", "skip_if_in_campaign", "skip_if_in_list", "verify_leads_on_import")
_BODY: Fields = {
    "campaign_id": UUID,
    "list_id": UUID,
    "leads": Field("array", required=True, at_least=1, at_most=1000, of=Field("object", fields=LEAD)),
    "blocklist_id": UUID,
    "assigned_to": UUID,
    **dict.fromkeys(_FLAGS, Field("boolean")),
}

ROUTES = (Route("POST", "/leads/add", _add, body=_BODY),)
