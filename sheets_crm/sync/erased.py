"""People who were erased: a keyed hash of who they were, so that the next import refuses them.

Only the hashes stand in the workbook (System, column C); without the key beside them they say nothing, and the keyed
hash of a guess is all that can be compared.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Mapping

from sheets_crm.pipeline.drops.keys import email_key, member_id, name_key, person_url
from sheets_crm.workbook.cells import Cell
from sheets_crm.workbook.system import SystemState

STRONG = ("member_id", "person_url", "email")


def hashed(salt: str, kind: str, key: str) -> str:
    """Return the keyed hash of one key of a person."""
    return hmac.new(salt.encode(), f"{kind}:{key}".encode(), hashlib.sha256).hexdigest()[:32]


def hashes(salt: str, lead: Mapping[str, Cell]) -> list[str]:
    """Return the hashes of everything that tells who a lead is; its name and company only if nothing else does."""
    urls = [str(lead.get(name, "")) for name in ("personSalesUrl", "personLinkedinUrl")]
    keys = {("member_id", member_id(url)) for url in urls} | {("person_url", person_url(url)) for url in urls}
    keys.add(("email", email_key(str(lead.get("email", "")))))
    found = sorted((kind, key) for kind, key in keys if key)
    if not found:
        parts = [str(lead.get(name, "")) for name in ("firstName", "lastName", "companyName_fromP")]
        name = name_key(*parts)
        found = [("name", name)] if name else []
    return [hashed(salt, kind, key) for kind, key in found]


def refuser(system: SystemState) -> Callable[[Mapping[str, str]], bool] | None:
    """Return what says whether a person was erased; None when nobody was."""
    if not system.erased:
        return None
    known, salt = frozenset(system.erased), system.text("salt")

    def refused(keys: Mapping[str, str]) -> bool:
        return any(hashed(salt, kind, key) in known for kind, key in keys.items() if key)

    return refused


def about(cells: Collection[object], keys: Collection[str]) -> bool:
    """Return whether a row of cells speaks of a person known by these keys."""
    for cell in cells:
        text = str(cell)
        if text and ({member_id(text), person_url(text), email_key(text)} & set(keys)):
            return True
    return False
