"""Developer metadata by batchUpdate."""

from typing import Any

from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.developer_metadata import matching, public_entry, read_location
from sheets_crm.emulator.errors import invalid
from sheets_crm.emulator.masks import merge_masked, required_mask
from sheets_crm.emulator.requests.registry import answers

__all__: list[str] = []


@answers("createDeveloperMetadata")
def _create(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    given = request.get("developerMetadata") or {}
    number = given.get("metadataId")
    if number is None:
        number = batch.book.new_number(set(batch.book.metadata))
    if number <= 0:
        raise invalid("developerMetadata.metadataId must be positive.")
    if number in batch.book.metadata:
        raise invalid(
            f"Cannot add developer metadata with ID [{number}] "
            "because developer metadata with that ID already exists."
        )
    entry = _read(batch, {**given, "metadataId": number})
    batch.book.metadata[number] = entry
    return {"developerMetadata": public_entry(entry)}


def _read(batch: Batch, given: dict[str, Any]) -> dict[str, Any]:
    key = given.get("metadataKey")
    if not key:
        raise invalid("Developer metadata must always have a key specified.")
    visibility = given.get("visibility")
    if visibility not in ("DOCUMENT", "PROJECT"):
        raise invalid("Developer metadata must always have visibility specified.")
    entry = {"metadataId": given["metadataId"], "metadataKey": key}
    if given.get("metadataValue"):
        entry["metadataValue"] = given["metadataValue"]
    entry["location"] = read_location(batch.book, given.get("location") or {})
    return {**entry, "visibility": visibility}


@answers("updateDeveloperMetadata")
def _update(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    mask = required_mask(request)
    given = request.get("developerMetadata") or {}
    changed = []
    for number in matching(batch.book, request.get("dataFilters") or []):
        merged = merge_masked(batch.book.metadata[number], given, mask)
        entry = _read(batch, {**merged, "metadataId": number})
        batch.book.metadata[number] = entry
        changed.append(public_entry(entry))
    return {"developerMetadata": changed} if changed else {}


@answers("deleteDeveloperMetadata")
def _delete(batch: Batch, request: dict[str, Any]) -> dict[str, Any]:
    numbers = matching(batch.book, [request.get("dataFilter") or {}])
    gone = [public_entry(batch.book.metadata.pop(number)) for number in numbers]
    return {"deletedDeveloperMetadata": gone} if gone else {}
