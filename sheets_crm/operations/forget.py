"""Forget: erase one person everywhere the worker can reach, and refuse the same person on the next import."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson

from sheets_crm.operations.context import Context
from sheets_crm.operations.further import find_lead
from sheets_crm.pipeline.drops.keys import email_key, member_id, person_url
from sheets_crm.pipeline.leads import cells_of
from sheets_crm.sync import archive
from sheets_crm.sync.decide.draft import Draft
from sheets_crm.sync.erased import about, hashes
from sheets_crm.sync.report import Report
from sheets_crm.sync.run import Wish
from sheets_crm.workbook.cells import Cell

CANNOT_REACH = (
    "Google's own version history of the spreadsheet (File › Version history keeps earlier contents)",  # noqa: RUF001
    "archives, journals and caches of workers on other machines: run forget there too, or delete their state_dir",
    "files that were exported or downloaded, and the outside tools they went to",
)


def forget(context: Context, lead: str) -> Report:
    """Erase one person: Master, tabs, batches, archives, journal, cache; keep only keyed hashes in System.

    Raises:
        SheetError: There is no such lead.
    """
    erased: dict[str, Any] = {}

    def act(draft: Draft) -> bool:
        number = erased["number"] if erased else find_lead(draft.snapshot, lead)
        if number in draft.leads.index:
            line = cells_of(draft.leads, number)
            erased.update(number=number, keys=_keys(line))
            draft.erase(number, hashes(draft.snapshot.system.text("salt"), line), erased["keys"])
        return True

    result = context.run(Wish(now=True, act=act))
    number, keys = int(erased["number"]), frozenset(erased["keys"])
    files = _archives(context.settings.state_dir, keys)
    lines = _journal(context.settings.state_dir, number)
    context.cache.forget()
    tabs = sorted({_title(change) for plan in result.plans for change in plan.changes if _title(change)})
    done = {
        "lead": number,
        "tabs": tabs,
        "archived drops": files,
        "journal lines": lines,
        "cannot reach": list(CANNOT_REACH),
    }
    facts = {"erased from": ", ".join(tabs), "archived drops rewritten": files, "journal lines removed": lines}
    notes = [f"Not reached: {what}" for what in CANNOT_REACH]
    return Report(
        f"Lead {number} is erased; the same person is refused from now on.", facts, notes=notes, json=done
    )


def _title(change: object) -> str:
    sheet = getattr(change, "sheet", None)
    tab = sheet.tab if sheet is not None else getattr(change, "tab", None)
    return str(tab.title) if tab is not None else ""


def _keys(line: dict[str, Cell]) -> set[str]:
    """Return what a cell about this person is known by, normalised."""
    urls = [str(line.get(name, "")) for name in ("personSalesUrl", "personLinkedinUrl")]
    found = {member_id(url) for url in urls} | {person_url(url) for url in urls}
    return (found | {email_key(str(line.get("email", "")))}) - {""}


def _archives(state_dir: Path, keys: frozenset[str]) -> int:
    """Rewrite archived and waiting drops without the person's rows; return how many held any."""
    changed = 0
    for path, body in archive.archived(state_dir):
        kept = [row for row in body["cells"] if not about(row, keys)]
        if len(kept) != len(body["cells"]):
            archive.write_whole(path, gzip.compress(orjson.dumps({**body, "cells": kept}), mtime=0))
            changed += 1
    return changed


def _journal(state_dir: Path, lead: int) -> int:
    """Remove a lead's lines from the change journal; return how many there were."""
    removed = 0
    for path in sorted((state_dir / "journal").glob("*.jsonl")):
        lines = path.read_bytes().splitlines()
        kept = [line for line in lines if not _is_about(line, lead)]
        if len(kept) != len(lines):
            archive.write_whole(path, b"".join(line + b"\n" for line in kept))
            removed += len(lines) - len(kept)
    return removed


def _is_about(line: bytes, lead: int) -> bool:
    try:
        return bool(orjson.loads(line)["lead"] == lead)
    except (orjson.JSONDecodeError, KeyError):
        return False
