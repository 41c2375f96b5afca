"""Exported people become leads, each person once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sheets_crm.pipeline.columns import ENTERS, PERSON, TARGET_ID, Cell
from sheets_crm.pipeline.imports.apply_row import Merged
from sheets_crm.pipeline.imports.identity import PERSON_URLS
from sheets_crm.pipeline.imports.keys import member_id, person_url, vmid
from sheets_crm.pipeline.imports.lead_overlay import LeadOverlay
from sheets_crm.pipeline.imports.matching import Reject, Row, identity, only_one
from sheets_crm.pipeline.imports.names import cleaned
from sheets_crm.pipeline.schema import Schema

URL_KINDS: Final = frozenset({"member_id", "person_url"})
NO_PERSON: Final = frozenset({"@query", "@error", "personTimestamp", TARGET_ID})
"""Targets that a row of a failed search may fill; they identify nobody."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Merges exported rows, one after another."""

    overlay: LeadOverlay
    schema: Schema
    target_id: str
    now: float
    also: tuple[str, ...] = ()
    enters: str = ""

    def take(self, row: Row) -> Merged:
        """Add the person of a row as a lead, or fill the blanks of the lead that is the same person.

        The same person has the same member id or person URL; without either, the same e-mail; without any address,
        the same name and company.
        """
        row = with_names(row)
        keys = identity(row)
        if not keys:
            return Merged.of_reject(_nobody(row))
        matches = self._matches(keys)
        if matches:
            number = only_one(matches)
            return Merged.of_reject(number) if isinstance(number, Reject) else self._fill(number, row)
        self.overlay.add({**self._blank(), **self._values(row)})
        return Merged("new")

    def _matches(self, keys: Mapping[str, list[str]]) -> dict[tuple[str, str], tuple[int, ...]]:
        """The leads that the row's keys belong to.

        An e-mail, or a name with company, points first at leads without a profile URL; if the row has a URL that no
        lead has, at no others: colleagues share addresses such as info@.
        """
        lookups = {(kind, key): self.overlay.find(kind, key) for kind, listed in keys.items() for key in listed}
        by_url = {place: leads for place, leads in lookups.items() if leads and place[0] in URL_KINDS}
        if by_url:
            return by_url
        bare = {
            place: tuple(lead for lead in leads if not self._has_url(lead)) for place, leads in lookups.items()
        }
        if not URL_KINDS & keys.keys() and not any(bare.values()):
            bare = lookups
        return {place: leads for place, leads in bare.items() if leads}

    def _has_url(self, number: int) -> bool:
        urls = [str(self.overlay.get(number, column)) for column in PERSON_URLS]
        return any(member_id(url) or person_url(url) for url in urls)

    def _fill(self, number: int, row: Row) -> Merged:
        values = self._values(row)
        self.overlay.put(
            number, {name: text for name, text in values.items() if self.overlay.get(number, name) == ""}
        )
        return Merged("duplicate")

    def _values(self, row: Row) -> dict[str, Cell]:
        values: dict[str, Cell] = {
            name: row[name] for name in (*PERSON[1:], "email", *self.schema.added, *self.also) if name in row
        }
        values.setdefault(TARGET_ID, self.target_id)
        if not self.schema.has("validation_success") or self.enters:
            # The cleaned names come with the verification; without it what is sent to contact people needs them too.
            for column, source in (("firstName_cleaned", "firstName"), ("lastName_cleaned", "lastName")):
                values[column] = cleaned(str(values.get(source, "")), last=source == "lastName")
        member = vmid(row.get("@vmid", "")) or member_id(row.get("@linkedin_url", ""))
        urls = (str(values.get(name, "")) for name in ("personSalesUrl", "personLinkedinUrl"))
        if member and "personSalesUrl" not in values and member not in map(member_id, urls):
            # Neither URL that the Master keeps has the id; without it the next export would add the person again.
            values["personSalesUrl"] = f"https://www.linkedin.com/sales/lead/{member}"
        return values

    def _blank(self) -> Mapping[str, Cell]:
        flags: dict[str, Cell] = {step.sent: False for step in self.schema.steps}
        return {**flags, "storage": False, "imported_at": self.now, ENTERS: self.enters}


def with_names(row: Row) -> Row:
    """The row with first and last name split from the full name if it has neither."""
    if "firstName" in row or "lastName" in row or "@full_name" not in row:
        return row
    first, _, last = row["@full_name"].strip().partition(" ")
    names = {"firstName": first, "lastName": last.strip()}
    return {**row, **{column: name for column, name in names.items() if name}}


def _nobody(row: Row) -> Reject:
    if "@error" in row or not row.keys() - NO_PERSON:
        return Reject.of("export_error", value=row.get("@error", "–")[:200])  # noqa: RUF001 (a dash for nothing)
    return Reject.of("no_identity")
