"""The block list: addresses and domains that no campaign may write to."""

from typing import Final

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.errors import bad_request
from sheets_crm.stand_ins.fields import Field, Fields
from sheets_crm.stand_ins.instantly.call import PAGE, Call, Route, existing, page, shown
from sheets_crm.stand_ins.instantly.workspace import WORKSPACE_ID
from sheets_crm.stand_ins.world import World

__all__ = ["BLOCK_LIST_ID", "ROUTES", "block", "blocked_values", "is_blocked"]

BLOCK_LIST_ID: Final = "019ffad2-0000-7000-8000-5a5da0000003"


def blocked_values(world: World) -> frozenset[str]:
    """The addresses and domains on the list."""
    return frozenset(entry["bl_value"] for entry in world.documents.all("block_list"))


def is_blocked(values: frozenset[str], email: str) -> bool:
    """Whether an address or its domain is among the values."""
    return not values.isdisjoint((email, email.rpartition("@")[2]))


def block(world: World, value: str) -> Document:
    """Put an address or a domain on the list; one that is there stays the same entry (C).

    Raises:
        RefusedError: 400 for what is neither.
    """
    value = value.strip().lower()
    if "." not in value or any(letter.isspace() for letter in value):
        raise bad_request("bl_value must be an email or a domain")
    entries = world.documents.all("block_list")
    there = next((entry for entry in entries if entry["bl_value"] == value), None)
    return there or world.documents.put(
        "block_list",
        {
            "id": world.new_id(),
            "timestamp_created": world.now(),
            "organization_id": WORKSPACE_ID,
            "bl_value": value,
            "is_domain": "@" not in value,
        },
    )


def _create(call: Call) -> Document:
    entry = block(call.world, call.body["bl_value"])
    call.world.note_sent("instantly", "block", call.body)
    return shown(entry)


def _create_many(call: Call) -> list[Document]:
    entries = [block(call.world, value) for value in call.body["bl_values"]]
    call.world.note_sent("instantly", "block", call.body)
    return [shown(entry) for entry in entries]


def _list(call: Call) -> Document:
    wanted, domains_only = call.query.get("search", "").lower(), call.query.get("domains_only", False)
    entries = call.world.documents.all("block_list")
    return page(
        (
            entry
            for entry in entries
            if wanted in entry["bl_value"] and (entry["is_domain"] or not domains_only)
        ),
        call.query,
    )  # fmt: skip


def _get(call: Call) -> Document:
    return shown(existing(call.world, "block_list", call.key))


def _delete(call: Call) -> Document:
    entry = existing(call.world, "block_list", call.key)
    call.world.documents.remove("block_list", call.key)
    return shown(entry)


_LIST: Fields = {**PAGE, "search": Field("string"), "domains_only": Field("boolean")}
_VALUES = Field("array", required=True, at_least=1, at_most=1000, of=Field("string"))

ROUTES = (
    Route("POST", "/block-lists-entries", _create, body={"bl_value": Field("string", required=True)}),
    Route("POST", "/block-lists-entries/bulk-create", _create_many, body={"bl_values": _VALUES}),
    Route("GET", "/block-lists-entries", _list, query=_LIST),
    Route("GET", "/block-lists-entries/{id}", _get),
    Route("DELETE", "/block-lists-entries/{id}", _delete),
)
